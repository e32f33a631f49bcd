// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include <sselib/parser.h>

#include "announcer_p.h"

#include <utility>

namespace Sse {

namespace {

// Lives as long as one feed(), which outlives a parser that a slot deletes.
class SignalSink
{
public:
    SignalSink(Parser *parser, Announcer<Parser> &announcer, const StreamInterpreter &interpreter)
        : m_parser(parser)
        , m_announcer(announcer)
        , m_interpreter(interpreter)
    {}

    void end() { m_ended = true; } //!< The parser was reset, or is gone.
    [[nodiscard]] bool hasEnded() const { return m_ended; }

    bool event(const EventView &event)
    {
        m_announcer.event(m_event, event, m_interpreter.lastEventId());
        return !m_ended;
    }

    bool comment(QByteArrayView text)
    {
        m_announcer.comment(text);
        return !m_ended;
    }

    bool retry(std::chrono::milliseconds delay)
    {
        Q_EMIT m_parser->retryReceived(delay);
        return !m_ended;
    }

    bool overflow(StreamLimits::Kind limit)
    {
        Q_EMIT m_parser->overflowed(limit);
        return false;
    }

private:
    Parser *const m_parser;
    Announcer<Parser> &m_announcer;
    const StreamInterpreter &m_interpreter;
    Event m_event;
    bool m_ended = false;
};

} // namespace

class ParserPrivate
{
public:
    explicit ParserPrivate(Parser *parser)
        : announcer(parser)
    {}

    StreamInterpreter interpreter;
    Announcer<Parser> announcer;
    SignalSink *sink = nullptr; // of the feed() that is running
};

Parser::Parser(QObject *parent)
    : QObject(parent)
    , d(std::make_unique<ParserPrivate>(this))
{}

Parser::~Parser()
{
    if (d->sink)
        d->sink->end();
}

void Parser::feed(QByteArrayView bytes)
{
    Q_ASSERT_X(!d->sink, "Sse::Parser", "a slot must not call feed()");
    SignalSink sink(this, d->announcer, d->interpreter);
    d->sink = &sink;
    d->interpreter.feed(bytes, sink);
    if (!sink.hasEnded())
        d->sink = nullptr;
}

void Parser::reset()
{
    if (d->sink)
        std::exchange(d->sink, nullptr)->end();
    d->interpreter.reset();
}

QByteArray Parser::lastEventId() const
{
    return d->interpreter.lastEventId();
}

void Parser::setLastEventId(const QByteArray &id)
{
    d->interpreter.setLastEventId(id);
}

StreamLimits Parser::limits() const
{
    return d->interpreter.limits();
}

void Parser::setLimits(const StreamLimits &limits)
{
    d->interpreter.setLimits(limits);
}

void Parser::connectNotify(const QMetaMethod &signal)
{
    QObject::connectNotify(signal);
    d->announcer.count([this](const QMetaMethod &which) { return isSignalConnected(which); });
}

void Parser::disconnectNotify(const QMetaMethod &signal)
{
    QObject::disconnectNotify(signal);
    d->announcer.count([this](const QMetaMethod &which) { return isSignalConnected(which); });
}

} // namespace Sse
