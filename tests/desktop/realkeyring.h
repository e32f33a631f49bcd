// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QProcess>
#include <QString>

namespace Harness {

/*!
    gnome-keyring-daemon on the private session bus and in the private home of with_display.sh. Its
    prompts are windows of gcr's on the private display.
*/
class RealKeyring
{
public:
    static constexpr auto password = "open sesame";

    ~RealKeyring();

    /*! Starts it, with its default keyring unlocked. */
    [[nodiscard]] bool start();
    [[nodiscard]] bool lock();

    /*! Whether the prompt for the keyring's password is in sight. */
    [[nodiscard]] static bool isPrompting();
    /*! What the user does there. */
    static void acceptPrompt();
    static void dismissPrompt();

    /*! Another program has it unlocked; then the prompt is in sight. */
    [[nodiscard]] static bool promptForAnother();

    /*! How many items there are for this service and key of QtKeychain's. */
    [[nodiscard]] static int itemCount(const QString &service, const QString &key);

private:
    QProcess m_daemon;
};

} // namespace Harness
