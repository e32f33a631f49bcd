// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "load/distribution.h"
#include "load/ledger.h"

#include <QMap>
#include <QString>
#include <QStringList>

#include <vector>

/*! What a run found. Times are milliseconds. */
struct LoadFigures
{
    /*! How it stood at one moment. */
    struct Sample
    {
        qint64 time = 0; //!< Since the start.
        int open = 0; //!< Streams.
        qint64 reopenings = 0; //!< Since the sample before.
    };

    QStringList urls; //!< Without passwords and queries.
    int clients = 0;
    qint64 duration = 0;

    int opened = 0; //!< Clients whose stream was open at least once.
    int openAtEnd = 0;
    int gaveUp = 0; //!< Clients that the server refused for good.
    qint64 attempts = 0;
    Distribution
        connecting; //!< Of each client's first opened stream: from the attempt to the head.

    qint64 events = 0;
    Distribution latencies; //!< Of the events that tell their time.
    Ledger::Findings ids;

    qint64 losses = 0; //!< Of streams.
    Distribution outages; //!< From the loss of a stream to its reopening.
    qint64 busiestReopenings = 0; //!< The most within any 100 ms.
    QMap<QString, qint64> failures; //!< How often each came, as a sentence.

    double processorSeconds = 0; //!< Of this program.
    qint64 peakMemory = 0; //!< Bytes of this program.
    std::vector<Sample> samples;

    /*! Something opened, and nothing was lost, came twice or out of order. */
    [[nodiscard]] bool isGood() const
    {
        return opened > 0 && ids.lost == 0 && ids.duplicates == 0 && ids.outOfOrder == 0;
    }
};
