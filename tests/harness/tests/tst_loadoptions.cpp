// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "loadtest.h"

#include <QFile>
#include <QTemporaryDir>
#include <QXmlStreamReader>

#ifdef Q_OS_UNIX
#include <sys/resource.h>
#endif

using namespace Qt::Literals;
using Harness::Exchange;
using Harness::SsekitProcess;
using Harness::SseServer;

namespace {

QStringList fileArguments(const QString &name, const QByteArray &content, const QString &option)
{
    QFile file(name);
    if (file.open(QIODevice::WriteOnly))
        file.write(content);
    return {option, name};
}

} // namespace

class tst_LoadOptions : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void takesTheTimeFromJson();
    void sendsHeadersAndToken();
    void endsWhenAllAreRefused();
    void failsWhenNothingOpened();
    void drawsAPlot();
    void tellsPeopleTheSame();
    void saysThatFilesDoNotSuffice();
    void complainsOfWrongUsage_data();
    void complainsOfWrongUsage();
};

void tst_LoadOptions::takesTheTimeFromJson()
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
    startLoad(load, server, 1, {u"--time-pointer"_s, u"/a~1b/1/t"_s});
    QTRY_VERIFY(server.requestCount("/s") >= 2);
    load.terminate();
    QCOMPARE(load.waitForExit(), 0);
    const QJsonObject found = report(load);
    const QJsonValue latencies = found[u"latencyMs"_s];
    QCOMPARE(latencies[u"count"_s].toInt() * 3, found[u"events"_s].toInt());
    QVERIFY(latencies[u"min"_s].toInt() >= 5000 && latencies[u"max"_s].toInt() < 15'000);
}

void tst_LoadOptions::sendsHeadersAndToken()
{
    QTemporaryDir folder;
    SseServer server;
    startEach(server);
    SsekitProcess load;
    startLoad(load, server, 1,
              QStringList{u"--header"_s, u"X-One: 1"_s}
                  + fileArguments(folder.filePath(u"token"_s), " secret \n", u"--bearer-file"_s));
    const Exchange *const stream = server.exchanges("/s").constFirst();
    QCOMPARE(stream->header("Authorization"), "Bearer secret");
    QCOMPARE(stream->header("X-One"), "1");
    load.terminate();
    QCOMPARE(load.waitForExit(), 0);
    QVERIFY(!load.lines().join().contains("secret"));
}

void tst_LoadOptions::endsWhenAllAreRefused()
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

void tst_LoadOptions::failsWhenNothingOpened()
{
    SseServer server;
    server.stop();
    SsekitProcess load;
    load.start({u"load"_s, server.url("/s").toString(), u"--seconds"_s, u"0.3"_s, u"--json"_s});
    QCOMPARE(load.waitForExit(), 1);
    QCOMPARE(report(load)[u"opened"_s].toInt(-1), 0);
    QVERIFY(load.facts(u"opened"_s).isEmpty());
}

void tst_LoadOptions::drawsAPlot()
{
    QTemporaryDir folder;
    const QString file = folder.filePath(u"plot.svg"_s);
    SseServer server;
    startEach(server);
    SsekitProcess load;
    startLoad(load, server, 2, {u"--svg"_s, file});
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

void tst_LoadOptions::tellsPeopleTheSame()
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

void tst_LoadOptions::saysThatFilesDoNotSuffice()
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

void tst_LoadOptions::complainsOfWrongUsage_data()
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

void tst_LoadOptions::complainsOfWrongUsage()
{
    QFETCH(QStringList, arguments);
    SsekitProcess load;
    load.start(QStringList{u"load"_s} + arguments);
    QCOMPARE(load.waitForExit(), 2);
    QVERIFY(load.lines().isEmpty());
    QCOMPARE(load.errors().count('\n'), 1);
}

QTEST_GUILESS_MAIN(tst_LoadOptions)
#include "tst_loadoptions.moc"
