// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <sselib/streaminterpreter.h>

#include <QByteArrayView>
#include <QString>

/*!
    The bytes that libFuzzer makes, and a file of its corpus: a byte for each limit, two for the
    seed, then the stream. Missing bytes are 0.
*/
struct FuzzInput
{
    explicit FuzzInput(QByteArrayView bytes);

    Sse::StreamLimits limits;
    quint32 seed = 0;
    QByteArrayView stream; //!< Views the bytes given.
};

/*!
    Feeds \a stream in many ways, and compares each with what the standards' steps make of it, which
    LiteralReading has written down:

    - whole, byte by byte and cut anywhere, to StreamInterpreter and to Parser: the same findings in
      the same order, each with the byte that completes it, and the same last id at the end;
    - with a sink that stops, resets or destroys the interpreter, and slots that do it to Parser;
    - with limits: nothing larger is handed out, an overflow is told once, nothing follows it before
      reset();
    - after reset(): nothing but the last id is left of what came before;
    - the bytes as text, decoded as the Encoding standard says.

    \a seed chooses the cuts and where to stop. The work is linear in the stream. Returns what did
    not hold, and is empty when all did. Crashes are a sanitizer's find: each slice is a block of
    the heap of just its size, gone once it is fed.
*/
[[nodiscard]] QString checkStream(QByteArrayView stream, const Sse::StreamLimits &limits,
                                  quint32 seed);
