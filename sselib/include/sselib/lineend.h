// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace Sse {

/*!
    The first LF or CR of [\a at, \a end); \a end where there is none. Part of StreamInterpreter,
    whose feed() is a template: most of the time that reading takes is spent here.

    One pass looks for both, since two calls of memchr() would read a stream of CR lines once for
    each of its lines.
*/
[[nodiscard]] inline const char *findLineEnd(const char *at, const char *end)
{
#ifdef __SSE2__
    const __m128i lineFeeds = _mm_set1_epi8('\n');
    const __m128i carriageReturns = _mm_set1_epi8('\r');
    const auto lineEndsAt = [=](const char *block) {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i *>(block));
        return _mm_or_si128(_mm_cmpeq_epi8(bytes, lineFeeds),
                            _mm_cmpeq_epi8(bytes, carriageReturns));
    };
    const auto maskOf = [](__m128i found) { return unsigned(_mm_movemask_epi8(found)); };

    // Short lines first: a block at a time. Long ones pay for it with one block in eight.
    for (int block = 0; block < 8 && end - at >= 16; ++block, at += 16) {
        if (const unsigned mask = maskOf(lineEndsAt(at)))
            return at + std::countr_zero(mask);
    }
    // LF to CR are four bytes in a row: one comparison finds out that 64 bytes hold none of them.
    const __m128i above = _mm_set1_epi8('\r' - '\n' + 1);
    const auto distanceAt = [=](const char *block) {
        return _mm_sub_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i *>(block)), lineFeeds);
    };
    for (; end - at >= 64; at += 64) {
        const __m128i nearest =
            _mm_min_epu8(_mm_min_epu8(distanceAt(at), distanceAt(at + 16)),
                         _mm_min_epu8(distanceAt(at + 32), distanceAt(at + 48)));
        if (maskOf(_mm_cmpeq_epi8(_mm_max_epu8(nearest, above), nearest)) == 0xFFFF)
            continue;
        for (const char *block = at; block < at + 64; block += 16) {
            if (const unsigned mask = maskOf(lineEndsAt(block)))
                return block + std::countr_zero(mask);
        }
    }
    for (; end - at >= 16; at += 16) {
        if (const unsigned mask = maskOf(lineEndsAt(at)))
            return at + std::countr_zero(mask);
    }
#else
    // Eight bytes at a time: a byte that is zero borrows from its top bit. A byte above it may be
    // named wrongly, so the last loop looks again.
    constexpr std::uint64_t ones = 0x0101'0101'0101'0101;
    const auto hasZero = [](std::uint64_t word) { return (word - ones) & ~word & (ones << 7); };
    for (; end - at >= 8; at += 8) {
        std::uint64_t word;
        std::memcpy(&word, at, sizeof word);
        if (hasZero(word ^ ones * '\n') | hasZero(word ^ ones * '\r'))
            break;
    }
#endif
    while (at < end && *at != '\n' && *at != '\r')
        ++at;
    return at;
}

} // namespace Sse
