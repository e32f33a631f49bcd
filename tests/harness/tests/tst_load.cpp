// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "harness/ssekitprocess.h"
#include <sselib/testkit/sseserver.h>

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>

#include <algorithm>

#ifdef Q_OS_UNIX
#include <sys/resource.h>
#endif

using namespace Qt::Literals;
using Harness::Exchange;
using Harness::SsekitProcess;
using Harness::SseServer;

namespace {

QByteArray timeWithId(int id)
{
    return "id: " + QByteArray::number(id)
        + "\ndata: " + QByteArray::number(QDateTime::currentMSecsSinceEpoch()) + "\n\n";
}

void startEach(SseServer &server, const QByteArray &path = "/s")
{
    server.handle(path, [](Exchange *stream) {
        stream->startStream();
        stream->write("retry: 100\n\n");
    });
}

void writeToEach(const SseServer &server, const QByteArray &bytes)
{
    const QList<Exchange *> streams = server.exchanges("/s");
    for (Exchange *const stream : streams)
        stream->write(bytes);
}

qsizetype openStreams(const SseServer &server)
{
    const QList<Exchange *> streams = server.exchanges("/s");
    return std::count_if(streams.cbegin(), streams.cend(),
                         [](const Exchange *stream) { return stream->isOpen(); });
}

// The report of a run that has ended.
QJsonObject report(const SsekitProcess &load)
{
    const QList<QJsonObject> reports = load.facts(u"report"_s);
    return reports.isEmpty() ? QJsonObject() : reports.constFirst();
}

QJsonObject ids(const SsekitProcess &load)
{
    return report(load)[u"ids"_s].toObject();
}

QStringList fileArguments(const QString &name, const QByteArray &content, const QString &option)
{
    QFile file(name);
    if (file.open(QIODevice::WriteOnly))
        file.write(content);
    return {option, name};
}

} // namespace

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
    void takesTheTimeFromJson();
    void sendsHeadersAndToken();
    void endsWhenAllAreRefused();
    void failsWhenNothingOpened();
    void drawsAPlot();
    void tellsPeopleTheSame();
    void saysThatFilesDoNotSuffice();
    void complainsOfWrongUsage_data();
    void complainsOfWrongUsage();

private:
    // Starts with these arguments and waits until all streams are open.
    void start(SsekitProcess &load, const SseServer &server, int clients,
               const QStringList &more = {})
    {
        load.start(QStringList{u"load"_s, server.url("/s").toString(), u"--clients"_s,
                               QString::number(clients), u"--seconds"_s, u"60"_s, u"--json"_s}
                   + more);
        QTRY_VERIFY2_WITH_TIMEOUT(!load.facts(u"opened"_s).isEmpty(), load.errors().constData(),
                                  20'000);
    }
};

void tst_Load::measuresEachClient()
{
    SseServer server;
    startEach(server);
    SsekitProcess load;
    start(load, server, 5);
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
    start(load, server, 2, options);
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
    start(load, server, clients);
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
    start(load, server, 1);
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
    start(load, one, 4, {other.url("/s").toString(), u"--failover"_s, u"--ramp"_s, u"1"_s});
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
    start(load, server, 300, {u"--ramp"_s, u"0"_s});
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
    start(load, server, 20, {u"--ramp"_s, u"1"_s});
    const int milliseconds = load.facts(u"opened"_s).constFirst()[u"afterMs"_s].toInt();
    QVERIFY2(milliseconds >= 900, QByteArray::number(milliseconds).constData());
}

void tst_Load::takesTheTimeFromJson()
{
    SseServer server;
    server.handle("/s", [](Exchange *stream) {
        stream->startStream();
        const QByteArray now = QByteArray::number(QDateTime::currentMSecsSinceEpoch() - 5000);
        stream->write("data: {\"a/b\": [0, {\"t\": " + now
                      + "}]}\n\ndata: {\"t\": 7}\n\ndata: x\n\n");
        stream->write("retry: 100\n\n");
        stream->end();
    });
    SsekitProcess load;
    start(load, server, 1, {u"--time-pointer"_s, u"/a~1b/1/t"_s});
    QTRY_VERIFY(server.requestCount("/s") >= 2);
    load.terminate();
    QCOMPARE(load.waitForExit(), 0);
    const QJsonObject found = report(load);
    const QJsonValue latencies = found[u"latencyMs"_s];
    QCOMPARE(latencies[u"count"_s].toInt() * 3, found[u"events"_s].toInt());
    QVERIFY(latencies[u"min"_s].toInt() >= 5000 && latencies[u"max"_s].toInt() < 15'000);
}

void tst_Load::sendsHeadersAndToken()
{
    QTemporaryDir folder;
    SseServer server;
    startEach(server);
    SsekitProcess load;
    start(load, server, 1,
          QStringList{u"--header"_s, u"X-One: 1"_s}
              + fileArguments(folder.filePath(u"token"_s), " secret \n", u"--bearer-file"_s));
    const Exchange *const stream = server.exchanges("/s").constFirst();
    QCOMPARE(stream->header("Authorization"), "Bearer secret");
    QCOMPARE(stream->header("X-One"), "1");
    load.terminate();
    QCOMPARE(load.waitForExit(), 0);
    QVERIFY(!load.lines().join().contains("secret"));
}

void tst_Load::endsWhenAllAreRefused()
{
    SseServer server;
    server.handle("/s", [](Exchange *exchange) { exchange->answer(404); });
    SsekitProcess load;
    load.start({u"load"_s, server.url("/s").toString(), u"--clients"_s, u"3"_s, u"--seconds"_s,
                u"60"_s, u"--json"_s});
    QCOMPARE(load.waitForExit(), 1);
    QCOMPARE(report(load)[u"gaveUp"_s].toInt(), 3);
    QCOMPARE(server.requestCount("/s"), 3);
}

void tst_Load::failsWhenNothingOpened()
{
    SseServer server;
    server.stop();
    SsekitProcess load;
    load.start({u"load"_s, server.url("/s").toString(), u"--seconds"_s, u"0.3"_s, u"--json"_s});
    QCOMPARE(load.waitForExit(), 1);
    QCOMPARE(report(load)[u"opened"_s].toInt(-1), 0);
    QVERIFY(load.facts(u"opened"_s).isEmpty());
}

void tst_Load::drawsAPlot()
{
    QTemporaryDir folder;
    const QString file = folder.filePath(u"plot.svg"_s);
    SseServer server;
    startEach(server);
    SsekitProcess load;
    start(load, server, 2, {u"--svg"_s, file});
    writeToEach(server, timeWithId(1));
    const QList<Exchange *> streams = server.exchanges("/s");
    for (Exchange *const stream : streams)
        stream->end();
    QTRY_COMPARE(server.requestCount("/s"), 4);
    load.terminate();
    QCOMPARE(load.waitForExit(), 0);
    QFile svg(file);
    QVERIFY(svg.open(QIODevice::ReadOnly));
    QXmlStreamReader reader(&svg);
    int lines = 0;
    while (!reader.atEnd()) {
        if (reader.readNext() == QXmlStreamReader::StartElement
            && reader.attributes().value("class"_L1) == "line"_L1)
            ++lines;
    }
    QVERIFY2(!reader.hasError(), qPrintable(reader.errorString()));
    QCOMPARE(lines, 2); // open streams, and latencies
}

void tst_Load::tellsPeopleTheSame()
{
    SseServer server;
    startEach(server);
    SsekitProcess load;
    load.start({u"load"_s, server.url("/s").toString(), u"--clients"_s, u"2"_s});
    QTRY_COMPARE(load.lines().size(), 1);
    QVERIFY(load.lines().constFirst().startsWith("all open "));
    load.terminate();
    QCOMPARE(load.waitForExit(), 0);
    const QByteArray text = load.lines().join('\n');
    QVERIFY2(text.contains("\nopened        2 in 2 attempts, 2 open at the end"), text.constData());
    QVERIFY2(text.contains("\nids           none"), text.constData());
}

void tst_Load::saysThatFilesDoNotSuffice()
{
#ifdef Q_OS_UNIX
    SsekitProcess load;
    load.process()->setChildProcessModifier([] {
        const rlimit few{128, 128};
        ::setrlimit(RLIMIT_NOFILE, &few);
    });
    load.start({u"load"_s, u"http://127.0.0.1:1/"_s, u"--clients"_s, u"100"_s});
    QCOMPARE(load.waitForExit(), 2);
    QVERIFY2(load.errors().startsWith("ssekit: 100 streams need 166 open files, and this system "
                                      "allows 128"),
             load.errors().constData());
#else
    QSKIP("There is no such limit here");
#endif
}

void tst_Load::complainsOfWrongUsage_data()
{
    QTest::addColumn<QStringList>("arguments");
    const QString url = u"http://127.0.0.1:1/"_s;
    QTest::newRow("no URL") << QStringList{};
    QTest::newRow("no http URL") << QStringList{u"ftp://127.0.0.1/"_s};
    QTest::newRow("unknown option") << QStringList{url, u"--frobnicate"_s};
    QTest::newRow("no clients") << QStringList{url, u"--clients"_s, u"0"_s};
    QTest::newRow("no number of clients") << QStringList{url, u"--clients"_s, u"x"_s};
    QTest::newRow("no time") << QStringList{url, u"--seconds"_s, u"0"_s};
    QTest::newRow("a ramp that is too long")
        << QStringList{url, u"--seconds"_s, u"2"_s, u"--ramp"_s, u"2"_s};
    QTest::newRow("no header") << QStringList{url, u"--header"_s, u"X"_s};
    QTest::newRow("no token") << QStringList{url, u"--bearer-file"_s, u"/dev/null"_s};
    QTest::newRow("no file of a token") << QStringList{url, u"--bearer-file"_s, u"/no/file"_s};
    QTest::newRow("no certificates") << QStringList{url, u"--cacert"_s, u"/dev/null"_s};
    QTest::newRow("no pointer") << QStringList{url, u"--time-pointer"_s, u"time"_s};
    QTest::newRow("no way to know ids") << QStringList{url, u"--ids"_s, u"guess"_s};
}

void tst_Load::complainsOfWrongUsage()
{
    QFETCH(QStringList, arguments);
    SsekitProcess load;
    load.start(QStringList{u"load"_s} + arguments);
    QCOMPARE(load.waitForExit(), 2);
    QVERIFY(load.lines().isEmpty());
    QCOMPARE(load.errors().count('\n'), 1);
}

QTEST_GUILESS_MAIN(tst_Load)
#include "tst_load.moc"
