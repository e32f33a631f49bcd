// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QByteArray>
#include <QList>

/*! The closing table of a benchmark: what was aimed at, what was measured, whether it is met. */
class Goals
{
public:
    /*! \a measured may be NaN: it was not measured in this run. */
    void atLeast(double goal, const QByteArray &what, double measured);
    void atMost(double goal, const QByteArray &what, double measured);

    /*! A goal that is missed is told, and no more: the machine may be busy. */
    void print() const;

private:
    struct Goal
    {
        QByteArray what;
        double goal;
        double measured;
        bool isFloor;
    };
    QList<Goal> m_goals;
};
