// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "badge.h"
#include "menuentry.h"

/*! All that a tray shows of us at one moment. Texts are plain: no markup, no mnemonics. */
struct TrayFace
{
    Badge badge;
    int number = 0; //!< For the launcher, which cannot show a doubt: 0 unless the number is sure.
    QString title; //!< "Tallybell – 7 waiting": for lists of items, and for screen readers.
    QString toolTip; //!< Lines, the first is the title; several sources have a line each.
    QString label; //!< The number as text, for panels that show text beside the icon; empty: none.
    bool isHidden = false; //!< The user wants no icon while nothing waits.
    bool needsAttention = false; //!< The user has to act.
    QList<MenuEntry> menu;

    friend bool operator==(const TrayFace &lhs, const TrayFace &rhs) = default;
};
