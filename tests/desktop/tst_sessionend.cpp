// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "app/tallybellprocess.h"
#include "desktop/instance/controlclient.h"
#include "desktop/leaving/sessionend.h"
#include "harness/ssekitprocess.h"
#include "sessionmanager.h"

#include <QDir>
#include <QGuiApplication>
#include <QTest>
#include <QTimer>
#include <QWindow>

#include <csignal>

using namespace std::chrono_literals;
using namespace Qt::Literals;

namespace {

/*! A window that does not let itself be closed, as one with a question may. */
class StubbornWindow : public QWindow
{
    Q_OBJECT

public:
    int requests = 0;

protected:
    bool event(QEvent *event) override
    {
        if (event->type() != QEvent::Close)
            return QWindow::event(event);
        ++requests;
        event->ignore();
        return true;
    }
};

} // namespace

/*! The end of a session as the program and the class behind it see it. */
class tst_SessionEnd : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void passesAWishToQuitOnWithoutAskingTheWindows();
    void closesNothingWhenALogoutIsCancelled();
    void leavesWhenTheSessionEnds();
    void asksToBeStartedAgainAsItWas();

private:
    void startCounting(TallybellProcess &app, const QStringList &arguments = {});

    Harness::SessionManager m_manager;
};

void tst_SessionEnd::initTestCase()
{
    QVERIFY(m_manager.start());
}

void tst_SessionEnd::startCounting(TallybellProcess &app, const QStringList &arguments)
{
    QTRY_VERIFY(!m_manager.hasClient()); // the one before has ended
    app.setEnvironment(u"SESSION_MANAGER"_s, m_manager.address());
    (void)app.addSecrets(u"work"_s, "tallybell");
    app.startConfigured(arguments);
    QTRY_VERIFY_WITH_TIMEOUT(m_manager.hasClient(), 20000);
    QTRY_VERIFY_WITH_TIMEOUT(app.errors().contains("Connection open"), 20000);
}

void tst_SessionEnd::passesAWishToQuitOnWithoutAskingTheWindows()
{
    StubbornWindow window;
    window.show();
    SessionEnd end({u"tallybell"_s});
    connect(&end, &SessionEnd::quitRequested, qApp, [] { QCoreApplication::exit(4); });
    // What Qt makes of a session manager's message to die; it does so only while the loop runs.
    QTimer::singleShot(0, qApp, &QCoreApplication::quit);
    QTimer::singleShot(5000, qApp, [] { QCoreApplication::exit(5); });
    QCOMPARE(QCoreApplication::exec(), 4);
    QCOMPARE(window.requests, 0);
    QVERIFY(window.isVisible());
}

void tst_SessionEnd::closesNothingWhenALogoutIsCancelled()
{
    Harness::SsekitProcess portal;
    QVERIFY(portal.serve({u"portal"_s, u"--log"_s}));
    TallybellProcess app;
    app.addPortal(u"work"_s, portal.url());
    startCounting(app);
    const int before = m_manager.saves();
    m_manager.askToSave();
    QTRY_COMPARE(m_manager.saves(), before + 1);
    m_manager.cancel();
    // What it had begun at the first question it would be at by the end of a second one.
    m_manager.askToSave();
    QTRY_COMPARE(m_manager.saves(), before + 2);
    m_manager.cancel();
    const QDir folder(app.runtimeDirectory() + "/tallybell"_L1);
    const QString socket = folder.entryList({u"*.socket"_s}, QDir::System).value(0);
    const auto hello = askInstance(folder.filePath(socket), {{u"command"_s, u"hello"_s}}, 5s);
    QVERIFY(hello);
    QCOMPARE((*hello)[u"isLeaving"_s], false);
    QVERIFY(app.isRunning());
    QVERIFY(!app.errors().contains("Connection closed"));
    QVERIFY(portal.facts(u"close request"_s).isEmpty());
    app.send(SIGTERM);
    QCOMPARE(app.waitForExit(), 0);
    QTRY_COMPARE(portal.facts(u"close request"_s).size(), 1);
}

void tst_SessionEnd::leavesWhenTheSessionEnds()
{
    Harness::SsekitProcess portal;
    QVERIFY(portal.serve({u"portal"_s, u"--log"_s}));
    TallybellProcess app;
    app.addPortal(u"work"_s, portal.url());
    startCounting(app);
    const int before = m_manager.saves();
    m_manager.askToSave();
    QTRY_COMPARE(m_manager.saves(), before + 1);
    QVERIFY(portal.facts(u"close request"_s).isEmpty());
    m_manager.letDie();
    QTRY_VERIFY(!app.isRunning());
    QCOMPARE(app.waitForExit(), 0);
    QTRY_COMPARE(portal.facts(u"close request"_s).size(), 1);
    QCOMPARE(portal.facts(u"close request"_s).constFirst()[u"session"_s], u"s1"_s);
}

void tst_SessionEnd::asksToBeStartedAgainAsItWas()
{
    Harness::SsekitProcess portal;
    QVERIFY(portal.serve({u"portal"_s}));
    TallybellProcess app;
    app.addPortal(u"work"_s, portal.url());
    startCounting(app, {u"--hidden"_s, u"--replace"_s});
    const int before = m_manager.saves();
    m_manager.askToSave();
    QTRY_COMPARE(m_manager.saves(), before + 1);
    const QByteArrayList command = m_manager.restartCommand();
    QVERIFY2(command.constFirst().endsWith("/tallybell"), command.constFirst().constData());
    QVERIFY2(command.contains("--hidden"), command.join(' ').constData());
    QVERIFY(command.contains(app.configDirectory().toLocal8Bit()));
    QVERIFY(!command.contains("--replace"));
    QVERIFY(!command.contains("-session"));
    m_manager.letDie();
    QTRY_VERIFY(!app.isRunning());
}

QTEST_MAIN(tst_SessionEnd)
#include "tst_sessionend.moc"
