// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "orderlyend.h"
#include "standinportal.h"
#include "tallybellprocess.h"

#include "harness/ssekitprocess.h"
#include <sselib/testkit/sseserver.h>

#include <QElapsedTimer>
#include <QFileInfo>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTest>

#include <csignal>

using namespace std::chrono_literals;
using namespace Qt::Literals;

namespace {

constexpr auto portalPassword = "tallybell";

QString detailOf(const TallybellProcess &app)
{
    return app.lastStatus()[u"detail"_s].toString();
}

} // namespace

class tst_Tallybell : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void countsWhatThePortalPushes();
    void tellsThePortalThatItLeaves_data();
    void tellsThePortalThatItLeaves();
    void leavesOnceWhenToldTwice();
    void endsInTimeWhenThePortalIsSilent();
    void runsTheDemo();
    void endsTheDemosServerEvenWhenKilled();
    void livesOnWithBadInput_data();
    void livesOnWithBadInput();
    void keepsTheOtherSourcesWhenOneIsBroken();
    void refusesToStart_data();
    void refusesToStart();
    void needsADisplayForItsWindow();
    void showsVersionAndHelp_data();
    void showsVersionAndHelp();
    void saysWhereAPasswordMayBe();
    void showsThePasswordNowhere();
    void checksASourceForPeople();
    void checksASourceForPrograms();
    void endsACheckWithTheReason_data();
    void endsACheckWithTheReason();
    void refusesToCheck_data();
    void refusesToCheck();
    void tellsThePortalThatAnInterruptedCheckLeaves();
};

void tst_Tallybell::countsWhatThePortalPushes()
{
    Harness::SsekitProcess portal;
    QVERIFY(portal.serve({u"portal"_s}));
    TallybellProcess app;
    app.addPortal(u"work"_s, portal.url());
    (void)app.addSecrets(u"work"_s, portalPassword);
    app.startConfigured({u"--headless"_s});
    QTRY_COMPARE(app.status(), u"live"_s);
    QTRY_COMPARE(app.lastCount(), 3);

    QNetworkAccessManager manager;
    QNetworkRequest add(portal.url("/add?n=4"));
    add.setHeader(QNetworkRequest::ContentTypeHeader, u"text/plain"_s);
    const std::unique_ptr<QNetworkReply> added(manager.post(add, QByteArray()));
    QTRY_COMPARE(app.lastCount(), 7);
    QJsonObject count = app.facts().constLast();
    QCOMPARE(count,
             (QJsonObject{{u"type"_s, u"count"_s},
                          {u"source"_s, u"work"_s},
                          {u"count"_s, 7},
                          {u"new"_s, 7},
                          {u"fresh"_s, true},
                          {u"total"_s, 7}}));
    QVERIFY(app.facts().contains(QJsonObject{{u"type"_s, u"opened"_s}, {u"source"_s, u"work"_s}}));
    QVERIFY(app.errors().contains("Connection open"));
    QVERIFY(app.errors().contains("7 waiting (+4)"));
}

void tst_Tallybell::tellsThePortalThatItLeaves_data()
{
    QTest::addColumn<int>("number");
    QTest::newRow("SIGTERM") << SIGTERM;
    QTest::newRow("SIGINT") << SIGINT;
    QTest::newRow("SIGHUP") << SIGHUP;
}

void tst_Tallybell::tellsThePortalThatItLeaves()
{
    QFETCH(int, number);
    Harness::SsekitProcess portal;
    QVERIFY(portal.serve({u"portal"_s, u"--log"_s}));
    TallybellProcess app;
    app.addPortal(u"work"_s, portal.url());
    (void)app.addSecrets(u"work"_s, portalPassword);
    app.startConfigured({u"--headless"_s});
    QTRY_COMPARE(app.status(), u"live"_s);
    OrderlyEnd bystander;
    QVERIFY(bystander.start());
    QElapsedTimer elapsed;
    elapsed.start();
    bystander.end();
    app.send(number);
    QCOMPARE(app.waitForExit(), 0);
    const std::chrono::milliseconds took{elapsed.elapsed()};
    QVERIFY2(took < 1200ms + bystander.took(), qPrintable(QString::number(took.count())));
    QTRY_COMPARE(portal.facts(u"close request"_s).size(), 1);
    const QJsonObject request = portal.facts(u"close request"_s).constFirst();
    QCOMPARE(request[u"session"_s], u"s1"_s);
    QCOMPARE(request[u"reason"_s], u"quit"_s);
    QCOMPARE(app.status(), u"off"_s);
    QVERIFY(app.facts().contains(QJsonObject{{u"type"_s, u"closed"_s}, {u"source"_s, u"work"_s}}));
}

void tst_Tallybell::leavesOnceWhenToldTwice()
{
    Harness::SsekitProcess portal;
    QVERIFY(portal.serve({u"portal"_s, u"--log"_s}));
    TallybellProcess app;
    app.addPortal(u"work"_s, portal.url());
    (void)app.addSecrets(u"work"_s, portalPassword);
    app.startConfigured({u"--headless"_s});
    QTRY_COMPARE(app.status(), u"live"_s);
    app.send(SIGTERM);
    app.send(SIGINT);
    app.send(SIGTERM);
    QCOMPARE(app.waitForExit(), 0);
    QTRY_COMPARE(portal.facts(u"close request"_s).size(), 1);
}

void tst_Tallybell::endsInTimeWhenThePortalIsSilent()
{
    Harness::SseServer portal;
    serveAsPortal(&portal);
    TallybellProcess app;
    app.addPortal(u"work"_s, portal.url());
    (void)app.addSecrets(u"work"_s, "any");
    app.startConfigured({u"--headless"_s});
    QTRY_COMPARE(app.status(), u"live"_s);
    OrderlyEnd bystander;
    QVERIFY(bystander.start());
    QElapsedTimer elapsed;
    elapsed.start();
    bystander.end();
    app.send(SIGTERM);
    QCOMPARE(app.waitForExit(), 0);
    const std::chrono::milliseconds took{elapsed.elapsed()};
    QCOMPARE(portal.requestCount("/close"), 1); // and no answer to it
    QVERIFY2(took < 2000ms + bystander.took(), qPrintable(QString::number(took.count())));
    QVERIFY(took >= 1200ms);
}

void tst_Tallybell::runsTheDemo()
{
    TallybellProcess app;
    app.start({u"--headless"_s, u"--demo"_s});
    const auto counts = [&app] {
        QSet<int> different;
        const auto facts = app.facts();
        for (const QJsonObject &fact : facts) {
            if (fact[u"type"_s] == u"count"_s)
                different.insert(fact[u"count"_s].toInt());
        }
        return different;
    };
    QTRY_VERIFY(counts().size() >= 2); // it moves by itself
    app.send(SIGTERM);
    QCOMPARE(app.waitForExit(), 0);
    QVERIFY(app.errors().contains("the server knows that we leave"));
}

void tst_Tallybell::endsTheDemosServerEvenWhenKilled()
{
    TallybellProcess app;
    app.start({u"--headless"_s, u"--demo"_s});
    QTRY_COMPARE(app.status(), u"live"_s);
    const QString children = u"/proc/%1/task/%1/children"_s.arg(app.processId());
    QFile file(children);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QString child = u"/proc/"_s + QString::fromLatin1(file.readAll().trimmed());
    QVERIFY(QFileInfo::exists(child + u"/exe"_s));
    app.send(SIGKILL);
    QTRY_VERIFY(!QFileInfo::exists(child + u"/exe"_s)); // a zombie has none
}

void tst_Tallybell::livesOnWithBadInput_data()
{
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("to");
    QTest::addColumn<QString>("status");
    QTest::addColumn<QString>("said");
    QTest::newRow("a wrong URL") << QByteArray("\"BASE\"") << QByteArray("\"htp:/portal\"")
                                 << u"failed"_s << u"not an http or https address"_s;
    QTest::newRow("a refused connection")
        << QByteArray("BASE") << QByteArray("http://127.0.0.1:1") << u"reconnecting"_s
        << u"http://127.0.0.1:1/login cannot be reached: Connection refused"_s;
    QTest::newRow("404") << QByteArray("${base}/login") << QByteArray("${base}/log") << u"failed"_s
                         << u"/log answered 404 Not Found. Check the address"_s;
    QTest::newRow("text/html for a stream")
        << QByteArray("${base}/stream") << QByteArray("${base}/") << u"loginNeeded"_s
        << u"text/html"_s;
    QTest::newRow("a slip in a key") << QByteArray("\"stream\"") << QByteArray("\"straem\"")
                                     << u"failed"_s << u"/straem: “straem” is not known here"_s;
    QTest::newRow("not JSON") << QByteArray("\"schema\": 1") << QByteArray("schema: 1")
                              << u"failed"_s << u"this is not JSON"_s;
}

void tst_Tallybell::livesOnWithBadInput()
{
    QFETCH(QByteArray, from);
    QFETCH(QByteArray, to);
    Harness::SsekitProcess portal;
    QVERIFY(portal.serve({u"portal"_s}));
    QFile preset(QStringLiteral(PRESETS "/portal.json"));
    QVERIFY(preset.open(QIODevice::ReadOnly));
    QByteArray source = preset.readAll().replace("http://127.0.0.1:8844", "BASE");
    QVERIFY(source.contains(from));
    source.replace(from, to).replace("BASE", portal.url("").toEncoded());
    TallybellProcess app;
    app.addSourceFile(u"work.json"_s, source);
    (void)app.addSecrets(u"work"_s, portalPassword);
    app.startConfigured({u"--headless"_s});
    QFETCH(QString, status);
    QTRY_COMPARE(app.status(), status);
    QFETCH(QString, said);
    QVERIFY2(detailOf(app).contains(said), qPrintable(detailOf(app)));
    QTRY_VERIFY2(app.errors().contains(said.toUtf8()), app.errors().constData());
    QVERIFY(app.isRunning());
    app.send(SIGTERM);
    QCOMPARE(app.waitForExit(), 0);
}

void tst_Tallybell::keepsTheOtherSourcesWhenOneIsBroken()
{
    Harness::SsekitProcess portal;
    QVERIFY(portal.serve({u"portal"_s}));
    TallybellProcess app;
    app.addPortal(u"work"_s, portal.url());
    app.addSourceFile(u"broken.json"_s, "{\n  \"schema\": 2\n}\n");
    (void)app.addSecrets(u"work"_s, portalPassword);
    app.startConfigured({u"--headless"_s});
    QTRY_COMPARE(app.lastCount(), 3);
    const QJsonObject broken = app.facts().constFirst();
    QCOMPARE(broken[u"source"_s], u"broken"_s);
    QVERIFY2(broken[u"detail"_s].toString().contains(u"broken.json, line 2, /schema: "_s),
             qPrintable(broken[u"detail"_s].toString()));
}

void tst_Tallybell::refusesToStart_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QByteArray>("said");
    QTest::newRow("an unknown option")
        << QStringList{u"--frobnicate"_s} << 2 << QByteArray("frobnicate");
    QTest::newRow("an argument") << QStringList{u"there"_s} << 2 << QByteArray("there");
    QTest::newRow("an option without its value")
        << QStringList{u"--config"_s} << 2 << QByteArray("config");
    QTest::newRow("an unknown log level")
        << QStringList{u"--log-level"_s, u"loud"_s} << 2 << QByteArray("loud");
    QTest::newRow("no source") << QStringList{u"--headless"_s, u"--config"_s, u"/nowhere"_s} << 4
                               << QByteArray("/nowhere/sources");
    QTest::newRow("no secrets file")
        << QStringList{u"--headless"_s, u"--secrets-file"_s, u"/nowhere"_s} << 4
        << QByteArray("/nowhere cannot be read");
}

void tst_Tallybell::refusesToStart()
{
    QFETCH(QStringList, arguments);
    TallybellProcess app;
    app.start(arguments);
    QTEST(app.waitForExit().value_or(-1), "exitCode");
    QFETCH(QByteArray, said);
    QVERIFY2(app.errors().contains(said), app.errors().constData());
    QVERIFY(app.errors().startsWith("tallybell: ") || app.errors().contains("\ntallybell: "));
    QVERIFY(app.output().isEmpty());
}

void tst_Tallybell::needsADisplayForItsWindow()
{
    qunsetenv("DISPLAY");
    qunsetenv("WAYLAND_DISPLAY");
    qunsetenv("QT_QPA_PLATFORM");
    TallybellProcess app;
    app.start({u"--demo"_s});
    QCOMPARE(app.waitForExit(), 7);
    QVERIFY2(app.errors().contains("no display"), app.errors().constData());
    qputenv("DISPLAY", ":4711");
    TallybellProcess second;
    second.start({u"--demo"_s});
    QCOMPARE(second.waitForExit(), 7);
    QVERIFY2(second.errors().contains(":4711 cannot be reached"), second.errors().constData());
    qunsetenv("DISPLAY");
}

void tst_Tallybell::showsVersionAndHelp_data()
{
    QTest::addColumn<QString>("option");
    QTest::addColumn<QByteArray>("said");
    QTest::newRow("--version") << u"--version"_s << QByteArray("tallybell " VERSION "\n");
    for (const char *option : {"--headless", "--demo", "--hidden", "--config", "--secrets-file"})
        QTest::addRow("--help names %s", option) << u"--help"_s << QByteArray(option);
}

void tst_Tallybell::showsVersionAndHelp()
{
    QFETCH(QString, option);
    QFETCH(QByteArray, said);
    TallybellProcess app;
    app.start({option});
    QCOMPARE(app.waitForExit(), 0);
    QVERIFY2(app.output().contains(said), app.output().constData());
    QVERIFY2(app.errors().isEmpty(), app.errors().constData());
}

void tst_Tallybell::saysWhereAPasswordMayBe()
{
    // No bus, so no keyring; and nobody to ask.
    const QByteArray bus = qgetenv("DBUS_SESSION_BUS_ADDRESS");
    qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere");
    TallybellProcess app;
    bus.isNull() ? qunsetenv("DBUS_SESSION_BUS_ADDRESS") : qputenv("DBUS_SESSION_BUS_ADDRESS", bus);
    Harness::SseServer portal;
    app.addPortal(u"work"_s, portal.url());
    app.startConfigured({u"--headless"_s});
    QTRY_COMPARE(app.status(), u"loginNeeded"_s);
    QVERIFY2(detailOf(app).contains(u"No keyring"_s), qPrintable(detailOf(app)));
    QVERIFY2(detailOf(app).contains(u"--secrets-file"_s), qPrintable(detailOf(app)));
    QVERIFY(portal.exchanges().isEmpty());
    app.send(SIGTERM);
    QCOMPARE(app.waitForExit(), 0);
}

void tst_Tallybell::showsThePasswordNowhere()
{
    // Refused, in the clear, at the most talkative.
    Harness::SseServer portal;
    portal.handle("/login", [](Harness::Exchange *login) {
        login->answer(500, login->body()); // a server that shouts it back
    });
    TallybellProcess app;
    app.addPortal(u"work"_s, portal.url());
    (void)app.addSecrets(u"work"_s, TallybellProcess::canary);
    app.startConfigured({u"--headless"_s, u"--log-level"_s, u"debug"_s});
    QTRY_COMPARE(app.status(), u"reconnecting"_s);
    QVERIFY(portal.exchanges("/login").constFirst()->body().contains(TallybellProcess::canary));
    QFile commandLine(u"/proc/%1/cmdline"_s.arg(app.processId()));
    QFile environment(u"/proc/%1/environ"_s.arg(app.processId()));
    QVERIFY(commandLine.open(QIODevice::ReadOnly) && environment.open(QIODevice::ReadOnly));
    QVERIFY(!commandLine.readAll().contains(TallybellProcess::canary));
    QVERIFY(!environment.readAll().contains(TallybellProcess::canary));
    app.send(SIGTERM);
    QCOMPARE(app.waitForExit(), 0);
    QVERIFY(app.errors().contains("/login")); // it did talk
    QVERIFY(!app.errors().contains(TallybellProcess::canary));
    QVERIFY(!app.output().contains(TallybellProcess::canary));
}

void tst_Tallybell::checksASourceForPeople()
{
    Harness::SsekitProcess portal;
    QVERIFY(portal.serve({u"portal"_s, u"--log"_s}));
    TallybellProcess app;
    app.addPortal(u"work"_s, portal.url());
    (void)app.addSecrets(u"work"_s, portalPassword);
    app.startConfigured({u"check"_s, u"work"_s, u"--timeout"_s, u"1"_s});
    QCOMPARE(app.waitForExit(), 0);
    QVERIFY2(app.errors().isEmpty(), app.errors().constData());
    QVERIFY(!app.output().contains('\x1b')); // no terminal
    const QByteArrayList lines = app.output().split('\n');
    QCOMPARE(lines.size(), 12);
    QCOMPARE(lines.at(0), "Checking the source “Demo portal” (work).");
    const QRegularExpression line(
        u"^(good|warning|bad|skipped) +([A-Za-z ]+[a-zA-Z]) +([0-9]+ ms)?  [A-Z1-9h].*$"_s);
    for (const QByteArray &text : lines.mid(1, 9))
        QVERIFY2(line.match(QString::fromUtf8(text)).hasMatch(), text.constData());
    QVERIFY(lines.at(4).startsWith("good     login "));
    QVERIFY(lines.at(6).endsWith(" ms  The number is 3."));
    QVERIFY(lines.at(8).startsWith("warning  first byte "));
    QVERIFY2(lines.at(8).contains(" → "), lines.at(8).constData());
    QCOMPARE(lines.at(10), "It works; see the warnings.");
    QTRY_COMPARE(portal.facts(u"close request"_s).size(), 1);
}

void tst_Tallybell::checksASourceForPrograms()
{
    Harness::SsekitProcess portal;
    QVERIFY(portal.serve({u"portal"_s}));
    TallybellProcess app;
    app.addPortal(u"work"_s, portal.url());
    (void)app.addSecrets(u"work"_s, TallybellProcess::canary); // refused
    const QString path = app.configDirectory() + u"/sources/work.json"_s;
    app.startConfigured({u"check"_s, path, u"--json"_s, u"--log-level"_s, u"debug"_s});
    QCOMPARE(app.waitForExit(), 5);
    const QList<QJsonObject> facts = app.facts();
    QCOMPARE(facts.size(), 10);
    const QStringList stages{u"dns"_s,          u"connect"_s,     u"tls"_s,
                             u"login"_s,        u"permissions"_s, u"snapshot"_s,
                             u"streamOpened"_s, u"firstByte"_s,   u"close"_s};
    for (int index = 0; index < stages.size(); ++index) {
        const QJsonObject &stage = facts.at(index);
        QCOMPARE(
            stage.keys(),
            (QStringList{u"finding"_s, u"ms"_s, u"remedy"_s, u"stage"_s, u"type"_s, u"verdict"_s}));
        QCOMPARE(stage[u"type"_s], u"stage"_s);
        QCOMPARE(stage[u"stage"_s], stages.at(index));
    }
    QCOMPARE(facts.at(1)[u"verdict"_s], u"good"_s);
    QCOMPARE(facts.at(3)[u"verdict"_s], u"bad"_s);
    QCOMPARE(facts.at(3)[u"remedy"_s], u"Check the user name and the secrets."_s);
    QCOMPARE(facts.at(4)[u"verdict"_s], u"skipped"_s);
    QCOMPARE(facts.at(9),
             (QJsonObject{{u"type"_s, u"result"_s},
                          {u"source"_s, u"work"_s},
                          {u"verdict"_s, u"bad"_s},
                          {u"stage"_s, u"login"_s},
                          {u"exitCode"_s, 5}}));
    QVERIFY(!app.output().contains(TallybellProcess::canary));
    QVERIFY(!app.errors().contains(TallybellProcess::canary));
}

void tst_Tallybell::endsACheckWithTheReason_data()
{
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("to");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QByteArray>("said");
    QTest::newRow("a permission is missing")
        << QByteArray("counter.read") << QByteArray("counter.write") << 1
        << QByteArray("“counter.write” is missing. → Ask whoever manages 127.0.0.1.");
    QTest::newRow("not an event stream")
        << QByteArray("${base}/stream") << QByteArray("${base}/") << 1
        << QByteArray("mostly a login page. → The session does not reach the stream");
    QTest::newRow("no address") << QByteArray("\"BASE\"") << QByteArray("\"htp:/portal\"") << 4
                                << QByteArray("is not an http or https address. → Correct it");
    QTest::newRow("a secret is missing")
        << QByteArray("\"vars\": {")
        << QByteArray(R"("vars": {"pin": {"type": "secret", "label": "PIN"},)") << 5
        << QByteArray("“PIN” is not known. → Put it into the secrets file under “work”, “pin”.");
    QTest::newRow("nothing listens") << QByteArray("BASE") << QByteArray("http://127.0.0.1:1") << 6
                                     << QByteArray("127.0.0.1 refuses connections on port 1. → ");
}

void tst_Tallybell::endsACheckWithTheReason()
{
    QFETCH(QByteArray, from);
    QFETCH(QByteArray, to);
    Harness::SsekitProcess portal;
    QVERIFY(portal.serve({u"portal"_s}));
    QFile preset(QStringLiteral(PRESETS "/portal.json"));
    QVERIFY(preset.open(QIODevice::ReadOnly));
    QByteArray source = preset.readAll().replace("http://127.0.0.1:8844", "BASE");
    QVERIFY(source.contains(from));
    source.replace(from, to).replace("BASE", portal.url("").toEncoded());
    TallybellProcess app;
    app.addSourceFile(u"work.json"_s, source);
    (void)app.addSecrets(u"work"_s, portalPassword);
    app.startConfigured({u"check"_s, u"work"_s});
    QTEST(app.waitForExit().value_or(-1), "exitCode");
    QFETCH(QByteArray, said);
    QVERIFY2(app.output().contains(said), app.output().constData());
}

void tst_Tallybell::refusesToCheck_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QByteArray>("said");
    QTest::newRow("nothing") << QStringList{u"check"_s} << 2
                             << QByteArray("path of its file. Try: tallybell check --help");
    QTest::newRow("an unknown name")
        << QStringList{u"check"_s, u"home"_s} << 4 << QByteArray("no source “home” in ");
    QTest::newRow("an unknown name tells the known")
        << QStringList{u"check"_s, u"home"_s} << 4 << QByteArray("there is: broken, work.");
    QTest::newRow("an unknown file") << QStringList{u"check"_s, u"/nowhere.json"_s} << 4
                                     << QByteArray("/nowhere.json cannot be read");
    QTest::newRow("a broken file") << QStringList{u"check"_s, u"broken"_s} << 4
                                   << QByteArray("broken.json, line 2, /schema: ");
    QTest::newRow("an unknown secrets file")
        << QStringList{u"check"_s, u"work"_s, u"--secrets-file"_s, u"/nowhere"_s} << 4
        << QByteArray("/nowhere cannot be read");
}

void tst_Tallybell::refusesToCheck()
{
    QFETCH(QStringList, arguments);
    TallybellProcess app;
    app.addPortal(u"work"_s, QUrl(u"http://127.0.0.1:1"_s));
    app.addSourceFile(u"broken.json"_s, "{\n  \"schema\": 2\n}\n");
    app.startConfigured(arguments);
    QTEST(app.waitForExit().value_or(-1), "exitCode");
    QFETCH(QByteArray, said);
    QVERIFY2(app.errors().contains(said), app.errors().constData());
    QVERIFY(app.errors().startsWith("tallybell: "));
    QVERIFY(app.output().isEmpty());
}

void tst_Tallybell::tellsThePortalThatAnInterruptedCheckLeaves()
{
    Harness::SsekitProcess portal;
    QVERIFY(portal.serve({u"portal"_s, u"--log"_s}));
    TallybellProcess app;
    app.addPortal(u"work"_s, portal.url());
    (void)app.addSecrets(u"work"_s, portalPassword);
    app.startConfigured({u"check"_s, u"work"_s, u"--timeout"_s, u"60"_s});
    QTRY_VERIFY(app.output().contains("stream opened"));
    app.send(SIGINT);
    QCOMPARE(app.waitForExit(), 1);
    QVERIFY2(app.output().endsWith("Interrupted.\n"), app.output().constData());
    QTRY_COMPARE(portal.facts(u"close request"_s).size(), 1);
}

QTEST_GUILESS_MAIN(tst_Tallybell)
#include "tst_tallybell.moc"
