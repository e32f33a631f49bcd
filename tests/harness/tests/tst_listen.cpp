// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "harness/ssekitprocess.h"
#include <sselib/testkit/sseserver.h>

#include <QElapsedTimer>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

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
    void complainsOfWrongUsage_data();
    void complainsOfWrongUsage();
};

void tst_Listen::seesTheDemoOfTheMission()
{
    SsekitProcess clock;
    QVERIFY(clock.serve({u"clock"_s}));
    SsekitProcess listener;
    listener.start({u"listen"_s, clock.url("/stream").toString(), u"--json"_s});
    QTRY_VERIFY(listener.lines().size() >= 4);
    QCOMPARE(typesOf(listener).mid(0, 4),
             (QStringList{u"open"_s, u"message"_s, u"message"_s, u"message"_s}));
    const QJsonObject start = toObject(listener.lines().at(1));
    QCOMPARE(start[u"event"_s], u"connecttime"_s); // "Start time"
    qint64 last = start[u"data"_s].toString().toLongLong();
    QVERIFY(qAbs(last - QDateTime::currentMSecsSinceEpoch()) < 30'000);
    for (const int ping : {2, 3}) {
        const QJsonObject message = toObject(listener.lines().at(ping));
        QCOMPARE(message[u"event"_s], u"message"_s);
        const qint64 time = message[u"data"_s].toString().toLongLong();
        QVERIFY2(time - last >= 900 && time - last < 1900,
                 qPrintable(QString::number(time - last)));
        last = time;
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
