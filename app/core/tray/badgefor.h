// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "badge.h"
#include "core/feedlist.h"
#include "core/settings.h"

/*! The number that a user with these \a choices wants to see: at least 0. */
[[nodiscard]] int shownNumber(const FeedList::Summary &summary, Choices::Counting counting);

/*!
    What the tray says of \a summary to a user who made these \a choices.

    The number is shown as long as one is known, also while the user has to act; none while all is
    paused, and none for 0, so that State tells 0 and unknown apart. Snoozed is only what would be
    live: that the number may be wrong matters more. \a panelIsDark decides for Panel::MonoFollow.
*/
[[nodiscard]] Badge badgeFor(const FeedList::Summary &summary, const Choices &choices,
                             bool isSnoozed, bool panelIsDark);
