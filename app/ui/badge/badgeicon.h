// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "badgeimage.h"

#include <QIcon>
#include <QList>

/*!
    The icon, drawn for its own pixels at each size when that is asked for; none is scaled.
    \a sizes, ascending, is what availableSizes() answers, and its last one is the largest pixmap();
    paint() knows no limit. A tray icon sends all of them at each change.
*/
[[nodiscard]] QIcon badgeIcon(const Badge &badge, const QList<int> &sizes = badgeSizes);
