// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

/*! Makes notches of the angles by which a wheel turns: a touchpad needs several for one. */
class Wheel
{
public:
    static constexpr int notch = 120; //!< As an angle; see QWheelEvent.

    /*! How many notches are complete with \a angle, where up is positive; of them down is positive. */
    [[nodiscard]] int turn(int angle)
    {
        if ((m_angle < 0) != (angle < 0))
            m_angle = 0; // the other way
        m_angle += angle;
        const int notches = m_angle / notch;
        m_angle -= notches * notch;
        return -notches;
    }

private:
    int m_angle = 0; // less than a notch
};
