// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

// timerfd_create(2), TFD_TIMER_CANCEL_ON_SET

#include "clockwatch.h"

#include <QSocketNotifier>

#include <limits>
#include <utility>

#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

namespace {

std::chrono::nanoseconds timeOf(clockid_t clock)
{
    timespec time{};
    clock_gettime(clock, &time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

} // namespace

ClockWatch::ClockWatch(QObject *parent)
    : ClockWatch({[] { return timeOf(CLOCK_BOOTTIME) - timeOf(CLOCK_MONOTONIC); },
                  [] { return timeOf(CLOCK_REALTIME) - timeOf(CLOCK_BOOTTIME); }},
                 parent)
{
    watch();
}

ClockWatch::ClockWatch(const Readings &readings, QObject *parent)
    : QObject(parent)
    , m_readings(readings)
    , m_sleepTime(readings.sleepTime())
    , m_startTime(readings.startTime())
{}

ClockWatch::~ClockWatch()
{
    if (m_timeOfDay != -1)
        ::close(m_timeOfDay);
}

void ClockWatch::watch()
{
    m_timeOfDay = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);
    if (m_timeOfDay == -1)
        return;
    arm();
    const auto *const notifier = new QSocketNotifier(m_timeOfDay, QSocketNotifier::Read, this);
    connect(notifier, &QSocketNotifier::activated, this, [this] {
        arm();
        look();
    });
}

// It never expires: all that it is for is to be cancelled when the time of day is set.
void ClockWatch::arm()
{
    quint64 expirations = 0;
    [[maybe_unused]] const ssize_t cancelled =
        ::read(m_timeOfDay, &expirations, sizeof expirations);
    itimerspec never{};
    never.it_value.tv_sec = std::numeric_limits<time_t>::max();
    timerfd_settime(m_timeOfDay, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, nullptr);
}

void ClockWatch::look()
{
    const std::chrono::nanoseconds sleepTime = m_readings.sleepTime();
    const std::chrono::nanoseconds startTime = m_readings.startTime();
    const bool hasSlept = sleepTime - std::exchange(m_sleepTime, sleepTime) >= shortest;
    const bool hasJumped =
        std::chrono::abs(startTime - std::exchange(m_startTime, startTime)) >= shortest;
    if (hasSlept)
        Q_EMIT slept();
    else if (hasJumped)
        Q_EMIT jumped();
}
