// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QHostAddress>
#include <QTcpSocket>

/*! A connection to 127.0.0.1 that shows the bytes of the wire. Knows nothing of HTTP. */
class RawClient
{
public:
    explicit RawClient(quint16 port)
    {
        QObject::connect(&m_socket, &QTcpSocket::readyRead, &m_socket,
                         [this] { m_received += m_socket.readAll(); });
        QObject::connect(&m_socket, &QTcpSocket::errorOccurred, &m_socket,
                         [this](QAbstractSocket::SocketError error) { m_error = error; });
        m_socket.connectToHost(QHostAddress::LocalHost, port);
    }

    void send(const QByteArray &bytes) { m_socket.write(bytes); }
    void close() { m_socket.abort(); }
    void stopReading()
    {
        m_socket.setReadBufferSize(1);
        m_socket.disconnect(&m_socket);
    }

    [[nodiscard]] QByteArray peek() const { return m_received; }
    void forget() { m_received.clear(); }
    [[nodiscard]] bool isOpen() const { return m_socket.state() == QTcpSocket::ConnectedState; }
    /*! A QAbstractSocket::SocketError; -1 while there is none. */
    [[nodiscard]] int error() const { return m_error; }

private:
    QTcpSocket m_socket;
    QByteArray m_received;
    int m_error = -1;
};
