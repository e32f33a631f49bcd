// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "serve/counter.h"

#include <array>

void Counter::move(int n)
{
    const int count = qBound(0, m_count + qBound(-maximum, n, maximum), maximum);
    if (count == m_count)
        return;
    m_count = count;
    ++m_changes;
    Q_EMIT changed(count);
}

void Counter::tick()
{
    static constexpr std::array steps = {+1, +1, +2, -1, -2, -3, -1, +1, +1, +1};
    move(steps.at(m_step++ % steps.size()));
}
