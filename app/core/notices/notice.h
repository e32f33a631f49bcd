// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QString>
#include <QUrl>

/*! Something worth a notification on the desktop. Texts are plain, from servers that nobody trusts. */
struct Notice
{
    enum class Urgency {
        Low,
        Normal,
        Critical, //!< Stays until the user has seen it: a login that is needed.
    };

    QString key; //!< A notice replaces the one with the same key.
    QString source; //!< The name of the source; empty for several.
    QString sourceTitle; //!< As people read it.
    QString title;
    QString body; //!< May be empty.
    QUrl url; //!< What a click opens; empty: the window.
    Urgency urgency = Urgency::Normal;
    bool canBeSeen = true; //!< "Mark seen" and "Snooze" make sense for it.

    friend bool operator==(const Notice &lhs, const Notice &rhs) = default;
};
