// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/QObject>

#include <chrono>
#include <functional>

namespace Sse {

/*!
    Notices that the computer slept: the clock that goes on during sleep is ahead, by a jump, of the
    one that stands still. It never polls.

    On Linux the kernel wakes it up when the time of day was set anew, which a resume does;
    elsewhere it notices at the next look().
*/
class SleepWatch : public QObject
{
    Q_OBJECT

public:
    using Reading = std::function<std::chrono::nanoseconds()>;

    /*! Shorter sleeps are left out: connections survive them. */
    static constexpr std::chrono::seconds shortestSleep{5};

    explicit SleepWatch(QObject *parent = nullptr);
    /*! For tests. \a sleepTime says how long the computer has slept in all. */
    explicit SleepWatch(const Reading &sleepTime, QObject *parent = nullptr);
    ~SleepWatch() override;

    void look();

Q_SIGNALS:
    /*! Once for each sleep. */
    void resumed();

private:
    void watchTimeOfDay();
    void armTimeOfDay();

    const Reading m_sleepTime;
    std::chrono::nanoseconds m_seen;
    int m_timeOfDay = -1; // Linux: a file descriptor that is ready when the time of day was set
};

} // namespace Sse
