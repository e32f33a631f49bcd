// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <chrono>
#include <vector>

/*!
    The time of a test, and how much of it the computer took away from this process: a client cannot
    notice anything while it does not run.
*/
class Pulse : public QObject
{
    Q_OBJECT

public:
    Pulse()
    {
        m_time.start();
        m_timer.setTimerType(Qt::PreciseTimer);
        connect(&m_timer, &QTimer::timeout, this, &Pulse::beat);
        m_timer.start(period);
    }

    [[nodiscard]] std::chrono::milliseconds now() const
    {
        return std::chrono::milliseconds(m_time.elapsed());
    }

    /*! How late this process has been in all since \a start, the present moment included. */
    [[nodiscard]] std::chrono::milliseconds lateness(std::chrono::milliseconds start) const
    {
        std::chrono::milliseconds sum =
            std::max(now() - m_last - period, std::chrono::milliseconds(0));
        for (auto gap = m_gaps.rbegin(); gap != m_gaps.rend() && gap->end > start; ++gap)
            sum += gap->length;
        return sum;
    }

Q_SIGNALS:
    void beaten();

private:
    static constexpr std::chrono::milliseconds period{20};

    struct Gap
    {
        std::chrono::milliseconds end;
        std::chrono::milliseconds length; // beyond the period
    };

    void beat()
    {
        const std::chrono::milliseconds late = now() - m_last - period;
        m_last = now();
        if (late > period / 4)
            m_gaps.push_back({m_last, late});
        Q_EMIT beaten();
    }

    QElapsedTimer m_time;
    QTimer m_timer;
    std::vector<Gap> m_gaps;
    std::chrono::milliseconds m_last{0};
};
