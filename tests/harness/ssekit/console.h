// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QByteArray>
#include <QString>

/*! A line on standard output, there at once also when that is a pipe or a file. */
void printLine(const QByteArray &line);

/*! Whether standard output is a terminal that may be coloured: NO_COLOR is unset or empty. */
[[nodiscard]] bool isOutputColourful();

/*! \a text in a colour of the terminal, by its SGR number such as "32"; plain with an empty one. */
[[nodiscard]] QString coloured(const QString &text, QLatin1StringView colour);

/*!
    \a text as it may be written to a terminal: control characters, which could move the cursor or
    change the title, as \x1B and the like. A line feed stays, a tab too.
*/
[[nodiscard]] QString harmlessText(const QString &text);

/*! One sentence on standard error, after the name of the program. */
void printError(const QString &sentence);
