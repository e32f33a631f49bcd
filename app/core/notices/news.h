// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QDateTime>

#include <algorithm>

/*! How many of the things that wait a notice tells of. */
struct News
{
    int count = 0; //!< 0: there is no news.
    int before = 0; //!< What waited before.
    QDateTime since; //!< When the gap began that they came in; invalid without one.

    /*! \a more came, where \a waited already. */
    void add(int more, int waited)
    {
        if (more <= 0)
            return;
        before = count > 0 ? std::min(before, waited) : waited;
        count += more;
    }

    /*! \a waiting is what is left. True if some of the news is none any more. */
    bool limitTo(int waiting)
    {
        const int left = std::clamp(waiting - before, 0, count);
        if (left == count)
            return false;
        count = left;
        if (left == 0)
            *this = {};
        return true;
    }
};
