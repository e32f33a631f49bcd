// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "goals.h"

#include <cmath>
#include <cstdio>

void Goals::atLeast(double goal, const QByteArray &what, double measured)
{
    m_goals.append({what, goal, measured, true});
}

void Goals::atMost(double goal, const QByteArray &what, double measured)
{
    m_goals.append({what, goal, measured, false});
}

void Goals::print() const
{
    std::printf("\n%-64s %10s %9s  %s\n", "goal", "", "measured", "met");
    for (const Goal &goal : m_goals) {
        std::printf("%-64s %s %7.2f ", goal.what.constData(),
                    goal.isFloor ? ">=" : "<=", goal.goal);
        if (std::isnan(goal.measured)) {
            std::printf("%9s  not measured\n", "-");
            continue;
        }
        const bool met = goal.isFloor ? goal.measured >= goal.goal : goal.measured <= goal.goal;
        std::printf("%9.2f  %s\n", goal.measured, met ? "yes" : "NO");
    }
}
