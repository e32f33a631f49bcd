// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "app/standinportal.h"
#include "app/tallybellprocess.h"
#include "desktop/instance/controlclient.h"
#include "harness/ssekitprocess.h"
#include "privatebus.h"
#include "scriptedlogind.h"
#include <sselib/testkit/sseserver.h>

#include <QDBusMessage>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>
#include <QTimer>

#include <csignal>
#include <memory>

using namespace std::chrono_literals;
using namespace Qt::Literals;

namespace {

// The demo portal, with close requests on these occasions.
QByteArray portalSource(const QUrl &base, const QStringList &occasions)
{
    QFile preset(QStringLiteral(PRESETS "/portal.json"));
    if (!preset.open(QIODevice::ReadOnly))
        qFatal("no preset");
    QJsonObject source = QJsonDocument::fromJson(preset.readAll()).object();
    QJsonObject variables = source[u"vars"_s].toObject();
    variables[u"base"_s] = base.toString(QUrl::StripTrailingSlash);
    source[u"vars"_s] = variables;
    QJsonObject close = source[u"close"_s].toObject();
    close[u"on"_s] = QJsonArray::fromStringList(occasions);
    source[u"close"_s] = close;
    return QJsonDocument(source).toJson().replace(R"("reason": "quit")",
                                                  R"("reason": "${occasion}")");
}

} // namespace

/*! The program and a logind of the test's own, on a system bus of its own. */
class tst_Shutdown : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void leavesWhenTheSystemShutsDown();
    void makesTheSystemWaitUntilTheServerHasAnswered();
    void closesAndReopensAroundSleepWhereTheSourceSaysSo();
    void keepsTheConnectionThroughSleepWhereTheSourceSaysNothing();
    void holdsOnWhenTheSystemDoesNotSleepAfterAll();
    void holdsNothingWhileNothingRuns();
    void believesNobodyButLogind();
    void holdsAgainWhenLogindComesLater();
    void runsWithoutLogind();

private:
    void startCounting();

    Harness::PrivateBus m_sessionBus;
    Harness::PrivateBus m_systemBus{Harness::PrivateBus::Kind::System};
    std::unique_ptr<Harness::ScriptedLogind> m_logind;
    std::unique_ptr<Harness::SsekitProcess> m_portal;
    std::unique_ptr<TallybellProcess> m_app;
};

void tst_Shutdown::initTestCase()
{
    QVERIFY(m_sessionBus.start());
    QVERIFY(m_systemBus.start());
}

void tst_Shutdown::init()
{
    m_logind = std::make_unique<Harness::ScriptedLogind>();
    m_portal = std::make_unique<Harness::SsekitProcess>();
    QVERIFY(m_portal->serve({u"portal"_s, u"--log"_s}));
    m_app = std::make_unique<TallybellProcess>();
    (void)m_app->addSecrets(u"work"_s, "tallybell");
}

void tst_Shutdown::cleanup()
{
    m_app.reset();
    m_portal.reset();
    m_logind.reset();
}

void tst_Shutdown::startCounting()
{
    m_app->startConfigured({u"--headless"_s});
    QTRY_COMPARE(m_app->status(), u"live"_s);
}

void tst_Shutdown::leavesWhenTheSystemShutsDown()
{
    QVERIFY(m_logind->start());
    m_app->addPortal(u"work"_s, m_portal->url());
    startCounting();
    QTRY_VERIFY(m_logind->isDelayed());
    QCOMPARE(m_logind->what, u"shutdown:sleep"_s);
    QCOMPARE(m_logind->mode, u"delay"_s);
    QCOMPARE(m_logind->inhibitions, 1);
    Q_EMIT m_logind->PrepareForShutdown(true);
    QTRY_VERIFY(!m_logind->isDelayed());
    QCOMPARE(m_app->waitForExit(), 0);
    QTRY_COMPARE(m_portal->facts(u"close request"_s).size(), 1);
    QCOMPARE(m_portal->facts(u"close request"_s).constFirst()[u"reason"_s], u"quit"_s);
}

void tst_Shutdown::makesTheSystemWaitUntilTheServerHasAnswered()
{
    QVERIFY(m_logind->start());
    Harness::SseServer portal;
    serveAsPortal(&portal);
    m_app->addSourceFile(u"work.json"_s, portalSource(portal.url(), {u"suspend"_s}));
    startCounting();
    QTRY_VERIFY(m_logind->isDelayed());
    bool wasDelayed = false;
    portal.handleNext("/close",
                      [&](Harness::Exchange *close) { // at once: it does not wait for ever
                          wasDelayed = m_logind->isDelayed();
                          close->answer(204, {});
                      });
    Q_EMIT m_logind->PrepareForSleep(true);
    QTRY_COMPARE(portal.requestCount("/close"), 1);
    QVERIFY(wasDelayed);
    QTRY_VERIFY(!m_logind->isDelayed());
    QTRY_VERIFY(m_app->errors().contains("the server knows that we leave")); // that is why

    // And not for ever: as long as the source has for it, and less than the request itself had.
    Q_EMIT m_logind->PrepareForSleep(false);
    QTRY_COMPARE(m_app->status(), u"live"_s);
    QTRY_VERIFY(m_logind->isDelayed());
    constexpr std::chrono::milliseconds budget = 1500ms;
    constexpr std::chrono::milliseconds timeout = 3000ms;
    QElapsedTimer elapsed;
    elapsed.start();
    std::chrono::milliseconds yardstick{0}; // how long the budget takes on a computer that is busy
    QTimer::singleShot(budget, Qt::PreciseTimer, this,
                       [&] { yardstick = std::chrono::milliseconds(elapsed.elapsed()); });
    Q_EMIT m_logind->PrepareForSleep(true);
    QTRY_COMPARE(portal.requestCount("/close"), 2);
    QTRY_VERIFY_WITH_TIMEOUT(!m_logind->isDelayed(), 30000);
    const std::chrono::milliseconds took{elapsed.elapsed()};
    QTRY_VERIFY(yardstick >= budget);
    qInfo("released after %d ms; a timer of %d ms took %d ms", int(took.count()),
          int(budget.count()), int(yardstick.count()));
    QVERIFY(took >= budget * 8 / 10); // timers may be coarse
    QVERIFY(took < timeout + (yardstick - budget));
}

void tst_Shutdown::closesAndReopensAroundSleepWhereTheSourceSaysSo()
{
    QVERIFY(m_logind->start());
    m_app->addSourceFile(u"work.json"_s, portalSource(m_portal->url(), {u"quit"_s, u"suspend"_s}));
    startCounting();
    QTRY_VERIFY(m_logind->isDelayed());
    Q_EMIT m_logind->PrepareForSleep(true);
    QTRY_VERIFY(!m_logind->isDelayed());
    QTRY_COMPARE(m_portal->facts(u"close request"_s).size(), 1);
    QCOMPARE(m_portal->facts(u"close request"_s).constFirst()[u"reason"_s], u"suspend"_s);
    QTRY_COMPARE(m_app->status(), u"off"_s);
    Q_EMIT m_logind->PrepareForSleep(false);
    QTRY_COMPARE(m_app->status(), u"live"_s);
    QTRY_VERIFY(m_logind->isDelayed());
    QCOMPARE(m_logind->inhibitions, 2);
    m_app->send(SIGTERM);
    QCOMPARE(m_app->waitForExit(), 0);
    QTRY_COMPARE(m_portal->facts(u"close request"_s).size(), 2);
    QCOMPARE(m_portal->facts(u"close request"_s).constLast()[u"reason"_s], u"quit"_s);
}

void tst_Shutdown::keepsTheConnectionThroughSleepWhereTheSourceSaysNothing()
{
    QVERIFY(m_logind->start());
    m_app->addPortal(u"work"_s, m_portal->url());
    startCounting();
    QTRY_VERIFY(m_logind->isDelayed());
    Q_EMIT m_logind->PrepareForSleep(true);
    QTRY_VERIFY(!m_logind->isDelayed());
    Q_EMIT m_logind->PrepareForSleep(false);
    QTRY_VERIFY(m_logind->isDelayed());
    QCOMPARE(m_app->status(), u"live"_s);
    QVERIFY(m_portal->facts(u"close request"_s).isEmpty());
}

void tst_Shutdown::holdsOnWhenTheSystemDoesNotSleepAfterAll()
{
    QVERIFY(m_logind->start());
    m_app->addPortal(u"work"_s, m_portal->url());
    startCounting();
    QTRY_VERIFY(m_logind->isDelayed());
    Q_EMIT m_logind->PrepareForSleep(true);
    Q_EMIT m_logind->PrepareForSleep(false);
    QTRY_VERIFY(m_app->errors().contains("The system is awake"));
    // An answer shows that its event loop is past whatever it had still to do.
    const QDir folder(m_app->runtimeDirectory() + "/tallybell"_L1);
    const QString socket = folder.entryList({u"*.socket"_s}, QDir::System).value(0);
    QVERIFY(askInstance(folder.filePath(socket), {{u"command"_s, u"hello"_s}}, 5s));
    QTRY_VERIFY(m_logind->isDelayed());
}

void tst_Shutdown::holdsNothingWhileNothingRuns()
{
    QVERIFY(m_logind->start());
    m_app->addSourceFile(u"work.json"_s, "{\"schema\": 2}");
    m_app->startConfigured({u"--headless"_s});
    QTRY_COMPARE(m_app->status(), u"failed"_s);
    m_app->send(SIGTERM);
    QCOMPARE(m_app->waitForExit(), 0);
    QCOMPARE(m_logind->inhibitions, 0);
}

void tst_Shutdown::believesNobodyButLogind()
{
    QVERIFY(m_logind->start());
    m_app->addPortal(u"work"_s, m_portal->url());
    startCounting();
    QTRY_VERIFY(m_logind->isDelayed()); // it knows logind
    QDBusConnection stranger =
        QDBusConnection::connectToBus(QDBusConnection::SystemBus, u"stranger"_s);
    QDBusMessage message = QDBusMessage::createSignal(
        u"/org/freedesktop/login1"_s, u"org.freedesktop.login1.Manager"_s, u"PrepareForShutdown"_s);
    QVERIFY(stranger.send(message << true));
    QVERIFY(stranger
                .call(QDBusMessage::createMethodCall(u"org.freedesktop.DBus"_s,
                                                     u"/org/freedesktop/DBus"_s,
                                                     u"org.freedesktop.DBus.Peer"_s, u"Ping"_s))
                .type()
            == QDBusMessage::ReplyMessage); // so that the bus has it before what follows
    QDBusConnection::disconnectFromBus(u"stranger"_s);
    Q_EMIT m_logind->PrepareForSleep(true);
    QTRY_VERIFY(m_app->errors().contains("The system goes to sleep"));
    QVERIFY(!m_app->errors().contains("The system shuts down"));
    QCOMPARE(m_app->status(), u"live"_s);
}

void tst_Shutdown::holdsAgainWhenLogindComesLater()
{
    m_app->addPortal(u"work"_s, m_portal->url());
    startCounting();
    QVERIFY(m_logind->start());
    QTRY_VERIFY(m_logind->isDelayed());
    Q_EMIT m_logind->PrepareForShutdown(true);
    QCOMPARE(m_app->waitForExit(), 0);
}

void tst_Shutdown::runsWithoutLogind()
{
    m_app->setEnvironment(u"DBUS_SYSTEM_BUS_ADDRESS"_s, u"unix:path=/nonexistent"_s);
    m_app->addPortal(u"work"_s, m_portal->url());
    startCounting();
    QVERIFY2(!m_app->errors().contains("warning"), m_app->errors().constData());
    m_app->send(SIGTERM);
    QCOMPARE(m_app->waitForExit(), 0);
}

QTEST_GUILESS_MAIN(tst_Shutdown)
#include "tst_shutdown.moc"
