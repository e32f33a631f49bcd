// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/item.h"
#include "core/source/source.h"

#include <QByteArray>
#include <QSet>

#include <optional>

/*! What an event does to the count. */
struct CountChange
{
    enum class Kind {
        Set, //!< The count is value.
        Add, //!< The count grows by value, which may be negative.
        KeyAdd, //!< key waits.
        KeyRemove, //!< key does not wait any more.
        Refetch, //!< The server must be asked.
    };

    Kind kind = Kind::Set;
    int value = 0;
    QString key{};
    std::optional<std::chrono::milliseconds> debounce{}; //!< Of Refetch; none: the source's.
    std::optional<Item> item{}; //!< What waits, if the count grows.

    friend bool operator==(const CountChange &lhs, const CountChange &rhs) = default;
};

/*! What an event wants of the connection. */
enum class StreamCommand {
    Nothing,
    Reconnect, //!< Open the stream anew.
    Expired, //!< The session ended.
    Stop, //!< The stream is over for good.
};

/*! What an event does, and what is wrong with it, if something is. */
struct RuleVerdict
{
    std::optional<CountChange> change{};
    QString problem{}; //!< A sentence; the count is left alone.
    StreamCommand command = StreamCommand::Nothing;
    Variables captured{};
};

/*!
    Applies the first rule that matches an event of \a type with \a data. It has no state. The addresses
    of items may be relative to \a homepage.
*/
[[nodiscard]] RuleVerdict applyRules(const QList<Rule> &rules, const QByteArray &type,
                                     const QByteArray &data, const QUrl &homepage = {});

/*! The same for a comment of the stream. */
[[nodiscard]] RuleVerdict applyRulesToComment(const QList<Rule> &rules, const QByteArray &text,
                                              const QUrl &homepage = {});

/*!
    A count from JSON: a whole number of at least 0, as a number or a string of digits. Anything
    else is none, for a number that is not one must never be shown.
*/
[[nodiscard]] std::optional<int> toCount(const QJsonValue &value);

/*! The count of an answer, and the keys that make it, where it has such. */
struct FoundCount
{
    int count = 0;
    std::optional<QSet<QString>> keys{};

    friend bool operator==(const FoundCount &lhs, const FoundCount &rhs) = default;
};

/*! The count that \a location finds in the body of an answer. */
[[nodiscard]] std::optional<FoundCount> countIn(const QByteArray &body,
                                                const CountLocation &location);
