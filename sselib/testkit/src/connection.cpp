// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "connection_p.h"

#include <sselib/testkit/exchange.h>
#include <sselib/testkit/httpserver.h>

#include <QtCore/QTimer>
#include <QtNetwork/QHostAddress>
#include <QtNetwork/QTcpSocket>

#include <chrono>

#ifdef Q_OS_LINUX
#include <linux/filter.h>
#endif
#ifdef Q_OS_WIN
#include <winsock2.h>
#else
#include <sys/socket.h>
#define SD_SEND SHUT_WR
using SOCKET = int;
#endif

using namespace std::chrono_literals;

namespace Harness {

Connection::Connection(QTcpSocket *socket, HttpServer *server)
    : QObject(server)
    , m_server(server)
    , m_socket(socket)
{
    m_socket->setParent(this);
    m_socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    connect(m_socket, &QTcpSocket::readyRead, this, &Connection::read);
    connect(m_socket, &QTcpSocket::disconnected, this, &Connection::handleDisconnect);
    connect(m_socket, &QTcpSocket::bytesWritten, this, [this] {
        if (m_exchange)
            Q_EMIT m_exchange->bytesWritten();
    });
}

QByteArray Connection::peer() const
{
    const QHostAddress address = m_socket->peerAddress();
    const QString host = address.protocol() == QAbstractSocket::IPv6Protocol
        ? QLatin1Char('[') + address.toString() + QLatin1Char(']')
        : address.toString();
    return host.toLatin1() + ':' + QByteArray::number(m_socket->peerPort());
}

qint64 Connection::bytesToWrite() const
{
    return m_socket->bytesToWrite();
}

void Connection::send(const QByteArray &bytes)
{
    m_socket->write(bytes);
    m_socket->flush(); // or Qt would join it with the next write
}

void Connection::close()
{
    if (m_exchange && m_exchange->isOpen())
        m_exchange->cut(); // comes back here
    else
        m_socket->disconnectFromHost();
}

void Connection::reset()
{
    m_socket->flush();
    const linger abortive{1, 0};
    setsockopt(static_cast<SOCKET>(m_socket->socketDescriptor()), SOL_SOCKET, SO_LINGER,
               reinterpret_cast<const char *>(&abortive), sizeof abortive);
    m_socket->abort();
}

bool Connection::vanish()
{
#ifdef Q_OS_LINUX
    // A filter that takes no byte of any packet, before TCP sees it. It needs no rights.
    sock_filter nothing = BPF_STMT(BPF_RET | BPF_K, 0);
    const sock_fprog filter{1, &nothing};
    return setsockopt(static_cast<SOCKET>(m_socket->socketDescriptor()), SOL_SOCKET,
                      SO_ATTACH_FILTER, &filter, sizeof filter)
        == 0;
#else
    return false;
#endif
}

void Connection::readNext()
{
    // Not from within: the test is in the middle of a call to the exchange.
    QMetaObject::invokeMethod(this, &Connection::startExchange, Qt::QueuedConnection);
}

void Connection::read()
{
    const QByteArray bytes = m_socket->readAll();
    if (m_reader.error())
        return; // thrown away: see refuse()
    m_reader.add(bytes);
    startExchange();
}

void Connection::startExchange()
{
    if (m_socket->state() != QAbstractSocket::ConnectedState)
        return;
    if (m_exchange && m_exchange->isOpen()) {
        if (m_reader.size() > RequestReader::maximumHead + RequestReader::maximumBody)
            reset(); // nobody pipelines a megabyte
        return;
    }
    std::optional<HttpRequest> request = m_reader.next();
    if (m_reader.error()) {
        refuse(m_reader.error());
    } else if (request) {
        m_exchange = new Exchange(std::move(*request), this, m_server);
        Q_EMIT m_server->requestReceived(m_exchange);
    }
}

void Connection::refuse(int status)
{
    send("HTTP/1.1 " + QByteArray::number(status) + ' ' + reasonPhrase(status)
         + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    // A close while the rest of the nonsense arrives would be an RST, and destroy our answer.
    shutdown(static_cast<SOCKET>(m_socket->socketDescriptor()), SD_SEND);
    QTimer::singleShot(1s, this, &Connection::close);
    Q_EMIT m_server->requestRefused(status);
}

void Connection::handleDisconnect()
{
    deleteLater();
    if (m_exchange && m_exchange->isOpen())
        m_exchange->finish(Exchange::State::Abandoned);
}

} // namespace Harness
