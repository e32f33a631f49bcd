// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/tray/badge.h"

#include <QList>
#include <QString>

/*!
    The pictures that are shipped as an icon theme, so that a panel can be told a name of some
    thirty bytes instead of pixels, and has one for its own size: in colour, with the bell, in each
    state that shows a number with each one up to 99, "9+" and "99+".
*/
[[nodiscard]] QList<Badge> themedBadges();

/*!
    The name of \a badge in the theme, "org.tallybell.Tallybell-live-7" for instance; empty where the
    theme has none, and the picture has to be sent.
*/
[[nodiscard]] QString badgeIconName(const Badge &badge);

/*!
    The folder that holds hicolor/ with the theme, absolute: beside the program, installed or in the
    build tree. Empty where it is not there. Needs the application object.
*/
[[nodiscard]] QString badgeThemePath();
