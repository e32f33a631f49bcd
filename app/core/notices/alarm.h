// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QDateTime>
#include <QtGlobal>

#include <chrono>
#include <functional>
#include <memory>

namespace Sse {
class Clock;
}

/*!
    Calls back once for each start(), from the event loop, and knows the time of day: by the
    computer's clock, or by that of a test. It wakes nobody while it is not active.
*/
class Alarm
{
public:
    /*! \a clock is not owned and must outlive the alarm; without one it is the computer's. */
    Alarm(Sse::Clock *clock, std::function<void()> callback);
    ~Alarm();
    Q_DISABLE_COPY_MOVE(Alarm)

    /*! Calls back \a delay from now, at once where it is negative; in place of an earlier start(). */
    void start(std::chrono::milliseconds delay);
    void stop();
    [[nodiscard]] bool isActive() const;

    /*! How long start() can wait. */
    static constexpr std::chrono::milliseconds longest = std::chrono::hours(24 * 20);

    /*! The time of day, in this computer's time zone. */
    [[nodiscard]] QDateTime now() const;

    /*! Time since a moment of the clock's choice, which nobody can set. */
    [[nodiscard]] std::chrono::milliseconds elapsed() const;

private:
    class Private;
    const std::unique_ptr<Private> d;
};
