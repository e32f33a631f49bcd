// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "tally.h"

#include "core/countmodel.h"

namespace {

// More than that, and another snapshot is cheaper than to keep them.
constexpr qsizetype maximumWaiting = 1000;
// More than that is not kept apart any more: they are a number then, and a snapshot sets it right.
constexpr qsizetype maximumKeys = 100'000;

} // namespace

Tally::Tally(const QList<Rule> &rules, CountModel *model, QObject *parent)
    : QObject(parent)
    , m_rules(rules)
    , m_model(model)
{}

void Tally::streamOpened()
{
    m_unsettled = true;
}

void Tally::beginSnapshot()
{
    m_snapshotOnItsWay = true;
    m_snapshotNeeded = false;
}

void Tally::finishSnapshot(const std::optional<FoundCount> &found)
{
    m_snapshotOnItsWay = false;
    if (found) {
        m_keysAreComplete = found->keys.has_value();
        m_keys = found->keys.value_or(QSet<QString>());
        m_model->setCount(found->count);
    }
    const QList<CountChange> waited = std::exchange(m_waiting, {});
    if (waited.isEmpty() && found)
        m_unsettled = false;
    for (const CountChange &change : waited) {
        // A number is a fact whenever it was sent. A difference may be in the snapshot already.
        if (change.kind == CountChange::Kind::Add)
            m_snapshotNeeded = true;
        else
            apply(change);
    }
    if (std::exchange(m_snapshotNeeded, false))
        needSnapshot({});
    else if (!waited.isEmpty())
        Q_EMIT verificationNeeded();
}

void Tally::reset()
{
    m_snapshotOnItsWay = false;
    m_snapshotNeeded = false;
    m_waiting.clear();
}

void Tally::startFromZero()
{
    m_keys.clear();
    m_keysAreComplete = true;
    m_model->setCount(0);
}

void Tally::take(const QByteArray &type, const QByteArray &data)
{
    obey(applyRules(m_rules, type, data));
}

void Tally::takeComment(const QByteArray &text)
{
    obey(applyRulesToComment(m_rules, text));
}

void Tally::obey(const RuleVerdict &verdict)
{
    if (!verdict.problem.isEmpty() && !std::exchange(m_problemFound, true))
        Q_EMIT problemFound(verdict.problem);
    if (!verdict.captured.isEmpty())
        Q_EMIT captured(verdict.captured);
    if (verdict.change && m_snapshotOnItsWay)
        hold(*verdict.change);
    else if (verdict.change)
        apply(*verdict.change);
    if (verdict.command != StreamCommand::Nothing)
        Q_EMIT commanded(verdict.command); // last: it may end the stream
}

void Tally::hold(const CountChange &change)
{
    if (change.kind == CountChange::Kind::Refetch) {
        m_snapshotNeeded = true;
        return;
    }
    if (change.kind == CountChange::Kind::Set)
        m_waiting.clear(); // what came before it does not matter any more
    if (m_waiting.size() == maximumWaiting) {
        m_waiting.clear();
        m_snapshotNeeded = true;
    }
    m_waiting.append(change);
}

void Tally::apply(const CountChange &change)
{
    switch (change.kind) {
    case CountChange::Kind::Set:
        m_keys.clear();
        m_keysAreComplete = false;
        m_model->setCount(change.value);
        if (m_unsettled)
            Q_EMIT verificationNeeded();
        return;
    case CountChange::Kind::Refetch:
        needSnapshot(change.debounce);
        return;
    case CountChange::Kind::Add:
    case CountChange::Kind::KeyAdd:
    case CountChange::Kind::KeyRemove:
        break;
    }
    if (!m_model->count()) {
        needSnapshot({});
        return;
    }
    if (change.kind == CountChange::Kind::Add)
        m_model->changeCountBy(change.value);
    else if (change.kind == CountChange::Kind::KeyAdd)
        addKey(change.key);
    else
        removeKey(change.key);
    Q_EMIT verificationNeeded();
}

void Tally::addKey(const QString &key)
{
    if (m_keys.contains(key))
        return;
    if (m_keys.size() == maximumKeys) {
        m_keys.clear();
        m_keysAreComplete = false;
    }
    m_keys.insert(key);
    m_model->changeCountBy(1);
}

void Tally::removeKey(const QString &key)
{
    if (m_keys.remove(key))
        m_model->changeCountBy(-1);
    else if (!m_keysAreComplete)
        needSnapshot({}); // it may be one of those that a number stands for
}

void Tally::needSnapshot(std::optional<std::chrono::milliseconds> debounce)
{
    if (m_snapshotOnItsWay)
        m_snapshotNeeded = true;
    else
        Q_EMIT snapshotNeeded(debounce);
}
