// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "load/eventtime.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::Literals;

namespace {

constexpr qint64 earliest = 1'000'000'000'000;
constexpr qint64 latest = 9'999'999'999'999;

QJsonValue valueAt(const QJsonDocument &document, const QByteArray &pointer)
{
    QJsonValue value =
        document.isArray() ? QJsonValue(document.array()) : QJsonValue(document.object());
    const QList<QByteArray> tokens = pointer.split('/').sliced(1);
    for (const QByteArray &token : tokens) {
        const QString key =
            QString::fromUtf8(token).replace("~1"_L1, "/"_L1).replace("~0"_L1, "~"_L1);
        value = value.isArray() ? value.toArray().at(key.toInt()) : value.toObject().value(key);
    }
    return value;
}

} // namespace

std::optional<qint64> eventTime(const QByteArray &data, const QByteArray &pointer)
{
    bool isNumber = true;
    qint64 time = 0;
    if (pointer.isEmpty())
        time = data.toLongLong(&isNumber);
    else
        time = valueAt(QJsonDocument::fromJson(data), pointer).toInteger();
    if (!isNumber || time < earliest || time > latest)
        return std::nullopt;
    return time;
}
