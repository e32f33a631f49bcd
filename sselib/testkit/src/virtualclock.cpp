// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include <sselib/testkit/virtualclock.h>

#include <algorithm>

using namespace std::chrono_literals;

namespace Harness {

class VirtualClock::VirtualTimer final : public Sse::Clock::Timer
{
public:
    VirtualTimer(VirtualClock *clock, std::function<void()> callback)
        : m_clock(clock)
        , m_callback(std::move(callback))
    {
        m_clock->m_timers.append(this);
    }

    ~VirtualTimer() override { m_clock->m_timers.removeOne(this); }

    void start(std::chrono::milliseconds delay) override { m_due = m_clock->m_elapsed + delay; }
    void stop() override { m_due.reset(); }
    bool isActive() const override { return m_due.has_value(); }
    [[nodiscard]] std::optional<std::chrono::nanoseconds> due() const { return m_due; }

    void fire()
    {
        m_due.reset();
        const std::function<void()> callback = m_callback; // it may destroy the timer
        callback();
    }

private:
    VirtualClock *const m_clock;
    const std::function<void()> m_callback;
    std::optional<std::chrono::nanoseconds> m_due;
};

VirtualClock::VirtualClock(QObject *parent)
    : Clock(parent)
{}

VirtualClock::~VirtualClock()
{
    Q_ASSERT_X(m_timers.isEmpty(), "Harness::VirtualClock", "must outlive its timers");
}

std::chrono::system_clock::time_point VirtualClock::wallTime() const
{
    constexpr auto begin = std::chrono::sys_days(std::chrono::year(2026) / 1 / 1);
    return begin + std::chrono::floor<std::chrono::system_clock::duration>(m_elapsed + m_slept);
}

std::unique_ptr<Sse::Clock::Timer> VirtualClock::createTimer(Qt::TimerType,
                                                             std::function<void()> callback)
{
    return std::make_unique<VirtualTimer>(this, std::move(callback));
}

void VirtualClock::advance(std::chrono::milliseconds duration)
{
    const std::chrono::nanoseconds end = m_elapsed + duration;
    for (VirtualTimer *timer = nextTimer(); timer && *timer->due() <= end; timer = nextTimer()) {
        m_elapsed = std::max(m_elapsed, *timer->due());
        timer->fire();
    }
    m_elapsed = end;
}

void VirtualClock::sleep(std::chrono::milliseconds duration)
{
    m_slept += duration;
    Q_EMIT resumed();
}

std::optional<std::chrono::milliseconds> VirtualClock::untilNextTimer() const
{
    const VirtualTimer *const timer = nextTimer();
    if (!timer)
        return std::nullopt;
    return std::chrono::ceil<std::chrono::milliseconds>(std::max(*timer->due() - m_elapsed, 0ns));
}

qsizetype VirtualClock::activeTimers() const
{
    return std::count_if(m_timers.begin(), m_timers.end(),
                         [](const VirtualTimer *timer) { return timer->isActive(); });
}

VirtualClock::VirtualTimer *VirtualClock::nextTimer() const
{
    VirtualTimer *next = nullptr;
    for (VirtualTimer *timer : m_timers) {
        if (timer->due() && (!next || *timer->due() < *next->due()))
            next = timer;
    }
    return next;
}

} // namespace Harness
