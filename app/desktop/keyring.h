// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "keyringlock.h"

#include "core/secrets/secretstore.h"

#include <QObject>
#include <QPointer>
#include <QTimer>

#include <list>

namespace QKeychain {
class Job;
}

/*!
    The secrets in the keyring of the desktop, one item for each source and variable, over
    QtKeychain. It asks nobody for a secret that is not there.

    While the keyring is locked, read() answers Locked; as soon as it is open the secret follows.
    The desktop is asked once to unlock it. Its user may dismiss that: then nothing more is asked,
    until a read() comes at a time when no other one is waiting.
*/
class Keyring : public QObject, public SecretStore
{
    Q_OBJECT

public:
    enum class Unlocking {
        AskDesktop, //!< A locked keyring makes the desktop ask for its password.
        Wait, //!< Only wait until somebody unlocks it: without a display nobody is to be asked.
    };

    using WriteAnswer = std::function<void(const QString &error)>;

    /*! \a service is the name under which the items are filed: the app's id. */
    Keyring(const QString &service, Unlocking unlocking, QObject *parent = nullptr);
    ~Keyring() override;

    void read(const SecretRequest &request, QObject *context, const Answer &answer) override;
    /*! Nothing: what a keyring has is its user's. */
    void refuse(const SecretRequest &) override {}

    /*!
        Stores \a secret in the item that read() reads, or replaces it there. Calls \a answer later,
        once, unless \a context is gone: \a error is empty, or a sentence without the secret.
    */
    void write(const SecretRequest &request, const QString &secret, QObject *context,
               const WriteAnswer &answer);

    /*! Whether the last answer came of a keyring, so that there is one to write to. */
    [[nodiscard]] bool isPresent() const { return m_isPresent; }

private:
    struct Reading
    {
        SecretRequest request;
        QPointer<QObject> context;
        Answer answer;
        bool isAsked = false; // a job of QtKeychain's is on its way
        QString told{}; // the sentence that it was answered with Locked
    };
    using Position = std::list<Reading>::iterator;

    void lockChecked(KeyringLock::State state);
    void startReading();
    void finishReading(Position reading, QKeychain::Job *job);
    [[nodiscard]] SecretAnswer answerOf(const SecretRequest &request, QKeychain::Job *job);
    void tellLocked(const QString &sentence);
    void forgetReadersThatAreGone();

    const QString m_service;
    const Unlocking m_unlocking;
    KeyringLock m_lock;
    std::list<Reading> m_readings; // with positions that stay
    QTimer m_slowTimer; // runs out when a keyring takes long to answer
    bool m_isPresent = false;
    bool m_hasAskedDesktop = false; // to unlock it
    bool m_isDismissed = false;
};
