// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "networkwatch.h"
#include "routes_linux.h"

#include <QSocketNotifier>

#include <array>

#include <sys/socket.h>
#include <unistd.h>

using namespace std::chrono_literals;

namespace {

constexpr std::chrono::milliseconds quietTime = 250ms;
constexpr std::chrono::milliseconds longestBurst = 1s;

} // namespace

NetworkWatch::NetworkWatch(QObject *parent)
    : QObject(parent)
    , m_read(readRoutes)
    , m_messages(subscribeToRoutes())
    , m_isOwn(true)
{
    watch();
}

NetworkWatch::NetworkWatch(int messages, const std::function<Routes()> &routes, QObject *parent)
    : QObject(parent)
    , m_read(routes)
    , m_messages(messages)
{
    watch();
}

NetworkWatch::~NetworkWatch()
{
    if (m_isOwn && m_messages != -1)
        ::close(m_messages);
}

void NetworkWatch::watch()
{
    if (m_messages == -1)
        return;
    m_routes = m_read(); // after the subscription: nothing falls in between
    for (QTimer *timer : {&m_quiet, &m_patience}) {
        timer->setSingleShot(true);
        connect(timer, &QTimer::timeout, this, &NetworkWatch::tell);
    }
    m_quiet.setInterval(quietTime);
    m_patience.setInterval(longestBurst);
    const auto *const notifier = new QSocketNotifier(m_messages, QSocketNotifier::Read, this);
    connect(notifier, &QSocketNotifier::activated, this, &NetworkWatch::take);
}

// What the messages say does not matter: after lost ones (ENOBUFS) the routes tell it as well.
void NetworkWatch::take()
{
    std::array<char, 8 * 1024> message;
    while (::recv(m_messages, message.data(), message.size(), MSG_DONTWAIT | MSG_TRUNC) > 0) {}
    if (!m_patience.isActive()) {
        m_patience.start();
        compare(); // a way that is back at the end may be gone now
    }
    m_quiet.start();
}

void NetworkWatch::compare()
{
    Routes now = m_read();
    m_hasChanged = m_hasChanged || now != m_routes;
    m_routes = std::move(now);
}

void NetworkWatch::tell()
{
    m_quiet.stop();
    m_patience.stop();
    compare();
    if (std::exchange(m_hasChanged, false))
        Q_EMIT changed();
}
