// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "serverprocess.h"

#include <arpa/inet.h>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

ServerProcess::ServerProcess(const std::function<void()> &serve)
    : m_process(fork())
{
    if (m_process < 0) {
        std::perror("fork");
        std::exit(1);
    }
    if (m_process > 0)
        return;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    std::signal(SIGPIPE, SIG_IGN);
    serve();
    _exit(0);
}

ServerProcess::~ServerProcess()
{
    kill(m_process, SIGKILL);
    waitpid(m_process, nullptr, 0);
}

int listenOnLoopback(quint16 &port)
{
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (listener < 0 || bind(listener, reinterpret_cast<sockaddr *>(&address), size) != 0
        || listen(listener, 64) != 0
        || getsockname(listener, reinterpret_cast<sockaddr *>(&address), &size) != 0)
        return -1;
    port = ntohs(address.sin_port);
    return listener;
}

QByteArray readRequest(int socket)
{
    QByteArray request;
    char bytes[4096];
    while (!request.contains("\r\n\r\n")) {
        const ssize_t size = read(socket, bytes, sizeof bytes);
        if (size <= 0)
            return {};
        request.append(bytes, size);
    }
    return request.first(request.indexOf("\r\n"));
}

QByteArray streamHead()
{
    return "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n"
           "Transfer-Encoding: chunked\r\n\r\n";
}

QByteArray chunk(const QByteArray &bytes)
{
    return QByteArray::number(bytes.size(), 16) + "\r\n" + bytes + "\r\n";
}
