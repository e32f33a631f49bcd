// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/feedlist.h"

#include <QString>

/*
    What the tray and the window say in the same words. All of it is translated.
*/

/*! "14:02", with the date where it was another day. */
[[nodiscard]] QString whenText(const QDateTime &when);

/*!
    "3 waiting", "3 waiting as of 14:02", "4 new, 599 in all", "Nothing waiting"; empty while no
    number is known.
*/
[[nodiscard]] QString countText(const FeedList &feeds);

/*! "as of 14:02" while a number is stale, else empty. With the date where it was another day. */
[[nodiscard]] QString asOfText(const FeedList &feeds);

/*! Count and state in one line: "3 waiting – Connected". */
[[nodiscard]] QString summaryText(const FeedList &feeds);

/*! The same, and since when: "3 waiting – Connected since 14:02". */
[[nodiscard]] QString summarySinceText(const FeedList &feeds);

/*! The state of one source, since when its number is stale, and what is wrong. */
[[nodiscard]] QString stateText(const CountModel &model);

/*! One source in a line: "Work: 3 – Connected". */
[[nodiscard]] QString partText(const CountModel &model);

/*! Each source in a line, "Work: 3 – Connected", where there are several; else empty. */
[[nodiscard]] QString partsText(const FeedList &feeds);

/*! Some source is closed, or has given up until the user acts. */
[[nodiscard]] bool canOpen(const FeedList &feeds);

/*! Some source is connected, or trying to be. */
[[nodiscard]] bool canClose(const FeedList &feeds);
