// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "floodserver.h"

#include <arpa/inet.h>
#include <chrono>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

constexpr int tick = 20; // ms between two looks at whether to end

qint64 now()
{
    using namespace std::chrono;
    return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

bool isReady(int socket, short events)
{
    pollfd ready{socket, events, 0};
    return poll(&ready, 1, tick) > 0;
}

} // namespace

FloodServer::FloodServer(const QByteArray &head, const QByteArray &block, qint64 count,
                         const QByteArray &tail)
    : m_head(head)
    , m_block(block)
    , m_count(count)
    , m_tail(tail)
{
    m_listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (bind(m_listener, reinterpret_cast<sockaddr *>(&address), size) || listen(m_listener, 1)
        || getsockname(m_listener, reinterpret_cast<sockaddr *>(&address), &size))
        qFatal("FloodServer: no free port on 127.0.0.1");
    m_port = ntohs(address.sin_port);
    m_thread = std::thread([this] { serve(); });
}

FloodServer::~FloodServer()
{
    m_ends = true;
    m_thread.join();
    ::close(m_listener);
}

QUrl FloodServer::url() const
{
    return QUrl(QStringLiteral("http://127.0.0.1:%1/").arg(m_port));
}

qint64 FloodServer::stalledFor() const
{
    const qint64 last = m_lastProgress;
    return last == 0 ? 0 : now() - last;
}

void FloodServer::serve()
{
    while (!m_ends && !isReady(m_listener, POLLIN)) {}
    if (m_ends)
        return;
    const int peer = accept4(m_listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    QByteArray request;
    while (!m_ends && !request.contains("\r\n\r\n")) {
        char bytes[4096];
        if (const ssize_t size = isReady(peer, POLLIN) ? recv(peer, bytes, sizeof bytes, 0) : 0;
            size > 0)
            request.append(bytes, size);
    }
    bool goesOn = send(peer, m_head);
    m_lastProgress = 0;
    while (!m_ends && !m_begins)
        isReady(m_listener, POLLIN);
    m_lastProgress = now();
    for (qint64 index = 0; goesOn && index < m_count; ++index)
        goesOn = send(peer, m_block);
    if (goesOn && send(peer, m_tail))
        shutdown(peer, SHUT_WR);
    m_lastProgress = 0;
    while (!m_ends)
        isReady(m_listener, POLLIN);
    ::close(peer);
}

bool FloodServer::send(int socket, QByteArrayView bytes)
{
    while (!bytes.isEmpty() && !m_ends) {
        const ssize_t size = ::send(socket, bytes.data(), size_t(bytes.size()), MSG_NOSIGNAL);
        if (size > 0) {
            m_lastProgress = now();
            m_sent += size;
            bytes = bytes.sliced(size);
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            isReady(socket, POLLOUT);
        } else {
            return false;
        }
    }
    return !m_ends;
}
