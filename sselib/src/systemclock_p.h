// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <sselib/clock.h>

#include <QtCore/QHash>

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

protected:
    void timerEvent(QTimerEvent *event) override;

private:
    class SystemTimer;

    const std::unique_ptr<SleepWatch> m_sleepWatch;
    QHash<int, SystemTimer *> m_running; // by their ids as QObject's timers
};

} // namespace Sse
