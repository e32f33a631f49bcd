// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "commandline.h"
#include "feeds.h"

#include "core/journal.h"
#include "core/secrets/secretstore.h"

#include <QObject>

#include <memory>

class DemoPortal;
class DesktopShell;
class JsonPrinter;
class Keyring;
class QuestionWindow;
class UnixSignals;

/*!
    Creates and connects everything, and takes it down in the right order: the server hears that we
    leave before the process ends. The only class that knows all layers.
*/
class Application : public QObject
{
    Q_OBJECT

public:
    /*! The Qt application object must exist; a QApplication, unless \a line says headless. */
    explicit Application(const CommandLine &line, QObject *parent = nullptr);
    ~Application() override;

    /*! Reads sources and secrets and starts; false when that is no use, and \a error says why. */
    [[nodiscard]] bool start(QString *error);

private:
    [[nodiscard]] bool prepareSecrets(QString *error);
    void startDemo();
    void quit();
    void leave();
    void logJournal();

    const CommandLine m_line;
    std::unique_ptr<QuestionWindow> m_questions; // none where nobody can be asked
    std::unique_ptr<Keyring> m_keyring;
    std::unique_ptr<SecretStore> m_secrets;
    std::unique_ptr<DemoPortal> m_demo; // outlives the feeds' close requests
    std::unique_ptr<Feeds> m_feeds;
    std::unique_ptr<Journal> m_journal;
    std::unique_ptr<JsonPrinter> m_printer;
    std::unique_ptr<DesktopShell> m_shell;
    std::unique_ptr<UnixSignals> m_signals;
    bool m_leaving = false;
};
