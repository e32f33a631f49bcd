// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QFont>

constexpr int windowMargin = 18; // pixels around what is in a window

/*! \a font, \a factor times as large. */
[[nodiscard]] inline QFont scaled(QFont font, qreal factor, QFont::Weight weight)
{
    font.setPointSizeF(font.pointSizeF() * factor);
    font.setWeight(weight);
    return font;
}
