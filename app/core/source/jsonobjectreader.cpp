// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "jsonobjectreader.h"

#include "jsonpointer.h"
#include "jsontext.h"

#include <QCoreApplication>
#include <QJsonArray>

#include <cmath>

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("JsonObjectReader", text);
}

QString typeName(QJsonValue::Type type)
{
    switch (type) {
    case QJsonValue::Null:
        return tr("null");
    case QJsonValue::Bool:
        return tr("true or false");
    case QJsonValue::Double:
        return tr("a number");
    case QJsonValue::String:
        return tr("a string");
    case QJsonValue::Array:
        return tr("an array");
    case QJsonValue::Object:
        return tr("an object");
    case QJsonValue::Undefined:
        return tr("nothing");
    }
    Q_UNREACHABLE();
}

} // namespace

JsonObjectReader::JsonObjectReader(const QJsonValue &value, const QString &pointer)
    : m_object(value.toObject())
    , m_pointer(pointer)
{
    if (!value.isObject())
        throw JsonMistake{pointer, tr("an object is needed, not %1").arg(typeName(value.type()))};
}

QString JsonObjectReader::pointerTo(const QString &key) const
{
    return appendToPointer(m_pointer, key);
}

void JsonObjectReader::fail(const QString &key, const QString &sentence) const
{
    throw JsonMistake{pointerTo(key), sentence};
}

bool JsonObjectReader::has(const QString &key)
{
    return !value(key).isUndefined();
}

QJsonValue JsonObjectReader::value(const QString &key)
{
    m_known.insert(key);
    return m_object.value(key);
}

// Undefined where the key is missing.
QJsonValue JsonObjectReader::take(const QString &key, QJsonValue::Type type)
{
    const QJsonValue found = value(key);
    if (!found.isUndefined() && found.type() != type)
        fail(key, tr("%1 is needed, not %2").arg(typeName(type), typeName(found.type())));
    return found;
}

QString JsonObjectReader::string(const QString &key, const QString &fallback)
{
    return take(key, QJsonValue::String).toString(fallback);
}

QString JsonObjectReader::requiredString(const QString &key)
{
    const QString found = string(key);
    if (found.isEmpty())
        throw JsonMistake{has(key) ? pointerTo(key) : m_pointer, tr("“%1” is needed").arg(key)};
    return found;
}

QStringList JsonObjectReader::stringOrList(const QString &key)
{
    const QJsonValue found = value(key);
    if (found.isUndefined())
        return {};
    const QJsonArray list = found.isArray() ? found.toArray() : QJsonArray{found};
    QStringList strings;
    for (const auto entry : list)
        strings.append(entry.toString());
    if (!std::all_of(list.begin(), list.end(),
                     [](const QJsonValue &entry) { return entry.isString(); })
        || list.isEmpty())
        fail(key, tr("a string, or an array of at least one string, is needed"));
    return strings;
}

bool JsonObjectReader::boolean(const QString &key, bool fallback)
{
    return take(key, QJsonValue::Bool).toBool(fallback);
}

int JsonObjectReader::integer(const QString &key, int fallback, int least)
{
    const QJsonValue found = take(key, QJsonValue::Double);
    if (found.isUndefined())
        return fallback;
    const double number = found.toDouble();
    if (number != std::floor(number) || number < least || number > 2'147'483'647)
        fail(key, tr("a whole number of at least %1 is needed").arg(least));
    return int(number);
}

std::chrono::milliseconds
JsonObjectReader::milliseconds(const QString &key, std::chrono::milliseconds fallback, int least)
{
    return std::chrono::milliseconds(integer(key, int(fallback.count()), least));
}

std::optional<QString> JsonObjectReader::jsonPointer(const QString &key)
{
    const QJsonValue found = take(key, QJsonValue::String);
    if (found.isUndefined())
        return {};
    if (!isJsonPointer(found.toString()))
        fail(key, tr("a JSON pointer begins with “/”, as in “/data/count”, or is empty"));
    return found.toString();
}

QStringList JsonObjectReader::jsonPointers(const QString &key)
{
    const QStringList pointers = stringOrList(key);
    if (!std::all_of(pointers.begin(), pointers.end(), isJsonPointer))
        fail(key, tr("a JSON pointer begins with “/”, as in “/data/count”, or is empty"));
    return pointers;
}

std::optional<QRegularExpression> JsonObjectReader::regex(const QString &key)
{
    const QJsonValue found = take(key, QJsonValue::String);
    if (found.isUndefined())
        return {};
    QRegularExpression pattern(found.toString());
    if (!pattern.isValid())
        fail(key, tr("this is not a regular expression: %1").arg(pattern.errorString()));
    return pattern;
}

double JsonObjectReader::number(const QString &key, double fallback, double least, double most)
{
    const QJsonValue found = take(key, QJsonValue::Double);
    const double number = found.toDouble(fallback);
    if (number < least || number > most)
        fail(key, tr("a number from %1 to %2 is needed").arg(least).arg(most));
    return number;
}

std::chrono::seconds JsonObjectReader::seconds(const QString &key, std::chrono::seconds fallback,
                                               int least)
{
    constexpr int longest = 20 * 24 * 3600; // what a timer can count, in milliseconds
    const int seconds = integer(key, int(fallback.count()), least);
    if (seconds > longest)
        fail(key, tr("at most %1 seconds, 20 days, are possible").arg(longest));
    return std::chrono::seconds(seconds);
}

Template JsonObjectReader::text(const QString &key)
{
    return Template(string(key));
}

QMap<QString, Template> JsonObjectReader::texts(const QString &key)
{
    QMap<QString, Template> result;
    object(key, [&result](JsonObjectReader &members) {
        const QStringList names = members.keys();
        for (const QString &name : names)
            result.insert(name, members.text(name));
    });
    return result;
}

int JsonObjectReader::choice(const QString &key, const QStringList &choices, int fallback)
{
    const QJsonValue found = take(key, QJsonValue::String);
    if (found.isUndefined())
        return fallback;
    const qsizetype index = choices.indexOf(found.toString());
    if (index < 0)
        fail(key,
             tr("“%1” is not one of %2").arg(found.toString(), choices.join(QStringLiteral(", "))));
    return int(index);
}

void JsonObjectReader::object(const QString &key,
                              const std::function<void(JsonObjectReader &)> &read)
{
    const QJsonValue found = value(key);
    if (found.isUndefined())
        return;
    JsonObjectReader members(found, pointerTo(key));
    read(members);
    members.finish();
}

void JsonObjectReader::array(const QString &key,
                             const std::function<void(JsonObjectReader &)> &read)
{
    const QJsonArray elements = take(key, QJsonValue::Array).toArray();
    for (qsizetype index = 0; index < elements.size(); ++index) {
        JsonObjectReader element(elements.at(index),
                                 appendToPointer(pointerTo(key), QString::number(index)));
        read(element);
        element.finish();
    }
}

void JsonObjectReader::fillIn(const QStringList &keys, const Variables &variables)
{
    for (const QString &key : keys) {
        if (const auto member = m_object.find(key); member != m_object.end())
            *member = withStrings(*member, [&variables](const QString &text) {
                return Template(text).render(variables).value_or(text);
            });
    }
}

void JsonObjectReader::finish() const
{
    const QStringList present = keys();
    for (const QString &key : present) {
        if (!m_known.contains(key)) {
            QStringList known(m_known.cbegin(), m_known.cend());
            known.sort();
            fail(key,
                 tr("“%1” is not known here; there are %2")
                     .arg(key, known.join(QStringLiteral(", "))));
        }
    }
}
