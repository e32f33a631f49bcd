// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QByteArray>

#include <span>

/*! A stream, and what is in it. */
struct Corpus
{
    QByteArray stream;
    qsizetype events = 0;
    qsizetype dataBytes = 0; //!< of all events together
    qsizetype comments = 0;
};

/*! One shape of traffic, of which a corpus of any size can be made. */
struct CorpusShape
{
    const char *name;
    Corpus (*make)(qsizetype blocks);
    qsizetype blocks; //!< in the corpus of full size. A block is an event, or a comment.
    int keptFields; //!< fields that an event keeps bytes of: data, and where they are sent type, id
    char letter;
};

/*! The shapes that servers send, from a million tiny events to megabytes in one line. */
[[nodiscard]] std::span<const CorpusShape> corpusShapes();

/*! About as many blocks of \a shape as fit into \a bytes, at least one. */
[[nodiscard]] Corpus makeCorpus(const CorpusShape &shape, qsizetype bytes);

/*! One event whose data is \a lines lines of \a lineBytes bytes. */
[[nodiscard]] Corpus makeOneEvent(qsizetype lines, qsizetype lineBytes);

/*! Events of JSON with id and type, each line ended by \a lineEnd. */
[[nodiscard]] Corpus makeJsonEvents(qsizetype events, QByteArrayView lineEnd);
