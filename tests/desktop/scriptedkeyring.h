// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QDBusConnection>
#include <QDBusVirtualObject>

namespace Harness {

/*!
    The lock of a Secret Service, as the test wants it to be, and a count of what it was asked. It
    gives no secret to anybody: who wants to read gets an error.
*/
class ScriptedKeyring : public QDBusVirtualObject
{
    Q_OBJECT

public:
    ScriptedKeyring();
    ~ScriptedKeyring() override;

    /*! Takes the name on the bus. */
    [[nodiscard]] bool start();
    void stop();

    /*! Locks or unlocks, and says so on the bus. */
    void setLocked(bool isLocked);
    /*! There is no collection yet, as for a new user. */
    void setEmpty() { m_isEmpty = true; }
    /*! Answers nothing from now on. */
    void fallSilent() { m_isSilent = true; }

    /*! The user enters the keyring's password in the last prompt. */
    void acceptPrompt();
    void dismissPrompt();

    int prompts = 0; //!< Shown so far.
    int readings = 0; //!< How often somebody began to read a secret.

    bool handleMessage(const QDBusMessage &message, const QDBusConnection &bus) override;
    [[nodiscard]] QString introspect(const QString &) const override { return {}; }

private:
    void completePrompt(bool isDismissed);

    QDBusConnection m_bus;
    bool m_isLocked = false;
    bool m_isEmpty = false;
    bool m_isSilent = false;
    int m_promptCount = 0;
};

} // namespace Harness
