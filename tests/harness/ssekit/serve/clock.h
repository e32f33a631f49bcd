// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "serve/scenario.h"

/*!
    The demo that the project grew from: `GET /stream` tells when it began, as an event
    `connecttime`, and then the time each second, in milliseconds since 1970. `GET /` shows it in a
    browser. It prints a line `close` when a reader of the stream goes.
*/
class Clock : public Scenario
{
    Q_OBJECT

public:
    using Scenario::Scenario;

    [[nodiscard]] static ScenarioEntry entry();

    void serve(Harness::Exchange *exchange) override;

private:
    void startStream(Harness::Exchange *exchange);
};
