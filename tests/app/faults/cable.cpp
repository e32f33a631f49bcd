// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "cable.h"

#include <sys/socket.h>

namespace Harness {

namespace {

// abort() alone says good-bye in good order (FIN).
void reset(QTcpSocket *socket)
{
    if (socket->state() == QAbstractSocket::ConnectedState) {
        linger now{};
        now.l_onoff = 1;
        ::setsockopt(int(socket->socketDescriptor()), SOL_SOCKET, SO_LINGER, &now, sizeof now);
    }
    socket->abort();
}

} // namespace

Cable::Cable(quint16 server, QObject *parent)
    : QObject(parent)
    , m_server(server)
{
    connect(&m_listener, &QTcpServer::newConnection, this, &Cable::accept);
    plugIn();
}

Cable::~Cable()
{
    for (const auto &line : m_lines) {
        line->client->disconnect(this);
        line->server->disconnect(this);
    }
}

void Cable::freeze()
{
    m_isFrozen = true;
}

void Cable::thaw()
{
    m_isFrozen = false;
    for (const auto &line : m_lines)
        relay(line.get());
}

void Cable::strand()
{
    for (const auto &line : m_lines)
        line->isDead = true;
}

void Cable::cut()
{
    for (const auto &line : m_lines) {
        line->isDead = true; // neither end is told by relay()
        line->client->disconnect(this);
        line->server->disconnect(this);
        reset(line->client.get());
        reset(line->server.get());
    }
    for (const auto &line : std::exchange(m_lines, {})) { // perhaps called from one of them
        line->client.release()->deleteLater();
        line->server.release()->deleteLater();
    }
}

void Cable::unplug()
{
    m_listener.close();
    cut();
}

void Cable::plugIn()
{
    if (m_listener.isListening())
        return;
    if (!m_listener.listen(QHostAddress::LocalHost, m_port))
        qFatal("Harness: %s", qPrintable(m_listener.errorString()));
    m_port = m_listener.serverPort();
}

void Cable::watchFor(const QByteArray &bytes)
{
    m_watched = bytes;
    m_hasPassed = false;
}

void Cable::accept()
{
    while (QTcpSocket *const client = m_listener.nextPendingConnection()) {
        client->setParent(nullptr);
        auto *const line = m_lines.emplace_back(std::make_unique<Line>()).get();
        line->client.reset(client);
        line->server = std::make_unique<QTcpSocket>();
        for (QTcpSocket *end : {client, line->server.get()}) {
            connect(end, &QTcpSocket::readyRead, this, [this, line] { relay(line); });
            connect(end, &QTcpSocket::disconnected, this, [this, line] { relay(line); });
        }
        client->setSocketOption(QAbstractSocket::LowDelayOption, 1);
        connect(line->server.get(), &QTcpSocket::connected, this, [this, line] {
            line->server->setSocketOption(QAbstractSocket::LowDelayOption, 1);
            relay(line);
        });
        connect(line->server.get(), &QTcpSocket::errorOccurred, this,
                [this, line] { relay(line); });
        relay(line);
    }
}

void Cable::relay(Line *line)
{
    if (!passes(*line))
        return;
    QTcpSocket *const client = line->client.get();
    QTcpSocket *const server = line->server.get();
    const bool isClientGone = client->state() == QAbstractSocket::UnconnectedState;
    if (!isClientGone && !std::exchange(line->isCalled, true)) {
        server->connectToHost(QHostAddress(QHostAddress::LocalHost), m_server);
        return;
    }
    if (server->state() == QAbstractSocket::ConnectedState && client->bytesAvailable() > 0)
        server->write(client->readAll());
    if (!isClientGone && server->bytesAvailable() > 0) {
        const QByteArray bytes = server->readAll();
        client->write(bytes);
        m_hasPassed = m_hasPassed || bytes.contains(m_watched);
    }
    if (isClientGone || server->state() == QAbstractSocket::UnconnectedState) {
        line->isDead = true; // first: the ends tell at once
        client->disconnectFromHost();
        server->disconnectFromHost();
    }
}

} // namespace Harness
