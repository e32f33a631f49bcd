// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "badgepalette.h"

namespace {

constexpr QRgb nothing = 0;
constexpr QRgb white = 0xffffffff;
constexpr QRgb slate = 0xff2f3640;

constexpr BadgePalette colour{
    .sure = {0xfff5b82e, 0xffdf9410, nothing, 0xff5c3a08},
    .unsure = {0xff69727f, 0xff5a626e, 0xffd5dae1, slate},
    .live = {0xffcf1f33, white}, // 5.5:1
    .snoozed = {0xfffffafa, 0xffa8142a}, // 7:1
    .stale = {0xfff4f5f7, 0xff414855}, // 8:1
    .waiting = {0xff1a63bd, white}, // 5.9:1
    .strike = {white, slate},
    .bars = {white, slate},
    .moon = {0xfffff0b8, slate},
    .warning = {0xffffd21f, 0xff2b1d00}, // 11:1
    .error = {0xffc01528, white}, // 6.3:1
};

// The writing is of the other tone instead of a hole: what is behind does not matter to it.
constexpr BadgePalette mono(QRgb ink, QRgb paper)
{
    return {
        .sure = {ink, ink, nothing, nothing},
        .unsure = {nothing, nothing, ink, nothing},
        .live = {ink, paper},
        .snoozed = {paper, ink},
        .stale = {paper, ink},
        .waiting = {ink, paper},
        .strike = {ink, nothing},
        .bars = {ink, nothing},
        .moon = {ink, nothing},
        .warning = {ink, paper},
        .error = {ink, paper},
        .isMono = true,
    };
}

constexpr QRgb darkInk = 0xff22262c;
constexpr QRgb lightInk = 0xfff6f7f9;
constexpr BadgePalette monoOnLight = mono(darkInk, lightInk);
constexpr BadgePalette monoOnDark = mono(lightInk, darkInk);

} // namespace

const BadgePalette &badgePalette(Badge::Scheme scheme)
{
    switch (scheme) {
    case Badge::Scheme::Colour:
        return colour;
    case Badge::Scheme::MonoOnLight:
        return monoOnLight;
    case Badge::Scheme::MonoOnDark:
        return monoOnDark;
    }
    Q_UNREACHABLE();
}
