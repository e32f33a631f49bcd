// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "step.h"

/*! Where an event tells of the thing that waits: pointers, the first that has a text. */
struct ItemDescription
{
    QStringList title;
    QStringList body;
    QStringList url;
    bool isHtml = false; //!< Title and body.
};

/*! What an event, or a comment of the stream, does. */
struct Rule
{
    enum class Action {
        Set, //!< To the number found, or the value.
        Add, //!< The number found, or the value.
        Sub,
        KeyAdd, //!< The count is the number of different keys; this is one.
        KeyRemove,
        Refetch, //!< Run the snapshot.
        Ignore,
        Capture, //!< Only extract.
        Reconnect, //!< Open the stream anew.
        Expired, //!< The session ended.
        Stop, //!< The stream is over for good.
    };

    QStringList events; //!< Types of events; empty: any.
    std::optional<QRegularExpression> comment; //!< The rule is about comments that match.
    QList<Condition> where; //!< Of the data as JSON, or as one string; all must hold.
    Action action = Action::Ignore;
    std::optional<QString> pointer; //!< Where the number is.
    std::optional<QRegularExpression> regex; //!< Its first group is the number.
    int value = 1; //!< The number where neither finds one.
    QStringList keys; //!< Pointers to the key; the first that is there.
    std::optional<std::chrono::milliseconds> debounce; //!< Of Refetch; none: the source's.
    QMap<QString, Extraction> extractions;
    std::optional<ItemDescription> item; //!< Where the count grows.
};
