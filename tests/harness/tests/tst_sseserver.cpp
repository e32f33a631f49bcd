// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "rawclient.h"

#include <sselib/testkit/sseserver.h>

#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QSignalSpy>
#include <QTest>

#include <memory>

using namespace Harness;
using namespace Qt::Literals;

class tst_SseServer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_server = std::make_unique<SseServer>(); }
    void cleanup() { m_server.reset(); }

    void sendsAStreamInChunksWhenTheTestSaysSo()
    {
        RawClient client(m_server->port());
        client.send("GET /stream?since=3 HTTP/1.1\r\nLast-Event-ID: 3\r\n\r\n");
        Exchange *const stream = m_server->nextExchange();
        QVERIFY(stream);
        QCOMPARE(stream->method(), "GET");
        QCOMPARE(stream->path(), "/stream");
        QCOMPARE(stream->request().queryValue("since"), "3");
        QCOMPARE(stream->header("last-event-id"), "3");
        QVERIFY(stream->peer().startsWith("127.0.0.1:"));

        stream->startStream({{"X-Extra", "yes"}});
        const QByteArray head = "HTTP/1.1 200 OK\r\n"
                                "Content-Type: text/event-stream\r\n"
                                "Cache-Control: no-cache\r\n"
                                "X-Extra: yes\r\n"
                                "Transfer-Encoding: chunked\r\n"
                                "\r\n";
        QTRY_COMPARE(client.peek(), head);
        client.forget();
        stream->write("data: half of ");
        QTRY_COMPARE(client.peek(), "e\r\ndata: half of \r\n");
        client.forget();
        stream->write("it\n\n");
        QTRY_COMPARE(client.peek(), "4\r\nit\n\n\r\n");
        client.forget();
        QVERIFY(stream->isOpen());
        stream->end();
        QTRY_COMPARE(client.peek(), "0\r\n\r\n");
        client.forget();
        QVERIFY(!stream->isOpen());
        QVERIFY(!stream->wasClosedByPeer());
        QCOMPARE(stream->status(), 200);
    }

    void framesTheBodyAsTheHeadersSay_data()
    {
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<int>("status");
        QTest::addColumn<Headers>("headers");
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<bool>("staysOpen");
        QTest::newRow("HTTP/1.1: in chunks")
            << QByteArray("GET / HTTP/1.1\r\n\r\n") << 200 << Headers()
            << QByteArray("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                          "2\r\nhi\r\n0\r\n\r\n")
            << true;
        QTest::newRow("HTTP/1.0: until the close")
            << QByteArray("GET / HTTP/1.0\r\n\r\n") << 200 << Headers()
            << QByteArray("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhi") << false;
        QTest::newRow("the client wants a close after chunks")
            << QByteArray("GET / HTTP/1.1\r\nConnection: Close\r\n\r\n") << 200 << Headers()
            << QByteArray("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n"
                          "\r\n2\r\nhi\r\n0\r\n\r\n")
            << false;
        QTest::newRow("the server says close")
            << QByteArray("GET / HTTP/1.1\r\n\r\n") << 200 << Headers{{"connection", "close"}}
            << QByteArray("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nhi") << false;
        QTest::newRow("a length") << QByteArray("GET / HTTP/1.1\r\n\r\n") << 404
                                  << Headers{{"Content-Length", "2"}}
                                  << QByteArray(
                                         "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nhi")
                                  << true;
        QTest::newRow("204 has no body") << QByteArray("GET / HTTP/1.1\r\n\r\n") << 204 << Headers()
                                         << QByteArray("HTTP/1.1 204 No Content\r\n\r\n") << true;
        QTest::newRow("the answer to HEAD has no body")
            << QByteArray("HEAD / HTTP/1.1\r\n\r\n") << 200 << Headers{{"Content-Length", "2"}}
            << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n") << true;
    }

    void framesTheBodyAsTheHeadersSay()
    {
        QFETCH(QByteArray, request);
        QFETCH(int, status);
        QFETCH(Headers, headers);
        QFETCH(QByteArray, answer);
        QFETCH(bool, staysOpen);
        RawClient client(m_server->port());
        client.send(request);
        Exchange *const exchange = m_server->nextExchange();
        QVERIFY(exchange);
        exchange->sendHead(status, headers);
        exchange->write("hi");
        exchange->end();
        QTRY_COMPARE(client.peek(), answer);
        QTRY_COMPARE(client.isOpen(), staysOpen);
        if (staysOpen) {
            client.send("GET /again HTTP/1.1\r\n\r\n");
            Exchange *const again = m_server->nextExchange();
            QVERIFY(again);
            QCOMPARE(again->path(), "/again");
            QCOMPARE(m_server->connectionCount(), 1);
        }
    }

    void answersPipelinedRequestsInOrder()
    {
        RawClient client(m_server->port());
        client.send("GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\n");
        Exchange *const first = m_server->nextExchange();
        QVERIFY(first);
        QCOMPARE(m_server->exchanges().size(), 1);
        first->answer(200, "one");
        Exchange *const second = m_server->nextExchange();
        QVERIFY(second);
        second->answer(200, "two");
        QTRY_COMPARE(client.peek(),
                     "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none"
                     "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\ntwo");
    }

    void cutsABodyInTheMiddle()
    {
        RawClient client(m_server->port());
        client.send("GET / HTTP/1.1\r\n\r\n");
        Exchange *const exchange = m_server->nextExchange();
        QVERIFY(exchange);
        exchange->startStream();
        exchange->write("data: 1\n\n");
        exchange->cut();
        QTRY_COMPARE(client.error(), int(QAbstractSocket::RemoteHostClosedError));
        QVERIFY(client.peek().endsWith("9\r\ndata: 1\n\n\r\n"));
    }

    void closesWithoutAnyAnswer()
    {
        RawClient client(m_server->port());
        client.send("GET / HTTP/1.1\r\n\r\n");
        Exchange *const exchange = m_server->nextExchange();
        QVERIFY(exchange);
        exchange->cut();
        QTRY_COMPARE(client.error(), int(QAbstractSocket::RemoteHostClosedError));
        QCOMPARE(client.peek(), "");
    }

    void resetsTheConnection()
    {
        RawClient client(m_server->port());
        client.send("GET / HTTP/1.1\r\n\r\n");
        Exchange *const exchange = m_server->nextExchange();
        QVERIFY(exchange);
        exchange->startStream();
        QTRY_VERIFY(client.peek().endsWith("\r\n\r\n"));
        exchange->reset();
        // Qt reports an RST (ECONNRESET) in the same words as a FIN.
        QTRY_COMPARE(client.error(), int(QAbstractSocket::RemoteHostClosedError));
        QTRY_COMPARE(m_server->connectionCount(), 0);
    }

    void sendsArbitraryBytes()
    {
        RawClient client(m_server->port());
        client.send("GET / HTTP/1.1\r\n\r\n");
        Exchange *const exchange = m_server->nextExchange();
        QVERIFY(exchange);
        const QByteArray bytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\0!",
                               51);
        exchange->writeRaw(bytes);
        QTRY_COMPARE(client.peek(), bytes);
        QVERIFY(client.isOpen());
        exchange->end();
        QTRY_VERIFY(!client.isOpen());
        QCOMPARE(client.peek(), bytes);
    }

    void tellsWhenThePeerCloses()
    {
        RawClient client(m_server->port());
        client.send("GET / HTTP/1.1\r\n\r\n");
        Exchange *const exchange = m_server->nextExchange();
        QVERIFY(exchange);
        QSignalSpy closed(exchange, &Exchange::peerClosed);
        const QSignalSpy finished(exchange, &Exchange::finished);
        exchange->startStream();
        QTRY_VERIFY(!client.peek().isEmpty());
        client.close();
        QVERIFY(closed.wait());
        QCOMPARE(finished.count(), 1);
        QVERIFY(exchange->wasClosedByPeer());
        exchange->write("data: too late\n\n"); // does nothing
        exchange->end();
        QCOMPARE(closed.count(), 1);
        QCOMPARE(finished.count(), 1);
    }

    void saysNothingOfAPeerThatClosesAfterTheEnd()
    {
        RawClient client(m_server->port());
        client.send("GET / HTTP/1.1\r\n\r\n");
        Exchange *const exchange = m_server->nextExchange();
        QVERIFY(exchange);
        const QSignalSpy closed(exchange, &Exchange::peerClosed);
        exchange->answer(200);
        QTRY_VERIFY(!client.peek().isEmpty());
        client.close();
        QTRY_COMPARE(m_server->connectionCount(), 0);
        QCOMPARE(closed.count(), 0);
        QVERIFY(!exchange->wasClosedByPeer());
    }

    void showsBackpressure()
    {
        RawClient client(m_server->port());
        client.send("GET / HTTP/1.1\r\n\r\n");
        Exchange *const exchange = m_server->nextExchange();
        QVERIFY(exchange);
        client.stopReading();
        exchange->startStream();
        const QByteArray megabyte(1024 * 1024, 'x');
        for (int i = 0; i < 32; ++i)
            exchange->write(megabyte);
        QVERIFY(exchange->bytesToWrite() > 0);
    }

    void servesSeveralConnectionsAtOnce()
    {
        RawClient first(m_server->port());
        first.send("GET /a HTTP/1.1\r\n\r\n");
        Exchange *const a = m_server->nextExchange();
        RawClient second(m_server->port());
        second.send("GET /b HTTP/1.1\r\n\r\n");
        Exchange *const b = m_server->nextExchange();
        QVERIFY(a && b);
        QCOMPARE(m_server->connectionCount(), 2);
        b->answer(200, "b");
        QTRY_VERIFY(second.peek().endsWith("\r\n\r\nb"));
        QCOMPARE(first.peek(), "");
        a->answer(200, "a");
        QTRY_VERIFY(first.peek().endsWith("\r\n\r\na"));
    }

    void asksTheQueueThenTheHandlerThenTheTest()
    {
        m_server->handle("/count", [](Exchange *e) { e->answerJson(200, {{u"count"_s, 3}}); });
        m_server->handleNext("/count", [](Exchange *e) { e->answer(503); });
        m_server->handleNext("/count", [](Exchange *e) { e->redirect(307, "/other"); });
        RawClient client(m_server->port());
        client.send("GET /count HTTP/1.1\r\n\r\n");
        QTRY_COMPARE(client.peek(),
                     "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");
        client.forget();
        client.send("GET /count HTTP/1.1\r\n\r\n");
        QTRY_COMPARE(client.peek(),
                     "HTTP/1.1 307 Temporary Redirect\r\nLocation: /other\r\n"
                     "Content-Length: 0\r\n\r\n");
        client.forget();
        client.send("GET /count HTTP/1.1\r\n\r\nGET /other HTTP/1.1\r\n\r\n");
        QTRY_COMPARE(client.peek(),
                     "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                     "Content-Length: 11\r\n\r\n{\"count\":3}");
        client.forget();
        Exchange *const other = m_server->nextExchange();
        QVERIFY(other);
        QCOMPARE(other->path(), "/other");
        QCOMPARE(m_server->requestCount("/count"), 3);
        QCOMPARE(m_server->exchanges().size(), 4);
    }

    void givesUpWaitingWhenNobodyComes()
    {
        QCOMPARE(m_server->nextExchange(std::chrono::milliseconds(1)), nullptr);
    }

    void refusesNonsenseAndCloses()
    {
        RawClient client(m_server->port());
        client.send("POST / HTTP/1.1\r\nContent-Length: 9999999\r\n\r\n"
                    + QByteArray(999'999, 'x'));
        QTRY_VERIFY(!client.isOpen() && client.error() >= 0);
        QCOMPARE(client.peek(),
                 "HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n"
                 "Connection: close\r\n\r\n");
        QVERIFY(m_server->exchanges().isEmpty());
    }

    void goesAwayAndComesBackOnTheSamePort()
    {
        RawClient client(m_server->port());
        client.send("GET / HTTP/1.1\r\n\r\n");
        Exchange *const exchange = m_server->nextExchange();
        QVERIFY(exchange);
        m_server->stop();
        QVERIFY(!exchange->isOpen());
        QVERIFY(!exchange->wasClosedByPeer());
        QTRY_COMPARE(client.error(), int(QAbstractSocket::RemoteHostClosedError));
        RawClient refused(m_server->port());
        QTRY_COMPARE(refused.error(), int(QAbstractSocket::ConnectionRefusedError));
        m_server->start();
        RawClient again(m_server->port());
        again.send("GET / HTTP/1.1\r\n\r\n");
        QVERIFY(m_server->nextExchange());
    }

    void speaksToQt()
    {
        m_server->handle("/old", [](Exchange *e) { e->redirect(302, "/new"); });
        m_server->handle("/new", [](Exchange *e) { e->answer(200, e->header("User-Agent")); });
        QNetworkAccessManager network;
        QNetworkRequest request(m_server->url("/old"));
        request.setRawHeader("User-Agent", "me");
        const std::unique_ptr<QNetworkReply> reply(network.get(request));
        QSignalSpy finished(reply.get(), &QNetworkReply::finished);
        QVERIFY(finished.wait());
        QCOMPARE(reply->error(), QNetworkReply::NoError);
        QCOMPARE(reply->readAll(), "me");
        QCOMPARE(reply->url(), m_server->url("/new"));
    }

private:
    std::unique_ptr<SseServer> m_server;
};

QTEST_GUILESS_MAIN(tst_SseServer)
#include "tst_sseserver.moc"
