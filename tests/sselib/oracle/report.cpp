// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "report.h"

#include "script.h"

#include <QStringList>

#include <algorithm>

using namespace Qt::Literals;

namespace Oracle {

namespace {

constexpr qsizetype longText = 120; // characters; more of a value helps nobody

QString escaped(const QString &text)
{
    QString shown;
    for (const QChar character : text) {
        if (character == u'"' || character == u'\\')
            shown += u'\\' + QString(character);
        else if (character >= u' ' && character <= u'~')
            shown += character;
        else
            shown += u"\\u%1"_s.arg(character.unicode(), 4, 16, QLatin1Char('0'));
    }
    return u'"' + shown + u'"';
}

// A long text is cut to the surroundings of its first difference to the other side's.
QString excerpt(const QString &text, const QString &other)
{
    if (text.size() <= longText)
        return escaped(text);
    const auto [mine, theirs] =
        std::mismatch(text.cbegin(), text.cend(), other.cbegin(), other.cend());
    const qsizetype at = mine == text.cend() ? 0 : mine - text.cbegin();
    const qsizetype from = std::max<qsizetype>(0, at - longText / 2);
    return u"(%1 of %2 characters from %3 on) "_s.arg(longText).arg(text.size()).arg(from)
        + escaped(text.mid(from, longText));
}

QString describe(const Fact &fact, const Fact &other)
{
    if (fact.type != "message"_L1)
        return QString(fact.type + u' ' + fact.state).trimmed();
    return u"message %1 data %2 id %3 from %4"_s.arg(
        excerpt(fact.event, other.event), excerpt(fact.data, other.data),
        excerpt(fact.lastEventId, other.lastEventId), fact.origin);
}

QString describe(const Request &request, const Request &)
{
    return u"GET %1, Accept: %2, %3"_s.arg(
        QString::fromUtf8(request.place), QString::fromUtf8(request.accept),
        request.lastEventId ? "Last-Event-ID: "_L1 + literal(*request.lastEventId)
                            : u"no Last-Event-ID"_s);
}

template <typename Item>
QString sideBySide(const QString &title, const QList<Item> &chromium, const QList<Item> &ssekit)
{
    if (chromium == ssekit)
        return {};
    const auto [first, second] =
        std::mismatch(chromium.cbegin(), chromium.cend(), ssekit.cbegin(), ssekit.cend());
    const qsizetype at = first - chromium.cbegin();
    constexpr qsizetype before = 3; // what comes earlier is the same, and may be long
    constexpr qsizetype after = 5;
    const auto list = [at](const QList<Item> &items, const QList<Item> &others) {
        QString text;
        for (qsizetype i = std::max<qsizetype>(0, at - before); i <= at + after; ++i) {
            const QString shown =
                i < items.size() ? describe(items.at(i), others.value(i)) : u"(nothing)"_s;
            if (i < items.size() || i == at)
                text +=
                    u"  %1 %2: %3\n"_s.arg(QLatin1Char(i == at ? '>' : ' ')).arg(i + 1).arg(shown);
        }
        return text;
    };
    return u"%1 in Chromium (%2)\n"_s.arg(title).arg(chromium.size()) + list(chromium, ssekit)
        + u"%1 in ssekit (%2)\n"_s.arg(title).arg(ssekit.size()) + list(ssekit, chromium);
}

} // namespace

Fact Fact::fromJson(const QJsonObject &object)
{
    return {object[u"type"_s].toString(),   object[u"event"_s].toString(),
            object[u"data"_s].toString(),   object[u"lastEventId"_s].toString(),
            object[u"origin"_s].toString(), object[u"state"_s].toString()};
}

QString difference(const Report &chromium, const Report &ssekit)
{
    return sideBySide(u"Facts"_s, chromium.facts, ssekit.facts)
        + sideBySide(u"Requests"_s, chromium.requests, ssekit.requests);
}

} // namespace Oracle
