// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "cadence.h"

#include <algorithm>

using namespace std::chrono_literals;

namespace {

constexpr int habit = 6; // times
constexpr int forgetting = 50; // shorter silences in a row

} // namespace

void Cadence::note(std::chrono::milliseconds silence)
{
    m_shorter = silence * 5 < m_longest * 4 ? m_shorter + 1 : 0;
    if (m_shorter == forgetting) // the longest one was none of a habit
        m_longest = 0ms;
    if (silence * 4 > m_longest * 5) { // by more than a quarter: another habit, if it is one
        m_watched = 0ms;
        m_times = 0;
    }
    m_longest = std::max(m_longest, silence);
    m_watched += silence;
    if (silence * 5 >= m_longest * 4)
        m_times = std::min(m_times + 1, habit);
}

std::optional<std::chrono::milliseconds> Cadence::idleTimeout() const
{
    if (m_times < habit || m_watched < 1min)
        return {};
    return std::clamp<std::chrono::milliseconds>(m_longest * 5 / 2, 10s, 10min);
}
