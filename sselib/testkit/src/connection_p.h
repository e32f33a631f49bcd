// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "requestreader_p.h"

#include <QtCore/QObject>
#include <QtCore/QPointer>

class QTcpSocket;

namespace Harness {

class Exchange;
class HttpServer;

/*!
    One accepted connection, used by one exchange after the other. Internal: tests see Exchange.
    It deletes itself and its socket when the connection has ended.
*/
class Connection : public QObject
{
    Q_OBJECT

public:
    /*! Takes ownership of \a socket. */
    Connection(QTcpSocket *socket, HttpServer *server);

    [[nodiscard]] QByteArray peer() const;
    [[nodiscard]] qint64 bytesToWrite() const;

    void send(const QByteArray &bytes);
    void close(); //!< FIN, after what was sent.
    void reset(); //!< RST
    [[nodiscard]] bool vanish(); //!< Drops what comes from now on.
    void readNext(); //!< The exchange has ended; goes on with what came meanwhile.

private:
    void read();
    void startExchange();
    void refuse(int status);
    void handleDisconnect();

    HttpServer *const m_server;
    QTcpSocket *const m_socket;
    RequestReader m_reader;
    QPointer<Exchange> m_exchange; // at most one at a time: HTTP/1.1 answers in order
};

} // namespace Harness
