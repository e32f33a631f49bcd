// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include <sselib/clock.h>

namespace Sse {

Clock::Timer::~Timer() = default;

Clock::Clock(QObject *parent)
    : QObject(parent)
{}

Clock::~Clock() = default;

} // namespace Sse
