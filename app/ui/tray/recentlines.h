// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/tray/menuentry.h"

class FeedList;
class QAbstractItemModel;

/*!
    The last things that came, newest first, as lines of a menu: the items of the sources that have
    such, and the changes of the count of the others, as \a journal has them. No more than
    \a maximum.
*/
[[nodiscard]] QList<MenuEntry> recentLines(const FeedList &feeds, const QAbstractItemModel &journal,
                                           int maximum);
