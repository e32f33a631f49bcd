// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "harness/ssekitprocess.h"
#include <sselib/testkit/sseserver.h>

#include <QDateTime>
#include <QTest>

#include <algorithm>

inline QByteArray timeWithId(int id)
{
    return "id: " + QByteArray::number(id)
        + "\ndata: " + QByteArray::number(QDateTime::currentMSecsSinceEpoch()) + "\n\n";
}

inline void startEach(Harness::SseServer &server, const QByteArray &path = "/s")
{
    server.handle(path, [](Harness::Exchange *stream) {
        stream->startStream();
        stream->write("retry: 100\n\n");
    });
}

inline void writeToEach(const Harness::SseServer &server, const QByteArray &bytes)
{
    const QList<Harness::Exchange *> streams = server.exchanges("/s");
    for (Harness::Exchange *const stream : streams)
        stream->write(bytes);
}

inline qsizetype openStreams(const Harness::SseServer &server)
{
    const QList<Harness::Exchange *> streams = server.exchanges("/s");
    return std::count_if(streams.cbegin(), streams.cend(),
                         [](const Harness::Exchange *stream) { return stream->isOpen(); });
}

// The report of a run that has ended.
inline QJsonObject report(const Harness::SsekitProcess &load)
{
    const QList<QJsonObject> reports = load.facts(QStringLiteral("report"));
    return reports.isEmpty() ? QJsonObject() : reports.constFirst();
}

inline QJsonObject ids(const Harness::SsekitProcess &load)
{
    return report(load)[QStringLiteral("ids")].toObject();
}

// Starts `ssekit load` with these arguments and waits until all streams are open.
inline void startLoad(Harness::SsekitProcess &load, const Harness::SseServer &server, int clients,
                      const QStringList &more = {})
{
    const QStringList all{QStringLiteral("load"),      server.url("/s").toString(),
                          QStringLiteral("--clients"), QString::number(clients),
                          QStringLiteral("--seconds"), QStringLiteral("60"),
                          QStringLiteral("--json")};
    load.start(all + more);
    QTRY_VERIFY2_WITH_TIMEOUT(!load.facts(QStringLiteral("opened")).isEmpty(),
                              load.errors().constData(), 20'000);
}
