// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "harness/ssekitprocess.h"
#include <sselib/testkit/sseserver.h>

#include <QElapsedTimer>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QStandardPaths>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>

using namespace Qt::Literals;
using Harness::Exchange;
using Harness::SsekitProcess;

namespace {

QJsonObject toObject(const QByteArray &line)
{
    return QJsonDocument::fromJson(line).object();
}

QStringList typesOf(const SsekitProcess &listener)
{
    QStringList types;
    const QByteArrayList lines = listener.lines();
    for (const QByteArray &line : lines)
        types.append(toObject(line)[u"type"_s].toString());
    return types;
}

// What a child writes to it looks to the child as if written to a terminal.
class Terminal
{
public:
    Terminal()
        : m_descriptor(posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK))
    {
        if (grantpt(m_descriptor) == 0 && unlockpt(m_descriptor) == 0)
            m_name = QString::fromLocal8Bit(ptsname(m_descriptor));
    }
    ~Terminal() { close(m_descriptor); }
    Q_DISABLE_COPY_MOVE(Terminal)

    QString name() const { return m_name; }

    QByteArray text()
    {
        std::array<char, 4096> some;
        for (ssize_t size = 0; (size = read(m_descriptor, some.data(), some.size())) > 0;)
            m_text.append(some.data(), size);
        return m_text;
    }

private:
    const int m_descriptor;
    QString m_name;
    QByteArray m_text;
};

QString writeFile(const QTemporaryDir &folder, const QString &name, const QByteArray &content)
{
    QFile file(folder.filePath(name));
    return file.open(QIODevice::WriteOnly) && file.write(content) == content.size()
        ? file.fileName()
        : QString();
}

// What matters of a request: two clients that ask the same agree in it.
QByteArrayList essence(const Exchange *exchange)
{
    QByteArrayList lines{exchange->method() + ' ' + exchange->request().target, exchange->body()};
    for (const char *name : {"Accept", "Authorization", "Cache-Control", "Content-Type",
                             "Last-Event-ID", "X-Api-Key", "X-Odd"})
        lines.append(QByteArray(name) + ": " + exchange->header(name));
    return lines;
}

} // namespace

class tst_Listen : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void seesTheDemoOfTheMission();
    void printsEachFactByContract();
    void decodesAsABrowser();
    void resumesWithTheLastEventId();
    void endsWith_data();
    void endsWith();
    void givesUpOnServerErrorsUnlessPersistent();
    void sendsHeadersAndCredentials();
    void keepsCookies();
    void sendsABody_data();
    void sendsABody();
    void sendsTheTokenOfAFile();
    void goesThroughAProxy();
    void endsAfterSoManyRetriesInARow();
    void writesForPeople();
    void isColouredOnATerminalAlone_data();
    void isColouredOnATerminalAlone();
    void printsTheCurlCommandThatAsksTheSame_data();
    void printsTheCurlCommandThatAsksTheSame();
    void keepsSecretsOutOfTheCurlCommand();
    void complainsOfWrongUsage_data();
    void complainsOfWrongUsage();
};

void tst_Listen::seesTheDemoOfTheMission()
{
    SsekitProcess clock;
    QVERIFY(clock.serve({u"clock"_s}));
    QElapsedTimer elapsed;
    qint64 lateness = 0; // of a timer of ours, which has the same computer
    QTimer bystander;
    connect(&bystander, &QTimer::timeout, this,
            [&] { lateness = std::max(lateness, elapsed.restart() - 1000); });
    elapsed.start();
    bystander.start(1000);
    SsekitProcess listener;
    listener.start({u"listen"_s, clock.url("/stream").toString(), u"--json"_s});
    QTRY_VERIFY(listener.lines().size() >= 4);
    QCOMPARE(typesOf(listener).mid(0, 4),
             (QStringList{u"open"_s, u"message"_s, u"message"_s, u"message"_s}));
    const QJsonObject start = toObject(listener.lines().at(1));
    QCOMPARE(start[u"event"_s], u"connecttime"_s); // "Start time"
    const qint64 first = start[u"data"_s].toString().toLongLong();
    QVERIFY(qAbs(first - QDateTime::currentMSecsSinceEpoch()) < 30'000);
    for (const int ping : {1, 2}) { // one each second, and each may be late on a busy machine
        const QJsonObject message = toObject(listener.lines().at(1 + ping));
        QCOMPARE(message[u"event"_s], u"message"_s);
        const qint64 since = message[u"data"_s].toString().toLongLong() - first;
        QVERIFY2(since >= 950 * ping && since < 1000 * ping + 900 + lateness,
                 qPrintable(QString::number(since)));
    }
    QVERIFY(!clock.lines().contains("close"));
    listener.terminate();
    QTRY_VERIFY(clock.lines().contains("close"));
}

void tst_Listen::printsEachFactByContract()
{
    Harness::SseServer server;
    server.handleNext("/s", [](Exchange *first) {
        first->startStream();
        first->write("retry: 100\n\nid: 1\nevent: e\ndata: a\ndata: b\n\n");
        first->end();
    });
    server.handleNext("/s", [](Exchange *second) { second->answer(204); });
    SsekitProcess listener;
    listener.start({u"listen"_s, server.url("/s").toString(), u"--json"_s});
    QCOMPARE(listener.waitForExit(), 0);
    const QString url = server.url("/s").toString();
    const QString origin = server.url("").toString();
    const QByteArrayList lines = listener.lines();
    QCOMPARE(lines.size(), 5);
    QCOMPARE(toObject(lines.at(0)),
             (QJsonObject{{u"type"_s, u"open"_s}, {u"url"_s, url}, {u"status"_s, 200}}));
    QCOMPARE(toObject(lines.at(1)),
             (QJsonObject{{u"type"_s, u"message"_s},
                          {u"event"_s, u"e"_s},
                          {u"data"_s, u"a\nb"_s},
                          {u"lastEventId"_s, u"1"_s},
                          {u"origin"_s, origin}}));
    QJsonObject lost = toObject(lines.at(2));
    QVERIFY(!lost[u"reason"_s].toString().isEmpty());
    lost.remove(u"reason"_s);
    QCOMPARE(
        lost,
        (QJsonObject{{u"type"_s, u"error"_s}, {u"state"_s, u"connecting"_s}, {u"status"_s, 200}}));
    QJsonObject stop = toObject(lines.at(3));
    stop.remove(u"reason"_s);
    QCOMPARE(stop,
             (QJsonObject{{u"type"_s, u"error"_s}, {u"state"_s, u"closed"_s}, {u"status"_s, 204}}));
    QCOMPARE(toObject(lines.at(4)), (QJsonObject{{u"type"_s, u"closed"_s}}));
    QCOMPARE(server.exchanges("/s").at(1)->header("Last-Event-ID"), "1");
}

void tst_Listen::decodesAsABrowser()
{
    Harness::SseServer server;
    server.handle("/", [](Exchange *stream) {
        stream->startStream();
        stream->write(QByteArray("data: \xE2\x82|\xC0\xAF|\0|\xEF\xBB\xBF\n\n", 20));
    });
    SsekitProcess listener;
    listener.start({u"listen"_s, server.url().toString(), u"--json"_s, u"--max-events"_s, u"1"_s});
    QCOMPARE(listener.waitForExit(), 0);
    QCOMPARE(toObject(listener.lines().at(1))[u"data"_s].toString(),
             QString(u"\uFFFD|\uFFFD\uFFFD|\0|\uFEFF"_s));
}

void tst_Listen::resumesWithTheLastEventId()
{
    Harness::SseServer server;
    SsekitProcess listener;
    listener.start({u"listen"_s, server.url().toString(), u"--last-event-id"_s, u"é 7"_s});
    const Exchange *const stream = server.nextExchange();
    QVERIFY(stream);
    QCOMPARE(stream->header("Last-Event-ID"), "é 7");
}

void tst_Listen::endsWith_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<int>("exitCode");
    const QByteArray stream("text/event-stream");
    QTest::newRow("0 after --max-events")
        << 200 << stream << QStringList{u"--max-events"_s, u"2"_s} << 0;
    QTest::newRow("0 after --timeout")
        << 200 << stream << QStringList{u"--timeout"_s, u"0.3"_s} << 0;
    QTest::newRow("0 after 204") << 204 << QByteArray() << QStringList{} << 0;
    QTest::newRow("6 after 404") << 404 << QByteArray() << QStringList{} << 6;
    QTest::newRow("6 after text/html") << 200 << QByteArray("text/html") << QStringList{} << 6;
    QTest::newRow("6 after the end with --no-reconnect")
        << 200 << stream << QStringList{u"--no-reconnect"_s} << 6;
}

void tst_Listen::endsWith()
{
    QFETCH(int, status);
    QFETCH(QByteArray, type);
    QFETCH(QStringList, options);
    Harness::SseServer server;
    const bool ends = options.contains(u"--no-reconnect"_s);
    server.handle("/", [&](Exchange *exchange) {
        exchange->sendHead(
            status, type.isEmpty() ? Harness::Headers{} : Harness::Headers{{"Content-Type", type}});
        exchange->write("data: a\n\ndata: b\n\ndata: c\n\n");
        if (ends || status != 200)
            exchange->end();
    });
    SsekitProcess listener;
    listener.start(QStringList{u"listen"_s, server.url().toString(), u"--json"_s} + options);
    QTEST(listener.waitForExit(), "exitCode");
    QCOMPARE(typesOf(listener).constLast(), u"closed"_s);
    if (options.contains(u"--max-events"_s))
        QCOMPARE(typesOf(listener),
                 (QStringList{u"open"_s, u"message"_s, u"message"_s, u"closed"_s}));
    QVERIFY(listener.errors().isEmpty());
}

void tst_Listen::givesUpOnServerErrorsUnlessPersistent()
{
    Harness::SseServer server;
    server.handle("/", [](Exchange *exchange) { exchange->answer(503); });
    SsekitProcess browserLike;
    browserLike.start({u"listen"_s, server.url().toString(), u"--json"_s});
    QCOMPARE(browserLike.waitForExit(), 6);
    QCOMPARE(server.requestCount("/"), 1);
    SsekitProcess persistent;
    persistent.start({u"listen"_s, server.url().toString(), u"--json"_s, u"--persistent"_s});
    QTRY_VERIFY(server.requestCount("/") >= 3);
    QTRY_VERIFY(!persistent.lines().isEmpty());
    QCOMPARE(toObject(persistent.lines().constFirst())[u"state"_s], u"connecting"_s);
}

void tst_Listen::sendsHeadersAndCredentials()
{
    Harness::SseServer server;
    QUrl url = server.url("/");
    url.setUserInfo(u"mia:geheim"_s);
    SsekitProcess listener;
    listener.start({u"listen"_s, url.toString(), u"--json"_s, u"--header"_s, u"X-One: 1"_s,
                    u"--header"_s, u"X-Two:two: 2"_s});
    Exchange *const stream = server.nextExchange();
    QVERIFY(stream);
    QCOMPARE(stream->header("X-One"), "1");
    QCOMPARE(stream->header("X-Two"), "two: 2");
    QCOMPARE(stream->header("Authorization"), "Basic " + QByteArray("mia:geheim").toBase64());
    stream->startStream();
    QTRY_COMPARE(listener.lines().size(), 1);
    QVERIFY(!listener.lines().constFirst().contains("geheim"));
}

void tst_Listen::keepsCookies()
{
    Harness::SseServer server;
    server.handleNext("/", [](Exchange *first) {
        first->startStream({{"Set-Cookie", "session=abc; Path=/"}});
        first->write("retry: 100\n\n");
        first->end();
    });
    SsekitProcess listener;
    listener.start({u"listen"_s, server.url().toString()});
    const Exchange *const second = server.nextExchange();
    QVERIFY(second);
    QCOMPARE(second->header("Cookie"), "session=abc");
}

void tst_Listen::sendsABody_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("none") << QStringList{} << QByteArray("GET") << QByteArray();
    QTest::newRow("text") << QStringList{u"--body"_s, u"{\"ü\":1}"_s} << QByteArray("POST")
                          << QByteArray("{\"ü\":1}");
    QTest::newRow("file") << QStringList{u"--body"_s, u"@FILE"_s} << QByteArray("POST")
                          << QByteArray("\0\xFF\n", 3);
    QTest::newRow("another method") << QStringList{u"--method"_s, u"REPORT"_s, u"--body"_s, u"x"_s}
                                    << QByteArray("REPORT") << QByteArray("x");
    QTest::newRow("a method alone")
        << QStringList{u"--method"_s, u"post"_s} << QByteArray("POST") << QByteArray();
}

void tst_Listen::sendsABody()
{
    QFETCH(QStringList, options);
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, body);
    const QTemporaryDir folder;
    options.replaceInStrings(u"@FILE"_s, u'@' + writeFile(folder, u"body"_s, body));
    Harness::SseServer server;
    SsekitProcess listener;
    listener.start(QStringList{u"listen"_s, server.url().toString(), u"--header"_s,
                               u"Content-Type: application/json"_s}
                   + options);
    const Exchange *const stream = server.nextExchange();
    QVERIFY(stream);
    QCOMPARE(stream->method(), method);
    QCOMPARE(stream->body(), body);
    QCOMPARE(stream->header("Content-Type"), "application/json");
}

void tst_Listen::sendsTheTokenOfAFile()
{
    const QTemporaryDir folder;
    Harness::SseServer server;
    server.handle("/", [](Exchange *stream) { stream->answer(401); });
    SsekitProcess listener;
    listener.start({u"listen"_s, server.url().toString(), u"--bearer-file"_s,
                    writeFile(folder, u"token"_s, "  canary.1+/=\r\n")});
    QCOMPARE(listener.waitForExit(), 6);
    QCOMPARE(server.exchanges().constFirst()->header("Authorization"), "Bearer canary.1+/=");
    QVERIFY(!listener.lines().join().contains("canary"));

    SsekitProcess confused;
    confused.start({u"listen"_s, server.url().toString(), u"--bearer-file"_s,
                    writeFile(folder, u"two"_s, "canary\nX-Evil: 1\n")});
    QCOMPARE(confused.waitForExit(), 2);
    QVERIFY2(confused.errors().contains("more than one line"), confused.errors().constData());
    QVERIFY(!confused.errors().contains("canary"));
    QCOMPARE(server.exchanges().size(), 1);
}

void tst_Listen::goesThroughAProxy()
{
    QTcpServer proxy; // which sees where the client wanted to go
    QVERIFY(proxy.listen(QHostAddress::LocalHost));
    SsekitProcess listener;
    listener.start({u"listen"_s, u"http://stream.invalid/s"_s, u"--json"_s, u"--proxy"_s,
                    u"http://127.0.0.1:%1"_s.arg(proxy.serverPort())});
    QTRY_VERIFY(proxy.hasPendingConnections());
    QTcpSocket *const client = proxy.nextPendingConnection();
    QTRY_VERIFY(client->bytesAvailable() > 0);
    QCOMPARE(client->readLine(), "GET http://stream.invalid/s HTTP/1.1\r\n");
    client->write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n");
    QTRY_COMPARE(typesOf(listener), (QStringList{u"open"_s, u"message"_s}));

    // With "none" a proxy of the environment is not asked.
    Harness::SseServer server;
    SsekitProcess direct;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"http_proxy"_s, u"http://127.0.0.1:%1"_s.arg(proxy.serverPort()));
    direct.process()->setProcessEnvironment(environment);
    direct.start({u"listen"_s, server.url().toString(), u"--proxy"_s, u"none"_s});
    QVERIFY(server.nextExchange());
}

void tst_Listen::endsAfterSoManyRetriesInARow()
{
    Harness::SseServer server;
    const auto lose = [](Exchange *stream) {
        stream->startStream();
        stream->write("retry: 50\n\n");
        stream->end();
    };
    server.handleNext("/", lose);
    server.handleNext("/", lose); // one that opens ends the row
    server.handleNext("/", [&](Exchange *third) {
        lose(third);
        QMetaObject::invokeMethod(
            &server, [&server] { server.stop(); }, Qt::QueuedConnection);
    });
    SsekitProcess listener;
    listener.start({u"listen"_s, server.url().toString(), u"--json"_s, u"--retries"_s, u"2"_s});
    QCOMPARE(listener.waitForExit(), 6);
    QStringList told;
    const QByteArrayList lines = listener.lines();
    for (const QByteArray &line : lines)
        told.append(toObject(line)[u"type"_s].toString() + toObject(line)[u"state"_s].toString());
    QCOMPARE(
        told,
        (QStringList{u"open"_s, u"errorconnecting"_s, u"open"_s, u"errorconnecting"_s, u"open"_s,
                     u"errorconnecting"_s, u"errorconnecting"_s, u"errorclosed"_s, u"closed"_s}));

    SsekitProcess once;
    once.start({u"listen"_s, server.url().toString(), u"--json"_s, u"--retries"_s, u"0"_s});
    QCOMPARE(once.waitForExit(), 6);
    QCOMPARE(typesOf(once), (QStringList{u"error"_s, u"closed"_s}));
}

void tst_Listen::writesForPeople()
{
    Harness::SseServer server;
    server.handle("/", [](Exchange *stream) {
        stream->startStream();
        stream->write("event: count\nid: 7\ndata: a\ndata: \x1B]0;evil\x07\tb\n\ndata: c\n\n");
    });
    SsekitProcess listener;
    listener.start({u"listen"_s, server.url().toString(), u"--max-events"_s, u"2"_s});
    QCOMPARE(listener.waitForExit(), 0);
    const QByteArrayList lines = listener.lines();
    QCOMPARE(lines.size(), 5);
    for (const int line : {0, 1, 3, 4})
        QVERIFY2(QTime::fromString(QString::fromLatin1(lines.at(line).left(12)), u"HH:mm:ss.zzz"_s)
                     .isValid(),
                 lines.at(line).constData());
    QCOMPARE(lines.at(0).mid(12), " open " + server.url().toEncoded());
    QCOMPARE(lines.at(1).mid(12), " count #7 a");
    QCOMPARE(lines.at(2), "             \\x1b]0;evil\\x07\tb"); // under the first line
    QCOMPARE(lines.at(3).mid(12), " message #7 c");
    QCOMPARE(lines.at(4).mid(12), " closed");
}

void tst_Listen::isColouredOnATerminalAlone_data()
{
    QTest::addColumn<QString>("noColor");
    QTest::addColumn<bool>("isColoured");
    QTest::newRow("a terminal") << QString() << true;
    QTest::newRow("NO_COLOR") << u"1"_s << false;
}

void tst_Listen::isColouredOnATerminalAlone()
{
    QFETCH(QString, noColor);
    QFETCH(bool, isColoured);
    Harness::SseServer server;
    server.handle("/", [](Exchange *stream) {
        stream->startStream();
        stream->write("id: 7\ndata: \x1B[31ma\n\n");
    });
    Terminal terminal;
    QVERIFY(!terminal.name().isEmpty());
    SsekitProcess listener;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"TERM"_s, u"xterm"_s);
    environment.insert(u"NO_COLOR"_s, noColor);
    listener.process()->setProcessEnvironment(environment);
    listener.process()->setStandardOutputFile(terminal.name());
    listener.start({u"listen"_s, server.url().toString(), u"--max-events"_s, u"1"_s});
    QCOMPARE(listener.waitForExit(), 0);
    QTRY_VERIFY(terminal.text().contains("closed"));
    QCOMPARE(terminal.text().contains("\x1B["), isColoured);
    if (isColoured)
        QVERIFY(terminal.text().contains("\x1B[36mmessage\x1B[0m"));
    QVERIFY(terminal.text().contains("\\x1b[31ma")); // the server's own is none
}

void tst_Listen::printsTheCurlCommandThatAsksTheSame_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::newRow("a plain one") << QStringList{};
    QTest::newRow("headers") << QStringList{u"--header"_s, u"X-Odd: it's $HOME \"`a`\" \\n"_s,
                                            u"--last-event-id"_s, u"é 7"_s};
    QTest::newRow("a body") << QStringList{u"--body"_s, u"@not a file, but see below"_s};
    QTest::newRow("a text") << QStringList{u"--body"_s, u"a=b&c='d'"_s, u"--header"_s,
                                           u"Content-Type: application/x-www-form-urlencoded"_s};
    QTest::newRow("a method") << QStringList{u"--method"_s, u"REPORT"_s};
    QTest::newRow("a token") << QStringList{u"--bearer-file"_s, u"@token"_s};
    QTest::newRow("direct") << QStringList{u"--proxy"_s, u"none"_s};
    QTest::newRow("HTTP/1") << QStringList{u"--http1"_s, u"--timeout"_s, u"20"_s};
}

void tst_Listen::printsTheCurlCommandThatAsksTheSame()
{
    QFETCH(QStringList, options);
    const QTemporaryDir folder;
    options.replaceInStrings(u"@not a file, but see below"_s,
                             u'@' + writeFile(folder, u"it's a body"_s, "a\n\xFF"));
    options.replaceInStrings(u"@token"_s, writeFile(folder, u"it's a token"_s, "canary\r\n"));
    Harness::SseServer server;
    server.handle("/s", [](Exchange *stream) {
        stream->startStream();
        stream->write("data: seen\n\n");
        stream->end();
    });
    const QStringList arguments =
        QStringList{u"listen"_s, server.url("/s?a=b%20c&d='&e=[1-2]").toString(QUrl::FullyEncoded)}
        + options;
    SsekitProcess listener;
    listener.start(arguments + QStringList{u"--no-reconnect"_s});
    QCOMPARE(listener.waitForExit(), 6);
    SsekitProcess printer;
    printer.start(arguments + QStringList{u"--curl"_s});
    QCOMPARE(printer.waitForExit(), 0);
    QCOMPARE(printer.lines().size(), 1);
    const QByteArray command = printer.lines().constFirst();
    QVERIFY2(!command.contains("canary"), command.constData());
    QCOMPARE(server.exchanges().size(), 1); // printing asks nobody

    if (QStandardPaths::findExecutable(u"curl"_s).isEmpty())
        QSKIP("There is no curl.");
    QProcess curl;
    curl.start(u"sh"_s, {u"-c"_s, QString::fromUtf8(command)});
    QTRY_COMPARE_WITH_TIMEOUT(curl.state(), QProcess::NotRunning, 20000);
    const QByteArray complaint = curl.readAllStandardError();
    QVERIFY2(curl.readAllStandardOutput() == "data: seen\n\n",
             QByteArray(complaint + command).constData());
    QCOMPARE(server.exchanges().size(), 2);
    QCOMPARE(essence(server.exchanges().at(1)), essence(server.exchanges().at(0)));
}

void tst_Listen::keepsSecretsOutOfTheCurlCommand()
{
    SsekitProcess printer;
    printer.start({u"listen"_s, u"http://mia:canary1@127.0.0.1/s"_s, u"--curl"_s, u"--header"_s,
                   u"X-Api-Key: canary2"_s, u"--header"_s, u"Cookie: a=canary3"_s, u"--proxy"_s,
                   u"socks5://canary4:canary5@127.0.0.1:1080"_s});
    QCOMPARE(printer.waitForExit(), 0);
    const QByteArray command = printer.lines().value(0);
    QVERIFY2(!command.contains("canary") && !printer.errors().contains("canary"),
             command.constData());
    for (const char *variable :
         {"USER_AND_PASSWORD", "X_API_KEY", "COOKIE", "PROXY_USER_AND_PASSWORD"}) {
        QVERIFY2(command.contains(QByteArray("$") + variable), variable);
        QVERIFY2(printer.errors().contains(variable), variable);
    }
}

void tst_Listen::complainsOfWrongUsage_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("no URL") << QStringList{};
    QTest::newRow("two URLs") << QStringList{u"http://a/"_s, u"http://b/"_s};
    QTest::newRow("unknown option") << QStringList{u"http://a/"_s, u"--frobnicate"_s};
    QTest::newRow("no number of events") << QStringList{u"http://a/"_s, u"--max-events"_s, u"x"_s};
    QTest::newRow("no number of seconds") << QStringList{u"http://a/"_s, u"--timeout"_s, u"-1"_s};
    QTest::newRow("no certificates") << QStringList{u"http://a/"_s, u"--cacert"_s, u"/dev/null"_s};
    QTest::newRow("no header") << QStringList{u"http://a/"_s, u"--header"_s, u"X"_s};
    QTest::newRow("no number of retries") << QStringList{u"http://a/"_s, u"--retries"_s, u"-1"_s};
    QTest::newRow("retries and none")
        << QStringList{u"http://a/"_s, u"--retries"_s, u"2"_s, u"--no-reconnect"_s};
    QTest::newRow("two versions") << QStringList{u"http://a/"_s, u"--http1"_s, u"--http2"_s};
    QTest::newRow("no body") << QStringList{u"http://a/"_s, u"--body"_s, u"@/nonexistent"_s};
    QTest::newRow("no proxy") << QStringList{u"http://a/"_s, u"--proxy"_s, u"ftp://a:1"_s};
    QTest::newRow("no port") << QStringList{u"http://a/"_s, u"--proxy"_s, u"http://a"_s};
    QTest::newRow("no token") << QStringList{u"http://a/"_s, u"--bearer-file"_s, u"/dev/null"_s};
    QTest::newRow("no such token")
        << QStringList{u"http://a/"_s, u"--bearer-file"_s, u"/nonexistent"_s};
    QTest::newRow("two tokens") << QStringList{u"http://a/"_s, u"--bearer-file"_s, u"/dev/null"_s,
                                               u"--header"_s, u"authorization: Bearer a"_s};
}

void tst_Listen::complainsOfWrongUsage()
{
    QFETCH(QStringList, arguments);
    SsekitProcess listener;
    listener.start(QStringList{u"listen"_s} + arguments);
    QCOMPARE(listener.waitForExit(), 2);
    QVERIFY(listener.lines().isEmpty());
    QCOMPARE(listener.errors().count('\n'), 1);
}

QTEST_GUILESS_MAIN(tst_Listen)
#include "tst_listen.moc"
