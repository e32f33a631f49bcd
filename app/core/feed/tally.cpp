// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "tally.h"

#include "core/countmodel.h"
#include "countrule.h"

namespace {

// More than that, and another snapshot is cheaper than to keep them.
constexpr qsizetype maximumWaiting = 1000;

} // namespace

Tally::Tally(const QList<Rule> &rules, CountModel *model, QObject *parent)
    : QObject(parent)
    , m_rules(rules)
    , m_model(model)
{}

void Tally::beginSnapshot()
{
    m_snapshotOnItsWay = true;
    m_snapshotNeeded = false;
}

void Tally::finishSnapshot(const std::optional<int> &count)
{
    m_snapshotOnItsWay = false;
    if (count)
        m_model->setCount(*count);
    const QList<Sse::Event> waited = std::exchange(m_waiting, {});
    for (const Sse::Event &event : waited)
        take(event); // one of them may ask for the next snapshot
    if (std::exchange(m_snapshotNeeded, false))
        needSnapshot();
}

void Tally::reset()
{
    m_snapshotOnItsWay = false;
    m_snapshotNeeded = false;
    m_waiting.clear();
}

void Tally::take(const Sse::Event &event)
{
    if (!m_snapshotOnItsWay) {
        apply(event);
        return;
    }
    if (m_waiting.size() == maximumWaiting) {
        m_waiting.clear();
        m_snapshotNeeded = true;
    }
    m_waiting.append(event);
}

void Tally::apply(const Sse::Event &event)
{
    const RuleVerdict verdict = applyRules(m_rules, event.type, event.data);
    if (!verdict.problem.isEmpty() && !std::exchange(m_problemFound, true))
        Q_EMIT problemFound(verdict.problem);
    if (!verdict.change)
        return;
    switch (verdict.change->kind) {
    case CountChange::Kind::Set:
        m_model->setCount(verdict.change->value);
        break;
    case CountChange::Kind::Add:
        if (m_model->count())
            m_model->changeCountBy(verdict.change->value);
        else
            needSnapshot();
        break;
    case CountChange::Kind::Refetch:
        needSnapshot();
        break;
    }
}

void Tally::needSnapshot()
{
    if (m_snapshotOnItsWay)
        m_snapshotNeeded = true;
    else
        Q_EMIT snapshotNeeded();
}
