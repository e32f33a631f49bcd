// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "serve/factlog.h"

#include "console.h"

#include <QDateTime>
#include <QJsonDocument>

bool FactLog::openFile(const QString &path)
{
    m_file.setFileName(path);
    return m_file.open(QIODevice::WriteOnly | QIODevice::Append | QIODevice::Unbuffered);
}

void FactLog::write(const char *type, const QJsonObject &facts)
{
    // QJsonObject sorts its keys; people look for the type first.
    const QByteArray time = QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs).toLatin1();
    QByteArray line = QByteArray("{\"type\":\"") + type + "\",\"time\":\"" + time + '"';
    if (!facts.isEmpty())
        line += ',' + QJsonDocument(facts).toJson(QJsonDocument::Compact).sliced(1);
    else
        line += '}';
    if (m_printsLines)
        printLine(line);
    if (m_file.isOpen())
        m_file.write(line + '\n');
    Q_EMIT written(line);
}
