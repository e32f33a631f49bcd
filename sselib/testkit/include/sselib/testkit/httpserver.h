// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/QObject>
#include <QtCore/QUrl>
#include <QtNetwork/QHostAddress>
#include <QtNetwork/QTcpServer>

#include <memory>

class QSslConfiguration;

namespace Harness {

class Exchange;

/*!
    A small HTTP/1.x server: it reads requests, refuses nonsense (400, 413, 431, 501, 505) and hands
    each whole request out as an Exchange. It knows no paths and decides nothing about answers.
*/
class HttpServer : public QObject
{
    Q_OBJECT

public:
    /*! Does not listen yet. */
    explicit HttpServer(QObject *parent = nullptr);

    /*! Serves https with the certificate and key of \a configuration. Before listen(). */
    void useTls(const QSslConfiguration &configuration);
    /*! \a port 0 picks a free one. On false, errorString() is a sentence for people. */
    [[nodiscard]] bool listen(const QHostAddress &address, quint16 port);
    /*! Why listen() said false; empty before. */
    [[nodiscard]] QString errorString() const { return m_error; }

    /*! Refuses new connections from now on. Open ones stay. */
    void stopListening();
    /*! Closes all connections at once, whatever they are in the middle of. */
    void closeConnections();

    /*! "http://127.0.0.1:8844" followed by \a pathAndQuery. */
    [[nodiscard]] QUrl url(const QByteArray &pathAndQuery = {}) const;
    [[nodiscard]] quint16 port() const { return m_port; } //!< Also after stopListening().
    [[nodiscard]] qsizetype connectionCount() const; //!< Open connections, idle ones included.

Q_SIGNALS:
    /*!
        A whole request came. The server owns \a exchange, and never deletes it before itself: a
        program that serves for long connects Exchange::finished to QObject::deleteLater.
    */
    void requestReceived(Harness::Exchange *exchange);
    /*! Nonsense came, was answered with \a status, and its connection closed. */
    void requestRefused(int status);

private:
    void accept();
    void setServer(std::unique_ptr<QTcpServer> server);

    std::unique_ptr<QTcpServer> m_server;
    QString m_scheme;
    QHostAddress m_address;
    QString m_error;
    quint16 m_port = 0;
};

} // namespace Harness
