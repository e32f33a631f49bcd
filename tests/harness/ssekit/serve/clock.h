// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "serve/scenario.h"

#include <QPointer>
#include <QTimer>

#include <chrono>
#include <deque>

class EventStream;

/*!
    The demo that the project grew from: `GET /stream` tells when it began, as an event
    `connecttime`, and then the time each second, in milliseconds since 1970. `GET /` shows it in a
    browser. It prints a line `close` when a reader of the stream goes.
*/
class Clock : public Scenario
{
    Q_OBJECT

public:
    explicit Clock(FactLog *log);

    [[nodiscard]] static ScenarioEntry entry();

    void serve(Harness::Exchange *exchange) override;

private:
    struct Due
    {
        std::chrono::steady_clock::time_point time;
        QPointer<EventStream> stream; // gone when its reader is
    };

    void startStream(Harness::Exchange *exchange);
    void tick();

    std::deque<Due> m_due; // the earliest first
    QTimer m_timer;
};
