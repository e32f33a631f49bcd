// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QObject>

#include <memory>

/*!
    The lock of the desktop's keyring: says whether it is locked, has the desktop ask for its
    password, and hears when it opens. It reads no secret.

    It knows the default collection of a Secret Service. Elsewhere (KWallet under Plasma, other
    systems) it says Unknown, and the keyring's own calls take as long as its user does.
*/
class KeyringLock : public QObject
{
    Q_OBJECT

public:
    enum class State {
        Unknown, //!< Not asked yet, or nobody can tell.
        Absent, //!< There is no Secret Service.
        Open,
        Locked,
    };
    Q_ENUM(State)

    explicit KeyringLock(QObject *parent = nullptr);
    ~KeyringLock() override;

    /*! What the last check found. */
    [[nodiscard]] State state() const { return m_state; }

    /*! Asks the service; checked() follows, never from within. */
    void check();

    /*!
        After a check that found it Locked: has the desktop ask for the keyring's password.
        checked() follows when it is open, dismissed() when its user does not want to.
    */
    void unlock();

Q_SIGNALS:
    /*! After check(), and by itself when somebody locks or unlocks the keyring or ends it. */
    void checked(KeyringLock::State state);
    /*! The desktop's question was dismissed, or could not be shown. */
    void dismissed();

private:
    class Watch;

    void finishCheck(State state);

    std::unique_ptr<Watch> m_watch;
    State m_state = State::Unknown;
    bool m_isChecking = false;
    bool m_mustCheckAgain = false; // it changed in the middle of a check
};
