// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/feedlist.h"

#include <QIcon>
#include <QImage>
#include <QList>
#include <QString>

/*!
    What the tray icon shows: equal badges look the same, so compare these before drawing.

    Each state differs in shape and in colour, for no message may hang on colour alone:

    | state | bell | badge |
    |---|---|---|
    | live | golden | the number, white on a red pill; none at 0 |
    | stale | silver | the number, dark on a hollow dashed frame; a small empty frame at 0 |
    | not connected | silver, struck through | none |
    | attention | as above | a yellow warning triangle in place of, or above, the number |
*/
struct Badge
{
    enum class State {
        Live, //!< The number is the server's.
        Stale, //!< The number may have changed since.
        NotConnected, //!< No number is known, or the user closed the connection.
    };

    QString text; //!< "1" to "99", "99+", or empty.
    State state = State::NotConnected;
    bool attention = false; //!< The user has to act.

    friend bool operator==(const Badge &lhs, const Badge &rhs) = default;
};

/*! The badge of \a summary. 0 and unknown show no number, and do not look alike. */
[[nodiscard]] Badge badgeFor(const FeedList::Summary &summary);

/*!
    The icon, drawn for its own pixels at each size when that is asked for; none is scaled.
    \a sizes, ascending, is what availableSizes() answers, and its last one is the largest pixmap();
    paint() knows no limit. A tray icon sends all of them at each change.
*/
[[nodiscard]] QIcon badgeIcon(const Badge &badge,
                              const QList<int> &sizes = {16, 20, 22, 24, 32, 44, 48, 64});

/*! The picture of \a badge, \a size x \a size pixels. */
[[nodiscard]] QImage badgeImage(const Badge &badge, int size);
