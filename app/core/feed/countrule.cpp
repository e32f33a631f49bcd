// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "countrule.h"

#include "core/source/jsonpointer.h"
#include "core/source/jsontext.h"

#include <QCoreApplication>
#include <QJsonArray>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace Qt::Literals;

namespace {

constexpr double largestCount = std::numeric_limits<int>::max();
constexpr qsizetype longestShown = 100; // the server chooses the name of an event

std::optional<QJsonValue> valueAt(const QByteArray &json, const QString &pointer)
{
    const std::optional<QJsonValue> root = parseJson(json);
    return root ? resolvePointer(*root, pointer) : std::nullopt;
}

std::optional<int> valueOf(const Rule &rule, const QByteArray &data)
{
    if (!rule.pointer)
        return rule.value;
    const std::optional<QJsonValue> found = valueAt(data, *rule.pointer);
    return found ? toCount(*found) : std::nullopt;
}

QString problemOf(const QString &event, const QString &pointer)
{
    return pointer.isEmpty()
        ? QCoreApplication::translate("CountRule",
                                      "An event “%1” is not a number; the count is left as it is.")
              .arg(event)
        : QCoreApplication::translate("CountRule",
                                      "An event “%1” has no number at “%2”; the count is left as "
                                      "it is.")
              .arg(event, pointer);
}

} // namespace

std::optional<int> toCount(const QJsonValue &value)
{
    if (value.isDouble()) {
        const double number = value.toDouble();
        if (number >= 0 && number <= largestCount && number == std::floor(number))
            return int(number);
    } else if (value.isString()) {
        bool isNumber = false;
        const int number = value.toString().toInt(&isNumber);
        if (isNumber && number >= 0)
            return number;
    }
    return {};
}

std::optional<int> countIn(const QByteArray &body, const CountLocation &location)
{
    if (location.reduce == CountLocation::Reduce::Lines) {
        const QList<QByteArray> lines = body.split('\n');
        return int(std::count_if(lines.begin(), lines.end(),
                                 [](const QByteArray &line) { return !line.trimmed().isEmpty(); }));
    }
    const std::optional<QJsonValue> found = valueAt(body, location.pointer);
    if (!found)
        return {};
    if (location.reduce == CountLocation::Reduce::Length)
        return found->isArray() ? std::optional(int(found->toArray().size())) : std::nullopt;
    return toCount(*found);
}

RuleVerdict applyRules(const QList<Rule> &rules, const QByteArray &type, const QByteArray &data)
{
    const QString event = QString::fromUtf8(type);
    const auto rule = std::find_if(rules.begin(), rules.end(), [&event](const Rule &candidate) {
        return candidate.events.isEmpty() || candidate.events.contains(event);
    });
    if (rule == rules.end() || rule->action == Rule::Action::Ignore)
        return {};
    if (rule->action == Rule::Action::Refetch)
        return {CountChange{CountChange::Kind::Refetch, 0}, {}};
    const std::optional<int> value = valueOf(*rule, data);
    if (!value)
        return {{}, problemOf(event.left(longestShown), *rule->pointer)};
    switch (rule->action) {
    case Rule::Action::Set:
        return {CountChange{CountChange::Kind::Set, *value}, {}};
    case Rule::Action::Add:
        return {CountChange{CountChange::Kind::Add, *value}, {}};
    case Rule::Action::Sub:
        return {CountChange{CountChange::Kind::Add, -*value}, {}};
    case Rule::Action::Refetch:
    case Rule::Action::Ignore:
        break;
    }
    Q_UNREACHABLE();
}
