// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QHostAddress>
#include <QObject>
#include <QTcpServer>
#include <QTcpSocket>

#include <memory>
#include <vector>

namespace Harness {

/*! What is between a client and a server of this computer, and can fail as a network does. */
class Cable : public QObject
{
    Q_OBJECT

public:
    /*! Leads to \a server of 127.0.0.1. */
    explicit Cable(quint16 server, QObject *parent = nullptr);
    ~Cable() override;

    [[nodiscard]] quint16 port() const { return m_port; }

    /*! Nothing passes, in no direction, nor does an end; who connects now waits. Until thaw(). */
    void freeze();
    /*! What was held back passes. */
    void thaw();
    /*!
        What is connected now is dead, and nobody tells the client: its network is gone. New
        connections pass.
    */
    void strand();
    /*! Ends all connections at both sides, with an RST. */
    void cut();
    /*! cut(), and who connects is refused. Until plugIn(). */
    void unplug();
    void plugIn();

    /*! From now on hasPassed() tells whether \a bytes, in one piece, passed to a client. */
    void watchFor(const QByteArray &bytes);
    [[nodiscard]] bool hasPassed() const { return m_hasPassed; }

private:
    struct Line
    {
        std::unique_ptr<QTcpSocket> client;
        std::unique_ptr<QTcpSocket> server;
        bool isCalled = false; // the server
        bool isDead = false;
    };

    void accept();
    void relay(Line *line);
    [[nodiscard]] bool passes(const Line &line) const { return !m_isFrozen && !line.isDead; }

    QTcpServer m_listener;
    const quint16 m_server;
    quint16 m_port = 0;
    std::vector<std::unique_ptr<Line>> m_lines;
    QByteArray m_watched;
    bool m_hasPassed = false;
    bool m_isFrozen = false;
};

} // namespace Harness
