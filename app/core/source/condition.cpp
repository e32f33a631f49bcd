// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "condition.h"

#include "jsonpointer.h"
#include "jsontext.h"

#include <QJsonArray>
#include <QVariant>

#include <algorithm>

namespace {

bool isSame(const QJsonValue &value, const QJsonValue &wanted)
{
    if (value == wanted)
        return true;
    const std::optional<QString> text = scalarText(value);
    return text && text == scalarText(wanted);
}

bool isOneOf(const QJsonValue &value, const QList<QJsonValue> &candidates)
{
    return std::any_of(candidates.begin(), candidates.end(),
                       [&value](const QJsonValue &wanted) { return isSame(value, wanted); });
}

} // namespace

std::optional<QString> scalarText(const std::optional<QJsonValue> &value)
{
    if (!value || value->isObject() || value->isArray() || value->isNull() || value->isUndefined())
        return {};
    return value->toVariant().toString();
}

QJsonValue jsonOrText(QByteArrayView bytes)
{
    return parseJson(bytes).value_or(QJsonValue(QString::fromUtf8(bytes)));
}

std::optional<QString> firstText(const QJsonValue &root, const QStringList &pointers)
{
    for (const QString &pointer : pointers) {
        if (const std::optional<QString> text = scalarText(resolvePointer(root, pointer)))
            return text;
    }
    return {};
}

bool Condition::holds(const QJsonValue &root) const
{
    const std::optional<QJsonValue> value = resolvePointer(root, pointer);
    if (exists && *exists != value.has_value())
        return false;
    if (equals && !(value && isSame(*value, *equals)))
        return false;
    if (!in.isEmpty() && !(value && isOneOf(*value, in)))
        return false;
    if (matches) {
        const std::optional<QString> text = scalarText(value);
        if (!text || !matches->match(*text).hasMatch())
            return false;
    }
    if (containsAny.isEmpty())
        return true;
    const QJsonArray array = value.value_or(QJsonValue()).toArray();
    return std::any_of(array.begin(), array.end(),
                       [this](const QJsonValue &element) { return isOneOf(element, containsAny); });
}

QString Condition::wanted() const
{
    QStringList texts;
    for (const QJsonValue &value : containsAny + in)
        texts.append(value.toVariant().toString());
    if (equals)
        texts.append(equals->toVariant().toString());
    return texts.isEmpty() ? pointer : texts.join(QLatin1String(", "));
}

bool allHold(const QList<Condition> &conditions, const QJsonValue &root)
{
    return std::all_of(conditions.begin(), conditions.end(),
                       [&root](const Condition &condition) { return condition.holds(root); });
}
