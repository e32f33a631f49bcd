// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/source/source.h"

#include <QByteArray>

#include <optional>

/*! What an event, or a snapshot, does to the count. */
struct CountChange
{
    enum class Kind {
        Set, //!< The count is value.
        Add, //!< The count grows by value, which may be negative.
        Refetch, //!< The server must be asked.
    };

    Kind kind = Kind::Set;
    int value = 0;

    friend bool operator==(const CountChange &lhs, const CountChange &rhs) = default;
};

/*! The change, or none, and what is wrong with the event, if something is. */
struct RuleVerdict
{
    std::optional<CountChange> change;
    QString problem; //!< A sentence; the count is left alone.
};

/*! Applies the first rule that matches an event of \a type with \a data. It has no state. */
[[nodiscard]] RuleVerdict applyRules(const QList<Rule> &rules, const QByteArray &type,
                                     const QByteArray &data);

/*!
    A count from JSON: a whole number of at least 0, as a number or a string of digits. Anything
    else is none, for a number that is not one must never be shown.
*/
[[nodiscard]] std::optional<int> toCount(const QJsonValue &value);

/*! The count that \a location finds in the body of an answer. */
[[nodiscard]] std::optional<int> countIn(const QByteArray &body, const CountLocation &location);
