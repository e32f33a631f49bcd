// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "streamsserver.h"

#include "serverprocess.h"

#include <QByteArray>

#include <cstdio>
#include <cstdlib>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <set>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

// What one file descriptor is, in the upper half of epoll's 64 bits.
enum class Role : quint32 {
    StreamListener,
    BellListener,
    Stream,
    Bell,
};

class StreamsServer
{
public:
    StreamsServer()
        : m_epoll(epoll_create1(EPOLL_CLOEXEC))
    {}

    void watch(int descriptor, Role role)
    {
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.u64 = (quint64(role) << 32) | quint32(descriptor);
        if (epoll_ctl(m_epoll, EPOLL_CTL_ADD, descriptor, &event) != 0) {
            std::perror("epoll_ctl");
            _exit(1);
        }
    }

    [[noreturn]] void run()
    {
        epoll_event events[64];
        for (;;) {
            const int count = epoll_wait(m_epoll, events, 64, -1);
            for (int index = 0; index < count; ++index)
                serve(int(events[index].data.u64 & 0xFFFFFFFF), Role(events[index].data.u64 >> 32));
        }
    }

private:
    void serve(int descriptor, Role role)
    {
        switch (role) {
        case Role::StreamListener:
        case Role::BellListener: {
            const int socket = accept(descriptor, nullptr, nullptr);
            if (socket < 0) {
                std::perror("accept");
                _exit(1);
            }
            watch(socket, role == Role::BellListener ? Role::Bell : Role::Stream);
            return;
        }
        case Role::Stream:
            if (m_open.contains(descriptor))
                endUnlessAlive(descriptor);
            else
                begin(descriptor);
            return;
        case Role::Bell: {
            char rung = 0;
            if (read(descriptor, &rung, 1) == 1)
                sendEvent();
            else
                close(descriptor);
            return;
        }
        }
    }

    void begin(int socket)
    {
        const int on = 1;
        setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        if (readRequest(socket).isEmpty()) {
            close(socket);
            return;
        }
        m_open.insert(socket);
        send(socket, streamHead() + m_event);
    }

    void endUnlessAlive(int socket)
    {
        char bytes[256];
        if (read(socket, bytes, sizeof bytes) > 0)
            return;
        m_open.erase(socket);
        close(socket);
    }

    void sendEvent()
    {
        for (const int socket : m_open)
            send(socket, m_event);
    }

    // A peer that went away is noticed by reading.
    void send(int socket, const QByteArray &bytes)
    {
        [[maybe_unused]] const ssize_t size =
            write(socket, bytes.constData(), size_t(bytes.size()));
    }

    const QByteArray m_event = chunk(
        "id: 4711\nevent: update\ndata: {\"id\":4711,\"kind\":\"approval\",\"title\":\"Please look"
        " at request 4711\",\"from\":\"mia@example.org\",\"count\":12}\n\n");
    std::set<int> m_open;
    const int m_epoll;
};

} // namespace

void serveStreams(const QList<int> &streamListeners, int bell)
{
    StreamsServer server;
    for (const int listener : streamListeners)
        server.watch(listener, Role::StreamListener);
    server.watch(bell, Role::BellListener);
    server.run();
}
