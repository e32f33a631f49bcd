// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <sselib/clock.h>

#include <QtCore/QList>

#include <optional>

namespace Harness {

/*!
    A clock that goes on only when the test says so: waits of hours take no time, and every delay
    can be proved to the millisecond. Give it to Sse::EventSource::setClock().

    \code
    Harness::VirtualClock clock;
    source.setClock(&clock);
    source.open(request);                       // and the server refuses
    QTRY_COMPARE(source.state(), EventSource::State::Waiting);
    clock.advance(*clock.untilNextTimer());     // the next attempt
    \endcode
*/
class VirtualClock : public Sse::Clock
{
    Q_OBJECT

public:
    /*! Its time begins at 0. */
    explicit VirtualClock(QObject *parent = nullptr);
    ~VirtualClock() override;

    [[nodiscard]] std::chrono::nanoseconds elapsed() const override { return m_elapsed; }
    /*! Begins at 2026-01-01 00:00:00 UTC. */
    [[nodiscard]] std::chrono::system_clock::time_point wallTime() const override;
    [[nodiscard]] std::unique_ptr<Timer> createTimer(Qt::TimerType type,
                                                     std::function<void()> callback) override;

    /*! Time passes; the timers that become due meanwhile call back from within, in their order. */
    void advance(std::chrono::milliseconds duration);

    /*! The computer sleeps: the time of day goes on, elapsed() does not. Emits resumed(). */
    void sleep(std::chrono::milliseconds duration);

    /*! How long until the next timer calls back. Nothing where none is active: no wake-up is due.
     */
    [[nodiscard]] std::optional<std::chrono::milliseconds> untilNextTimer() const;

    /*! How many timers are active. */
    [[nodiscard]] qsizetype activeTimers() const;

private:
    class VirtualTimer;

    [[nodiscard]] VirtualTimer *nextTimer() const;

    QList<VirtualTimer *> m_timers; // all that exist
    std::chrono::nanoseconds m_elapsed{0};
    std::chrono::nanoseconds m_slept{0};
};

} // namespace Harness
