// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "notifier.h"

#include "core/feedlist.h"
#include "noticewording.h"
#include "quiet.h"
#include "sourcewatch.h"

#include <QPointer>

#include <algorithm>
#include <optional>

using namespace std::chrono_literals;

namespace {

constexpr qsizetype stormSize = 3; // notices
constexpr std::chrono::milliseconds stormSpan = 5s; // that they come in, and of calm that ends it

} // namespace

/*! A source, and what notices tell of it. */
struct Notifier::Source
{
    Source(const CountModel *model, const Alarm *clock)
        : watch(model, clock)
    {}

    [[nodiscard]] const CountModel &model() const { return watch.model(); }

    SourceWatch watch;
    News counted; // in the notice of the source
    News summed; // in the summary
    QHash<QString, Item> items; // by the key of the notice
    std::optional<Notice> status; // told, even if it was put away
};

/*! Something that deserves a notice. */
struct Notifier::Arrival
{
    Source *source;
    std::optional<Item> item;
    News news;
};

/*! An arrival that was shown. */
struct Notifier::Shown
{
    std::chrono::milliseconds at;
    QString key;
    Source *source;
    News news;
};

Notifier::Notifier(FeedList *feeds, Quiet *quiet, Sse::Clock *clock, QObject *parent)
    : QObject(parent)
    , m_quiet(quiet)
    , m_alarm(clock, [this] { judge(); })
{
    const QList<CountModel *> models = feeds->models();
    for (const CountModel *model : models)
        follow(model);
    connect(feeds, &FeedList::modelAdded, this, &Notifier::follow);
    connect(quiet, &Quiet::quietChanged, this, &Notifier::touchAll);
}

Notifier::~Notifier() = default;

void Notifier::setChoices(const Choices &choices)
{
    if (std::exchange(m_choices, choices) != choices)
        touchAll();
}

void Notifier::setInhibited(bool isInhibited)
{
    if (std::exchange(m_isInhibited, isInhibited) != isInhibited)
        touchAll();
}

bool Notifier::isSilenced() const
{
    return m_isInhibited || !m_choices.notifies || m_quiet->isQuiet();
}

void Notifier::forget(const QString &key)
{
    m_outbox.forget(key);
    for (const auto &source : m_sources) {
        source->items.remove(key);
        if (key == source->model().name())
            source->counted = {};
        if (key == summaryKey())
            source->summed = {};
    }
}

void Notifier::follow(const CountModel *model)
{
    m_sources.push_back(std::make_unique<Source>(model, &m_alarm));
    SourceWatch &watch = m_sources.back()->watch;
    connect(&watch, &SourceWatch::touched, this, [this] {
        if (!std::exchange(m_isTouched, true))
            m_alarm.start(0ms);
    });
    watch.touch();
}

void Notifier::touchAll()
{
    for (const auto &source : m_sources)
        source->watch.touch();
}

void Notifier::judge()
{
    m_isTouched = false;
    QList<Arrival> arrivals;
    for (const auto &source : m_sources) {
        if (!source->watch.isDue())
            continue;
        judgeShown(*source);
        judgeStatus(*source);
        const QList<SourceWatch::Arrival> come = source->watch.takeArrivals(m_outbox);
        for (const SourceWatch::Arrival &arrival : come)
            arrivals.append({source.get(), arrival.item, arrival.news});
    }
    judgeArrivals(arrivals);
    judgeSummary();
    schedule();
    tell(); // last: it may be the end of us
}

// What does not wait any more, and what the user has seen.
void Notifier::judgeShown(Source &source)
{
    const CountModel &model = source.model();
    const bool isSeen = source.watch.takeSeen();
    const QStringList keys = source.items.keys();
    for (const QString &key : keys) {
        const Item &shown = *source.items.constFind(key);
        const bool waits =
            std::any_of(model.items().begin(), model.items().end(), [&shown](const Item &item) {
                return item.key.isEmpty() ? item == shown : item.key == shown.key;
            });
        if (isSeen || !waits) {
            source.items.remove(key);
            m_outbox.withdraw(key);
        }
    }
    const auto isLess = [isSeen, count = source.watch.count()](News &news) {
        return isSeen ? std::exchange(news, {}).count > 0 : news.limitTo(count);
    };
    if (isLess(source.summed))
        m_summary.shrink();
    if (!isLess(source.counted))
        return;
    if (source.counted.count == 0 || isSilenced()) {
        sumUp(source);
        m_outbox.withdraw(model.name());
    } else {
        m_outbox.correct(countNotice(model, source.counted, m_alarm.now()));
    }
}

void Notifier::judgeStatus(Source &source)
{
    const std::optional<Notice> notice = statusNotice(source.model());
    if (notice == source.status)
        return;
    const bool isNews = !source.status || !notice || source.status->title != notice->title;
    if (notice && !isSilenced()) {
        source.status = notice;
        m_outbox.request(*notice, isNews && m_choices.sounds);
    } else if (std::exchange(source.status, {})) {
        m_outbox.withdraw(statusKey(source.model()));
    }
}

void Notifier::judgeArrivals(const QList<Arrival> &arrivals)
{
    if (arrivals.isEmpty())
        return;
    const std::chrono::milliseconds now = m_alarm.elapsed();
    if (now - std::exchange(m_lastArrival, now) >= stormSpan)
        m_isStorm = false;
    m_recent.removeIf([now](const Shown &shown) { return now - shown.at >= stormSpan; });
    const bool isSilent = isSilenced();
    if (!isSilent && !m_isStorm && m_recent.size() + arrivals.size() < stormSize) {
        for (const Arrival &arrival : arrivals)
            show(arrival);
        return;
    }
    if (!isSilent && !m_isStorm)
        beginStorm();
    for (const Arrival &arrival : arrivals) {
        if (arrival.news.count == 0)
            continue;
        arrival.source->summed.add(arrival.news.count, arrival.news.before);
        m_summary.addNews(isSilent);
    }
}

void Notifier::show(const Arrival &arrival)
{
    Source &source = *arrival.source;
    Notice notice;
    if (arrival.item) {
        notice = itemNotice(source.model(), *arrival.item, ++m_items);
        source.items.insert(notice.key, *arrival.item);
    } else {
        if (source.counted.count == 0)
            source.counted.since = arrival.news.since;
        source.counted.add(arrival.news.count, arrival.news.before);
        notice = countNotice(source.model(), source.counted, m_alarm.now());
    }
    m_recent.append({m_alarm.elapsed(), notice.key, &source, arrival.news});
    m_outbox.request(notice, m_choices.sounds);
}

// What the notice of the source tells is told by the summary instead.
void Notifier::sumUp(Source &source)
{
    const News counted = std::exchange(source.counted, {});
    if (counted.count == 0)
        return;
    source.summed.add(counted.count, counted.before);
    m_summary.takeOver();
}

// What was shown lately is replaced.
void Notifier::beginStorm()
{
    m_isStorm = true;
    m_summary.addNews(true); // in any case, for whoever sees what it replaces go
    const QList<Shown> recent = std::exchange(m_recent, {});
    for (const Shown &shown : recent) {
        if (shown.news.count == 0 || !m_outbox.isShown(shown.key))
            continue; // only told anew; or read, or put away
        Source &source = *shown.source;
        if (shown.key == source.model().name()) {
            sumUp(source);
        } else {
            source.summed.add(shown.news.count, shown.news.before);
            source.items.remove(shown.key);
        }
    }
    for (const Shown &shown : recent) {
        if (shown.news.count > 0)
            m_outbox.withdraw(shown.key);
    }
}

void Notifier::judgeSummary()
{
    if (!m_summary.dueAt())
        return;
    QList<SummaryPart> parts;
    for (const auto &source : m_sources) {
        if (source->summed.count > 0)
            parts.append({&source->model(), source->summed});
    }
    m_summary.judge(parts, isSilenced(), m_choices.sounds, m_alarm, &m_outbox);
}

// The next moment at which something is due, and none if nothing is.
void Notifier::schedule()
{
    const std::chrono::milliseconds now = m_alarm.elapsed();
    std::optional<std::chrono::milliseconds> next;
    const auto consider = [&next](std::chrono::milliseconds time) {
        next = std::min(next.value_or(time), time);
    };
    if (m_isTouched)
        consider(now);
    if (const auto dueAt = m_summary.dueAt(); dueAt && !isSilenced())
        consider(*dueAt);
    for (const auto &source : m_sources) {
        if (const auto settlesAt = source->watch.settlesAt())
            consider(*settlesAt);
    }
    if (next)
        m_alarm.start(std::max<std::chrono::milliseconds>(*next - now, 0ms));
    else
        m_alarm.stop();
}

void Notifier::tell()
{
    const QPointer<Notifier> guard(this);
    const QList<NoticeOutbox::Letter> letters = m_outbox.take();
    for (const NoticeOutbox::Letter &letter : letters) {
        switch (letter.kind) {
        case NoticeOutbox::Kind::Request:
            Q_EMIT guard->noticeRequested(letter.notice, letter.withSound);
            break;
        case NoticeOutbox::Kind::Correction:
            Q_EMIT guard->noticeCorrected(letter.notice);
            break;
        case NoticeOutbox::Kind::Withdrawal:
            Q_EMIT guard->withdrawn(letter.notice.key);
            break;
        }
        if (!guard)
            return;
    }
}
