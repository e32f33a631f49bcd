// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "application.h"

#include "askedsecrets.h"
#include "demoportal.h"
#include "jsonprinter.h"
#include "shell/desktopshell.h"
#include "version.h"

#include "core/source/source.h"
#include "desktop/awake/clockwatch.h"
#include "desktop/awake/networkwatch.h"
#include "desktop/awake/zonewatch.h"
#include "desktop/instance/controlserver.h"
#include "desktop/instance/instanceplace.h"
#include "desktop/keyring.h"
#include "desktop/leaving/exitdeadline.h"
#include "desktop/leaving/powerwatch.h"
#include "desktop/leaving/processscope.h"
#include "desktop/leaving/sessionend.h"
#include "desktop/unixsignals.h"
#include "ui/questionwindow.h"

#include <sselib/beaconkeeper.h>

#include <QCoreApplication>
#include <QDir>
#include <QLoggingCategory>

using namespace std::chrono_literals;
using namespace Qt::Literals;

namespace {

// From the request to quit to the end of the process, whatever hangs: what the close requests may
// take, and a little for an end in good order after them.
constexpr std::chrono::milliseconds longestEnd = Feeds::leavingBudget + 200ms;

// What a session manager starts to have this again. What is replaced now is not there then.
QStringList restartCommand()
{
    QStringList command = QCoreApplication::arguments();
    command[0] = QCoreApplication::applicationFilePath();
    command.removeAll(u"--replace"_s);
    return command;
}

Q_LOGGING_CATEGORY(log, "tallybell.journal", QtInfoMsg)

// Qt has a name for it only from 6.7 on.
QString stateFolder()
{
    QString state = qEnvironmentVariable("XDG_STATE_HOME");
    if (!QDir::isAbsolutePath(state)) // which the specification wants ignored
        state = QDir::home().filePath(u".local/state"_s);
    return QDir(state).filePath(u"tallybell"_s);
}

} // namespace

Application::Application(const CommandLine &line, const QString &controlSocket, QObject *parent)
    : QObject(parent)
    , m_line(line)
    , m_signals(std::make_unique<UnixSignals>())
    , m_farewellScope(std::make_unique<ProcessScope>())
{
    connect(m_signals.get(), &UnixSignals::terminationRequested, this, &Application::quit);
    connect(qApp, &QCoreApplication::aboutToQuit, this, &Application::leave);
    if (!line.headless) {
        m_sessionEnd = std::make_unique<SessionEnd>(restartCommand());
        connect(m_sessionEnd.get(), &SessionEnd::quitRequested, this, &Application::quit);
    }
    if (!controlSocket.isEmpty()) {
        m_control = std::make_unique<ControlServer>(
            [this](const QJsonObject &request) { return answer(request); });
        if (QString error; !m_control->listen(controlSocket, &error))
            qCWarning(log).noquote() << error;
    }
}

Application::~Application() = default;

bool Application::start(QString *error)
{
    if (!prepareSecrets(error))
        return false;
    m_feeds = std::make_unique<Feeds>(m_secrets.get(), m_questions.get());
    m_journal = std::make_unique<Journal>(m_feeds->list());
    logJournal();
    if (m_line.headless) {
        m_printer = std::make_unique<JsonPrinter>(m_feeds->list(), stdout);
    } else {
        m_shell = std::make_unique<DesktopShell>(m_feeds.get(), m_journal.get(), attentionPlaces());
        connect(m_shell.get(), &DesktopShell::quitRequested, this, &Application::quit);
        m_shell->show(m_line.hidden);
    }
    watchSystem();

    if (m_line.demo) {
        watchKeeper();
        startDemo();
        return true;
    }
    m_feeds->setFarewellFolder(QDir(stateFolder()).filePath(u"farewell"_s));
    const QString folder = QDir(m_line.configDirectory).filePath(u"sources"_s);
    m_feeds->addFolder(folder);
    if (m_feeds->list()->models().isEmpty()) {
        const QString notice =
            tr("There is no source yet. Put a source file, NAME.json, into the folder %1, or "
               "start with --demo to see how it works.")
                .arg(QDir::toNativeSeparators(folder));
        qCWarning(log).noquote() << notice;
        if (m_line.headless) {
            *error = notice;
            return false;
        }
        m_shell->setNotice(notice);
    }
    watchKeeper();
    m_feeds->openAll();
    return true;
}

// A demo leaves nothing behind, and another configuration has a state of its own.
Attention::Places Application::attentionPlaces() const
{
    if (m_line.demo)
        return {};
    const QString name = InstancePlace::nameFor(m_line.configDirectory);
    return {QDir(m_line.configDirectory).filePath(u"settings.json"_s),
            QDir(stateFolder()).filePath(u"state-%1.json"_s.arg(name))};
}

bool Application::prepareSecrets(QString *error)
{
    if (!m_line.headless)
        m_questions = std::make_unique<QuestionWindow>();
    if (m_line.demo) {
        KnownSecrets::Table secrets;
        secrets[QString(DemoPortal::sourceName)].insert(u"password"_s,
                                                        QString(DemoPortal::password));
        m_secrets = std::make_unique<KnownSecrets>(secrets);
    } else if (!m_line.secretsFile.isEmpty()) {
        const auto secrets = KnownSecrets::readFile(m_line.secretsFile, error);
        if (!secrets)
            return false;
        m_secrets = std::make_unique<KnownSecrets>(*secrets);
    } else {
        m_keyring = std::make_unique<Keyring>(QString::fromLatin1(tallybellId),
                                              m_line.headless ? Keyring::Unlocking::Wait
                                                              : Keyring::Unlocking::AskDesktop);
        m_secrets = std::make_unique<AskedSecrets>(m_keyring.get(), m_questions.get());
    }
    return true;
}

void Application::startDemo()
{
    m_demo = std::make_unique<DemoPortal>();
    connect(m_demo.get(), &DemoPortal::ready, m_feeds.get(), [this](const Source &source) {
        m_feeds->add(source);
        m_feeds->openAll();
    });
    connect(m_demo.get(), &DemoPortal::failed, m_feeds.get(), [this](const QString &why) {
        m_feeds->addBroken(QString(DemoPortal::sourceName), tr("Demo portal"), why);
    });
    m_demo->start();
}

void Application::watchSystem()
{
    m_power = std::make_unique<PowerWatch>();
    connect(m_power.get(), &PowerWatch::aboutToShutDown, this, [this] {
        qCInfo(log) << "The system shuts down";
        quit();
    });
    connect(m_power.get(), &PowerWatch::aboutToSleep, m_feeds.get(), [this] {
        qCInfo(log) << "The system goes to sleep";
        m_isAsleep = true;
        m_feeds->suspend();
    });
    connect(m_feeds.get(), &Feeds::suspended, m_power.get(), &PowerWatch::release);
    connect(m_power.get(), &PowerWatch::wokenUp, m_feeds.get(), [this] {
        qCInfo(log) << "The system is awake";
        m_isAsleep = false;
        m_feeds->resume();
        m_feeds->awaken();
        updateHold();
    });
    m_network = std::make_unique<NetworkWatch>();
    connect(m_network.get(), &NetworkWatch::changed, m_feeds.get(), &Feeds::awaken);
    m_clocks = std::make_unique<ClockWatch>(); // tells of sleep also where there is no logind
    connect(m_clocks.get(), &ClockWatch::slept, m_feeds.get(), &Feeds::awaken);
    connect(m_clocks.get(), &ClockWatch::jumped, m_feeds.get(), &Feeds::awaken);
    if (m_shell) {
        connect(m_clocks.get(), &ClockWatch::slept, m_shell.get(), &DesktopShell::clockChanged);
        connect(m_clocks.get(), &ClockWatch::jumped, m_shell.get(), &DesktopShell::clockChanged);
        m_zone = std::make_unique<ZoneWatch>();
        connect(m_zone.get(), &ZoneWatch::changed, m_shell.get(), &DesktopShell::clockChanged);
    }
    connect(m_feeds.get(), &Feeds::activityChanged, this, &Application::updateHold);
}

// The farewell process must not end with the unit of systemd that we are in.
void Application::watchKeeper()
{
    auto *const keeper = Sse::BeaconKeeper::instance();
    const auto adopt = [this, keeper] {
        if (keeper->isOnDuty())
            m_farewellScope->adopt(keeper->processId());
    };
    connect(keeper, &Sse::BeaconKeeper::dutyChanged, m_farewellScope.get(), adopt);
    keeper->start();
    adopt();
}

void Application::updateHold()
{
    if (m_isAsleep || m_leaving)
        return; // released when the close requests are done
    if (m_feeds->isBusy())
        m_power->hold();
    else
        m_power->release();
}

// Not QCoreApplication::quit(): that asks the windows first, and one may say no.
void Application::quit()
{
    if (m_leaving)
        return;
    ExitDeadline::set(longestEnd, int(ExitCode::Done));
    QCoreApplication::exit(int(ExitCode::Done));
}

void Application::leave()
{
    ExitDeadline::set(longestEnd, int(ExitCode::Done)); // whoever ended the event loop
    m_leaving = true; // a second signal must not end the loop in which the first one's work is done
    m_shell.reset();
    if (m_questions)
        m_questions->hide();
    if (m_feeds)
        m_feeds->leave();
    if (m_power)
        m_power->release();
}

QJsonObject Application::answer(const QJsonObject &request)
{
    const QString command = request[u"command"_s].toString();
    QJsonObject answer = command == "doctor"_L1 ? describeItself() : QJsonObject();
    answer[u"isHeadless"_s] = m_line.headless;
    answer[u"isLeaving"_s] = m_leaving;
    bool isDone = !m_leaving;
    if (command == "quit"_L1) {
        quit();
        isDone = true;
    } else if (command == "show"_L1 && m_shell) {
        m_shell->show(false);
    } else {
        isDone = isDone && (command == "hello"_L1 || command == "doctor"_L1);
    }
    answer[u"ok"_s] = isDone;
    return answer;
}

// For whoever wants to know whether all is well. Without secrets.
QJsonObject Application::describeItself() const
{
    const auto *const keeper = Sse::BeaconKeeper::instance();
    return {{u"version"_s, QString::fromLatin1(tallybellVersion)},
            {u"process"_s, QCoreApplication::applicationPid()},
            {u"isBusy"_s, m_feeds->isBusy()},
            {u"farewell"_s,
             QJsonObject{{u"isOnDuty"_s, keeper->isOnDuty()},
                         {u"process"_s, keeper->processId()},
                         {u"error"_s, keeper->errorString()},
                         {u"scope"_s, m_farewellScope->name()}}},
            {u"power"_s,
             QJsonObject{{u"isReachable"_s, m_power->isReachable()},
                         {u"isHolding"_s, m_power->isHolding()}}}};
}

// The log has the same lines as the window.
void Application::logJournal()
{
    connect(m_journal.get(), &Journal::rowsInserted, this,
            [this](const QModelIndex &, int first, int last) {
                for (int row = last; row >= first; --row) {
                    const QModelIndex entry = m_journal->index(row);
                    const QString text = entry.data(Journal::TitleRole).toString() + ": "_L1
                        + entry.data(Journal::TextRole).toString();
                    if (entry.data(Journal::KindRole).value<Journal::Kind>()
                        == Journal::Kind::Problem)
                        qCWarning(log).noquote() << text;
                    else
                        qCInfo(log).noquote() << text;
                }
            });
}
