// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QString>

// Texts of others, fit to be shown: what cannot be seen but may deceive is not in them.

/*!
    \a text in one line of at most \a limit UTF-16 code units: no control characters, nothing that
    turns the direction of what follows, no halves of characters. Of a text much longer than that
    only the beginning is looked at.
*/
[[nodiscard]] QString plainLine(const QString &text, qsizetype limit);

/*! As plainLine(), but keeps up to \a lines lines, or all of them if that is -1; none is empty. */
[[nodiscard]] QString plainLines(const QString &text, qsizetype limit, qsizetype lines);
