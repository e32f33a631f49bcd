// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtGlobal>

#include <map>

/*!
    Times in whole milliseconds, of which it keeps how often each came: quantiles are exact, and a
    long run takes no more memory than a short one.
*/
class Distribution
{
public:
    void add(qint64 milliseconds);

    [[nodiscard]] qint64 count() const { return m_count; }

    /*!
        The smallest time that at least \a share of all do not exceed: 0 for the least, 0.5 for the
        median, 1 for the greatest. 0 when there are none.
    */
    [[nodiscard]] qint64 quantile(double share) const;

    /*! How often each time came. */
    [[nodiscard]] const std::map<qint64, qint64> &counts() const { return m_counts; }

private:
    std::map<qint64, qint64> m_counts;
    qint64 m_count = 0;
};
