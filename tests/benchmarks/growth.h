// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "corpora.h"
#include "reader.h"

/*!
    Makes the heap keep what is given back to it, for the rest of the program's life. Otherwise
    glibc asks the kernel anew for each block of 32 MiB, and the first touch of its pages, which can
    take fifty times as long as the reading, would pass for a reader's growth.
*/
void keepFreedMemory();

/*! Nanoseconds a byte (or an event) of two streams that were read in turns, the best of each. */
struct Growth
{
    double small = 0;
    double large = 0;

    [[nodiscard]] double ratio() const { return large / small; }
};

/*! What each byte of \a large costs beside each byte of \a small: 1 is linear. */
[[nodiscard]] Growth growthPerByte(const Reader &reader, const Corpus &small, const Corpus &large,
                                   qsizetype slice, int rounds);

/*! The same for each event. */
[[nodiscard]] Growth growthPerEvent(const Reader &reader, const Corpus &small, const Corpus &large,
                                    qsizetype slice, int rounds);
