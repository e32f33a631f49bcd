// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <sselib/testkit/exchange.h>

#include <QByteArrayView>
#include <QJsonObject>
#include <QObject>

#include <chrono>

class FactLog;

/*!
    An answer that is a stream of events: it logs "open" and "closed", keeps the stream alive with
    comments, and ends it cleanly when the program ends. It belongs to its exchange.
*/
class EventStream : public QObject
{
    Q_OBJECT

public:
    /*!
        Starts the stream. \a facts go into each line of the log, beside the path.
        \a keepAlive is the time between two comments; 0 for none.
    */
    EventStream(Harness::Exchange *exchange, FactLog *log, const QJsonObject &facts,
                const Harness::Headers &headers = {}, std::chrono::seconds keepAlive = {});

    void write(QByteArrayView bytes) { m_exchange->write(bytes); }
    void end() { m_exchange->end(); }
    void cut() { m_exchange->cut(); } //!< As if the network did it.

Q_SIGNALS:
    /*! The other side closed it. Once at most. */
    void peerClosed();

private:
    Harness::Exchange *const m_exchange;
};
