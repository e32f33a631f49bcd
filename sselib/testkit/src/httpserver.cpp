// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include <sselib/testkit/httpserver.h>

#include "connection_p.h"
#include <sselib/testkit/exchange.h>

#include <QtNetwork/QSslConfiguration>
#include <QtNetwork/QSslServer>
#include <QtNetwork/QTcpSocket>

#include <algorithm>

using namespace Qt::Literals;

namespace Harness {

namespace {

// Clients that come back all at once wait here for us to accept them; the kernel has a bound of its
// own. Beyond it a client waits for a second at least before its kernel asks again.
constexpr int mostWaiting = 4096;

} // namespace

HttpServer::HttpServer(QObject *parent)
    : QObject(parent)
{
    setServer(std::make_unique<QTcpServer>());
    m_scheme = u"http"_s;
}

void HttpServer::useTls(const QSslConfiguration &configuration)
{
    auto server = std::make_unique<QSslServer>();
    server->setSslConfiguration(configuration);
    setServer(std::move(server));
    m_scheme = u"https"_s;
}

void HttpServer::setServer(std::unique_ptr<QTcpServer> server)
{
    m_server = std::move(server);
    m_server->setListenBacklogSize(mostWaiting);
    connect(m_server.get(), &QTcpServer::pendingConnectionAvailable, this, &HttpServer::accept);
}

bool HttpServer::listen(const QHostAddress &address, quint16 port)
{
    if (m_server->listen(address, port)) {
        m_address = address;
        m_port = m_server->serverPort();
        return true;
    }
    m_error = m_server->serverError() == QAbstractSocket::AddressInUseError
        ? u"Port %1 on %2 is in use"_s.arg(port).arg(address.toString())
        : u"Cannot listen on port %1 of %2: %3"_s.arg(port).arg(address.toString(),
                                                                m_server->errorString());
    return false;
}

void HttpServer::stopListening()
{
    m_server->close();
}

void HttpServer::closeConnections()
{
    const auto connections = findChildren<Connection *>(Qt::FindDirectChildrenOnly);
    for (Connection *connection : connections)
        connection->close();
}

QUrl HttpServer::url(const QByteArray &pathAndQuery) const
{
    QUrl url = QUrl::fromEncoded(pathAndQuery);
    url.setScheme(m_scheme);
    url.setHost(m_address.toString());
    url.setPort(m_port);
    return url;
}

qsizetype HttpServer::connectionCount() const
{
    const auto sockets = findChildren<QTcpSocket *>();
    return std::count_if(sockets.cbegin(), sockets.cend(), [](const QTcpSocket *socket) {
        return socket->state() == QAbstractSocket::ConnectedState;
    });
}

void HttpServer::accept()
{
    while (QTcpSocket *const socket = m_server->nextPendingConnection())
        new Connection(socket, this);
}

} // namespace Harness
