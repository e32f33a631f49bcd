// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "growth.h"

#include "comparison.h"
#include "statistics.h"

#include <algorithm>
#include <limits>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

void keepFreedMemory()
{
#if defined(__GLIBC__)
    mallopt(M_MMAP_MAX, 0);
    mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
#endif
}

namespace {

// Disturbances only ever add, so that the least of a few is the truest.
Growth leastSeconds(const Reader &reader, const Corpus &small, const Corpus &large, qsizetype slice,
                    int rounds)
{
    std::vector<double> smallSeconds;
    std::vector<double> largeSeconds;
    // Touches the memory first; how it is sliced changes little of how much that is.
    reader.read(large.stream, std::max<qsizetype>(slice, 16 * 1024), 1);
    for (int round = 0; round < rounds; ++round) {
        smallSeconds.push_back(secondsOfReading(reader, small.stream, slice));
        largeSeconds.push_back(secondsOfReading(reader, large.stream, slice));
    }
    return {least(smallSeconds), least(largeSeconds)};
}

} // namespace

Growth growthPerByte(const Reader &reader, const Corpus &small, const Corpus &large,
                     qsizetype slice, int rounds)
{
    const Growth seconds = leastSeconds(reader, small, large, slice, rounds);
    return {seconds.small * 1e9 / double(small.stream.size()),
            seconds.large * 1e9 / double(large.stream.size())};
}

Growth growthPerEvent(const Reader &reader, const Corpus &small, const Corpus &large,
                      qsizetype slice, int rounds)
{
    const Growth seconds = leastSeconds(reader, small, large, slice, rounds);
    return {seconds.small * 1e9 / double(small.events), seconds.large * 1e9 / double(large.events)};
}
