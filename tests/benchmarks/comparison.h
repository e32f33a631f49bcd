// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "corpora.h"
#include "reader.h"

#include <QByteArray>
#include <QString>

#include <map>
#include <string>
#include <vector>

/*! How one reader did on one corpus. */
struct Performance
{
    std::vector<double> seconds; //!< of one reading, round by round
    double allocationsPerEvent =
        0; //!< once warm: of a second pass of the stream through one reader
    double allocations = 0; //!< the same, of the whole pass
    qint64 peakBytes = 0; //!< the most heap in use during the first pass
};

/*!
    All readers on one corpus in slices of one size, in turns, so that whatever else the machine
    does meanwhile meets them all alike.
*/
class Comparison
{
public:
    Comparison(const CorpusShape &shape, qsizetype slice);

    /*! Measures \a rounds times. \a nodeFolder is NodeParser's. */
    void run(int rounds, const QString &nodeFolder);

    /*! The table of all readers. */
    void print() const;

    /*! How many times as fast as \a yardstick \a reader was. NaN when one was not measured. */
    [[nodiscard]] double ratio(const char *reader, const char *yardstick) const;
    [[nodiscard]] const Performance *performance(const char *reader) const;

    /*! Every reader found what is there. */
    [[nodiscard]] bool isRight() const { return m_wrong.isEmpty(); }

private:
    void measure(const Reader &reader);
    void countAllocations(const Reader &reader);
    void check(const Reader &reader, const Found &found, int passes);
    void printRow(const char *name, bool findsEvents, const Performance &performance) const;

    const CorpusShape &m_shape;
    const qsizetype m_slice;
    Corpus m_corpus;
    std::vector<Reader> m_readers;
    std::map<std::string, Performance> m_performances;
    QByteArray m_nodeIsNotThere;
    QByteArray m_wrong;
};

inline constexpr char nodeName[] = "eventsource-parser";

/*! Seconds of one reading; it repeats short ones. */
[[nodiscard]] double secondsOfReading(const Reader &reader, const QByteArray &stream,
                                      qsizetype slice);
