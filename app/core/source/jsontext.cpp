// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "jsontext.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

std::optional<QJsonValue> parseJson(QByteArrayView text)
{
    constexpr QByteArrayView byteOrderMark("\xEF\xBB\xBF");
    if (text.startsWith(byteOrderMark))
        text = text.sliced(byteOrderMark.size());
    const QByteArray wrapped = '[' + text.toByteArray() + ']';
    const QJsonArray array = QJsonDocument::fromJson(wrapped).array();
    if (array.size() != 1) // not JSON, nothing at all, or "1, 2"
        return {};
    return array.at(0);
}

QJsonValue withStrings(const QJsonValue &value,
                       const std::function<QString(const QString &text)> &replace)
{
    if (value.isString())
        return replace(value.toString());
    if (value.isArray()) {
        QJsonArray array = value.toArray();
        for (qsizetype index = 0; index < array.size(); ++index)
            array[index] = withStrings(array.at(index), replace);
        return array;
    }
    if (value.isObject()) {
        QJsonObject object = value.toObject();
        for (auto member = object.begin(); member != object.end(); ++member)
            *member = withStrings(*member, replace);
        return object;
    }
    return value;
}
