// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QObject>
#include <QTimer>

#include <chrono>

/*!
    Lets the first request through at once and then at most one in each interval; the last request
   is never lost. No timer runs while nothing is requested.
*/
class Throttle : public QObject
{
    Q_OBJECT

public:
    explicit Throttle(std::chrono::milliseconds interval, QObject *parent = nullptr);

    void request();

Q_SIGNALS:
    void due();

private:
    void pass();

    QTimer m_pause;
    bool m_requested = false; // during the pause
};
