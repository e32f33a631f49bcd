// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QElapsedTimer>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <optional>

/*!
    The first seconds after the computer woke up or changed its network: name servers and routes may
    come a moment later, so a failed attempt is soon followed by another. A few times; then the
    back-off has its way.
*/
class Haste
{
public:
    void begin()
    {
        m_since.start();
        m_attempts = 0;
    }

    void end() { m_since.invalidate(); }

    /*! The wait before the next attempt: 250 ms, 500 ms, then 1 s; none when the haste is over. */
    [[nodiscard]] std::optional<std::chrono::milliseconds> nextDelay()
    {
        constexpr std::chrono::milliseconds waits[] = {
            std::chrono::milliseconds(250), std::chrono::milliseconds(500), std::chrono::seconds(1),
            std::chrono::seconds(1), std::chrono::seconds(1)};
        const bool isOver = !m_since.isValid() || m_since.hasExpired(longest.count());
        if (isOver || m_attempts == std::size(waits))
            return {};
        return waits[m_attempts++];
    }

    /*! \a delay, or less of it while in haste, but not less than \a floor. */
    [[nodiscard]] std::chrono::milliseconds shortened(std::chrono::milliseconds delay,
                                                      std::chrono::milliseconds floor)
    {
        return std::max(std::min(nextDelay().value_or(delay), delay), floor);
    }

private:
    static constexpr std::chrono::milliseconds longest{10'000};

    QElapsedTimer m_since;
    std::size_t m_attempts = 0;
};
