// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "load/distribution.h"

#include <algorithm>
#include <cmath>

void Distribution::add(qint64 milliseconds)
{
    ++m_counts[milliseconds];
    ++m_count;
}

qint64 Distribution::quantile(double share) const
{
    const qint64 rank = std::max<qint64>(1, qint64(std::ceil(share * double(m_count))));
    qint64 passed = 0;
    for (const auto &[milliseconds, times] : m_counts) {
        passed += times;
        if (passed >= rank)
            return milliseconds;
    }
    return 0;
}
