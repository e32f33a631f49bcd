// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include <sselib/parser.h>

#include <QtCore/QPointer>

namespace Sse {

class ParserPrivate
{
public:
    StreamInterpreter interpreter;
    quint64 resets = 0; // tells a running feed() that a slot reset the parser
};

namespace {

// Emits what the interpreter finds, and stops it when a slot reset or deleted the parser.
class SignalSink
{
public:
    SignalSink(Parser *parser, const ParserPrivate &state)
        : m_parser(parser)
        , m_state(state)
        , m_resets(state.resets)
    {}

    bool event(const EventView &event)
    {
        Q_EMIT m_parser->eventReceived(
            {event.type.toByteArray(), event.data.toByteArray(), event.lastEventId.toByteArray()});
        return goesOn();
    }

    bool comment(QByteArrayView text)
    {
        Q_EMIT m_parser->commentReceived(text.toByteArray());
        return goesOn();
    }

    bool retry(std::chrono::milliseconds delay)
    {
        Q_EMIT m_parser->retryReceived(delay);
        return goesOn();
    }

    bool overflow(StreamLimits::Kind limit)
    {
        Q_EMIT m_parser->overflowed(limit);
        return false;
    }

private:
    [[nodiscard]] bool goesOn() const { return m_parser && m_state.resets == m_resets; }

    const QPointer<Parser> m_parser;
    const ParserPrivate &m_state;
    const quint64 m_resets;
};

} // namespace

Parser::Parser(QObject *parent)
    : QObject(parent)
    , d(std::make_shared<ParserPrivate>())
{}

Parser::~Parser() = default;

void Parser::feed(QByteArrayView bytes)
{
    const std::shared_ptr<ParserPrivate> state = d; // a slot may delete this
    SignalSink sink(this, *state);
    state->interpreter.feed(bytes, sink);
}

void Parser::reset()
{
    ++d->resets;
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

} // namespace Sse
