// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "script.h"

#include <QByteArrayList>

namespace Oracle {

/*!
    Random streams that are likely to be odd: near-misses of field names, malformed UTF-8, NULs, all
    line ends, byte order marks, broken ends, and random cuts. The same seed gives the same streams.
*/
class StreamGrammar
{
public:
    struct Terms
    {
        quint32 seed = 0;
        bool avoidsLineEndAfterMark = false; //!< Directly after a byte order mark at the start.
    };

    explicit StreamGrammar(const Terms &terms);

    /*! The types of all events that the streams may hold, as on the wire. */
    [[nodiscard]] static QByteArrayList types();

    /*! The stream of this number; it depends on no other. */
    [[nodiscard]] Script script(quint32 number) const;

private:
    const Terms m_terms;
};

} // namespace Oracle
