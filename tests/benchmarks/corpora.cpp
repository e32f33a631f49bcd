// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "corpora.h"

#include <algorithm>

namespace {

constexpr qsizetype megabyte = 1024 * 1024;
const QByteArray plainText("0123456789 abcdefghij, ABCDEFGHIJ. ");
const QByteArray multiByteText("0123456789 abcdefghij, é 漢字 🔔. ");

void addDataLine(Corpus &corpus, const QByteArray &data)
{
    corpus.stream += "data: " + data + '\n';
    corpus.dataBytes += data.size();
}

Corpus tinyEvents(qsizetype events)
{
    Corpus corpus;
    corpus.events = events;
    for (qsizetype index = 0; index < events; ++index) {
        addDataLine(corpus, QByteArray::number(index));
        corpus.stream += '\n';
    }
    return corpus;
}

Corpus jsonEvents(qsizetype events)
{
    return makeJsonEvents(events, "\n");
}

Corpus jsonEventsWithCarriageReturns(qsizetype events)
{
    return makeJsonEvents(events, "\r\n");
}

Corpus largeEvents(qsizetype events, qsizetype lineBytes, const QByteArray &text)
{
    const qsizetype lines = std::max<qsizetype>(1, megabyte / lineBytes);
    Corpus event;
    for (qsizetype line = 0; line < lines; ++line)
        addDataLine(event, text.repeated(lineBytes / text.size()));
    event.stream += '\n';
    return {event.stream.repeated(events), events, (event.dataBytes + lines - 1) * events, 0};
}

Corpus manyLines(qsizetype events)
{
    return largeEvents(events, 4096, multiByteText);
}

Corpus oneLine(qsizetype events)
{
    return largeEvents(events, megabyte, multiByteText);
}

Corpus manyPlainLines(qsizetype events)
{
    return largeEvents(events, 4096, plainText);
}

Corpus comments(qsizetype blocks)
{
    return {QByteArray(": keep-alive\n\n").repeated(blocks), 0, 0, blocks};
}

} // namespace

std::span<const CorpusShape> corpusShapes()
{
    static constexpr CorpusShape shapes[] = {
        {"tiny events", tinyEvents, 1'000'000, 1, 'A'},
        {"JSON events with id and type", jsonEvents, 200'000, 3, 'B'},
        {"1 MiB events in 4 KiB lines", manyLines, 64, 1, 'C'},
        {"1 MiB events in one line", oneLine, 64, 1, 'D'},
        {"1 MiB events in 4 KiB lines, ASCII", manyPlainLines, 64, 1, 'E'},
        {"JSON events, CRLF", jsonEventsWithCarriageReturns, 200'000, 3, 'F'},
        {"comments only", comments, 1'000'000, 0, 'G'},
    };
    return shapes;
}

Corpus makeCorpus(const CorpusShape &shape, qsizetype bytes)
{
    // Later blocks may have a digit more: take the size of many.
    const qsizetype sample = std::min<qsizetype>(shape.blocks, 1000);
    const qsizetype sampleBytes = shape.make(sample).stream.size();
    return shape.make(std::clamp<qsizetype>(bytes * sample / sampleBytes, 1, shape.blocks));
}

Corpus makeOneEvent(qsizetype lines, qsizetype lineBytes)
{
    Corpus corpus{{}, 1, lines - 1, 0};
    const QByteArray line(lineBytes, 'x');
    corpus.stream.reserve(lines * (lineBytes + 7) + 1);
    for (qsizetype index = 0; index < lines; ++index)
        addDataLine(corpus, line);
    corpus.stream += '\n';
    return corpus;
}

Corpus makeJsonEvents(qsizetype events, QByteArrayView lineEnd)
{
    Corpus corpus;
    corpus.events = events;
    for (qsizetype index = 0; index < events; ++index) {
        const QByteArray number = QByteArray::number(index);
        const QByteArray data = "{\"id\":" + number
            + ",\"kind\":\"approval\",\"title\":\"Please look at request " + number
            + "\",\"from\":\"mia@example.org\",\"at\":\"2026-11-22T10:17:00Z\",\"count\":12}";
        corpus.stream.append("id: " + number).append(lineEnd);
        corpus.stream.append("event: update").append(lineEnd);
        corpus.stream.append("data: " + data).append(lineEnd).append(lineEnd);
        corpus.dataBytes += data.size();
    }
    return corpus;
}
