// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "application.h"

#include "askedsecrets.h"
#include "demoportal.h"
#include "desktopshell.h"
#include "jsonprinter.h"
#include "version.h"

#include "core/source/source.h"
#include "desktop/keyring.h"
#include "desktop/unixsignals.h"
#include "ui/questionwindow.h"

#include <QCoreApplication>
#include <QDir>
#include <QLoggingCategory>

using namespace Qt::Literals;

namespace {

Q_LOGGING_CATEGORY(log, "tallybell.journal", QtInfoMsg)

// Qt has a name for it only from 6.7 on.
QString farewellFolder()
{
    QString state = qEnvironmentVariable("XDG_STATE_HOME");
    if (!QDir::isAbsolutePath(state)) // which the specification wants ignored
        state = QDir::home().filePath(u".local/state"_s);
    return QDir(state).filePath(u"tallybell/farewell"_s);
}

} // namespace

Application::Application(const CommandLine &line, QObject *parent)
    : QObject(parent)
    , m_line(line)
    , m_signals(std::make_unique<UnixSignals>())
{
    connect(m_signals.get(), &UnixSignals::terminationRequested, this, &Application::quit);
    connect(qApp, &QCoreApplication::aboutToQuit, this, &Application::leave);
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
        m_shell = std::make_unique<DesktopShell>(m_feeds.get(), m_journal.get());
        connect(m_shell.get(), &DesktopShell::quitRequested, this, &Application::quit);
        m_shell->show(m_line.hidden);
    }

    if (m_line.demo) {
        startDemo();
        return true;
    }
    m_feeds->setFarewellFolder(farewellFolder());
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
    m_feeds->openAll();
    return true;
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

// Not QCoreApplication::quit(): that asks the windows first, and one may say no.
void Application::quit()
{
    if (!m_leaving)
        QCoreApplication::exit(int(ExitCode::Done));
}

void Application::leave()
{
    m_leaving = true; // a second signal must not end the loop in which the first one's work is done
    m_shell.reset();
    if (m_questions)
        m_questions->hide();
    if (m_feeds)
        m_feeds->leave();
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
