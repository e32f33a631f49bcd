// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "systemclock_p.h"

#include "sleepwatch_p.h"

#include <QtCore/QTimerEvent>

namespace Sse {

// A stream has four, most of which hardly ever run: no QObject each.
class SystemClock::SystemTimer final : public Clock::Timer
{
public:
    SystemTimer(SystemClock *clock, Qt::TimerType type, std::function<void()> callback)
        : m_clock(clock)
        , m_callback(std::move(callback))
        , m_type(type)
    {}
    ~SystemTimer() override { stop(); }

    void start(std::chrono::milliseconds delay) override
    {
        stop();
        m_id = m_clock->startTimer(delay, m_type);
        m_clock->m_running.insert(m_id, this);
    }

    void stop() override
    {
        if (!isActive())
            return;
        m_clock->m_running.remove(m_id);
        m_clock->killTimer(std::exchange(m_id, 0));
    }

    bool isActive() const override { return m_id != 0; }

    [[nodiscard]] const std::function<void()> &callback() const { return m_callback; }

private:
    SystemClock *const m_clock;
    const std::function<void()> m_callback;
    const Qt::TimerType m_type;
    int m_id = 0; // of the clock's timer; 0: none runs
};

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

void SystemClock::timerEvent(QTimerEvent *event)
{
    SystemTimer *const timer = m_running.value(event->timerId());
    if (!timer)
        return;
    timer->stop();
    // An occasion to look whether the computer slept, after the call.
    QMetaObject::invokeMethod(
        this, [this] { m_sleepWatch->look(); }, Qt::QueuedConnection);
    // A copy, and last: the call may destroy the timer, and with it the clock.
    const std::function<void()> callback = timer->callback();
    callback();
}

} // namespace Sse
