// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "systemclock_p.h"

#include "sleepwatch_p.h"

#include <QtCore/QTimer>

namespace Sse {

namespace {

class SystemTimer final : public Clock::Timer
{
public:
    SystemTimer(SystemClock *clock, Qt::TimerType type, std::function<void()> callback)
    {
        m_timer.setSingleShot(true);
        m_timer.setTimerType(type);
        // The call comes last: it may destroy the timer, and with it the clock.
        QObject::connect(&m_timer, &QTimer::timeout, clock, [clock, call = std::move(callback)] {
            QMetaObject::invokeMethod(clock, &SystemClock::lookForSleep, Qt::QueuedConnection);
            call();
        });
    }

    void start(std::chrono::milliseconds delay) override { m_timer.start(delay); }
    void stop() override { m_timer.stop(); }
    bool isActive() const override { return m_timer.isActive(); }

private:
    QTimer m_timer;
};

} // namespace

std::shared_ptr<SystemClock> SystemClock::ofThread()
{
    static thread_local std::weak_ptr<SystemClock> current;
    std::shared_ptr<SystemClock> clock = current.lock();
    if (!clock)
        current = clock = std::make_shared<SystemClock>();
    return clock;
}

SystemClock::SystemClock()
    : m_sleepWatch(std::make_unique<SleepWatch>())
{
    connect(m_sleepWatch.get(), &SleepWatch::resumed, this, &Clock::resumed);
}

SystemClock::~SystemClock() = default;

std::chrono::nanoseconds SystemClock::elapsed() const
{
    return std::chrono::steady_clock::now().time_since_epoch();
}

std::chrono::system_clock::time_point SystemClock::wallTime() const
{
    return std::chrono::system_clock::now();
}

std::unique_ptr<Clock::Timer> SystemClock::createTimer(Qt::TimerType type,
                                                       std::function<void()> callback)
{
    return std::make_unique<SystemTimer>(this, type, std::move(callback));
}

void SystemClock::lookForSleep()
{
    m_sleepWatch->look();
}

} // namespace Sse
