// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include <sselib/testkit/sseserver.h>

#include <QtCore/QEventLoop>
#include <QtCore/QTimer>

#include <algorithm>
#include <iterator>

namespace Harness {

SseServer::SseServer(QObject *parent)
    : QObject(parent)
{
    connect(&m_http, &HttpServer::requestReceived, this, &SseServer::dispatch);
    start();
}

QUrl SseServer::url(const QByteArray &pathAndQuery) const
{
    return m_http.url(pathAndQuery);
}

void SseServer::handle(const QByteArray &path, const Handler &handler)
{
    m_handlers.insert(path, handler);
}

void SseServer::handleNext(const QByteArray &path, const Handler &handler)
{
    m_queues[path].enqueue(handler);
}

Exchange *SseServer::nextExchange(std::chrono::milliseconds timeout)
{
    if (m_waiting.isEmpty()) {
        QEventLoop loop;
        QTimer limit;
        limit.setSingleShot(true);
        connect(&limit, &QTimer::timeout, &loop, &QEventLoop::quit);
        connect(this, &SseServer::requestReceived, &loop, [this, &loop] {
            if (!m_waiting.isEmpty())
                loop.quit();
        });
        limit.start(timeout);
        loop.exec();
    }
    return m_waiting.isEmpty() ? nullptr : m_waiting.dequeue();
}

QList<Exchange *> SseServer::exchanges(const QByteArray &path) const
{
    QList<Exchange *> matching;
    std::copy_if(m_exchanges.cbegin(), m_exchanges.cend(), std::back_inserter(matching),
                 [&path](const Exchange *exchange) { return exchange->path() == path; });
    return matching;
}

qsizetype SseServer::requestCount(const QByteArray &path) const
{
    return exchanges(path).size();
}

void SseServer::stop()
{
    m_http.stopListening();
    m_http.closeConnections();
}

void SseServer::start()
{
    if (!m_http.listen(QHostAddress::LocalHost, m_http.port()))
        qFatal("Harness: %s", qPrintable(m_http.errorString()));
}

void SseServer::dispatch(Exchange *exchange)
{
    m_exchanges.append(exchange);
    const QByteArray path = exchange->path();
    QQueue<Handler> &queue = m_queues[path];
    if (!queue.isEmpty())
        queue.dequeue()(exchange);
    else if (const Handler handler = m_handlers.value(path))
        handler(exchange);
    else
        m_waiting.enqueue(exchange);
    Q_EMIT requestReceived(exchange);
}

} // namespace Harness
