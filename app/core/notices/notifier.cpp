// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "notifier.h"

#include "core/feedlist.h"
#include "quiet.h"

#include <QPointer>

#include <algorithm>

using namespace std::chrono_literals;
using Freshness = CountModel::Freshness;

namespace {

constexpr qsizetype stormSize = 3; // notices
constexpr std::chrono::milliseconds stormSpan = 5s; // that they come in, and of calm that ends it
constexpr std::chrono::milliseconds summaryPace = 1s;
// What a stream says at first after a gap may be what happened in it.
constexpr std::chrono::milliseconds settling = 2s;

bool isSame(Notice notice, const Notice &other)
{
    notice.urgency = other.urgency;
    return notice == other;
}

} // namespace

/*! A source, what happened to it in this turn of the event loop, and what is shown of it. */
struct Notifier::Watched
{
    struct Gap
    {
        int before; // the count
        QDateTime since;
        std::optional<std::chrono::milliseconds> over; // settled at; none while it lasts
    };

    const CountModel *model = nullptr;
    std::optional<int> last; // the fresh count
    std::optional<Gap> gap;

    bool isTouched = false;
    bool isNew = false; // the first count came
    bool isSeen = false; // all that waits
    int atFirst = 0; // the count before
    int grown = 0; // by, in all
    QList<Item> arrived;

    News counted; // in the notice of the source
    News summed; // in the summary
    QHash<QString, Item> items; // shown, by the key of the notice
    std::optional<Notice> status; // told, even if it was put away
};

/*! Something that deserves a notice. */
struct Notifier::Arrival
{
    Watched *source;
    std::optional<Item> item;
    News news; // count is 0 where only the item's text changed
};

/*! An arrival that was shown. */
struct Notifier::Shown
{
    std::chrono::milliseconds at;
    QString key;
    Watched *source;
    News news;
};

/*! What to tell once everything is judged: whoever hears of it may call back. */
class Notifier::Outbox
{
public:
    void request(const Notice &notice, bool withSound)
    {
        m_letters.append({Kind::Request, notice, withSound});
    }

    void correct(const Notice &notice) { m_letters.append({Kind::Correction, notice}); }

    void withdraw(const QString &key)
    {
        Notice notice;
        notice.key = key;
        m_letters.append({Kind::Withdrawal, notice});
    }

    void send(Notifier *notifier) const
    {
        const QPointer<Notifier> guard(notifier);
        for (const Letter &letter : m_letters) {
            switch (letter.kind) {
            case Kind::Request:
                Q_EMIT guard->noticeRequested(letter.notice, letter.withSound);
                break;
            case Kind::Correction:
                Q_EMIT guard->noticeCorrected(letter.notice);
                break;
            case Kind::Withdrawal:
                Q_EMIT guard->withdrawn(letter.notice.key);
                break;
            }
            if (!guard)
                return;
        }
    }

private:
    enum class Kind {
        Request,
        Correction,
        Withdrawal,
    };

    struct Letter
    {
        Kind kind;
        Notice notice; // of a withdrawal the key alone
        bool withSound = false;
    };

    QList<Letter> m_letters;
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
    m_shown.remove(key);
    for (const auto &source : m_sources) {
        source->items.remove(key);
        if (key == source->model->name())
            source->counted = {};
        if (key == summaryKey())
            source->summed = {};
    }
}

void Notifier::follow(const CountModel *model)
{
    m_sources.push_back(std::make_unique<Watched>());
    Watched &source = *m_sources.back();
    source.model = model;
    if (model->freshness() != Freshness::Unknown)
        source.last = model->count();
    connect(model, &CountModel::countChanged, this, [this, &source] { noteCount(source); });
    connect(model, &CountModel::seenChanged, this, [this, &source] { noteSeen(source); });
    connect(model, &CountModel::statusChanged, this, [this, &source] { touch(source); });
    connect(model, &CountModel::itemRemoved, this, [this, &source] { touch(source); });
    connect(model, &CountModel::itemAdded, this, [this, &source](const Item &item) {
        touch(source);
        if (source.arrived.size() == CountModel::maximumItems)
            source.arrived.removeFirst();
        source.arrived.append(item);
    });
    touch(source);
}

void Notifier::touch(Watched &source)
{
    if (!std::exchange(source.isTouched, true))
        source.atFirst = source.last.value_or(0);
    if (!std::exchange(m_isTouched, true))
        m_alarm.start(0ms);
}

void Notifier::touchAll()
{
    for (const auto &source : m_sources)
        touch(*source);
}

void Notifier::noteCount(Watched &source)
{
    touch(source);
    if (source.model->freshness() != Freshness::Fresh) {
        if (source.last && !source.gap)
            source.gap = Watched::Gap{*source.last, m_alarm.now(), {}};
        if (source.gap)
            source.gap->over.reset();
        return;
    }
    const int count = *source.model->count();
    if (!source.last)
        source.isNew = true;
    else if (source.gap && !source.gap->over)
        source.gap->over = m_alarm.elapsed() + settling;
    else if (count > *source.last)
        source.grown += count - *source.last;
    source.last = count;
}

void Notifier::noteSeen(Watched &source)
{
    if (source.model->newCount() > 0)
        return;
    touch(source);
    source.isSeen = true;
    source.grown = 0; // what comes after it in the same turn is new again
    source.atFirst = source.last.value_or(0);
    source.arrived.clear();
    if (source.gap)
        source.gap->before = source.last.value_or(0);
}

void Notifier::judge()
{
    m_isTouched = false;
    Outbox outbox;
    QList<Arrival> arrivals;
    for (const auto &source : m_sources) {
        const bool isOver =
            source->gap && source->gap->over && *source->gap->over <= m_alarm.elapsed();
        if (source->isTouched || isOver)
            judgeSource(*source, arrivals, outbox);
    }
    judgeArrivals(arrivals, outbox);
    judgeSummary(outbox);
    schedule();
    outbox.send(this); // last: it may be the end of us
}

void Notifier::judgeSource(Watched &source, QList<Arrival> &arrivals, Outbox &outbox)
{
    const CountModel &model = *source.model;
    const int count = source.last.value_or(0);
    const QList<Item> arrived = std::exchange(source.arrived, {});
    const int grown = std::exchange(source.grown, 0);
    const bool isNew = std::exchange(source.isNew, false);
    const bool isSeen = std::exchange(source.isSeen, false);
    source.isTouched = false;

    // What does not wait any more, and what the user has seen.
    const QStringList keys = source.items.keys();
    for (const QString &key : keys) {
        const Item &shown = *source.items.constFind(key);
        const bool waits =
            std::any_of(model.items().begin(), model.items().end(), [&shown](const Item &item) {
                return item.key.isEmpty() ? item == shown : item.key == shown.key;
            });
        if (isSeen || !waits) {
            source.items.remove(key);
            withdraw(key, outbox);
        }
    }
    if (isSeen ? std::exchange(source.summed, {}).count > 0 : source.summed.limitTo(count))
        m_summaryIsDue = m_summaryIsWrong = true;
    if (isSeen ? std::exchange(source.counted, {}).count > 0 : source.counted.limitTo(count)) {
        if (source.counted.count == 0 || isSilenced()) {
            sumUp(source);
            withdraw(model.name(), outbox);
        } else {
            correct(countNotice(model, source.counted, m_alarm.now()), outbox);
        }
    }
    judgeStatus(source, outbox);

    if (source.gap) {
        if (source.gap->over && *source.gap->over <= m_alarm.elapsed()) {
            News news;
            news.add(count - source.gap->before, source.gap->before);
            news.since = source.gap->since;
            source.gap.reset();
            if (news.count > 0)
                arrivals.append({&source, {}, news});
        }
        return;
    }
    if (isNew)
        return;
    // Each that the count grew for, the newest if there are more, and the rest as a number.
    int left = grown;
    QList<Arrival> told;
    for (auto item = arrived.crbegin(); item != arrived.crend(); ++item) {
        if (!model.items().contains(*item))
            continue; // replaced, or gone again
        News news;
        const Notice notice = itemNotice(model, *item, 0);
        const auto shown = m_shown.constFind(notice.key);
        const bool isShown = shown != m_shown.cend();
        if (isShown ? isSame(notice, *shown) : left == 0)
            continue; // a replay
        if (left > 0) {
            --left;
            news.add(1, source.atFirst);
        }
        told.prepend({&source, *item, news});
    }
    const int rest = std::min(grown, count - source.atFirst) - (grown - left);
    if (rest > 0) {
        News news;
        news.add(rest, source.atFirst);
        arrivals.append({&source, {}, news});
    }
    arrivals.append(told);
}

void Notifier::judgeStatus(Watched &source, Outbox &outbox)
{
    const std::optional<Notice> notice = statusNotice(*source.model);
    if (!notice) {
        if (std::exchange(source.status, {}))
            withdraw(statusKey(*source.model), outbox);
    } else if (notice != source.status && isSilenced()) {
        if (std::exchange(source.status, {}))
            withdraw(notice->key, outbox);
    } else if (notice != source.status) {
        const bool isNews = !source.status || source.status->title != notice->title;
        source.status = notice;
        m_shown.insert(notice->key, *notice);
        outbox.request(*notice, isNews && m_choices.sounds);
    }
}

void Notifier::judgeArrivals(const QList<Arrival> &arrivals, Outbox &outbox)
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
            show(arrival, outbox);
        return;
    }
    if (!isSilent && !m_isStorm)
        beginStorm(outbox);
    for (const Arrival &arrival : arrivals) {
        if (arrival.news.count == 0)
            continue;
        arrival.source->summed.add(arrival.news.count, arrival.news.before);
        m_summaryIsDue = true;
        m_summaryHasNews = true;
        m_summarySounds = m_summarySounds || isSilent;
    }
}

void Notifier::show(const Arrival &arrival, Outbox &outbox)
{
    Watched &source = *arrival.source;
    Notice notice;
    if (arrival.item) {
        notice = itemNotice(*source.model, *arrival.item, ++m_items);
        source.items.insert(notice.key, *arrival.item);
    } else {
        if (source.counted.count == 0)
            source.counted.since = arrival.news.since;
        source.counted.add(arrival.news.count, arrival.news.before);
        notice = countNotice(*source.model, source.counted, m_alarm.now());
    }
    m_recent.append({m_alarm.elapsed(), notice.key, &source, arrival.news});
    request(notice, m_choices.sounds, outbox);
}

/*! What the notice of the source tells is told by the summary instead. */
void Notifier::sumUp(Watched &source)
{
    const News counted = std::exchange(source.counted, {});
    if (counted.count == 0)
        return;
    source.summed.add(counted.count, counted.before);
    m_summaryIsDue = true;
}

// What was shown lately is replaced.
void Notifier::beginStorm(Outbox &outbox)
{
    m_isStorm = true;
    m_summaryIsDue = true;
    m_summaryHasNews = true; // for whoever sees what it replaces go
    m_summarySounds = true;
    const QList<Shown> recent = std::exchange(m_recent, {});
    for (const Shown &shown : recent) {
        if (shown.news.count == 0 || !m_shown.contains(shown.key))
            continue; // only told anew; or read, or put away
        Watched &source = *shown.source;
        if (shown.key == source.model->name()) {
            sumUp(source);
        } else {
            source.summed.add(shown.news.count, shown.news.before);
            source.items.remove(shown.key);
        }
    }
    for (const Shown &shown : recent) {
        if (shown.news.count > 0)
            withdraw(shown.key, outbox);
    }
}

void Notifier::judgeSummary(Outbox &outbox)
{
    if (!m_summaryIsDue)
        return;
    QList<SummaryPart> parts;
    for (const auto &source : m_sources) {
        if (source->summed.count > 0)
            parts.append({source->model, source->summed});
    }
    if (parts.isEmpty()) {
        m_summaryIsDue = m_summaryIsWrong = m_summaryHasNews = m_summarySounds = false;
        withdraw(summaryKey(), outbox);
        return;
    }
    if (isSilenced()) {
        if (std::exchange(m_summaryIsWrong, false))
            withdraw(summaryKey(), outbox);
        return;
    }
    const std::chrono::milliseconds now = m_alarm.elapsed();
    if (now < m_nextSummary)
        return;
    m_summaryIsDue = m_summaryIsWrong = false;
    m_nextSummary = now + summaryPace;
    Notice notice = summaryNotice(parts, m_alarm.now());
    const bool sounds = std::exchange(m_summarySounds, false);
    const bool hasNews = std::exchange(m_summaryHasNews, false);
    if (!hasNews && m_shown.contains(notice.key)) {
        correct(notice, outbox);
        return;
    }
    if (!hasNews)
        notice.urgency = Notice::Urgency::Low; // it was told before, in another notice
    request(notice, sounds && m_choices.sounds, outbox);
}

void Notifier::request(const Notice &notice, bool withSound, Outbox &outbox)
{
    const auto shown = m_shown.constFind(notice.key);
    if (shown != m_shown.cend() && isSame(notice, *shown))
        return;
    m_shown.insert(notice.key, notice);
    outbox.request(notice, withSound);
}

void Notifier::correct(Notice notice, Outbox &outbox)
{
    const auto shown = m_shown.constFind(notice.key);
    if (shown == m_shown.cend() || isSame(notice, *shown))
        return;
    notice.urgency = Notice::Urgency::Low;
    m_shown.insert(notice.key, notice);
    outbox.correct(notice);
}

void Notifier::withdraw(const QString &key, Outbox &outbox)
{
    if (m_shown.remove(key) > 0)
        outbox.withdraw(key);
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
    if (m_summaryIsDue && !isSilenced())
        consider(m_nextSummary);
    for (const auto &source : m_sources) {
        if (source->gap && source->gap->over)
            consider(*source->gap->over);
    }
    if (next)
        m_alarm.start(std::max<std::chrono::milliseconds>(*next - now, 0ms));
    else
        m_alarm.stop();
}
