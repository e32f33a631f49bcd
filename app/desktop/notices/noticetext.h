// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QString>

/*!
    \a text in one line of at most \a limit UTF-16 code units, fit to be shown: no control
    characters, nothing that turns the direction of what follows, no halves of characters.
*/
[[nodiscard]] QString plainLine(const QString &text, qsizetype limit);

/*! As plainLine(), but keeps up to \a lines lines. */
[[nodiscard]] QString plainLines(const QString &text, qsizetype limit, qsizetype lines);
