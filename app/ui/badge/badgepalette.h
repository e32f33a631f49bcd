// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/tray/badge.h"

#include <QRgb>

/*!
    The colours of a scheme. Where no panel is known, everything is of two tones, a light and a dark
    one: each of them disappears on some panel, the other stands.
*/
struct BadgePalette
{
    struct Bell
    {
        QRgb top; //!< Of the metal; transparent: a hole.
        QRgb bottom;
        QRgb line; //!< Inside the rim; transparent: none.
        QRgb rim;
    };

    /*! Of a mark, a frame, or a plate with its writing. */
    struct Tones
    {
        QRgb fill;
        QRgb ink;
    };

    Bell sure;
    Bell unsure;
    Tones live;
    Tones snoozed;
    Tones stale;
    Tones waiting;
    Tones strike; //!< ink is its edge, transparent: none.
    Tones bars; //!< As strike.
    Tones moon; //!< As strike.
    Tones warning; //!< ink also of its edge.
    Tones error;
    bool isMono = false;
};

[[nodiscard]] const BadgePalette &badgePalette(Badge::Scheme scheme);
