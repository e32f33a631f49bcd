// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include <sselib/testkit/exchange.h>

#include "connection_p.h"

#include <QtCore/QJsonDocument>

namespace Harness {

Exchange::Exchange(HttpRequest request, Connection *connection, QObject *parent)
    : QObject(parent)
    , m_request(std::move(request))
    , m_peer(connection->peer())
    , m_connection(connection)
{}

qint64 Exchange::bytesToWrite() const
{
    return m_connection ? m_connection->bytesToWrite() : 0;
}

void Exchange::answer(int status, const QByteArray &body, const Headers &headers)
{
    Headers all = headers;
    if (status != 204 && status != 304)
        all.append({"Content-Length", QByteArray::number(body.size())});
    sendHead(status, all);
    write(body);
    end();
}

void Exchange::answerJson(int status, const QJsonObject &body, const Headers &headers)
{
    answer(status, QJsonDocument(body).toJson(QJsonDocument::Compact),
           Headers{{"Content-Type", "application/json"}} + headers);
}

void Exchange::redirect(int status, const QByteArray &location)
{
    answer(status, {}, {{"Location", location}});
}

void Exchange::sendHead(int status, const Headers &headers)
{
    if (!isOpen())
        return;
    if (m_status) {
        qWarning("Harness: %s was answered twice", m_request.path.constData());
        return;
    }
    m_status = status;
    m_framing = framing(status, headers);
    const bool saysClose =
        headerValue(headers, "Connection").compare("close", Qt::CaseInsensitive) == 0;
    m_keepsAlive = m_framing != Framing::UntilClose && m_request.wantsKeepAlive() && !saysClose;

    QByteArray head =
        "HTTP/1.1 " + QByteArray::number(status) + ' ' + reasonPhrase(status) + "\r\n";
    for (const auto &[name, value] : headers)
        head += name + ": " + value + "\r\n";
    if (m_framing == Framing::Chunks)
        head += "Transfer-Encoding: chunked\r\n";
    if (!m_keepsAlive && !saysClose)
        head += "Connection: close\r\n";
    send(head + "\r\n");
}

void Exchange::startStream(const Headers &headers)
{
    sendHead(200,
             Headers{{"Content-Type", "text/event-stream"}, {"Cache-Control", "no-cache"}}
                 + headers);
}

void Exchange::write(QByteArrayView bytes)
{
    if (!isOpen() || bytes.isEmpty())
        return;
    if (!m_status)
        qWarning("Harness: the body of %s comes before its head", m_request.path.constData());
    if (m_framing == Framing::NoBody)
        return;
    if (m_framing == Framing::Chunks)
        send(QByteArray::number(bytes.size(), 16) + "\r\n" + bytes.toByteArray() + "\r\n");
    else
        send(bytes.toByteArray());
}

void Exchange::writeRaw(QByteArrayView bytes)
{
    m_framing = Framing::UntilClose;
    m_keepsAlive = false;
    send(bytes.toByteArray());
}

void Exchange::end()
{
    if (!isOpen())
        return;
    if (m_framing == Framing::Chunks)
        send("0\r\n\r\n");
    if (!m_keepsAlive) {
        cut();
        return;
    }
    const QPointer<Connection> connection = m_connection;
    finish(State::Ended);
    if (connection)
        connection->readNext();
}

void Exchange::cut()
{
    if (!isOpen())
        return;
    const QPointer<Connection> connection = m_connection;
    finish(State::Ended);
    if (connection)
        connection->close();
}

bool Exchange::vanish()
{
    return isOpen() && m_connection && m_connection->vanish();
}

void Exchange::reset()
{
    if (!isOpen())
        return;
    const QPointer<Connection> connection = m_connection;
    finish(State::Ended);
    if (connection)
        connection->reset();
}

void Exchange::send(const QByteArray &bytes)
{
    if (!isOpen() || !m_connection)
        return;
    m_state = State::Sending;
    m_connection->send(bytes);
}

void Exchange::finish(State state)
{
    m_state = state;
    m_connection = nullptr;
    if (state == State::Abandoned) {
        const QPointer<Exchange> guard = this;
        Q_EMIT peerClosed();
        if (!guard)
            return;
    }
    Q_EMIT finished();
}

Exchange::Framing Exchange::framing(int status, const Headers &headers) const
{
    if (status / 100 == 1 || status == 204 || status == 304 || m_request.method == "HEAD")
        return Framing::NoBody;
    if (hasHeader(headers, "Content-Length"))
        return Framing::Length;
    const bool saysClose =
        headerValue(headers, "Connection").compare("close", Qt::CaseInsensitive) == 0;
    return m_request.minorVersion < 1 || saysClose ? Framing::UntilClose : Framing::Chunks;
}

} // namespace Harness
