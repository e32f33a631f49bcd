// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "systemclock_p.h"

#include "sleepwatch_p.h"

#include <QtCore/QPointer>

#include <algorithm>

using namespace std::chrono_literals;

namespace Sse {

class SystemClock::SystemTimer final : public Clock::Timer
{
public:
    SystemTimer(SystemClock *clock, Qt::TimerType type, std::function<void()> callback)
        : m_clock(clock)
        , m_callback(std::move(callback))
        , m_type(type)
        , m_place(clock->m_running.end())
    {}
    ~SystemTimer() override { SystemTimer::stop(); }

    void start(std::chrono::milliseconds delay) override
    {
        stop();
        m_place = m_clock->m_running.emplace(m_clock->elapsed() + delay, this);
        if (isFirst())
            m_clock->awaitFirst();
    }

    void stop() override
    {
        if (!isActive())
            return;
        const bool wasFirst = isFirst();
        m_clock->m_running.erase(m_place);
        m_place = m_clock->m_running.end();
        if (wasFirst)
            m_clock->awaitFirst(); // no wake-up for nothing
    }

    bool isActive() const override { return m_place != m_clock->m_running.end(); }

    [[nodiscard]] const std::function<void()> &callback() const { return m_callback; }
    [[nodiscard]] Qt::TimerType type() const { return m_type; }

private:
    [[nodiscard]] bool isFirst() const { return m_place == m_clock->m_running.begin(); }

    SystemClock *const m_clock;
    const std::function<void()> m_callback;
    const Qt::TimerType m_type;
    Running::iterator m_place; // the end when it does not run
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
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &SystemClock::callDue);
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

void SystemClock::callDue()
{
    // An occasion to look whether the computer slept, after the calls.
    QMetaObject::invokeMethod(
        this, [this] { m_sleepWatch->look(); }, Qt::QueuedConnection);
    const QPointer<SystemClock> guard(this);
    const std::chrono::nanoseconds now = elapsed();
    while (!m_running.empty() && m_running.begin()->first <= now) {
        SystemTimer *const timer = m_running.begin()->second;
        timer->stop();
        // A copy: the call may destroy the timer, and the clock with the last of its event sources.
        const std::function<void()> callback = timer->callback();
        callback();
        if (!guard)
            return;
    }
    awaitFirst();
}

void SystemClock::awaitFirst()
{
    if (m_running.empty()) {
        m_timer.stop();
        return;
    }
    const auto &[due, timer] = *m_running.begin();
    m_timer.setTimerType(timer->type());
    m_timer.start(std::chrono::ceil<std::chrono::milliseconds>(std::max(due - elapsed(), 0ns)));
}

} // namespace Sse
