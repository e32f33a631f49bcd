// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "rawclient.h"

#include "harness/ssekitprocess.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QSignalSpy>
#include <QTest>

#include <memory>

using namespace Harness;
using namespace Qt::Literals;

namespace {

struct Answer
{
    int status = 0;
    QJsonObject body;
};

} // namespace

class tst_Portal : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QVERIFY2(serve({}), m_ssekit.errors().constData()); }

    void cleanup()
    {
        m_ssekit.terminate();
        QCOMPARE(m_ssekit.waitForExit(), 0);
        const QByteArray log = m_ssekit.lines().join('\n');
        QVERIFY(!log.contains("tallybell"));
        QVERIFY(m_token.isEmpty() || !log.contains(m_token));
        m_token.clear();
    }

    void leadsFromLoginToTheCount()
    {
        const Answer login =
            send("POST", "/login", {{u"user"_s, u"mia"_s}, {u"password"_s, u"tallybell"_s}});
        QCOMPARE(login.status, 200);
        QCOMPARE(login.body.value(u"expires_in"), 3600);
        m_token = login.body.value(u"token").toString().toLatin1();
        QCOMPARE(m_token.size(), 32);
        QCOMPARE(send("GET", "/permissions").body.value(u"permissions"),
                 QJsonArray{u"counter.read"_s});
        QCOMPARE(send("GET", "/count").body.value(u"count"), 3);
        QTRY_COMPARE(m_ssekit.facts(u"login"_s).size(), 1);
        QCOMPARE(m_ssekit.facts(u"login"_s).constFirst().value(u"session"), "s1"_L1);
    }

    void refusesAWrongLogin_data()
    {
        QTest::addColumn<QJsonObject>("body");
        QTest::newRow("another user")
            << QJsonObject{{u"user"_s, u"eve"_s}, {u"password"_s, u"tallybell"_s}};
        QTest::newRow("another password")
            << QJsonObject{{u"user"_s, u"mia"_s}, {u"password"_s, u"guess"_s}};
        QTest::newRow("nothing") << QJsonObject();
    }

    void refusesAWrongLogin()
    {
        QFETCH(QJsonObject, body);
        const Answer login = send("POST", "/login", body);
        QCOMPARE(login.status, 401);
        QVERIFY(login.body.contains(u"error"));
        QTRY_COMPARE(m_ssekit.facts(u"login"_s).size(), 1);
        QCOMPARE(m_ssekit.facts(u"login"_s).constFirst().value(u"ok"), false);
        QVERIFY(!m_ssekit.lines().join().contains("eve"));
    }

    void asksForAToken_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("path");
        QTest::newRow("permissions") << QByteArray("GET") << QByteArray("/permissions");
        QTest::newRow("count") << QByteArray("GET") << QByteArray("/count");
        QTest::newRow("stream") << QByteArray("GET") << QByteArray("/stream");
        QTest::newRow("close") << QByteArray("POST") << QByteArray("/close");
    }

    void asksForAToken()
    {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, path);
        QCOMPARE(send(method, path).status, 401);
        m_token = "0123456789abcdef0123456789abcdef";
        QCOMPARE(send(method, path).status, 401);
    }

    void sendsEachChangeOnce()
    {
        logIn();
        const std::unique_ptr<RawClient> stream = openStream();
        QTRY_VERIFY(stream->peek().endsWith("\r\n\r\n"));
        QVERIFY(stream->peek().contains("Content-Type: text/event-stream\r\n"));
        stream->forget();
        QCOMPARE(send("POST", "/add").body.value(u"count"), 4);
        QCOMPARE(send("POST", "/read?n=10").body.value(u"count"), 0);
        QCOMPARE(send("POST", "/read").body.value(u"count"), 0); // no change, no event
        QCOMPARE(send("POST", "/add?n=20").body.value(u"count"), 20);
        QTRY_COMPARE(stream->peek(),
                     "event: count\ndata: {\"count\":4}\nid: 1\n\n"
                     "event: count\ndata: {\"count\":0}\nid: 2\n\n"
                     "event: count\ndata: {\"count\":20}\nid: 3\n\n");
        stream->close();
        QTRY_COMPARE(m_ssekit.facts(u"closed"_s).size(), 1);
        const QJsonObject closed = m_ssekit.facts(u"closed"_s).constFirst();
        QCOMPARE(closed.value(u"session"), "s1"_L1);
        QCOMPARE(closed.value(u"by"), "peer"_L1);
    }

    void refusesToMoveByNonsense_data()
    {
        QTest::addColumn<QByteArray>("n");
        QTest::newRow("word") << QByteArray("many");
        QTest::newRow("empty") << QByteArray("");
        QTest::newRow("zero") << QByteArray("0");
        QTest::newRow("negative") << QByteArray("-1");
        QTest::newRow("too much") << QByteArray("1000001");
    }

    void refusesToMoveByNonsense()
    {
        QFETCH(QByteArray, n);
        QCOMPARE(send("POST", "/add?n=" + n).status, 400);
        QCOMPARE(send("POST", "/read?n=" + n).status, 400);
    }

    void sendsWhatWasMissed_data()
    {
        QTest::addColumn<QByteArray>("lastEventId");
        QTest::addColumn<QByteArray>("events");
        const QByteArray next = "event: count\ndata: {\"count\":6}\nid: 3\n\n";
        QTest::newRow("nothing missed") << QByteArray("2") << next;
        QTest::newRow("one change missed")
            << QByteArray("1") << "event: count\ndata: {\"count\":5}\nid: 2\n\n" + next;
        QTest::newRow("an id of another life of the server")
            << QByteArray("77") << "event: count\ndata: {\"count\":5}\nid: 2\n\n" + next;
    }

    void sendsWhatWasMissed()
    {
        QFETCH(QByteArray, lastEventId);
        QFETCH(QByteArray, events);
        logIn();
        send("POST", "/add");
        send("POST", "/add");
        const auto stream = openStream("Last-Event-ID: " + lastEventId + "\r\n");
        QTRY_VERIFY(stream->peek().contains("\r\n\r\n"));
        send("POST", "/add");
        QTRY_COMPARE(stream->peek().mid(stream->peek().indexOf("\r\n\r\n") + 4), events);
    }

    void endsASessionByTheCloseRequest()
    {
        logIn();
        const auto stream = openStream();
        QTRY_VERIFY(stream->peek().endsWith("\r\n\r\n"));
        QCOMPARE(send("POST", "/close", {{u"reason"_s, u"quit"_s}}, "key-1").status, 204);
        QTRY_VERIFY(!stream->isOpen());
        QCOMPARE(send("GET", "/count").status, 401);
        QCOMPARE(send("POST", "/close", {{u"reason"_s, u"quit"_s}}, "key-1").status, 204);

        QTRY_COMPARE(m_ssekit.facts(u"close request"_s).size(), 2);
        const QJsonObject first = m_ssekit.facts(u"close request"_s).constFirst();
        QCOMPARE(first.value(u"session"), "s1"_L1);
        QCOMPARE(first.value(u"reason"), "quit"_L1);
        QCOMPARE(first.value(u"idempotencyKey"), "key-1"_L1);
        QVERIFY(!first.contains(u"repeated"));
        QCOMPARE(m_ssekit.facts(u"close request"_s).constLast().value(u"repeated"), true);
        QCOMPARE(m_ssekit.facts(u"closed"_s).constFirst().value(u"by"), "server"_L1);
    }

    void tellsWhoseCloseRequestArrived()
    {
        QCOMPARE(send("POST", "/close", {{u"reason"_s, u"quit"_s}}).status, 401);
        logIn();
        QCOMPARE(send("POST", "/close", {{u"reason"_s, u"quit"_s}, {u"n"_s, 1}}, "key-1").status,
                 204);
        QTRY_COMPARE(m_ssekit.facts(u"close request"_s).size(), 2);
        const QJsonObject stranger = m_ssekit.facts(u"close request"_s).constFirst();
        QCOMPARE(stranger.value(u"arrival"), 1);
        QCOMPARE(stranger.value(u"token"), "unknown"_L1);
        QVERIFY(!stranger.contains(u"session"));
        const QJsonObject ours = m_ssekit.facts(u"close request"_s).constLast();
        QCOMPARE(ours.value(u"arrival"), 2);
        QCOMPARE(ours.value(u"token"), "current"_L1);
        QCOMPARE(ours.value(u"session"), "s1"_L1);
        QCOMPARE(ours.value(u"body"), R"({"n":1,"reason":"quit"})"_L1);
    }

    void renewsAToken()
    {
        logIn();
        const QByteArray old = m_token;
        const Answer renewed = send("POST", "/refresh");
        QCOMPARE(renewed.status, 200);
        QCOMPARE(renewed.body.value(u"expires_in"), 3600);
        QCOMPARE(send("GET", "/count").status, 200); // with the old one, for a moment yet
        m_token = renewed.body.value(u"token").toString().toLatin1();
        QVERIFY(m_token != old);
        QCOMPARE(send("GET", "/count").status, 200);
        QTRY_COMPARE(m_ssekit.facts(u"renewed"_s).size(), 1);
        QCOMPARE(m_ssekit.facts(u"renewed"_s).constFirst().value(u"session"), "s1"_L1);
        QTRY_COMPARE(m_ssekit.facts(u"request"_s).size(), 4);
        QStringList standings;
        const auto requests = m_ssekit.facts(u"request"_s);
        for (const QJsonObject &request : requests)
            standings.append(request.value(u"token").toString());
        QCOMPARE(standings, QStringList({u""_s, u"current"_s, u"superseded"_s, u"current"_s}));
        QVERIFY(!m_ssekit.lines().join().contains(old));
    }

    void endsATokenInTime()
    {
        restart({u"--token-lifetime"_s, u"3"_s});
        logIn();
        QCOMPARE(send("GET", "/count").status, 200);
        QTRY_COMPARE(send("GET", "/count").status, 401);
        QCOMPARE(send("POST", "/refresh").status, 401);
        QCOMPARE(send("POST", "/close").status, 401);
        QTRY_COMPARE(m_ssekit.facts(u"close request"_s).size(), 1);
        const QJsonObject request = m_ssekit.facts(u"close request"_s).constFirst();
        QCOMPARE(request.value(u"token"), "ended"_L1);
        QCOMPARE(request.value(u"session"), "s1"_L1);
    }

    void greetsEachStreamWithItsConnection()
    {
        restart({u"--greet"_s});
        logIn();
        qsizetype opened = 0;
        for (const QByteArray connection : {"c1", "c2"}) {
            const auto stream = openStream();
            QTRY_VERIFY2(stream->peek().endsWith("\r\n\r\nevent: hello\ndata: {\"connection\":\""
                                                 + connection + "\"}\n\n"),
                         stream->peek().constData());
            ++opened;
            QTRY_COMPARE(m_ssekit.facts(u"open"_s).size(), opened);
            QCOMPARE(m_ssekit.facts(u"open"_s).constLast().value(u"connection"),
                     QString::fromLatin1(connection));
        }
    }

    void cutsTheStreamsOfASession()
    {
        logIn();
        const auto stream = openStream();
        QTRY_VERIFY(stream->peek().endsWith("\r\n\r\n"));
        QCOMPARE(send("POST", "/cut?session=s2").status, 404);
        QCOMPARE(send("POST", "/cut?session=s1").status, 204);
        QTRY_VERIFY(!stream->isOpen());
        QCOMPARE(send("GET", "/count").status, 200); // the session goes on
    }

    void misbehavesAtTheClose_data()
    {
        QTest::addColumn<QString>("what");
        QTest::addColumn<int>("status"); // 0: no answer
        QTest::addColumn<int>("arrivals");
        QTest::addColumn<int>("statusAfterwards");
        QTest::newRow("silence") << u"silence"_s << 0 << 1 << 401;
        QTest::newRow("error") << u"error"_s << 500 << 1 << 200;
        // QNetworkAccessManager sends it again, unasked.
        QTest::newRow("drop") << u"drop"_s << 0 << 2 << 401;
    }

    void misbehavesAtTheClose()
    {
        QFETCH(QString, what);
        restart({u"--at-close"_s, what});
        logIn();
        m_network.setTransferTimeout(2000);
        QCOMPARE(send("GET", "/count").status, 200); // a connection to use again
        QTEST(send("POST", "/close").status, "status");
        QTEST(send("GET", "/count").status, "statusAfterwards");
        QFETCH(int, arrivals);
        QTRY_VERIFY(m_ssekit.facts(u"close request"_s).size() >= arrivals);
        m_network.setTransferTimeout(0);
    }

    void refusesOddManners_data()
    {
        QTest::addColumn<QStringList>("options");
        QTest::newRow("tick") << QStringList{u"--tick"_s, u"soon"_s};
        QTest::newRow("token lifetime") << QStringList{u"--token-lifetime"_s, u"0.5"_s};
        QTest::newRow("at close") << QStringList{u"--at-close"_s, u"sulk"_s};
    }

    void refusesOddManners()
    {
        QFETCH(QStringList, options);
        SsekitProcess other;
        other.start(QStringList{u"serve"_s, u"portal"_s, u"--port"_s, u"0"_s} + options);
        QCOMPARE(other.waitForExit(), 2);
        QVERIFY2(
            other.errors().contains("; \"" + options.constLast().toLatin1() + "\" is not that."),
            other.errors().constData());
    }

    void keepsSessionsApart()
    {
        logIn();
        const QByteArray first = m_token;
        const auto firstStream = openStream();
        logIn();
        QVERIFY(m_token != first);
        const auto secondStream = openStream();
        QTRY_COMPARE(m_ssekit.facts(u"open"_s).size(), 2);
        QCOMPARE(send("POST", "/close").status, 204);
        QTRY_VERIFY(!secondStream->isOpen());
        QVERIFY(firstStream->isOpen());
        m_token = first;
        QCOMPARE(send("GET", "/count").status, 200);
    }

    void movesByItselfThroughZeroAndRound()
    {
        restart({u"--tick"_s, u"0.01"_s});
        QTRY_VERIFY(m_ssekit.facts(u"count"_s).size() >= 20);
        QList<int> counts;
        const auto facts = m_ssekit.facts(u"count"_s).mid(0, 20);
        for (const QJsonObject &fact : facts)
            counts.append(fact.value(u"count").toInt());
        const QList<int> round = {4, 5, 7, 6, 4, 1, 0, 1, 2, 3};
        QCOMPARE(counts, round + round);
    }

    void showsThePageTheCountAndTheFacts()
    {
        RawClient client(quint16(m_ssekit.url().port()));
        client.send("GET /demo HTTP/1.0\r\n\r\n");
        QTRY_VERIFY(client.peek().endsWith("event: count\ndata: {\"count\":3}\nid: 0\n\n"));
        logIn();
        QTRY_VERIFY(client.peek().contains("event: fact\ndata: {\"type\":\"login\""));
        QVERIFY(!client.peek().contains(m_token));
    }

    void answersWhatItDoesNotHave()
    {
        QCOMPARE(send("GET", "/nowhere").status, 404);
        QCOMPARE(send("GET", "/login").status, 405);
    }

private:
    void restart(const QStringList &options)
    {
        m_ssekit.terminate();
        QCOMPARE(m_ssekit.waitForExit(), 0);
        QVERIFY(serve(options));
    }

    bool serve(const QStringList &options)
    {
        return m_ssekit.serve(QStringList{u"portal"_s, u"--log"_s, u"-"_s} + options);
    }

    Answer send(const QByteArray &method, const QByteArray &path, const QJsonObject &body = {},
                const QByteArray &idempotencyKey = {})
    {
        QNetworkRequest request(m_ssekit.url(path));
        request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
        if (!m_token.isEmpty())
            request.setRawHeader("Authorization", "Bearer " + m_token);
        if (!idempotencyKey.isEmpty())
            request.setRawHeader("Idempotency-Key", idempotencyKey);
        const QByteArray content =
            method == "GET" ? QByteArray() : QJsonDocument(body).toJson(QJsonDocument::Compact);
        const std::unique_ptr<QNetworkReply> reply(
            m_network.sendCustomRequest(request, method, content));
        QSignalSpy finished(reply.get(), &QNetworkReply::finished);
        finished.wait(20'000);
        return {reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(),
                QJsonDocument::fromJson(reply->readAll()).object()};
    }

    void logIn()
    {
        m_token = send("POST", "/login", {{u"user"_s, u"mia"_s}, {u"password"_s, u"tallybell"_s}})
                      .body.value(u"token")
                      .toString()
                      .toLatin1();
        QVERIFY(!m_token.isEmpty());
    }

    // HTTP/1.0: without chunks, the bytes are those of the stream.
    std::unique_ptr<RawClient> openStream(const QByteArray &headers = {})
    {
        auto client = std::make_unique<RawClient>(quint16(m_ssekit.url().port()));
        client->send("GET /stream HTTP/1.0\r\nAuthorization: Bearer " + m_token + "\r\n" + headers
                     + "\r\n");
        return client;
    }

    SsekitProcess m_ssekit;
    QNetworkAccessManager m_network;
    QByteArray m_token;
};

QTEST_GUILESS_MAIN(tst_Portal)
#include "tst_portal.moc"
