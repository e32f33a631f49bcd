// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QObject>

#include <chrono>
#include <functional>

/*!
    Notices that the computer slept, or that its clock was set. Where a virtual machine stood still,
    the clock that is set afterwards is all that tells. It never polls: on Linux the kernel tells when
    the time of day was set anew, which it also is after sleep. Elsewhere it notices nothing.
*/
class ClockWatch : public QObject
{
    Q_OBJECT

public:
    /*! Shorter sleeps and smaller steps are left out: connections survive them. */
    static constexpr std::chrono::seconds shortest{5};

    struct Readings
    {
        std::function<std::chrono::nanoseconds()> sleepTime; //!< Slept since the start, in all.
        std::function<std::chrono::nanoseconds()>
            startTime; //!< When it started, by the time of day.
    };

    explicit ClockWatch(QObject *parent = nullptr);
    /*! For tests: nobody tells when the \a readings change but look(). */
    explicit ClockWatch(const Readings &readings, QObject *parent = nullptr);
    ~ClockWatch() override;

    /*! The system will tell. */
    [[nodiscard]] bool isWatching() const { return m_timeOfDay != -1; }

    /*! Compares the clocks with what they were. */
    void look();

Q_SIGNALS:
    /*! The computer slept, and is awake again. */
    void slept();
    /*! It did not sleep, and its clock was set, forward or back. */
    void jumped();

private:
    void watch();
    void arm();

    const Readings m_readings;
    std::chrono::nanoseconds m_sleepTime{0};
    std::chrono::nanoseconds m_startTime{0};
    int m_timeOfDay = -1; // ready when the time of day was set
};
