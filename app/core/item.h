// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QDateTime>
#include <QString>
#include <QUrl>

/*! One of the things that wait, as far as an event told of it. Texts are plain, and nobody's to trust. */
struct Item
{
    QString key; //!< Names it within its source; empty where the event had no key.
    QString title;
    QString body; //!< May be empty.
    QUrl url; //!< None that addressKind() calls unfit; may be empty.
    QDateTime arrivedAt; //!< By our clock.

    friend bool operator==(const Item &lhs, const Item &rhs) = default;
};
