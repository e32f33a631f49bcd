// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/tray/badge.h"

#include <QIcon>
#include <QImage>
#include <QList>

/*!
    The icon, drawn for its own pixels at each size when that is asked for; none is scaled.
    \a sizes, ascending, is what availableSizes() answers, and its last one is the largest pixmap();
    paint() knows no limit. A tray icon sends all of them at each change.
*/
[[nodiscard]] QIcon badgeIcon(const Badge &badge,
                              const QList<int> &sizes = {16, 20, 22, 24, 32, 44, 48, 64});

/*! The picture of \a badge, \a size x \a size pixels. */
[[nodiscard]] QImage badgeImage(const Badge &badge, int size);
