// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <vector>

/*! The value that \a share of the values do not exceed: 0.5 is the median. NaN of none. */
[[nodiscard]] double quantile(std::vector<double> values, double share);

[[nodiscard]] double median(const std::vector<double> &values);
[[nodiscard]] double least(const std::vector<double> &values);

/*!
    The median of what \a values are to \a yardstick, round by round: whatever slowed a round down
    slowed both. NaN when one of them has no values.
*/
[[nodiscard]] double medianRatio(const std::vector<double> &values,
                                 const std::vector<double> &yardstick);
