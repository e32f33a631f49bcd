// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "badgepalette.h"

#include <QRectF>

class QPainter;
class QPainterPath;

/*! Makes \a path, and \a margin pixels around it, transparent again. */
void eraseAround(QPainter &painter, const QPainterPath &path, qreal margin);

/*! How wide the gap is that is erased around what stands before the bell: whole pixels. */
[[nodiscard]] int gapFor(int size);

/*! How thick a frame or an edge is: whole pixels. */
[[nodiscard]] int lineFor(int size);

/*! The bell, \a size pixels wide and high: of full metal, or hollow where the number is not sure. */
void drawBell(QPainter &painter, int size, const BadgePalette &palette, bool isSure);

/*! Whether \a state has a sign besides the number and the bell. */
[[nodiscard]] bool hasMark(Badge::State state);

/*! What happens to the picture around a mark. */
enum class MarkGap {
    Cleared, //!< It becomes transparent, gapFor() pixels wide.
    Kept,
};

/*! The sign of \a state beside a number: in the upper left corner, \a side pixels high. */
void drawSmallMark(QPainter &painter, int size, int side, Badge::State state,
                   const BadgePalette &palette, MarkGap gap);

/*! The sign of \a state alone: as large as leaves the bell a bell, with a gap around. */
void drawLargeMark(QPainter &painter, int size, Badge::State state, const BadgePalette &palette);
