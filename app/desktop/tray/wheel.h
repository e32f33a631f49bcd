// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <chrono>

/*! Makes notches of what a wheel or a touchpad tells. */
class Wheel
{
public:
    using Clock = std::chrono::steady_clock;

    static constexpr int notch = 120; //!< As an angle; see QWheelEvent.

    /*! How many notches are complete with \a angle, where up is positive; of them down is positive.
        A touchpad needs several angles for one. */
    [[nodiscard]] int turn(int angle)
    {
        if ((m_angle < 0) != (angle < 0))
            m_angle = 0; // the other way
        m_angle += angle;
        const int notches = m_angle / notch;
        m_angle -= notches * notch;
        return -notches;
    }

    /*! The same where panels count notches themselves, and down is positive in \a delta, too. What they
        count may be each small step of a touchpad, dozens in a second, so however large it is, it is
        one notch, and no more than one in 100 ms the same way. */
    [[nodiscard]] int step(int delta, Clock::time_point now = Clock::now())
    {
        const int way = (delta > 0) - (delta < 0);
        if (way == 0 || (way == m_way && now - m_steppedAt < std::chrono::milliseconds(100)))
            return 0;
        m_way = way;
        m_steppedAt = now;
        return way;
    }

private:
    int m_angle = 0; // less than a notch
    int m_way = 0; // of the last step that was a notch
    Clock::time_point m_steppedAt;
};
