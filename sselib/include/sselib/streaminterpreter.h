// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <sselib/export.h>

#include <QtCore/QByteArray>
#include <QtCore/QByteArrayView>

#include <chrono>
#include <cstring>
#include <utility>

namespace Sse {

/*! Bounds on what a reader keeps of unfinished input. Crossing one ends the reading. */
struct StreamLimits
{
    enum class Kind {
        Line, //!< A line, finished or not, is longer than lineBytes.
        Event, //!< The joined data of one event is longer than eventBytes.
    };

    qsizetype lineBytes = 8 * 1024 * 1024; //!< Without its line end. At least 1.
    qsizetype eventBytes = 8 * 1024 * 1024; //!< Line feeds between data lines count. At least 1.

    friend bool operator==(const StreamLimits &lhs, const StreamLimits &rhs) = default;
};

/*! One dispatched event, as views that are valid until the sink returns. */
struct EventView
{
    QByteArrayView type; //!< Never empty.
    QByteArrayView data;
    QByteArrayView lastEventId;
};

/*!
    Interprets the bytes of a text/event-stream (HTML 9.2.5 and 9.2.6) and hands what it finds to a
    sink, as views into the input wherever the input holds the whole of it. It copies only what a
    slice cuts and what "data" lines join. It knows nothing of HTTP and of Qt's signals.

    A sink is any type with these members, each of which says with true to go on:
    \code
    bool event(const Sse::EventView &event);
    bool comment(QByteArrayView text);
    bool retry(std::chrono::milliseconds delay);
    bool overflow(Sse::StreamLimits::Kind limit); // reading ends whatever it says
    \endcode
    After false, feed() returns at once and touches nothing, so a sink that answers false may
    reset() or destroy the interpreter before. A sink must not call feed().
*/
class SSELIB_EXPORT StreamInterpreter
{
public:
    /*!
        Reads \a bytes, together with what earlier calls left incomplete, and returns how many of
        them it used: all, unless the sink stopped it. The rest may be fed later.
    */
    template <typename Sink>
    qsizetype feed(QByteArrayView bytes, Sink &sink);

    /*! Ready for a new connection; see Parser::reset(). */
    void reset();

    [[nodiscard]] const QByteArray &lastEventId() const { return m_lastEventId; }
    void setLastEventId(const QByteArray &id) { m_lastEventId = m_idBuffer = id; }

    [[nodiscard]] const StreamLimits &limits() const { return m_limits; }
    void setLimits(const StreamLimits &limits) { m_limits = limits; }

private:
    enum class Verdict {
        Nothing,
        Dispatch,
        Comment,
        Retry,
        LineTooLong,
        EventTooLong
    };

    // What a line asks of the sink.
    struct Finding
    {
        QByteArrayView comment;
        std::chrono::milliseconds retry{0};
    };

    // No templates: every sink shares them.
    Verdict interpretLine(QByteArrayView line, Finding &finding);
    void addData(QByteArrayView value);
    void materializeData();
    void stop();
    const char *takeByteOrderMark(const char *at, const char *end);

    template <typename Sink>
    bool dispatch(Sink &sink);

    StreamLimits m_limits;
    QByteArray m_line; // the unfinished line of earlier slices
    QByteArray m_dataBuffer; // owns the data unless it lies in one piece in the current slice
    QByteArrayView m_data; // the data so far, without the line feed that the standard cuts again
    QByteArray m_type;
    QByteArray m_idBuffer;
    QByteArray m_lastEventId;
    int m_byteOrderMark = 0; // bytes of it seen at the start of the stream; 3: past it
    bool m_hasData = false; // an empty "data" line is data
    bool m_dataIsOwned = false; // m_data views m_dataBuffer
    bool m_skipLineFeed = false; // the last line ended with CR: a LF next belongs to it
    bool m_stopped = false; // over a limit
};

template <typename Sink>
qsizetype StreamInterpreter::feed(QByteArrayView bytes, Sink &sink)
{
    if (m_stopped || bytes.isEmpty())
        return bytes.size();
    const char *const begin = bytes.data();
    const char *const end = begin + bytes.size();
    const char *at = begin;
    if (m_byteOrderMark < 3)
        at = takeByteOrderMark(at, end);

    // Searched for once and not again before it is reached: most streams have no CR at all.
    const auto find = [end](const char *from, char c) {
        const void *const found = from < end ? std::memchr(from, c, size_t(end - from)) : nullptr;
        return found ? static_cast<const char *>(found) : end;
    };
    const char *nextCarriageReturn = find(at, '\r');

    while (at < end) {
        if (m_skipLineFeed) {
            m_skipLineFeed = false;
            if (*at == '\n') {
                ++at;
                continue;
            }
        }
        if (nextCarriageReturn < at)
            nextCarriageReturn = find(at, '\r');
        const void *const lineFeed = std::memchr(at, '\n', size_t(nextCarriageReturn - at));
        const char *const lineEnd =
            lineFeed ? static_cast<const char *>(lineFeed) : nextCarriageReturn;
        const QByteArrayView part(at, lineEnd);
        if (lineEnd == end) {
            m_line.append(part);
            at = end;
            if (m_line.size() > m_limits.lineBytes) {
                stop();
                sink.overflow(StreamLimits::Kind::Line);
                return bytes.size();
            }
            break;
        }
        at = lineEnd + 1;
        m_skipLineFeed = *lineEnd == '\r';

        // A line that slices cut leaves *this while it is read: the sink may destroy it.
        QByteArray cutLine;
        QByteArrayView line = part;
        if (!m_line.isEmpty()) {
            cutLine = std::exchange(m_line, {});
            cutLine.append(part);
            line = cutLine;
        }
        Finding finding;
        const Verdict verdict = interpretLine(line, finding);
        bool goOn = true;
        switch (verdict) {
        case Verdict::Nothing:
            break;
        case Verdict::Dispatch:
            goOn = dispatch(sink);
            break;
        case Verdict::Comment:
            materializeData(); // the sink may stop here and let the slice go
            goOn = sink.comment(finding.comment);
            break;
        case Verdict::Retry:
            materializeData();
            goOn = sink.retry(finding.retry);
            break;
        case Verdict::LineTooLong:
        case Verdict::EventTooLong:
            stop();
            sink.overflow(verdict == Verdict::LineTooLong ? StreamLimits::Kind::Line
                                                          : StreamLimits::Kind::Event);
            return bytes.size();
        }
        if (!goOn)
            return at - begin;
        if (!cutLine.isNull()) {
            materializeData(); // it may view the line that is about to go
            cutLine.resize(0);
            m_line = std::move(cutLine); // keeps its capacity
        }
    }
    materializeData();
    return bytes.size();
}

template <typename Sink>
bool StreamInterpreter::dispatch(Sink &sink)
{
    m_lastEventId = m_idBuffer;
    if (!m_hasData) {
        m_type.resize(0);
        return true;
    }
    // The buffers leave *this while the sink runs: it may reset or destroy the interpreter.
    QByteArray type = std::exchange(m_type, {});
    QByteArray owned = std::exchange(m_dataBuffer, {});
    const QByteArray lastEventId = m_lastEventId;
    const QByteArrayView data = std::exchange(m_data, {});
    m_hasData = false;
    m_dataIsOwned = false;
    if (!sink.event(
            {type.isEmpty() ? QByteArrayView("message") : QByteArrayView(type), data, lastEventId}))
        return false;
    type.resize(0);
    owned.resize(0);
    m_type = std::move(type);
    m_dataBuffer = std::move(owned);
    return true;
}

} // namespace Sse
