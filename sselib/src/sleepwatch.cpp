// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "sleepwatch_p.h"

#ifdef Q_OS_LINUX
#include <QtCore/QSocketNotifier>

#include <limits>

#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>
#endif

namespace Sse {

namespace {

#ifdef Q_OS_LINUX
std::chrono::nanoseconds timeOf(clockid_t clock)
{
    timespec time{};
    clock_gettime(clock, &time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

std::chrono::nanoseconds systemSleepTime()
{
    return timeOf(CLOCK_BOOTTIME) - timeOf(CLOCK_MONOTONIC);
}
#else
// Whoever sets the time of day forward looks like a sleeper: one reconnection too many is the
// price.
std::chrono::nanoseconds systemSleepTime()
{
    return std::chrono::system_clock::now().time_since_epoch()
        - std::chrono::steady_clock::now().time_since_epoch();
}
#endif

} // namespace

SleepWatch::SleepWatch(QObject *parent)
    : SleepWatch(systemSleepTime, parent)
{
    watchTimeOfDay();
}

SleepWatch::SleepWatch(const Reading &sleepTime, QObject *parent)
    : QObject(parent)
    , m_sleepTime(sleepTime)
    , m_seen(sleepTime())
{}

void SleepWatch::look()
{
    const std::chrono::nanoseconds now = m_sleepTime();
    const std::chrono::nanoseconds slept = now - std::exchange(m_seen, now);
    if (slept >= shortestSleep)
        Q_EMIT resumed();
}

#ifdef Q_OS_LINUX

SleepWatch::~SleepWatch()
{
    if (m_timeOfDay >= 0)
        ::close(m_timeOfDay);
}

void SleepWatch::watchTimeOfDay()
{
    m_timeOfDay = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);
    if (m_timeOfDay < 0)
        return; // look() at each timer is left
    armTimeOfDay();
    const auto *const notifier = new QSocketNotifier(m_timeOfDay, QSocketNotifier::Read, this);
    connect(notifier, &QSocketNotifier::activated, this, [this] {
        armTimeOfDay();
        look();
    });
}

// It never expires: all that it is for is to be cancelled when the time of day is set.
void SleepWatch::armTimeOfDay()
{
    quint64 expirations = 0;
    [[maybe_unused]] const ssize_t cancelled =
        ::read(m_timeOfDay, &expirations, sizeof expirations);
    itimerspec never{};
    never.it_value.tv_sec = std::numeric_limits<int>::max();
    timerfd_settime(m_timeOfDay, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, nullptr);
}

#else

SleepWatch::~SleepWatch() = default;

void SleepWatch::watchTimeOfDay()
{}

void SleepWatch::armTimeOfDay()
{}

#endif

} // namespace Sse
