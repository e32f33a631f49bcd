// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <sselib/testkit/exchange.h>
#include <sselib/testkit/httpserver.h>

#include <QtCore/QHash>
#include <QtCore/QList>
#include <QtCore/QQueue>

#include <chrono>
#include <functional>

namespace Harness {

/*!
    The server of a test, where the test decides when the next byte leaves. It listens on a free
    port of 127.0.0.1 from its construction on, and knows nothing of sselib.

    A request goes to the first of: the handlers of handleNext() for its path, in order; the handler
    of handle() for its path; nextExchange(). What nobody takes is held back for ever.

    \code
    Harness::SseServer server;
    server.handle("/count", [](Harness::Exchange *count) { count->answer(200, "3"); });
    server.handleNext("/stream", [](Harness::Exchange *first) { first->answer(503); });

    source.open(QNetworkRequest(server.url("/stream"))); // gets the 503, then tries again
    Harness::Exchange *const stream = server.nextExchange(); // waits for the second try
    QVERIFY(stream);
    QCOMPARE(stream->header("Accept"), "text/event-stream");
    stream->startStream();
    stream->write("data: half of ");
    stream->write("it\n\n");
    QTRY_COMPARE(received.count(), 1);
    stream->cut(); // or end(), reset()
    \endcode

    Never sleep: wait with QTRY_* or QSignalSpy for what the client shows, with nextExchange() for
    what it asks, and with Exchange::peerClosed (or connectionCount()) for its leaving.
*/
class SseServer : public QObject
{
    Q_OBJECT

public:
    /*! Answers one request, now or later; the exchange is not its own. */
    using Handler = std::function<void(Exchange *exchange)>;

    /*! Listens; a machine without a free loopback port ends the test program. */
    explicit SseServer(QObject *parent = nullptr);

    /*! "http://127.0.0.1:PORT" followed by \a pathAndQuery. */
    [[nodiscard]] QUrl url(const QByteArray &pathAndQuery = "/") const;
    /*! The same from construction on, also after stop(). */
    [[nodiscard]] quint16 port() const { return m_http.port(); }

    /*! Answers all requests for \a path (without query, as sent) from now on. */
    void handle(const QByteArray &path, const Handler &handler);
    /*! Answers the next request for \a path that no earlier handleNext() answers. */
    void handleNext(const QByteArray &path, const Handler &handler);

    /*!
        The next exchange, in order of arrival, that no handler took and that was not returned
        before. Runs the event loop until it comes; nullptr after \a timeout. Its peer may have gone
        meanwhile: see Exchange::isOpen().
    */
    [[nodiscard]] Exchange *
    nextExchange(std::chrono::milliseconds timeout = std::chrono::seconds(10));

    /*! All exchanges so far, in order of arrival, whoever answered them. */
    [[nodiscard]] QList<Exchange *> exchanges() const { return m_exchanges; }
    /*! Those for \a path. */
    [[nodiscard]] QList<Exchange *> exchanges(const QByteArray &path) const;
    /*! How many requests came for \a path. */
    [[nodiscard]] qsizetype requestCount(const QByteArray &path) const;
    /*! Open connections, idle ones included. */
    [[nodiscard]] qsizetype connectionCount() const { return m_http.connectionCount(); }

    /*! The server goes away: new connections are refused, open ones end. */
    void stop();
    /*! It comes back, on the same port. */
    void start();

Q_SIGNALS:
    /*! A whole request came; a handler, if there is one, was called already. */
    void requestReceived(Harness::Exchange *exchange);

private:
    void dispatch(Exchange *exchange);

    HttpServer m_http;
    QHash<QByteArray, Handler> m_handlers;
    QHash<QByteArray, QQueue<Handler>> m_queues;
    QList<Exchange *> m_exchanges;
    QQueue<Exchange *> m_waiting;
};

} // namespace Harness
