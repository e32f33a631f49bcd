// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QByteArrayList>
#include <QObject>
#include <QString>

#include <memory>

namespace Harness {

/*!
    An X session manager for one client: asks it to save its state, and then lets the session end or
    not. It does what a desktop's own does at a logout, on libSM's side of the server.
*/
class SessionManager : public QObject
{
    Q_OBJECT

public:
    SessionManager();
    ~SessionManager() override;

    [[nodiscard]] bool start();
    /*! What the client's SESSION_MANAGER has to be. */
    [[nodiscard]] QString address() const;

    /*! The client has introduced itself, and has saved its state once. */
    [[nodiscard]] bool hasClient() const;

    /*! The beginning of a logout; saves() grows with the answer. It does nothing without a client. */
    void askToSave();
    /*! The user stays after all. */
    void cancel();
    /*! The session ends. */
    void letDie();

    /*! What the client wants to be started with next time. */
    [[nodiscard]] QByteArrayList restartCommand() const;
    /*! How often it said that it has saved its state, without the first time. */
    [[nodiscard]] int saves() const;

private:
    class Server;

    std::unique_ptr<Server> m_server;
};

} // namespace Harness
