// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QLabel>

/*! Writes \a label in a paler colour, for what is less important or not sure. */
inline void setFaint(QLabel *label, bool faint)
{
    // Read by the side: palettes tell no such role apart from PlaceholderText, which is too faint.
    QPalette palette;
    QColor color = palette.color(QPalette::WindowText);
    color.setAlphaF(faint ? 0.65F : 1.0F);
    palette.setColor(QPalette::WindowText, color);
    label->setPalette(palette);
}
