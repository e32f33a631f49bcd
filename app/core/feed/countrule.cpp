// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "countrule.h"

#include "itemrule.h"

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

QString tr(const char *text)
{
    return QCoreApplication::translate("CountRule", text);
}

// The data of an event, read as JSON at most once, and only where a rule looks into it.
class Payload
{
public:
    explicit Payload(const QByteArray &bytes)
        : m_bytes(bytes)
    {}

    [[nodiscard]] const QJsonValue &root()
    {
        if (!m_root)
            m_root = jsonOrText(m_bytes);
        return *m_root;
    }

    [[nodiscard]] QString text() const { return QString::fromUtf8(m_bytes); }

private:
    const QByteArray &m_bytes;
    std::optional<QJsonValue> m_root;
};

std::optional<int> numberOf(const Rule &rule, Payload &payload)
{
    if (rule.regex) {
        const QRegularExpressionMatch match = rule.regex->match(payload.text());
        return match.hasMatch() ? toCount(match.captured(rule.regex->captureCount() > 0 ? 1 : 0))
                                : std::nullopt;
    }
    if (!rule.pointer)
        return rule.value;
    const std::optional<QJsonValue> found = resolvePointer(payload.root(), *rule.pointer);
    return found ? toCount(*found) : std::nullopt;
}

QString problemOf(const QString &event, const Rule &rule)
{
    const QString place = rule.pointer.value_or(rule.regex ? rule.regex->pattern() : QString());
    return place.isEmpty()
        ? tr("An event “%1” is not a number; the count is left as it is.").arg(event)
        : tr("An event “%1” has no number at “%2”; the count is left as it is.").arg(event, place);
}

Variables capture(const Rule &rule, Payload &payload)
{
    Variables captured;
    for (auto entry = rule.extractions.begin(); entry != rule.extractions.end(); ++entry) {
        std::optional<QString> value = entry->find(payload.root(), payload.text());
        if (!value)
            value = entry->fallback;
        if (value)
            captured.insert(entry.key(), *value);
    }
    return captured;
}

// \a name is how a problem calls the event.
RuleVerdict apply(const Rule &rule, const QString &name, Payload &payload, const QUrl &homepage)
{
    RuleVerdict verdict;
    verdict.captured = capture(rule, payload);
    const auto withNumber = [&](CountChange::Kind kind, int sign) {
        if (const std::optional<int> number = numberOf(rule, payload))
            verdict.change = CountChange{kind, sign * *number};
        else
            verdict.problem = problemOf(name, rule);
    };
    const auto withKey = [&](CountChange::Kind kind) {
        if (const std::optional<QString> key = firstText(payload.root(), rule.keys))
            verdict.change = CountChange{kind, 0, *key};
        else
            verdict.problem = tr("An event “%1” has no key at “%2”; the count is left as it is.")
                                  .arg(name, rule.keys.join(u"”, “"));
    };
    switch (rule.action) {
    case Rule::Action::Set:
        withNumber(CountChange::Kind::Set, 1);
        break;
    case Rule::Action::Add:
        withNumber(CountChange::Kind::Add, 1);
        break;
    case Rule::Action::Sub:
        withNumber(CountChange::Kind::Add, -1);
        break;
    case Rule::Action::KeyAdd:
        withKey(CountChange::Kind::KeyAdd);
        break;
    case Rule::Action::KeyRemove:
        withKey(CountChange::Kind::KeyRemove);
        break;
    case Rule::Action::Refetch:
        verdict.change = CountChange{CountChange::Kind::Refetch, 0, {}, rule.debounce};
        break;
    case Rule::Action::Reconnect:
        verdict.command = StreamCommand::Reconnect;
        break;
    case Rule::Action::Expired:
        verdict.command = StreamCommand::Expired;
        break;
    case Rule::Action::Stop:
        verdict.command = StreamCommand::Stop;
        break;
    case Rule::Action::Ignore:
    case Rule::Action::Capture:
        break;
    }
    if (verdict.change && rule.item)
        verdict.change->item = itemIn(payload.root(), rule, homepage);
    return verdict;
}

// What where and key look into: the elements of an array, or the lines of a text.
std::optional<QList<QJsonValue>> elementsOf(const QByteArray &body, const CountLocation &location)
{
    QList<QJsonValue> elements;
    if (location.reduce == CountLocation::Reduce::Lines) {
        const QList<QByteArray> lines = body.split('\n');
        for (const QByteArray &line : lines) {
            if (!line.trimmed().isEmpty())
                elements.append(jsonOrText(line));
        }
        return elements;
    }
    const std::optional<QJsonValue> root = parseJson(body);
    const std::optional<QJsonValue> found =
        root ? resolvePointer(*root, location.pointer) : std::nullopt;
    if (!found || !found->isArray())
        return {};
    const QJsonArray array = found->toArray();
    return QList<QJsonValue>(array.begin(), array.end());
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

std::optional<FoundCount> countIn(const QByteArray &body, const CountLocation &location)
{
    if (location.reduce == CountLocation::Reduce::Number) {
        const std::optional<QJsonValue> root = parseJson(body);
        const std::optional<QJsonValue> found =
            root ? resolvePointer(*root, location.pointer) : std::nullopt;
        const std::optional<int> number = found ? toCount(*found)
            : root                              ? location.fallback
                                                : std::nullopt;
        return number ? std::optional(FoundCount{*number, {}}) : std::nullopt;
    }
    const std::optional<QList<QJsonValue>> elements = elementsOf(body, location);
    if (!elements)
        return location.fallback ? std::optional(FoundCount{*location.fallback, {}}) : std::nullopt;
    FoundCount found;
    if (!location.keys.isEmpty())
        found.keys.emplace();
    for (const QJsonValue &element : *elements) {
        if (!location.removeWhere.isEmpty() && allHold(location.removeWhere, element)) {
            found.keys->remove(firstText(element, location.keys).value_or(QString()));
            continue;
        }
        if (!allHold(location.where, element))
            continue;
        ++found.count;
        if (found.keys)
            found.keys->insert(firstText(element, location.keys).value_or(QString()));
    }
    if (found.keys)
        found.count = int(found.keys->size());
    return found;
}

RuleVerdict applyRules(const QList<Rule> &rules, const QByteArray &type, const QByteArray &data,
                       const QUrl &homepage)
{
    const QString event = QString::fromUtf8(type);
    Payload payload(data);
    for (const Rule &rule : rules) {
        if (!rule.comment && (rule.events.isEmpty() || rule.events.contains(event))
            && (rule.where.isEmpty() || allHold(rule.where, payload.root())))
            return apply(rule, event.left(longestShown), payload, homepage);
    }
    return {};
}

RuleVerdict applyRulesToComment(const QList<Rule> &rules, const QByteArray &text,
                                const QUrl &homepage)
{
    Payload payload(text);
    for (const Rule &rule : rules) {
        if (rule.comment && rule.comment->match(payload.text()).hasMatch()
            && (rule.where.isEmpty() || allHold(rule.where, payload.root())))
            return apply(rule, payload.text().left(longestShown), payload, homepage);
    }
    return {};
}
