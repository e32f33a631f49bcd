// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "load/crowdclock.h"

#include <algorithm>

using namespace std::chrono_literals;

class CrowdClock::CrowdTimer final : public Sse::Clock::Timer
{
public:
    CrowdTimer(CrowdClock *clock, std::function<void()> callback)
        : m_clock(clock)
        , m_callback(std::move(callback))
        , m_place(clock->m_running.end())
    {}
    ~CrowdTimer() override { CrowdTimer::stop(); }

    void start(std::chrono::milliseconds delay) override
    {
        stop();
        m_place = m_clock->m_running.emplace(m_clock->elapsed() + delay, this);
        if (m_place == m_clock->m_running.begin())
            m_clock->wait();
    }

    void stop() override
    {
        if (!isActive())
            return;
        m_clock->m_running.erase(m_place);
        m_place = m_clock->m_running.end();
    }

    [[nodiscard]] bool isActive() const override { return m_place != m_clock->m_running.end(); }

    [[nodiscard]] const std::function<void()> &callback() const { return m_callback; }

private:
    CrowdClock *const m_clock;
    const std::function<void()> m_callback;
    Running::iterator m_place; // the end when it does not run
};

CrowdClock::CrowdClock(QObject *parent)
    : Clock(parent)
{
    m_timer.setSingleShot(true);
    m_timer.setTimerType(Qt::PreciseTimer);
    connect(&m_timer, &QTimer::timeout, this, &CrowdClock::callDue);
}

std::chrono::nanoseconds CrowdClock::elapsed() const
{
    return std::chrono::steady_clock::now().time_since_epoch();
}

std::chrono::system_clock::time_point CrowdClock::wallTime() const
{
    return std::chrono::system_clock::now();
}

std::unique_ptr<Sse::Clock::Timer> CrowdClock::createTimer(Qt::TimerType,
                                                           std::function<void()> callback)
{
    return std::make_unique<CrowdTimer>(this, std::move(callback));
}

void CrowdClock::callDue()
{
    const std::chrono::nanoseconds now = elapsed();
    while (!m_running.empty() && m_running.begin()->first <= now) {
        CrowdTimer *const timer = m_running.begin()->second;
        timer->stop();
        // A copy: the call may destroy the timer.
        const std::function<void()> callback = timer->callback();
        callback();
    }
    wait();
}

void CrowdClock::wait()
{
    if (m_running.empty())
        return;
    const std::chrono::nanoseconds due = m_running.begin()->first;
    if (m_timer.isActive() && m_awaited == due)
        return;
    m_awaited = due;
    m_timer.start(std::chrono::ceil<std::chrono::milliseconds>(std::max(due - elapsed(), 0ns)));
}
