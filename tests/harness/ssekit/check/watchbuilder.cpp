// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "check/watchbuilder.h"

#include <QDateTime>
#include <QRegularExpression>

using namespace std::chrono_literals;
using namespace Qt::Literals;

namespace {

constexpr auto sameBurst = 50ms; // pieces closer than that belong together
constexpr qsizetype keptEvents = 1000;
constexpr qsizetype searchedBytes = 4096; // for a time
constexpr qint64 day = 24LL * 60 * 60 * 1000;

} // namespace

std::optional<qint64> timeIn(const QByteArray &data, qint64 wallClock)
{
    // ISO 8601, or digits since 1970: milliseconds, or seconds.
    static const QRegularExpression pattern(
        u"(\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?(?:Z|[+-]\\d\\d:\\d\\d)?)"
        "|(?<![\\d.])(1\\d{12}|1\\d{9})(?![\\d])"_s);
    const QString text = QString::fromLatin1(data.left(searchedBytes));
    QRegularExpressionMatchIterator matches = pattern.globalMatch(text);
    while (matches.hasNext()) {
        const QRegularExpressionMatch match = matches.next();
        qint64 time = match.captured(2).toLongLong();
        if (match.capturedLength(2) == 10)
            time *= 1000;
        if (match.capturedLength(1) > 0)
            time = QDateTime::fromString(match.captured(1).replace(u' ', u'T'), Qt::ISODateWithMs)
                       .toMSecsSinceEpoch();
        if (qAbs(time - wallClock) < day)
            return time;
    }
    return std::nullopt;
}

void WatchBuilder::add(const QByteArray &piece, std::chrono::milliseconds at, qint64 wallClock)
{
    m_now = at;
    m_wallClock = wallClock;
    m_watch.bytes += piece.size();
    if (m_watch.bursts.isEmpty() || at - m_watch.bursts.constLast().until > sameBurst) {
        Burst burst;
        burst.at = at;
        m_watch.bursts.append(burst);
        m_hasStamp = false;
        m_stampsAreWholeSeconds = true;
    }
    if (!m_watch.isTooLarge)
        m_interpreter.feed(piece, *this);
    Burst &burst = m_watch.bursts.last();
    burst.until = at;
    burst.bytes += piece.size();
    burst.endsInsideLine = !piece.endsWith('\n') && !piece.endsWith('\r');
}

bool WatchBuilder::event(const Sse::EventView &event)
{
    ++m_watch.eventCount;
    Burst &burst = m_watch.bursts.last();
    ++burst.events;
    SeenEvent seen{m_now,
                   event.lastEventId.toByteArray(),
                   event.type.toByteArray(),
                   event.data.toByteArray(),
                   {}};
    m_watch.hasBadUtf8 = m_watch.hasBadUtf8 || !event.data.isValidUtf8();
    seen.stamp = timeIn(seen.data, m_wallClock);
    if (seen.stamp) {
        if (!std::exchange(m_hasStamp, true))
            m_firstStamp = *seen.stamp;
        m_stampsAreWholeSeconds = m_stampsAreWholeSeconds && *seen.stamp % 1000 == 0;
        // Of whole seconds, two may be a second apart and yet a moment.
        const qint64 doubt = m_stampsAreWholeSeconds ? 1000 : 0;
        const qint64 spread = std::max<qint64>(*seen.stamp - m_firstStamp - doubt, 0);
        burst.stampSpread = std::max(burst.stampSpread, std::chrono::milliseconds(spread));
    }
    if (m_watch.events.size() < keptEvents)
        m_watch.events.append(seen);
    return true;
}

bool WatchBuilder::comment(QByteArrayView text)
{
    Q_UNUSED(text)
    ++m_watch.commentCount;
    ++m_watch.bursts.last().comments;
    return true;
}

bool WatchBuilder::retry(std::chrono::milliseconds delay)
{
    m_watch.retry = delay;
    return true;
}

bool WatchBuilder::overflow(Sse::StreamLimits::Kind limit)
{
    Q_UNUSED(limit)
    m_watch.isTooLarge = true;
    return false;
}
