// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "tally.h"

#include "core/countmodel.h"

#include <algorithm>

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
        if (m_keysAreComplete) {
            const QList<Item> items = m_model->items();
            for (const Item &item : items) {
                if (!m_keys.contains(item.key))
                    m_model->removeItem(item.key);
            }
        }
        m_model->limitItems(found->count);
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
    addProven();
    if (found && !m_snapshotNeeded)
        m_unproven.clear();
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
    m_unproven.clear();
}

void Tally::startFromZero()
{
    m_keys.clear();
    m_keysAreComplete = true;
    m_unproven.clear();
    m_model->setCount(0);
    m_model->clearItems();
}

void Tally::take(const QByteArray &type, const QByteArray &data)
{
    obey(applyRules(m_rules, type, data, m_model->homepage()));
}

void Tally::takeComment(const QByteArray &text)
{
    obey(applyRulesToComment(m_rules, text, m_model->homepage()));
}

void Tally::obey(RuleVerdict verdict)
{
    if (verdict.change && verdict.change->item)
        verdict.change->item->arrivedAt = QDateTime::currentDateTime();
    if (!verdict.problem.isEmpty() && !std::exchange(m_problemFound, true))
        Q_EMIT problemFound(verdict.problem);
    if (!verdict.captured.isEmpty())
        Q_EMIT captured(verdict.captured);
    if (verdict.change && m_snapshotOnItsWay)
        hold(*std::move(verdict.change));
    else if (verdict.change)
        apply(*verdict.change);
    if (verdict.command != StreamCommand::Nothing)
        Q_EMIT commanded(verdict.command); // last: it may end the stream
}

void Tally::hold(CountChange change)
{
    if (change.kind != CountChange::Kind::KeyAdd)
        keepUnproven(std::exchange(change.item, {}));
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
    m_waiting.append(std::move(change));
}

void Tally::apply(const CountChange &change)
{
    switch (change.kind) {
    case CountChange::Kind::Set: {
        const int before = m_model->count().value_or(0);
        m_keys.clear();
        m_keysAreComplete = false;
        m_model->setCount(change.value);
        m_model->limitItems(change.value);
        if (change.item && change.value > before)
            m_model->addItem(*change.item);
        if (m_unsettled)
            Q_EMIT verificationNeeded();
        return;
    }
    case CountChange::Kind::Refetch:
        keepUnproven(change.item);
        needSnapshot(change.debounce);
        return;
    case CountChange::Kind::Add:
    case CountChange::Kind::KeyAdd:
    case CountChange::Kind::KeyRemove:
        break;
    }
    if (!m_model->count()) {
        keepUnproven(change.item);
        needSnapshot({});
        return;
    }
    if (change.kind == CountChange::Kind::Add) {
        m_model->changeCountBy(change.value);
        if (change.item && change.value > 0)
            m_model->addItem(*change.item);
    } else if (change.kind == CountChange::Kind::KeyAdd) {
        addKey(change);
    } else {
        removeKey(change.key);
    }
    m_model->limitItems(*m_model->count());
    Q_EMIT verificationNeeded();
}

void Tally::addKey(const CountChange &change)
{
    if (!m_keys.contains(change.key)) {
        if (m_keys.size() == maximumKeys) {
            m_keys.clear();
            m_keysAreComplete = false;
        }
        m_keys.insert(change.key);
        m_model->changeCountBy(1);
    }
    if (change.item) // what it tells may be new
        m_model->addItem(*change.item);
}

void Tally::removeKey(const QString &key)
{
    m_model->removeItem(key);
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

// Whether the count grew for it is to be seen.
void Tally::keepUnproven(std::optional<Item> item)
{
    if (!item)
        return;
    if (m_unproven.isEmpty())
        m_unprovenSince = m_model->count();
    if (m_unproven.size() == CountModel::maximumItems)
        m_unproven.removeFirst();
    m_unproven.append(*std::move(item));
}

// As many as the count grew by since, and the newest: the others may have been read already.
void Tally::addProven()
{
    if (m_unproven.isEmpty() || !m_model->count())
        return;
    const int growth = *m_model->count() - m_unprovenSince.value_or(0);
    const qsizetype proven = std::clamp<qsizetype>(growth, 0, m_unproven.size());
    const QList<Item> items = m_unproven.last(proven);
    m_unproven.resize(m_unproven.size() - proven);
    m_unprovenSince = m_model->count();
    for (const Item &item : items)
        m_model->addItem(item);
}
