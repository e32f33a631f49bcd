// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "finding.h"

#include <sselib/streaminterpreter.h>

#include <QByteArrayView>
#include <QList>

/*!
    What must be found in a stream, worked out slowly from the whole of it: the events are those of
    LiteralStream; comments, limits and the place of each finding are added. It shares no code with
    the library.
*/
struct LiteralReading
{
    /*! Reads \a stream as what follows when \a lastEventId was the last id of earlier streams. */
    LiteralReading(QByteArrayView stream, const Sse::StreamLimits &limits,
                   const QByteArray &lastEventId = {});

    QList<Finding> findings; //!< The last one is the overflow, if any: nothing follows it.
    QList<qsizetype> ends; //!< How many bytes of the stream it takes to know each finding.
    QByteArray lastEventId; //!< At the end.
    bool isConsistent =
        false; //!< LiteralStream found as many events and retries as the limits saw.
};

/*! The steps of the Encoding standard's UTF-8 decoder (section 8.1.1), byte by byte. */
[[nodiscard]] QString decodeLiterally(QByteArrayView bytes);
