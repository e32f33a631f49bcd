// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QByteArray>
#include <QList>

/*! Every way that matters to cut a stream: whole, byte by byte, and in two at each place. */
inline QList<QList<QByteArray>> everyCut(const QByteArray &bytes)
{
    QList<QList<QByteArray>> cuts{{bytes}};
    QList<QByteArray> single;
    for (const char byte : bytes)
        single.append(QByteArray(1, byte));
    cuts.append(single);
    for (qsizetype at = 1; at < bytes.size(); ++at)
        cuts.append({bytes.first(at), bytes.sliced(at)});
    return cuts;
}
