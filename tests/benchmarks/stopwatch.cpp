// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "stopwatch.h"

#include <algorithm>
#include <ctime>

namespace {

double processorSeconds(clockid_t clock)
{
    timespec time{};
    clock_gettime(clock, &time);
    return double(time.tv_sec) + double(time.tv_nsec) / 1e9;
}

} // namespace

Stopwatch::Stopwatch()
    : m_begin(std::chrono::steady_clock::now())
    , m_processorBegin(threadProcessorSeconds())
{}

double Stopwatch::seconds() const
{
    const double used = threadProcessorSeconds() - m_processorBegin;
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - m_begin;
    return std::min(used, passed.count());
}

double threadProcessorSeconds()
{
    return processorSeconds(CLOCK_THREAD_CPUTIME_ID);
}

double programProcessorSeconds()
{
    return processorSeconds(CLOCK_PROCESS_CPUTIME_ID);
}
