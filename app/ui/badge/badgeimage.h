// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/tray/badge.h"

#include <QImage>
#include <QList>

/*! The sizes that are drawn by a table of measures each; others are in proportion. In pixels. */
inline const QList<int> badgeSizes = {16, 20, 22, 24, 32, 44, 48, 64};

/*!
    The picture of \a badge, \a size x \a size pixels, drawn for these pixels: stems and edges on
    whole ones, and around what stands before the bell a gap of size/16.

    Each state differs in shape and in colour, for no message may hang on colour alone:

    | state | bell | with a number | without |
    |---|---|---|---|
    | Live | golden | white on a red pill | nothing |
    | Snoozed | golden | red on a hollow pill | a moon |
    | Stale | hollow | grey in a dashed frame | a small empty dashed frame |
    | Reconnecting | hollow | as stale, and three dots on blue | three dots on blue |
    | Offline | hollow | as stale, and a stroke | struck through |
    | Paused | hollow | as stale, and two bars | two bars |
    | LoginNeeded | hollow | as stale, and a yellow triangle | a yellow triangle with a mark |
    | Error | hollow | as stale, and a cross on red | a cross on red |
    | Unknown | hollow | as stale | nothing |

    In the two mono schemes gold is full ink and hollow is an outline; the red pill is one of ink with
    the digits in the panel's tone. Style::NumberOnly leaves the bell away where there is a number,
    and draws the digits as large as they go.

    Four characters are shown from 32 pixels; below, "999+" and "99k+" become "99+", which is true.
*/
[[nodiscard]] QImage badgeImage(const Badge &badge, int size);
