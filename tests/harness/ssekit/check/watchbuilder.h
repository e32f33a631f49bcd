// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "check/facts.h"

#include <sselib/streaminterpreter.h>

/*! Turns pieces of a body and their times into what a Watch says of them. Knows no network. */
class WatchBuilder
{
public:
    /*! \a at since the request; \a wallClock in ms since 1970, against which times are plausible. */
    void add(const QByteArray &piece, std::chrono::milliseconds at, qint64 wallClock);

    /*! What was seen so far: bursts, events, comments, retry. */
    [[nodiscard]] const Watch &watch() const { return m_watch; }
    /*! For what is known besides the bytes. */
    [[nodiscard]] Watch &watch() { return m_watch; }

    // The sink of the interpreter.
    bool event(const Sse::EventView &event);
    bool comment(QByteArrayView text);
    bool retry(std::chrono::milliseconds delay);
    bool overflow(Sse::StreamLimits::Kind limit);

private:
    Watch m_watch;
    Sse::StreamInterpreter m_interpreter;
    std::chrono::milliseconds m_now{0};
    qint64 m_wallClock = 0;
    qint64 m_firstStamp = 0; // of the burst
    bool m_hasStamp = false; // in the burst
    bool m_stampsAreWholeSeconds = true; // in the burst
};

/*! A time that \a data names, if it is within a day of \a wallClock; both in ms since 1970. */
[[nodiscard]] std::optional<qint64> timeIn(const QByteArray &data, qint64 wallClock);
