// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/item.h"
#include "core/source/rule.h"

#include <optional>

/*!
    The item that \a rule finds in the data of an event, without the time of its arrival; none where
    there is no text for it.

    The texts are plain and short, and have nothing in them that is not to be seen. A relative address
    is taken from \a homepage; one that a browser should not open without asking is none.
*/
[[nodiscard]] std::optional<Item> itemIn(const QJsonValue &data, const Rule &rule,
                                         const QUrl &homepage);

constexpr qsizetype longestItemTitle = 200; // characters
constexpr qsizetype longestItemBody = 500;

/*! What is to be read in \a html: no tags, one line for each paragraph. */
[[nodiscard]] QString textOfHtml(const QString &html);
