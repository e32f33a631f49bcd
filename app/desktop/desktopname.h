// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QLatin1StringView>

/*!
    The session is one of the desktop \a name, "GNOME" for instance, or of one derived from it:
    XDG_CURRENT_DESKTOP of the Desktop Entry Specification. For what a desktop does otherwise than
    others and does not tell.
*/
[[nodiscard]] bool isDesktop(QLatin1StringView name);
