// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "reader.h"
#include "slices.h"

#include <sselib/parser.h>
#include <sselib/streaminterpreter.h>

namespace {

// The growth check reads lines and events of 16 MiB.
constexpr Sse::StreamLimits limits{64 * 1024 * 1024, 64 * 1024 * 1024};

struct CountingSink
{
    Found found;

    bool event(const Sse::EventView &event)
    {
        ++found.events;
        found.dataBytes += event.data.size();
        return true;
    }
    bool comment(QByteArrayView) { return true; }
    bool retry(std::chrono::milliseconds) { return true; }
    bool overflow(Sse::StreamLimits::Kind) { return false; }
};

Found interpret(const QByteArray &stream, qsizetype slice, int passes)
{
    Sse::StreamInterpreter interpreter;
    interpreter.setLimits(limits);
    CountingSink sink;
    eachSlice(stream, slice, passes, [&](QByteArrayView bytes) { interpreter.feed(bytes, sink); });
    return sink.found;
}

Found parse(const QByteArray &stream, qsizetype slice, int passes)
{
    Sse::Parser parser;
    parser.setLimits(limits);
    Found found;
    QObject::connect(&parser, &Sse::Parser::eventReceived, &parser,
                     [&found](const Sse::Event &event) {
                         ++found.events;
                         found.dataBytes += event.data.size();
                     });
    eachSlice(stream, slice, passes, [&](QByteArrayView bytes) { parser.feed(bytes); });
    return found;
}

Found parseUnheard(const QByteArray &stream, qsizetype slice, int passes)
{
    Sse::Parser parser;
    parser.setLimits(limits);
    eachSlice(stream, slice, passes, [&](QByteArrayView bytes) { parser.feed(bytes); });
    return {0, parser.lastEventId().size()};
}

} // namespace

std::span<const Reader> readersOfSselib()
{
    static constexpr Reader readers[] = {
        {viewsName, interpret, true},
        {parserName, parse, true},
        {unheardName, parseUnheard, false},
    };
    return readers;
}
