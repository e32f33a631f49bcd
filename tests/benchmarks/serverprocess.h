// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QByteArray>

#include <functional>
#include <sys/types.h>

/*!
    A server in a process of its own, so that its work is not counted as the client's. It is a fork:
    make it before QCoreApplication and before any thread. It ends with its parent.
*/
class ServerProcess
{
public:
    explicit ServerProcess(const std::function<void()> &serve);
    ~ServerProcess();

private:
    Q_DISABLE_COPY_MOVE(ServerProcess)
    pid_t m_process;
};

/*! A listening socket on 127.0.0.1; \a port gets the free port that was found. -1 on failure. */
[[nodiscard]] int listenOnLoopback(quint16 &port);

/*! Reads from a blocking socket until the head of a request is complete; its first line. */
[[nodiscard]] QByteArray readRequest(int socket);

/*! The answer's head and the frame of one HTTP chunk. */
[[nodiscard]] QByteArray streamHead();
[[nodiscard]] QByteArray chunk(const QByteArray &bytes);
