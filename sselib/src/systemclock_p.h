// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <sselib/clock.h>

#include <QtCore/QTimer>

#include <map>

namespace Sse {

class SleepWatch;

/*! The computer's own time. Event sources of one thread share one, which goes with the last. */
class SystemClock final : public Clock
{
    Q_OBJECT

public:
    [[nodiscard]] static std::shared_ptr<SystemClock> ofThread();

    SystemClock();
    ~SystemClock() override;

    [[nodiscard]] std::chrono::nanoseconds elapsed() const override;
    [[nodiscard]] std::chrono::system_clock::time_point wallTime() const override;
    [[nodiscard]] std::unique_ptr<Timer> createTimer(Qt::TimerType type,
                                                     std::function<void()> callback) override;

private:
    class SystemTimer;
    // Qt keeps the timers of a thread in a list, which it walks for each that starts or stops. Ten
    // thousand streams have theirs in a tree, and Qt has one.
    using Running = std::multimap<std::chrono::nanoseconds, SystemTimer *>;

    void callDue();
    void awaitFirst();

    const std::unique_ptr<SleepWatch> m_sleepWatch;
    Running m_running; // by when they are due
    QTimer m_timer; // for the first of them
};

} // namespace Sse
