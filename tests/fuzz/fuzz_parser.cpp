// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "streamproperties.h"

#include <cstdio>
#include <cstdlib>

// libFuzzer calls it with each input; see FuzzInput for what the bytes mean.
extern "C" int LLVMFuzzerTestOneInput(const uchar *bytes, size_t size)
{
    const FuzzInput input(QByteArrayView(bytes, qsizetype(size)));
    const QString error = checkStream(input.stream, input.limits, input.seed);
    if (!error.isEmpty()) {
        std::fprintf(stderr, "%s\n", qPrintable(error));
        std::abort();
    }
    return 0;
}
