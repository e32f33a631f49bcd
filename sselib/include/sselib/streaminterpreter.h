// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <sselib/export.h>
#include <sselib/lineend.h>

#include <QtCore/QByteArray>
#include <QtCore/QByteArrayView>

#include <array>
#include <chrono>
#include <cstring>
#include <vector>

namespace Sse {

/*! Bounds on what a reader keeps of unfinished input. Crossing one ends the reading. */
struct StreamLimits
{
    /*! Which bound was crossed. */
    enum class Kind {
        Line, //!< A line, finished or not, is longer than lineBytes.
        Event, //!< The joined data of one event is longer than eventBytes.
    };

    qsizetype lineBytes = 8 * 1024 * 1024; //!< Without its line end. At least 1.
    qsizetype eventBytes = 8 * 1024 * 1024; //!< Line feeds between data lines count. At least 1.

    friend bool operator==(const StreamLimits &lhs, const StreamLimits &rhs) = default;
};

/*! One dispatched event, as views; see StreamInterpreter for how long they live. */
struct EventView
{
    QByteArrayView type; //!< Never empty.
    QByteArrayView data; //!< As Event::data.
    QByteArrayView lastEventId; //!< As Event::lastEventId.
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
    Views are valid until the sink returns, or until it resets or destroys the interpreter. After
    false, feed() returns at once and touches nothing, so a sink that will answer false may do both.
    A sink must not call feed().

    Time grows with the number of bytes, however they are cut. Once warm, it allocates nothing for
    an event. What one large event needed is given back at the next small one.
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

    /*! Ready for a new connection; see Parser::reset(). Gives back all memory but the id's. */
    void reset();

    /*! The id to send as Last-Event-ID: that of the last dispatched block. Empty at first. */
    [[nodiscard]] const QByteArray &lastEventId() const { return m_lastEventId; }
    /*! Continues from an id that an earlier run kept. Must not contain NUL, CR or LF. */
    void setLastEventId(const QByteArray &id);

    /*! Bounds on what is kept of unfinished input. They hold for the bytes fed from now on. */
    [[nodiscard]] const StreamLimits &limits() const { return m_limits; }
    /*! Sets limits(). */
    void setLimits(const StreamLimits &limits) { m_limits = limits; }

private:
    using Buffer = std::vector<char>;

    static constexpr std::size_t keptBytes = 64 * 1024; // memory that it never gives back

    enum class Position {
        Start, //!< Before the first line: a byte order mark may come.
        Lines,
        Stopped, //!< Over a limit.
    };

    enum class Verdict {
        Nothing,
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

    // A value that is a view into the slice until the slice ends, or another line must join it.
    struct Field
    {
        QByteArrayView value;
        Buffer buffer;
        bool isSet = false; // an empty "data" line is data
        bool isOwned = false; // value views the buffer, up to its end

        void set(QByteArrayView view);
        void adopt(Buffer &line);
        void join(QByteArrayView line);
        void own();
        void clear();
        // Then the line's "data: " lies before the value.
        bool isAdopted() const { return isOwned && value.data() != buffer.data(); }
        void giveBack() { *this = Field(); }
    };

    // No templates: every sink shares them.
    Verdict interpretLine(QByteArrayView line, Finding &finding);
    Verdict addData(QByteArrayView value);
    const char *takeByteOrderMark(const char *at, const char *end);
    void keepLine(QByteArrayView part);
    void ownFields();
    void setId(QByteArrayView id);
    void stop();
    [[nodiscard]] std::array<Buffer, 2> takeSpareMemory(qsizetype dataSize);

    template <typename Sink>
    bool report(Verdict verdict, const Finding &finding, Sink &sink);
    template <typename Sink>
    bool dispatch(Sink &sink);

    StreamLimits m_limits;
    Buffer m_line; // the unfinished line of earlier slices
    Field m_data; // without the line feed that the standard cuts off again
    Field m_type;
    QByteArray m_idBuffer; // counts from the next dispatch on, if m_idIsNew
    QByteArray m_lastEventId;
    Position m_position = Position::Start;
    int m_byteOrderMark = 0; // bytes of it seen so far
    bool m_idIsNew = false;
    bool m_skipLineFeed = false; // the last slice ended with CR: a LF next belongs to it
};

inline void StreamInterpreter::Field::set(QByteArrayView view)
{
    value = view;
    isSet = true;
    isOwned = false;
}

inline void StreamInterpreter::Field::clear()
{
    value = {};
    buffer.clear();
    isSet = false;
    isOwned = false;
}

inline StreamInterpreter::Verdict StreamInterpreter::addData(QByteArrayView value)
{
    const qsizetype size = m_data.isSet ? m_data.value.size() + 1 + value.size() : value.size();
    if (size > m_limits.eventBytes)
        return Verdict::EventTooLong;
    if (m_data.isSet)
        m_data.join(value);
    else
        m_data.set(value);
    return Verdict::Nothing;
}

inline void StreamInterpreter::ownFields()
{
    if (m_data.isSet && !m_data.isOwned)
        m_data.own();
    if (m_type.isSet && !m_type.isOwned)
        m_type.own();
}

template <typename Sink>
qsizetype StreamInterpreter::feed(QByteArrayView bytes, Sink &sink)
{
    const char *const begin = bytes.data();
    const char *const end = begin + bytes.size();
    const char *at = begin;

    // One byte at a time is how a slow server drips.
    if (bytes.size() == 1 && !m_line.empty() && *at != '\n' && *at != '\r'
        && qsizetype(m_line.size()) < m_limits.lineBytes) {
        m_line.push_back(*at);
        return 1;
    }

    if (m_position != Position::Lines) {
        if (m_position == Position::Stopped)
            return bytes.size();
        at = takeByteOrderMark(at, end);
    }
    if (m_skipLineFeed && at < end) {
        m_skipLineFeed = false;
        if (*at == '\n')
            ++at;
    }

    while (at < end) {
        const bool isBlank = m_line.empty() && (*at == '\n' || *at == '\r');
        const bool isData = m_line.empty() && end - at > 5 && std::memcmp(at, "data:", 5) == 0;
        const char *const lineEnd = isBlank ? at : findLineEnd(isData ? at + 5 : at, end);
        const QByteArrayView part(at, lineEnd);
        if (lineEnd == end) {
            keepLine(part);
            if (qsizetype(m_line.size()) > m_limits.lineBytes) {
                stop();
                sink.overflow(StreamLimits::Kind::Line);
                return bytes.size();
            }
            break;
        }
        at = lineEnd + 1;
        if (*lineEnd == '\r') {
            if (at == end)
                m_skipLineFeed = true;
            else if (*at == '\n')
                ++at;
        }

        if (isBlank) {
            if (!dispatch(sink))
                return at - begin;
            continue;
        }
        Verdict verdict = Verdict::Nothing;
        Finding finding;
        if (isData && part.size() <= m_limits.lineBytes) {
            verdict = addData(part.sliced(part.size() > 5 && part[5] == ' ' ? 6 : 5));
        } else if (m_line.empty()) {
            verdict = interpretLine(part, finding);
        } else {
            keepLine(part);
            verdict = interpretLine(m_line, finding);
            if (m_data.isSet && !m_data.isOwned)
                m_data.adopt(m_line);
            ownFields(); // they must not view the line, which the next one replaces
            m_line.clear(); // its bytes stay where they are while the sink looks at them
        }
        if (verdict != Verdict::Nothing && !report(verdict, finding, sink))
            return verdict >= Verdict::LineTooLong ? bytes.size() : at - begin;
    }
    ownFields();
    return bytes.size();
}

template <typename Sink>
bool StreamInterpreter::report(Verdict verdict, const Finding &finding, Sink &sink)
{
    switch (verdict) {
    case Verdict::Nothing:
        break;
    case Verdict::Comment:
        ownFields(); // the sink may stop here and let the slice go
        return sink.comment(finding.comment);
    case Verdict::Retry:
        ownFields();
        return sink.retry(finding.retry);
    case Verdict::LineTooLong:
    case Verdict::EventTooLong:
        stop();
        sink.overflow(verdict == Verdict::LineTooLong ? StreamLimits::Kind::Line
                                                      : StreamLimits::Kind::Event);
        return false;
    }
    return true;
}

// Touches nothing after the sink was called. A cleared buffer keeps its bytes where they are, so
// that the sink can look at them.
template <typename Sink>
bool StreamInterpreter::dispatch(Sink &sink)
{
    if (m_idIsNew) {
        m_idBuffer.swap(m_lastEventId);
        m_idIsNew = false;
    }
    const QByteArrayView type = m_type.value;
    m_type.clear();
    if (!m_data.isSet)
        return true;
    const EventView event{type.isEmpty() ? QByteArrayView("message") : type, m_data.value,
                          m_lastEventId};
    if (m_data.isAdopted())
        m_data.buffer.swap(m_line); // the next cut line finds warm memory
    m_line.clear();
    m_data.clear();
    if (m_line.capacity() > keptBytes || m_data.buffer.capacity() > keptBytes) [[unlikely]] {
        const auto spare = takeSpareMemory(event.data.size());
        return sink.event(event);
    }
    return sink.event(event);
}

} // namespace Sse
