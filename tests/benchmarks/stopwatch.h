// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <chrono>

/*!
    Seconds that the calling thread has worked since the start: the smaller of the clock's and of
    the processor's, because other programs stretch the first one.
*/
class Stopwatch
{
public:
    Stopwatch();

    [[nodiscard]] double seconds() const;

private:
    std::chrono::steady_clock::time_point m_begin;
    double m_processorBegin;
};

/*! Seconds of processor time that the calling thread, or all threads of the program, have used. */
[[nodiscard]] double threadProcessorSeconds();
[[nodiscard]] double programProcessorSeconds();
