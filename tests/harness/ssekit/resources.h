// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtGlobal>

/*! Lets this program have as many files and sockets open as the system lets it. */
void raiseFileLimit();

/*! How many files and sockets this program may have open at once. */
[[nodiscard]] qint64 fileLimit();

/*! The seconds of processor time, all threads together, that this program has used. */
[[nodiscard]] double processorSeconds();

/*! The most memory this program has had resident at once, in bytes. 0 where it is not known. */
[[nodiscard]] qint64 peakMemory();
