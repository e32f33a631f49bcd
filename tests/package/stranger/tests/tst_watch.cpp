// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include <sselib/eventsource.h>
#include <sselib/testkit/sseserver.h>

#include <QNetworkAccessManager>
#include <QProcess>
#include <QSignalSpy>
#include <QTest>

// A stranger's test: of its program, which the environment names, and of its own use of sselib.
class tst_Watch : public QObject
{
    Q_OBJECT

private slots:
    void printsEvents()
    {
        Harness::SseServer server;
        QProcess watch;
        watch.start(qEnvironmentVariable("WATCH"), {server.url("/stream").toString()});
        Harness::Exchange *const stream = server.nextExchange();
        QVERIFY2(stream, qPrintable(watch.errorString()));
        stream->startStream();
        stream->write("data: half of ");
        stream->write("it\n\n");
        QTRY_COMPARE(watch.peek(100), "message: half of it\n");
        watch.kill();
        QVERIFY(watch.waitForFinished());
    }

    void receivesEvents()
    {
        Harness::SseServer server;
        server.handleNext("/stream", [](Harness::Exchange *first) { first->answer(204); });
        QNetworkAccessManager manager;
        Sse::EventSource source(&manager);
        QSignalSpy received(&source, &Sse::EventSource::eventReceived);
        source.open(QNetworkRequest(server.url("/stream")));
        QTRY_COMPARE(source.error(), Sse::EventSource::Error::NoContent);

        source.open(QNetworkRequest(server.url("/stream")));
        Harness::Exchange *const stream = server.nextExchange();
        QVERIFY(stream);
        QCOMPARE(stream->header("Accept"), "text/event-stream");
        stream->startStream();
        stream->write("id: 7\ndata: hello\n\n");
        QTRY_COMPARE(received.count(), 1);
        const auto event = received.first().first().value<Sse::Event>();
        QCOMPARE(event.data, "hello");
        QCOMPARE(source.lastEventId(), "7");
    }
};

QTEST_GUILESS_MAIN(tst_Watch)
#include "tst_watch.moc"
