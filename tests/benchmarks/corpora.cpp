// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "corpora.h"

namespace {

QByteArray tinyEvents(qsizetype events)
{
    QByteArray stream;
    for (qsizetype index = 0; index < events; ++index)
        stream += "data: " + QByteArray::number(index) + "\n\n";
    return stream;
}

QByteArray jsonEvents(qsizetype events)
{
    QByteArray stream;
    for (qsizetype index = 0; index < events; ++index) {
        const QByteArray number = QByteArray::number(index);
        stream += "id: " + number + "\nevent: update\ndata: {\"id\":" + number
            + ",\"kind\":\"approval\",\"title\":\"Please look at request " + number
            + "\",\"from\":\"mia@example.org\",\"at\":\"2026-11-22T10:17:00Z\",\"count\":12}\n\n";
    }
    return stream;
}

QByteArray largeEvents(qsizetype events, qsizetype lineSize)
{
    constexpr qsizetype eventSize = 1024 * 1024;
    const QByteArray text("0123456789 abcdefghij, é 漢字 🔔. ");
    const QByteArray line = "data: " + text.repeated(lineSize / text.size()) + '\n';
    const QByteArray event = line.repeated(qMax<qsizetype>(1, eventSize / line.size())) + '\n';
    return event.repeated(events);
}

} // namespace

QList<Corpus> makeCorpora()
{
    QByteArray carriageReturns = jsonEvents(200'000);
    carriageReturns.replace('\n', "\r\n");
    return {
        {"A tiny events", tinyEvents(1'000'000), 1'000'000},
        {"B JSON events", jsonEvents(200'000), 200'000},
        {"C 1 MiB in 4 KiB lines", largeEvents(64, 4096), 64},
        {"D 1 MiB in one line", largeEvents(64, 1024 * 1024), 64},
        {"F JSON events, CRLF", carriageReturns, 200'000},
        {"G comments only", QByteArray(": keep-alive\n\n").repeated(1'000'000), 0},
    };
}
