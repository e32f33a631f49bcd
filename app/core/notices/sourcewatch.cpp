// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "sourcewatch.h"

#include "alarm.h"
#include "noticeoutbox.h"
#include "noticewording.h"

#include <algorithm>
#include <utility>

using namespace std::chrono_literals;
using Freshness = CountModel::Freshness;

namespace {

// What a stream says at first after a gap may be what happened in it.
constexpr std::chrono::milliseconds settling = 2s;

} // namespace

SourceWatch::SourceWatch(const CountModel *model, const Alarm *clock)
    : m_model(model)
    , m_clock(clock)
{
    if (model->freshness() != Freshness::Unknown)
        m_last = model->count();
    connect(model, &CountModel::countChanged, this, &SourceWatch::noteCount);
    connect(model, &CountModel::seenChanged, this, &SourceWatch::noteSeen);
    connect(model, &CountModel::statusChanged, this, &SourceWatch::touch);
    connect(model, &CountModel::itemRemoved, this, &SourceWatch::touch);
    connect(model, &CountModel::itemAdded, this, &SourceWatch::noteItem);
}

void SourceWatch::touch()
{
    if (std::exchange(m_isTouched, true))
        return;
    m_atFirst = count();
    Q_EMIT touched();
}

void SourceWatch::noteCount()
{
    touch();
    if (m_model->freshness() != Freshness::Fresh) {
        if (m_last && !m_gap)
            m_gap = Gap{*m_last, m_clock->now(), {}};
        if (m_gap)
            m_gap->over.reset();
        return;
    }
    const int fresh = *m_model->count();
    if (!m_last)
        m_isNew = true;
    else if (m_gap && !m_gap->over)
        m_gap->over = m_clock->elapsed() + settling;
    else if (fresh > *m_last)
        m_grown += fresh - *m_last;
    m_last = fresh;
}

void SourceWatch::noteSeen()
{
    if (m_model->newCount() > 0)
        return;
    touch();
    m_isSeen = true;
    m_grown = 0; // what comes after it in the same turn is new again
    m_atFirst = count();
    m_arrived.clear();
    if (m_gap)
        m_gap->before = count();
}

void SourceWatch::noteItem(const Item &item)
{
    touch();
    if (m_arrived.size() == CountModel::maximumItems)
        m_arrived.removeFirst();
    m_arrived.append(item);
}

bool SourceWatch::isSettled() const
{
    return m_gap && m_gap->over && *m_gap->over <= m_clock->elapsed();
}

bool SourceWatch::isDue() const
{
    return m_isTouched || isSettled();
}

std::optional<std::chrono::milliseconds> SourceWatch::settlesAt() const
{
    return m_gap ? m_gap->over : std::nullopt;
}

bool SourceWatch::takeSeen()
{
    return std::exchange(m_isSeen, false);
}

News SourceWatch::takeGap()
{
    const Gap gap = *std::exchange(m_gap, std::nullopt);
    News news;
    news.add(count() - gap.before, gap.before);
    news.since = gap.since;
    return news;
}

QList<SourceWatch::Arrival> SourceWatch::takeArrivals(const NoticeOutbox &outbox)
{
    const QList<Item> arrived = std::exchange(m_arrived, {});
    const int grown = std::exchange(m_grown, 0);
    const bool isNew = std::exchange(m_isNew, false);
    m_isTouched = false;

    if (isSettled()) {
        const News news = takeGap();
        return news.count > 0 ? QList<Arrival>{{{}, news}} : QList<Arrival>();
    }
    if (m_gap || isNew)
        return {};
    // Each that the count grew for, the newest if there are more, and the rest as a number.
    int left = grown;
    QList<Arrival> arrivals;
    for (auto item = arrived.crbegin(); item != arrived.crend(); ++item) {
        if (!m_model->items().contains(*item))
            continue; // replaced, or gone again
        const Notice notice = itemNotice(*m_model, *item, 0);
        if (outbox.isShown(notice.key) ? outbox.shows(notice) : left == 0)
            continue; // a replay
        News news;
        if (left > 0) {
            --left;
            news.add(1, m_atFirst);
        }
        arrivals.prepend({*item, news});
    }
    const int rest = std::min(grown, count() - m_atFirst) - (grown - left);
    if (rest > 0) {
        News news;
        news.add(rest, m_atFirst);
        arrivals.prepend({{}, news});
    }
    return arrivals;
}
