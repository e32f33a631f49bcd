// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <sselib/export.h>

#include <QtCore/QObject>

#include <chrono>
#include <functional>
#include <memory>

namespace Sse {

/*!
    Where an EventSource gets its time from, so that a test can pass another: see VirtualClock of
    the test kit. Without one it uses the system's.

    A clock belongs to one thread and must outlive the event sources and timers that use it.
*/
class SSELIB_EXPORT Clock : public QObject
{
    Q_OBJECT

public:
    /*! Calls back once for each start(), from the event loop. Destroying it stops it. */
    class SSELIB_EXPORT Timer
    {
    public:
        virtual ~Timer();

        /*! Calls back \a delay from now, instead of at the time of an earlier start(). */
        virtual void start(std::chrono::milliseconds delay) = 0;
        /*! It does not call back until the next start(). */
        virtual void stop() = 0;
        /*! It will call back. */
        [[nodiscard]] virtual bool isActive() const = 0;

    protected:
        Timer() = default;
        Q_DISABLE_COPY_MOVE(Timer)
    };

    ~Clock() override;

    /*! The time since a moment of the clock's choice. Nobody can set it; it may stand still while
        the computer sleeps. */
    [[nodiscard]] virtual std::chrono::nanoseconds elapsed() const = 0;

    /*! The time of day, for dates that a server sends. */
    [[nodiscard]] virtual std::chrono::system_clock::time_point wallTime() const = 0;

    /*! \a type as for QTimer. The timer must go before the clock. */
    [[nodiscard]] virtual std::unique_ptr<Timer> createTimer(Qt::TimerType type,
                                                             std::function<void()> callback) = 0;

Q_SIGNALS:
    /*! The computer slept, and is awake again: what was connected then hardly is any more. */
    void resumed();

protected:
    /*! For clocks derived from it. */
    explicit Clock(QObject *parent = nullptr);

private:
    Q_DISABLE_COPY_MOVE(Clock)
};

} // namespace Sse
