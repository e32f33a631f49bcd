// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "requestreader_p.h"

#include <QTest>

using namespace Harness;

class tst_RequestReader : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsARequestHoweverItIsCut_data()
    {
        QTest::addColumn<qsizetype>("slice");
        QTest::newRow("whole") << qsizetype(1000);
        QTest::newRow("byte by byte") << qsizetype(1);
        QTest::newRow("in threes") << qsizetype(3);
    }

    void readsARequestHoweverItIsCut()
    {
        QFETCH(qsizetype, slice);
        const QByteArray bytes = "POST /login?next=%2Fhome&empty= HTTP/1.1\r\n"
                                 "Host: 127.0.0.1\r\n"
                                 "X-Blank:\r\n"
                                 "CONTENT-length: 5 \r\n"
                                 "\r\n"
                                 "helloGET / HTTP/1.0\r\n\r\n";
        RequestReader reader;
        QList<HttpRequest> requests;
        for (qsizetype from = 0; from < bytes.size(); from += slice) {
            reader.add(bytes.mid(from, slice));
            while (const auto request = reader.next())
                requests.append(*request);
        }
        QCOMPARE(reader.error(), 0);
        QCOMPARE(reader.size(), 0);
        QCOMPARE(requests.size(), 2);

        const HttpRequest &first = requests.at(0);
        QCOMPARE(first.method, "POST");
        QCOMPARE(first.target, "/login?next=%2Fhome&empty=");
        QCOMPARE(first.path, "/login");
        QCOMPARE(first.queryValue("next"), "/home");
        QVERIFY(!first.queryValue("empty").isNull());
        QVERIFY(first.queryValue("missing").isNull());
        QCOMPARE(first.header("content-length"), "5");
        QVERIFY(first.hasHeader("x-blank"));
        QVERIFY(!first.hasHeader("x-other"));
        QCOMPARE(first.body, "hello");
        QVERIFY(first.wantsKeepAlive());

        QCOMPARE(requests.at(1).minorVersion, 0);
        QCOMPARE(requests.at(1).path, "/");
        QVERIFY(!requests.at(1).wantsKeepAlive());
    }

    void refusesNonsense_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("status");
        const QByteArray get = "GET / HTTP/1.1\r\n";
        QTest::newRow("a greeting") << QByteArray("hello\r\n") << 400;
        QTest::newRow("TLS") << QByteArray("\x16\x03\x01\x02") << 400;
        QTest::newRow("four words") << QByteArray("GET / x HTTP/1.1\r\n\r\n") << 400;
        QTest::newRow("no method") << QByteArray(" / HTTP/1.1\r\n\r\n") << 400;
        QTest::newRow("HTTP/2 preface") << QByteArray("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") << 505;
        QTest::newRow("a header without colon") << get + "Host\r\n\r\n" << 400;
        QTest::newRow("a blank before the colon") << get + "Host : a\r\n\r\n" << 400;
        QTest::newRow("a length in words") << get + "Content-Length: two\r\n\r\n" << 400;
        QTest::newRow("a negative length") << get + "Content-Length: -2\r\n\r\n" << 400;
        QTest::newRow("a long body") << get + "Content-Length: 1048577\r\n\r\n" << 413;
        QTest::newRow("an overflowing length")
            << get + "Content-Length: 99999999999999999999\r\n\r\n"
            << 413;
        QTest::newRow("a chunked body") << get + "Transfer-Encoding: chunked\r\n\r\n" << 501;
        QTest::newRow("an endless request line") << QByteArray(70'000, 'G') << 431;
        QTest::newRow("endless headers") << get + "A: " + QByteArray(70'000, 'a') << 431;
    }

    void refusesNonsense()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, status);
        RequestReader reader;
        reader.add(bytes);
        QVERIFY(!reader.next());
        QCOMPARE(reader.error(), status);
        reader.add("\r\n\r\nGET / HTTP/1.1\r\n\r\n");
        QVERIFY(!reader.next());
    }

    void takesTheLargestBody()
    {
        RequestReader reader;
        reader.add("POST / HTTP/1.1\r\nContent-Length: 1048576\r\n\r\n");
        reader.add(QByteArray(RequestReader::maximumBody - 1, 'x'));
        QVERIFY(!reader.next());
        reader.add("x");
        const auto request = reader.next();
        QVERIFY(request);
        QCOMPARE(request->body.size(), RequestReader::maximumBody);
    }
};

QTEST_GUILESS_MAIN(tst_RequestReader)
#include "tst_requestreader.moc"
