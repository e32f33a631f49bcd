// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "rawclient.h"

#include "harness/ssekitprocess.h"

#include <QDateTime>
#include <QRegularExpression>
#include <QTest>

using namespace Harness;
using namespace Qt::Literals;

class tst_Clock : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        QVERIFY2(m_ssekit.serve({u"clock"_s, u"--log"_s}), m_ssekit.errors().constData());
    }

    void cleanup()
    {
        m_ssekit.terminate();
        QCOMPARE(m_ssekit.waitForExit(), 0);
    }

    void sendsTheStreamByteForByte()
    {
        const qint64 before = QDateTime::currentMSecsSinceEpoch();
        RawClient client(quint16(m_ssekit.url().port()));
        client.send("GET /stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
        const QRegularExpression whole(QRegularExpression::anchoredPattern(
            u"HTTP/1\\.1 200 OK\r\n"
            "Content-Type: text/event-stream\r\n"
            "Cache-Control: no-cache\r\n"
            "Access-Control-Allow-Origin: \\*\r\n"
            "Transfer-Encoding: chunked\r\n"
            "\r\n"
            "35\r\nretry: 10000\nevent: connecttime\ndata: (\\d{13})\n\n\r\n"
            "15\r\ndata: (\\d{13})\n\n\r\n"
            "15\r\ndata: (\\d{13})\n\n\r\n"
            "(?:15\r\ndata: \\d{13}\n\n\r\n)*"_s)); // where we look late
        const auto match = [&] { return whole.match(QString::fromLatin1(client.peek())); };
        QTRY_VERIFY_WITH_TIMEOUT(match().hasMatch(), 20'000);
        const qint64 start = match().captured(1).toLongLong();
        const qint64 first = match().captured(2).toLongLong();
        const qint64 second = match().captured(3).toLongLong();
        QVERIFY(start >= before);
        QVERIFY2(first - start >= 950, "The first message came less than a second after the start");
        QVERIFY2(second - first >= 500, "The messages came faster than each second");

        client.close();
        QTRY_VERIFY(m_ssekit.lines().contains("close"));
        QTRY_COMPARE(m_ssekit.facts(u"closed"_s).size(), 1);
        QCOMPARE(m_ssekit.facts(u"closed"_s).constFirst().value(u"by"), "peer"_L1);
    }

    void endsTheStreamWhenItIsEnded()
    {
        RawClient client(quint16(m_ssekit.url().port()));
        client.send("GET /stream HTTP/1.1\r\n\r\n");
        QTRY_VERIFY(client.peek().contains("connecttime"));
        m_ssekit.terminate();
        QTRY_VERIFY(!client.isOpen());
        QVERIFY(client.peek().endsWith("\r\n0\r\n\r\n"));
        QCOMPARE(m_ssekit.waitForExit(), 0);
        QCOMPARE(m_ssekit.facts(u"closed"_s).constLast().value(u"by"), "server"_L1);
        QVERIFY(!m_ssekit.lines().contains("close"));
    }

    void answersWhatItDoesNotHave_data()
    {
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<QByteArray>("answer");
        QTest::newRow("another path") << QByteArray("GET /other") << QByteArray("404 Not Found");
        QTest::newRow("another method")
            << QByteArray("POST /stream") << QByteArray("405 Method Not Allowed");
        QTest::newRow("the page") << QByteArray("GET /") << QByteArray("200 OK");
    }

    void answersWhatItDoesNotHave()
    {
        QFETCH(QByteArray, request);
        QFETCH(QByteArray, answer);
        RawClient client(quint16(m_ssekit.url().port()));
        client.send(request + " HTTP/1.1\r\n\r\n");
        QTRY_VERIFY(client.peek().startsWith("HTTP/1.1 " + answer + "\r\n"));
    }

private:
    SsekitProcess m_ssekit;
};

QTEST_GUILESS_MAIN(tst_Clock)
#include "tst_clock.moc"
