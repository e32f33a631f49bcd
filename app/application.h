// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "commandline.h"
#include "feeds.h"
#include "shell/attention.h"

#include "core/journal.h"
#include "core/secrets/secretstore.h"

#include <QJsonObject>
#include <QObject>

#include <memory>

class ClockWatch;
class ControlServer;
class DemoPortal;
class DesktopShell;
class JsonPrinter;
class Keyring;
class NetworkWatch;
class PowerWatch;
class ZoneWatch;
class ProcessScope;
class QuestionWindow;
class SessionEnd;
class UnixSignals;

/*!
    Creates and connects everything, and takes it down in the right order: the server hears that we
    leave before the process ends. The only class that knows all layers.
*/
class Application : public QObject
{
    Q_OBJECT

public:
    /*!
        The Qt application object must exist; a QApplication, unless \a line says headless. Other
        starts talk to this one through \a controlSocket, unless that is empty.
    */
    Application(const CommandLine &line, const QString &controlSocket, QObject *parent = nullptr);
    ~Application() override;

    /*! Reads sources and secrets and starts; false when that is no use, and \a error says why. */
    [[nodiscard]] bool start(QString *error);

private:
    [[nodiscard]] Attention::Places attentionPlaces() const;
    [[nodiscard]] bool prepareSecrets(QString *error);
    void startDemo();
    void watchSystem();
    void watchKeeper();
    void updateHold();
    void quit();
    void leave();
    void logJournal();
    [[nodiscard]] QJsonObject answer(const QJsonObject &request);
    [[nodiscard]] QJsonObject describeItself() const;

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
    std::unique_ptr<SessionEnd> m_sessionEnd; // none without a display
    std::unique_ptr<PowerWatch> m_power;
    std::unique_ptr<NetworkWatch> m_network;
    std::unique_ptr<ClockWatch> m_clocks;
    std::unique_ptr<ZoneWatch> m_zone;
    std::unique_ptr<ProcessScope> m_farewellScope;
    std::unique_ptr<ControlServer> m_control;
    bool m_isAsleep = false; // or about to be
    bool m_leaving = false;
};
