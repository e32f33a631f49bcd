// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "loadtest.h"

#include <QDir>

using namespace Qt::Literals;
using Harness::Exchange;
using Harness::SsekitProcess;
using Harness::SseServer;

class tst_Load : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void measuresEachClient();
    void findsLossesAndDuplicates_data();
    void findsLossesAndDuplicates();
    void showsHowTheHerdComesBack();
    void losesNothingWhereTheServerReplays();
    void movesToTheNextServer();
    void holdsMoreStreamsThanOneManagerOpens();
    void opensEvenlyWithinTheRamp();
};

void tst_Load::measuresEachClient()
{
    SseServer server;
    startEach(server);
    SsekitProcess load;
    startLoad(load, server, 5);
    writeToEach(server, timeWithId(1));
    writeToEach(server, timeWithId(2));
    // An answer to another request of ours would overtake the events; a later loss does not.
    const QList<Exchange *> streams = server.exchanges("/s");
    for (Exchange *const stream : streams)
        stream->end();
    QTRY_COMPARE(server.requestCount("/s"), 10);
    load.terminate();
    QCOMPARE(load.waitForExit(), 0);
    const QJsonObject found = report(load);
    QCOMPARE(found[u"clients"_s].toInt(), 5);
    QCOMPARE(found[u"opened"_s].toInt(), 5);
    QCOMPARE(found[u"events"_s].toInt(), 10);
    QCOMPARE(found[u"connectMs"_s][u"count"_s].toInt(), 5);
    QCOMPARE(found[u"latencyMs"_s][u"count"_s].toInt(), 10);
    QVERIFY(found[u"latencyMs"_s][u"min"_s].toInt(-1) >= 0);
    QVERIFY(found[u"latencyMs"_s][u"max"_s].toInt(-1) < 10'000);
    QCOMPARE(ids(load)[u"events"_s].toInt(), 10);
    QCOMPARE(ids(load)[u"lost"_s].toInt(-1), 0);
    QVERIFY(found[u"durationMs"_s].toInt() < 60'000);
    QVERIFY(found[u"processorSeconds"_s].toDouble() > 0);
}

void tst_Load::findsLossesAndDuplicates_data()
{
    QTest::addColumn<QByteArrayList>("first"); // the ids that the first client gets
    QTest::addColumn<QByteArrayList>("second");
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<int>("lost");
    QTest::addColumn<int>("duplicates");
    QTest::addColumn<int>("exitCode");
    const QByteArrayList four{"1", "2", "3", "4"};
    const QByteArrayList nchan{"17:0", "17:1", "18:0", "18:1"};
    QTest::newRow("all is well") << four << four << QStringList{} << 0 << 0 << 0;
    QTest::newRow("a gap") << four << QByteArrayList{"1", "2", "4"} << QStringList{} << 1 << 0 << 1;
    QTest::newRow("a gap at both")
        << QByteArrayList{"1", "2", "5", "6"} << QByteArrayList{"1", "2", "5", "6"} << QStringList{}
        << 4 << 0 << 1;
    QTest::newRow("a gap at both that nobody counts")
        << QByteArrayList{"1", "2", "5", "6"} << QByteArrayList{"1", "2", "5", "6"}
        << QStringList{u"--ids"_s, u"compare"_s} << 0 << 0 << 0;
    QTest::newRow("one comes twice")
        << four << QByteArrayList{"1", "2", "3", "2", "4"} << QStringList{} << 0 << 1 << 1;
    QTest::newRow("no numbers") << nchan << nchan << QStringList{} << 0 << 0 << 0;
    QTest::newRow("no numbers, two lost")
        << nchan << QByteArrayList{"17:0", "18:1"} << QStringList{} << 2 << 0 << 1;
    QTest::newRow("no numbers, all again")
        << nchan << nchan + nchan << QStringList{} << 0 << 4 << 1;
}

void tst_Load::findsLossesAndDuplicates()
{
    QFETCH(QByteArrayList, first);
    QFETCH(QByteArrayList, second);
    QFETCH(QStringList, options);
    SseServer server;
    startEach(server);
    SsekitProcess load;
    startLoad(load, server, 2, options);
    const QList<Exchange *> streams = server.exchanges("/s");
    for (const QByteArray &id : first)
        streams.at(0)->write("id: " + id + "\ndata: x\n\n");
    for (const QByteArray &id : second)
        streams.at(1)->write("id: " + id + "\ndata: x\n\n");
    for (Exchange *const stream : streams)
        stream->end();
    QTRY_COMPARE(server.requestCount("/s"), 4);
    load.terminate();
    QTEST(load.waitForExit(), "exitCode");
    QTEST(ids(load)[u"lost"_s].toInt(-1), "lost");
    QTEST(ids(load)[u"duplicates"_s].toInt(-1), "duplicates");
}

void tst_Load::showsHowTheHerdComesBack()
{
    constexpr int clients = 30;
    SseServer server;
    startEach(server);
    SsekitProcess load;
    startLoad(load, server, clients);
    writeToEach(server, timeWithId(1));
    server.stop();
    QTRY_COMPARE(server.connectionCount(), 0);
    server.start();
    QTRY_COMPARE_WITH_TIMEOUT(openStreams(server), clients, 20'000);
    writeToEach(server, timeWithId(3)); // the second was lost in the restart
    writeToEach(server, timeWithId(4));
    writeToEach(server, timeWithId(5));
    const QList<Exchange *> streams = server.exchanges("/s");
    for (Exchange *const stream : streams)
        stream->end();
    QTRY_COMPARE_WITH_TIMEOUT(openStreams(server), clients, 20'000);
    load.terminate();
    QCOMPARE(load.waitForExit(), 1);
    const QJsonObject found = report(load);
    QCOMPARE(found[u"lostStreams"_s].toInt(), 2 * clients);
    const QJsonValue outages = found[u"outageMs"_s];
    QVERIFY(outages[u"count"_s].toInt() >= clients);
    QVERIFY(outages[u"min"_s].toInt() >= 100); // the server's "retry"
    QVERIFY(outages[u"p50"_s].toInt() <= outages[u"max"_s].toInt());
    const int busiest = found[u"busiestReopenings"_s].toInt();
    QVERIFY(busiest >= 1 && busiest <= clients);
    QVERIFY(!found[u"failures"_s].toObject().isEmpty());
    QCOMPARE(ids(load)[u"lost"_s].toInt(), clients);
}

void tst_Load::losesNothingWhereTheServerReplays()
{
    SseServer server;
    server.handle("/s", [](Exchange *stream) {
        stream->startStream();
        stream->write("retry: 100\n\n");
        for (int id = stream->header("Last-Event-ID").toInt() + 1; id <= 3; ++id)
            stream->write(timeWithId(id));
        stream->end();
    });
    SsekitProcess load;
    startLoad(load, server, 1);
    QTRY_VERIFY(server.requestCount("/s") >= 3);
    load.terminate();
    QCOMPARE(load.waitForExit(), 0);
    QCOMPARE(ids(load)[u"events"_s].toInt(), 3);
}

void tst_Load::movesToTheNextServer()
{
    SseServer one;
    SseServer other;
    startEach(one);
    startEach(other);
    SsekitProcess load;
    startLoad(load, one, 4, {other.url("/s").toString(), u"--failover"_s, u"--ramp"_s, u"1"_s});
    QCOMPARE(one.requestCount("/s"), 2);
    QCOMPARE(other.requestCount("/s"), 2);
    one.stop();
    QTRY_COMPARE_WITH_TIMEOUT(openStreams(other), 4, 20'000);
    load.terminate();
    QCOMPARE(load.waitForExit(), 0);
    QCOMPARE(report(load)[u"attempts"_s].toInt(), 6);
    const int opened = load.facts(u"opened"_s).constFirst()[u"afterMs"_s].toInt();
    const QJsonValue outages = report(load)[u"outageMs"_s];
    QCOMPARE(outages[u"count"_s].toInt(), 2);
    QVERIFY(outages[u"max"_s].toInt() <= report(load)[u"durationMs"_s].toInt() - opened);
    QCOMPARE(report(load)[u"openAtEnd"_s].toInt(), 4);
}

void tst_Load::holdsMoreStreamsThanOneManagerOpens()
{
    SseServer server;
    startEach(server);
    SsekitProcess load;
    startLoad(load, server, 300, {u"--ramp"_s, u"0"_s});
    QCOMPARE(openStreams(server), 300);
#ifdef Q_OS_LINUX
    const QByteArray tasks = "/proc/" + QByteArray::number(load.process()->processId()) + "/task";
    const qsizetype threads = QDir(QString::fromLatin1(tasks)).entryList(QDir::Dirs).size();
    QVERIFY2(threads < 10, QByteArray::number(threads).constData());
#endif
}

void tst_Load::opensEvenlyWithinTheRamp()
{
    SseServer server;
    startEach(server);
    SsekitProcess load;
    startLoad(load, server, 20, {u"--ramp"_s, u"1"_s});
    const int milliseconds = load.facts(u"opened"_s).constFirst()[u"afterMs"_s].toInt();
    QVERIFY2(milliseconds >= 900, QByteArray::number(milliseconds).constData());
}

QTEST_GUILESS_MAIN(tst_Load)
#include "tst_load.moc"
