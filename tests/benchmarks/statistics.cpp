// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>

double quantile(std::vector<double> values, double share)
{
    if (values.empty())
        return std::numeric_limits<double>::quiet_NaN();
    const auto rank = std::ceil(share * double(values.size())) - 1;
    const auto at = values.begin() + std::max(0, int(rank));
    std::nth_element(values.begin(), at, values.end());
    return *at;
}

double median(const std::vector<double> &values)
{
    return quantile(values, 0.5);
}

double least(const std::vector<double> &values)
{
    return quantile(values, 0);
}

double medianRatio(const std::vector<double> &values, const std::vector<double> &yardstick)
{
    std::vector<double> ratios;
    for (size_t round = 0; round < std::min(values.size(), yardstick.size()); ++round)
        ratios.push_back(values[round] / yardstick[round]);
    return median(ratios);
}
