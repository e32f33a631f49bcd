// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "watcherretry.h"

#include <algorithm>

using namespace std::chrono_literals;
using namespace Qt::Literals;

namespace {

constexpr std::chrono::milliseconds firstRetry = 100ms;
constexpr std::chrono::milliseconds longestRetry = 500ms;
constexpr int maxRetries = 20;

// One bus has the one word for it, another the other.
bool saysThatNobodyIsThere(const QDBusMessage &error)
{
    return error.errorName() == "org.freedesktop.DBus.Error.ServiceUnknown"_L1
        || error.errorName() == "org.freedesktop.DBus.Error.NameHasNoOwner"_L1;
}

} // namespace

WatcherRetry::WatcherRetry(const std::function<void()> &ask)
{
    m_timer.setSingleShot(true);
    QObject::connect(&m_timer, &QTimer::timeout, &m_timer, ask);
}

void WatcherRetry::take(const QDBusMessage &error, bool isThere)
{
    if ((!isThere && saysThatNobodyIsThere(error)) || m_retries == maxRetries)
        return;
    const std::chrono::milliseconds doubled = firstRetry * (1 << std::min(m_retries++, 10));
    m_timer.start(std::min(doubled, longestRetry));
}

void WatcherRetry::startAnew()
{
    m_timer.stop();
    m_retries = 0;
}
