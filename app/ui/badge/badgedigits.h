// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QChar>
#include <QPainterPath>

/*!
    The bundled digits: bold, condensed, of our own design, 0 to 9, k and +.

    They are drawn from measures in pixels instead of being scaled from an outline, so that stems,
    bars and counters keep to the pixel grid at every size, whatever fonts the user has.
*/
struct DigitMetrics
{
    qreal capHeight = 9; //!< Whole pixels.
    qreal width = 5; //!< Of the 0; whole pixels for crisp stems.
    qreal stem = 2; //!< Thickness of what is upright.
    qreal bar = 1.5; //!< Thickness of what lies.
};

/*! How wide \a digit is, without any space beside it. */
[[nodiscard]] qreal digitWidth(QChar digit, const DigitMetrics &metrics);

/*! The outline of \a digit with its top left corner at 0, 0. Empty for other characters. */
[[nodiscard]] QPainterPath digitOutline(QChar digit, const DigitMetrics &metrics);
