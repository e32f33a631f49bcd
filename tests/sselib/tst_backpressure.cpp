// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "floodserver.h"

#include <sselib/eventsource.h>
#include <sselib/testkit/sseserver.h>

#include <QFile>
#include <QNetworkAccessManager>
#include <QSignalSpy>
#include <QTest>

#include <unistd.h>

using namespace std::chrono_literals;
using namespace Qt::Literals;
using Sse::EventSource;
using State = EventSource::State;

namespace {

#if defined(__SANITIZE_ADDRESS__)
constexpr bool memoryIsOurs = false; // the sanitizer's shadow and quarantine are not
#else
constexpr bool memoryIsOurs = true;
#endif
constexpr qint64 eventSize = 8'000; // bytes
// 80 MB, which is more than the kernel's buffers hold. On a busy machine they take a minute: with each
// read buffer three threads have to have their turn.
constexpr qint64 events = 10'000;

const QByteArray streamHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n";

// Bytes of this process in memory.
qint64 residentMemory()
{
    QFile file(u"/proc/self/statm"_s);
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    return file.readAll().split(' ').at(1).toLongLong() * sysconf(_SC_PAGESIZE);
}

} // namespace

class tst_Backpressure : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void holdsBackAFloodWhilePaused_data();
    void holdsBackAFloodWhilePaused();
    void stopsInTheMiddleOfASliceWhenASlotPauses();
    void staysPausedOverAReconnection();
    void tellsTheEndAfterTheEventsBeforeIt();
    void countsNoSilenceWhilePaused();
};

void tst_Backpressure::holdsBackAFloodWhilePaused_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("head");
    QTest::addColumn<QByteArray>("beforeEvent");
    QTest::addColumn<QByteArray>("tail");
    // Not in one chunk of 80 MB over plain HTTP: there Qt 6.4 reads as long as bytes come faster
    // than it takes them, which a server on the same machine can bring about. See the guide's
    // limits.
    const QByteArray chunked = streamHead + "Transfer-Encoding: chunked\r\n\r\n";
    const QByteArray chunkSize = QByteArray::number(eventSize, 16) + "\r\n";
    const QByteArray lastChunk = "0\r\n\r\n";
    QTest::newRow("in chunks") << "GET"_ba << chunked << chunkSize << lastChunk;
    QTest::newRow("in chunks, as the answer to a POST")
        << "POST"_ba << chunked << chunkSize << lastChunk;
    QTest::newRow("with a length")
        << "GET"_ba
        << streamHead + "Content-Length: " + QByteArray::number(events * eventSize) + "\r\n\r\n"
        << QByteArray() << QByteArray();
    QTest::newRow("until the close") << "GET"_ba << streamHead + "Connection: close\r\n\r\n"
                                     << QByteArray() << QByteArray();
}

void tst_Backpressure::holdsBackAFloodWhilePaused()
{
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, head);
    QFETCH(QByteArray, beforeEvent);
    QFETCH(QByteArray, tail);
    const QByteArray event = "data: " + QByteArray(eventSize - 8, 'x') + "\n\n";
    const QByteArray block = beforeEvent + event + (beforeEvent.isEmpty() ? "" : "\r\n");
    FloodServer server(head, block, events, tail);

    QNetworkAccessManager manager;
    EventSource source(&manager);
    qint64 received = 0;
    connect(&source, &EventSource::eventReceived, this, [&] { ++received; });
    source.setMethod(method, method == "GET" ? QByteArray() : "{}"_ba);
    source.pause();
    source.open(QNetworkRequest(server.url()));
    const qint64 before = residentMemory();
    QTRY_COMPARE(source.state(), State::Open);
    server.begin(); // not before: see the guide's limits
    QTRY_VERIFY(server.stalledFor() >= 1000);
    const qint64 grown = residentMemory() - before;
    QCOMPARE(received, 0);
    // What was sent lies in the kernel's buffers, whose size it chooses by itself.
    QVERIFY2(server.sent() < events * eventSize / 2, qPrintable(QString::number(server.sent())));
    if (memoryIsOurs)
        QVERIFY2(grown < 2 * 1024 * 1024, qPrintable(QString::number(grown)));

    source.resume();
    QTRY_COMPARE_WITH_TIMEOUT(received, events, 250'000);
    if (memoryIsOurs) {
        const qint64 after = residentMemory() - before;
        QVERIFY2(after < 2 * 1024 * 1024, qPrintable(QString::number(after)));
    }
}

void tst_Backpressure::stopsInTheMiddleOfASliceWhenASlotPauses()
{
    Harness::SseServer server;
    QNetworkAccessManager manager;
    EventSource source(&manager);
    QStringList received;
    connect(&source, &EventSource::eventReceived, this, [&](const Sse::Event &event) {
        received.append(event.text());
        source.pause();
    });
    source.open(QNetworkRequest(server.url()));
    Harness::Exchange *const stream = server.nextExchange();
    QVERIFY(stream);
    stream->startStream();
    stream->write("id: 1\ndata: a\n\n: between\ndata: b\n\ndata: c\ndata: d\n\nda");
    stream->write("ta: e\n\n");
    for (const QString &expected : {u"a"_s, u"b"_s, u"c\nd"_s, u"e"_s}) {
        QTRY_VERIFY(source.isPaused());
        QCOMPARE(received, QStringList{expected});
        QCOMPARE(source.lastEventId(), "1");
        received.clear();
        source.resume();
        QCOMPARE(received.size(), 0); // from the event loop only
    }
}

void tst_Backpressure::staysPausedOverAReconnection()
{
    Harness::SseServer server;
    server.handle("/", [](Harness::Exchange *stream) {
        stream->startStream();
        stream->write("data: a\n\n");
    });
    QNetworkAccessManager manager;
    EventSource source(&manager);
    const QSignalSpy events(&source, &EventSource::eventReceived);
    source.pause();
    source.setIdleTimeout(20ms);
    source.open(QNetworkRequest(server.url()));
    QTRY_COMPARE(source.state(), State::Open);
    source.close();
    source.open(QNetworkRequest(server.url()));
    QTRY_COMPARE(source.state(), State::Open);
    QVERIFY(source.isPaused());
    QVERIFY(!QTest::qWaitFor([&] { return !events.isEmpty(); }, 100));
    source.resume();
    QTRY_COMPARE(events.count(), 1);
}

void tst_Backpressure::tellsTheEndAfterTheEventsBeforeIt()
{
    Harness::SseServer server;
    QNetworkAccessManager manager;
    EventSource source(&manager);
    QStringList facts;
    connect(&source, &EventSource::eventReceived, this,
            [&](const Sse::Event &event) { facts.append(event.text()); });
    connect(&source, &EventSource::errorOccurred, this, [&] { facts.append(u"end"_s); });
    for (const auto end : {&Harness::Exchange::end, &Harness::Exchange::cut}) {
        facts.clear();
        source.pause();
        source.open(QNetworkRequest(server.url()));
        Harness::Exchange *const stream = server.nextExchange();
        QVERIFY(stream);
        stream->startStream();
        QTRY_COMPARE(source.state(), State::Open);
        stream->write("data: a\n\ndata: b\n\n");
        (stream->*end)();
        QVERIFY(!QTest::qWaitFor([&] { return !facts.isEmpty(); }, 200));
        QCOMPARE(source.state(), State::Open);
        source.resume();
        QTRY_COMPARE(facts, (QStringList{u"a"_s, u"b"_s, u"end"_s}));
    }
}

void tst_Backpressure::countsNoSilenceWhilePaused()
{
    Harness::SseServer server;
    server.handle("/", [](Harness::Exchange *stream) { stream->startStream(); });
    QNetworkAccessManager manager;
    EventSource source(&manager);
    const QSignalSpy errors(&source, &EventSource::errorOccurred);
    source.setIdleTimeout(50ms);
    source.pause();
    source.open(QNetworkRequest(server.url()));
    QTRY_COMPARE(source.state(), State::Open);
    QVERIFY(!QTest::qWaitFor([&] { return !errors.isEmpty(); }, 200));
    source.resume();
    QTRY_COMPARE(source.error(), EventSource::Error::IdleTimeout);
}

QTEST_GUILESS_MAIN(tst_Backpressure)
#include "tst_backpressure.moc"
