// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "memoryuse.h"

#include <QByteArray>
#include <QFile>

using namespace Qt::Literals;

MemoryUse memoryUse()
{
    MemoryUse use;
    QFile file(u"/proc/self/smaps_rollup"_s);
    if (!file.open(QIODevice::ReadOnly))
        return use;
    const QList<QByteArray> lines = file.readAll().split('\n');
    for (const QByteArray &line : lines) {
        const qint64 bytes = line.simplified().split(' ').value(1).toLongLong() * 1024;
        if (line.startsWith("Rss:"))
            use.resident = bytes;
        else if (line.startsWith("Pss:"))
            use.proportional = bytes;
    }
    return use;
}
