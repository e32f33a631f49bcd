// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "jsonpointer.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QStringList>

using namespace Qt::Literals;

namespace {

QStringList tokensOf(const QString &pointer)
{
    QStringList tokens = pointer.split(u'/').mid(1);
    for (QString &token : tokens)
        token.replace("~1"_L1, "/"_L1).replace("~0"_L1, "~"_L1);
    return tokens;
}

std::optional<qsizetype> toIndex(const QString &token)
{
    static const QRegularExpression canonical(uR"(\A(0|[1-9][0-9]*)\z)"_s);
    if (!canonical.match(token).hasMatch())
        return {};
    bool fits = false;
    const qlonglong index = token.toLongLong(&fits);
    return fits ? std::optional(qsizetype(index)) : std::nullopt;
}

// Walks over a valid JSON text and finds where a path begins. QJsonDocument keeps no positions.
class LineSearch
{
public:
    LineSearch(QByteArrayView json, const QStringList &path)
        : m_json(json)
        , m_path(path)
    {}

    int search()
    {
        walkValue(0);
        return 1 + int(std::count(m_json.begin(), m_json.begin() + m_found, '\n'));
    }

private:
    // \a depth: how much of the path leads here; -1: this value is not on the path.
    void walkValue(qsizetype depth)
    {
        skipSpace();
        const char first = peek();
        if (first == '{' || first == '[') {
            walkMembers(first, depth);
        } else if (first == '"') {
            takeString();
        } else {
            while (m_at < m_json.size() && !QByteArrayView(",]} \t\r\n").contains(peek()))
                ++m_at;
        }
    }

    void walkMembers(char bracket, qsizetype depth)
    {
        const char closing = bracket == '{' ? '}' : ']';
        ++m_at;
        for (qsizetype index = 0;; ++index) {
            skipSpace();
            if (m_at >= m_json.size() || peek() == closing)
                break;
            if (peek() == ',') {
                ++m_at;
                skipSpace();
            }
            const qsizetype begin = m_at;
            QString token = QString::number(index);
            if (bracket == '{') {
                token = takeString();
                skipSpace();
                ++m_at; // the colon
            }
            qsizetype next = -1;
            if (depth >= 0 && depth < m_path.size() && token == m_path.at(depth)) {
                next = depth + 1;
                m_found = begin;
            }
            walkValue(next);
        }
        ++m_at;
    }

    QString takeString()
    {
        const qsizetype begin = m_at++;
        while (m_at < m_json.size() && peek() != '"')
            m_at += peek() == '\\' ? 2 : 1;
        ++m_at;
        // QJsonDocument unescapes, as long as the string stands in an array.
        const QByteArray text = '[' + m_json.sliced(begin, m_at - begin).toByteArray() + ']';
        return QJsonDocument::fromJson(text).array().at(0).toString();
    }

    void skipSpace()
    {
        while (m_at < m_json.size() && QByteArrayView(" \t\r\n").contains(peek()))
            ++m_at;
    }

    [[nodiscard]] char peek() const { return m_at < m_json.size() ? m_json.at(m_at) : '\0'; }

    const QByteArrayView m_json;
    const QStringList m_path;
    qsizetype m_at = 0;
    qsizetype m_found = 0;
};

} // namespace

std::optional<QJsonValue> resolvePointer(const QJsonValue &root, const QString &pointer)
{
    if (!pointer.isEmpty() && !pointer.startsWith(u'/'))
        return {};
    QJsonValue value = root;
    const QStringList tokens = tokensOf(pointer);
    for (const QString &token : tokens) {
        if (value.isObject()) {
            value = value.toObject().value(token);
        } else if (value.isArray()) {
            const std::optional<qsizetype> index = toIndex(token);
            value = index ? value.toArray().at(*index) : QJsonValue(QJsonValue::Undefined);
        } else {
            return {};
        }
        if (value.isUndefined())
            return {};
    }
    return value;
}

bool isJsonPointer(const QString &pointer)
{
    static const QRegularExpression syntax(uR"(\A(/([^/~]|~[01])*)*\z)"_s);
    return syntax.match(pointer).hasMatch();
}

QString appendToPointer(const QString &pointer, const QString &token)
{
    QString escaped = token;
    escaped.replace(u'~', "~0"_L1).replace(u'/', "~1"_L1);
    return pointer + u'/' + escaped;
}

int lineOfPointer(QByteArrayView json, const QString &pointer)
{
    return LineSearch(json, tokensOf(pointer)).search();
}
