// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QByteArray>

#include <span>

/*! What a reader found. Looked at afterwards, so that no compiler can leave the work out. */
struct Found
{
    qsizetype events = 0;
    qsizetype dataBytes = 0; //!< of all events; a yardstick without events puts its own sum here
};

/*! Something that is fed with the slices of a stream. */
struct Reader
{
    const char *name;
    /*! Feeds one reader with the whole of \a stream, \a passes times in a row. */
    Found (*read)(const QByteArray &stream, qsizetype slice, int passes);
    bool findsEvents; //!< false: Found::events stays 0
};

/*! memcpy, memchr, and the parser that people write around std::getline. */
[[nodiscard]] std::span<const Reader> yardsticks();

/*! sselib: views, events by signal, and signals that nobody is connected to. */
[[nodiscard]] std::span<const Reader> readersOfSselib();

inline constexpr char copyName[] = "memcpy";
inline constexpr char viewsName[] = "StreamInterpreter";
inline constexpr char parserName[] = "Parser, one listener";
inline constexpr char unheardName[] = "Parser, no listener";
