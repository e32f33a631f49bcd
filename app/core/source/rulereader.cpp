// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "rulereader.h"

#include "jsonobjectreader.h"

#include <QCoreApplication>
#include <QJsonArray>

#include <algorithm>

using namespace Qt::Literals;

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("RuleReader", text);
}

QList<QJsonValue> readValues(JsonObjectReader &reader, const QString &key)
{
    if (!reader.has(key))
        return {};
    const QJsonArray values = reader.value(key).toArray();
    if (values.isEmpty())
        reader.fail(key, tr("an array with at least one value is needed"));
    return {values.begin(), values.end()};
}

Condition readCondition(JsonObjectReader &reader)
{
    Condition condition;
    condition.pointer = reader.jsonPointer(u"pointer"_s).value_or(QString());
    if (reader.has(u"exists"_s))
        condition.exists = reader.boolean(u"exists"_s, true);
    if (reader.has(u"equals"_s))
        condition.equals = reader.value(u"equals"_s);
    condition.in = readValues(reader, u"in"_s);
    condition.matches = reader.regex(u"matches"_s);
    if (reader.has(u"contains"_s))
        condition.containsAny = {reader.value(u"contains"_s)};
    condition.containsAny += readValues(reader, u"containsAny"_s);
    if (!condition.exists && !condition.equals && !condition.matches && condition.in.isEmpty()
        && condition.containsAny.isEmpty())
        throw JsonMistake{
            reader.pointer(),
            tr("one of contains, containsAny, equals, exists, in, matches is needed")};
    return condition;
}

Extraction readExtraction(JsonObjectReader &reader)
{
    Extraction extraction;
    const int places =
        int(reader.has(u"pointer"_s)) + int(reader.has(u"header"_s)) + int(reader.has(u"cookie"_s));
    extraction.pointer = reader.jsonPointer(u"pointer"_s);
    extraction.header = reader.string(u"header"_s).toLatin1();
    extraction.cookie = reader.string(u"cookie"_s).toUtf8();
    extraction.regex = reader.regex(u"regex"_s);
    if (places > 1)
        throw JsonMistake{reader.pointer(), tr("only one of cookie, header, pointer can be given")};
    if (places == 0 && !extraction.regex)
        throw JsonMistake{reader.pointer(), tr("one of cookie, header, pointer, regex is needed")};
    if (reader.has(u"default"_s))
        extraction.fallback = reader.string(u"default"_s);
    return extraction;
}

// Each needs a number from somewhere.
void checkNumber(JsonObjectReader &reader, const Rule &rule)
{
    const bool hasValue = reader.has(u"value"_s);
    const int given = int(rule.pointer.has_value()) + int(rule.regex.has_value()) + int(hasValue);
    if (rule.action == Rule::Action::Set && given == 0)
        throw JsonMistake{reader.pointer(), tr("“set” needs “pointer”, “regex” or “value”")};
    if (rule.pointer && hasValue)
        reader.fail(u"value"_s, tr("“pointer” and “value” exclude each other"));
    if (given > 1)
        reader.fail(u"regex"_s, tr("“pointer”, “regex” and “value” exclude each other"));
}

void readItem(JsonObjectReader &reader, Rule &rule)
{
    using Action = Rule::Action;
    reader.object(u"item"_s, [&rule](JsonObjectReader &members) {
        ItemDescription item;
        item.title = members.jsonPointers(u"title"_s);
        if (item.title.isEmpty())
            members.fail(u"title"_s, tr("it is needed: where the event has a text"));
        item.body = members.jsonPointers(u"body"_s);
        item.url = members.jsonPointers(u"url"_s);
        item.isHtml = members.boolean(u"html"_s, false);
        rule.item = item;
    });
    const bool mayGrow = rule.action == Action::Set || rule.action == Action::Add
        || rule.action == Action::KeyAdd || rule.action == Action::Refetch;
    if (rule.item && !mayGrow)
        reader.fail(u"item"_s, tr("it needs “do”: \"add\", \"keyAdd\", \"refetch\" or \"set\""));
}

} // namespace

void checkVariableName(const JsonObjectReader &reader, const QString &name)
{
    if (!Template::isName(name))
        reader.fail(name,
                    tr("the name of a variable is made of letters, digits and “_”, and does "
                       "not begin with a digit"));
}

QList<Condition> readConditions(JsonObjectReader &reader, const QString &key)
{
    QList<Condition> conditions;
    reader.array(key, [&conditions](JsonObjectReader &condition) {
        conditions.append(readCondition(condition));
    });
    return conditions;
}

QMap<QString, Extraction> readExtractions(JsonObjectReader &reader)
{
    QMap<QString, Extraction> extractions;
    reader.object(u"extract"_s, [&extractions](JsonObjectReader &members) {
        const QStringList names = members.keys();
        for (const QString &name : names) {
            checkVariableName(members, name);
            members.object(name, [&](JsonObjectReader &extraction) {
                extractions.insert(name, readExtraction(extraction));
            });
        }
    });
    return extractions;
}

CountLocation readCountLocation(JsonObjectReader &reader)
{
    CountLocation location;
    location.pointer = reader.jsonPointer(u"pointer"_s).value_or(QString());
    location.reduce = CountLocation::Reduce(
        reader.choice(u"reduce"_s, {u"number"_s, u"length"_s, u"lines"_s}, 0));
    location.where = readConditions(reader, u"where"_s);
    location.keys = reader.jsonPointers(u"key"_s);
    location.removeWhere = readConditions(reader, u"removeWhere"_s);
    if (!location.removeWhere.isEmpty() && location.keys.isEmpty())
        reader.fail(u"removeWhere"_s, tr("it needs “key”, which tells what to remove"));
    if (reader.has(u"default"_s))
        location.fallback = reader.integer(u"default"_s, 0);
    if (location.reduce == CountLocation::Reduce::Number
        && !(location.where.isEmpty() && location.keys.isEmpty()))
        throw JsonMistake{reader.pointer(),
                          tr("“where” and “key” need “reduce”: \"length\" or \"lines\"")};
    return location;
}

ErrorClass readErrorClass(JsonObjectReader &reader)
{
    ErrorClass error;
    error.statuses = readStatuses(reader);
    error.contentType = reader.regex(u"contentType"_s);
    if (reader.has(u"pointer"_s))
        error.condition = readCondition(reader);
    if (error.statuses.isEmpty() && !error.contentType && !error.condition)
        throw JsonMistake{reader.pointer(), tr("one of contentType, pointer, status is needed")};
    reader.requiredString(u"as"_s);
    error.meaning =
        ErrorClass::Meaning(reader.choice(u"as"_s,
                                          {u"expired"_s, u"auth"_s, u"permission"_s, u"rate"_s,
                                           u"gone"_s, u"transient"_s, u"fatal"_s},
                                          0));
    return error;
}

Rule readRule(JsonObjectReader &reader)
{
    Rule rule;
    rule.events = reader.stringOrList(u"event"_s);
    if (rule.events.contains("*"_L1))
        rule.events.clear();
    rule.comment = reader.regex(u"comment"_s);
    if (rule.comment && reader.has(u"event"_s))
        reader.fail(u"comment"_s, tr("“event” and “comment” exclude each other"));
    rule.where = readConditions(reader, u"where"_s);
    using Action = Rule::Action;
    static constexpr Action actions[] = {Action::Set,       Action::Add,       Action::Sub,
                                         Action::KeyAdd,    Action::KeyRemove, Action::Refetch,
                                         Action::Ignore,    Action::Ignore,    Action::Capture,
                                         Action::Reconnect, Action::Expired,   Action::Stop};
    reader.requiredString(u"do"_s);
    rule.action = actions[reader.choice(u"do"_s,
                                        {u"set"_s, u"add"_s, u"sub"_s, u"keyAdd"_s, u"keyRemove"_s,
                                         u"refetch"_s, u"alive"_s, u"ignore"_s, u"capture"_s,
                                         u"reconnect"_s, u"expired"_s, u"stop"_s},
                                        0)];
    rule.pointer = reader.jsonPointer(u"pointer"_s);
    rule.regex = reader.regex(u"regex"_s);
    rule.value = reader.integer(u"value"_s, 1);
    checkNumber(reader, rule);
    rule.keys = reader.jsonPointers(u"key"_s);
    const bool isKeyed = rule.action == Action::KeyAdd || rule.action == Action::KeyRemove;
    if (isKeyed && rule.keys.isEmpty())
        throw JsonMistake{reader.pointer(), tr("“key” is needed: where the event's key is")};
    if (reader.has(u"debounceMs"_s))
        rule.debounce = reader.milliseconds(u"debounceMs"_s, {});
    rule.extractions = readExtractions(reader);
    if (rule.action == Action::Capture && rule.extractions.isEmpty())
        throw JsonMistake{reader.pointer(), tr("“capture” needs “extract”")};
    readItem(reader, rule);
    return rule;
}

QList<int> readStatuses(JsonObjectReader &reader)
{
    if (!reader.has(u"status"_s))
        return {};
    const QJsonValue status = reader.value(u"status"_s);
    const QJsonArray list = status.isArray() ? status.toArray() : QJsonArray{status};
    QList<int> statuses;
    for (const auto entry : list)
        statuses.append(entry.toInt());
    const auto [least, most] = std::minmax_element(statuses.cbegin(), statuses.cend());
    if (list.isEmpty() || *least < 100 || *most > 599)
        reader.fail(u"status"_s, tr("an HTTP status, or an array of at least one, is needed"));
    return statuses;
}
