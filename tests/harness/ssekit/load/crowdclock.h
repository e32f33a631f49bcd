// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <sselib/clock.h>

#include <QTimer>

#include <map>

/*!
    The system's time for very many streams. Qt keeps the timers of a thread in a list, which it
    walks for each that starts or stops; here they are in a tree, and Qt has one.
*/
class CrowdClock : public Sse::Clock
{
    Q_OBJECT

public:
    explicit CrowdClock(QObject *parent = nullptr);

    [[nodiscard]] std::chrono::nanoseconds elapsed() const override;
    [[nodiscard]] std::chrono::system_clock::time_point wallTime() const override;
    [[nodiscard]] std::unique_ptr<Timer> createTimer(Qt::TimerType type,
                                                     std::function<void()> callback) override;

private:
    class CrowdTimer;
    using Running = std::multimap<std::chrono::nanoseconds, CrowdTimer *>;

    void callDue();
    void wait();

    Running m_running; // by when they are due
    QTimer m_timer;
    std::chrono::nanoseconds m_awaited{0}; // what the timer waits for
};
