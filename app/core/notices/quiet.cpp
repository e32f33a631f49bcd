// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "quiet.h"

#include <QPointer>

#include <algorithm>
#include <optional>
#include <utility>

using namespace std::chrono_literals;

namespace {

constexpr std::chrono::minutes longestSnooze = 24h * 366;

// On the days when the clocks change, one or the other time does not exist.
QDateTime momentOf(const QDate &date, const QTime &time)
{
    constexpr int day = 24 * 60; // minutes
    QDateTime moment(date, time);
    for (int minute = 1;
         !(moment.isValid() && moment.date() == date && moment.time() >= time) && minute <= day;
         ++minute) {
        const int sinceMidnight = time.msecsSinceStartOfDay() / 60'000 + minute;
        moment = sinceMidnight < day
            ? QDateTime(date, QTime::fromMSecsSinceStartOfDay(sinceMidnight * 60'000))
            : date.addDays(1).startOfDay();
    }
    return moment;
}

struct Hours
{
    QDateTime begin;
    QDateTime end;
};

// Those that begin on a date.
std::optional<Hours> hoursOf(const Choices::QuietHours &hours, const QDate &date)
{
    if (!hours.isOn || !hours.days.contains(date.dayOfWeek()) || !hours.from.isValid()
        || !hours.to.isValid())
        return {};
    const QDate lastDate = hours.to > hours.from ? date : date.addDays(1);
    return Hours{momentOf(date, hours.from), momentOf(lastDate, hours.to)};
}

} // namespace

Quiet::Quiet(Sse::Clock *clock, QObject *parent)
    : QObject(parent)
    , m_nextBorder(clock, [this] { update(); })
{}

void Quiet::setQuietHours(const Choices::QuietHours &hours)
{
    if (hours == m_hours)
        return;
    m_hours = hours;
    update();
}

QDateTime Quiet::snoozedUntil() const
{
    return m_snoozedUntil.isValid() ? m_snoozedUntil.toLocalTime() : QDateTime();
}

QDateTime Quiet::tomorrowMorning(const QDateTime &now)
{
    return momentOf(now.toLocalTime().date().addDays(1), QTime(9, 0));
}

void Quiet::snoozeFor(std::chrono::minutes duration)
{
    const std::chrono::milliseconds length = std::clamp(duration, 0min, longestSnooze);
    snoozeUntil(m_nextBorder.now().addMSecs(length.count()));
}

void Quiet::snoozeUntil(const QDateTime &time)
{
    const QDateTime now = m_nextBorder.now();
    const std::chrono::milliseconds length(time.isValid() ? now.msecsTo(time) : 0);
    m_snoozeLength = std::clamp<std::chrono::milliseconds>(length, 0ms, longestSnooze);
    m_snoozedUntil =
        m_snoozeLength > 0ms ? now.toUTC().addMSecs(m_snoozeLength.count()) : QDateTime();
    update();
}

void Quiet::wake()
{
    snoozeUntil({});
}

void Quiet::clockChanged()
{
    update();
}

// From what the clock says alone: whoever calls need not know what changed.
void Quiet::update()
{
    const QDateTime now = m_nextBorder.now();
    QDateTime next;
    const auto consider = [&now, &next](const QDateTime &moment) {
        if (moment > now && !(next.isValid() && next <= moment))
            next = moment;
    };

    if (m_snoozedUntil.isValid() && m_snoozedUntil <= now)
        m_snoozedUntil = {};
    if (m_snoozedUntil.isValid()) {
        // A clock that was set back does not make a quarter of an hour longer.
        m_snoozedUntil = std::min(m_snoozedUntil, now.toUTC().addMSecs(m_snoozeLength.count()));
        consider(m_snoozedUntil);
    }
    bool isQuiet = m_snoozedUntil.isValid();
    const QDate today = now.date();
    for (int day = -1; day <= 7; ++day) { // each day of the week has its turn
        if (const std::optional<Hours> hours = hoursOf(m_hours, today.addDays(day))) {
            isQuiet = isQuiet || (hours->begin <= now && now < hours->end);
            consider(hours->begin);
            consider(hours->end);
        }
    }

    if (next.isValid())
        m_nextBorder.start(std::chrono::milliseconds(now.msecsTo(next))); // or a part of the way
    else
        m_nextBorder.stop();
    const QDateTime local = snoozedUntil();
    const std::pair told(m_snoozedUntil, local.isValid() ? local.offsetFromUtc() : 0);
    const bool snoozeChanges = std::exchange(m_told, told) != told;
    const bool quietChanges = std::exchange(m_isQuiet, isQuiet) != isQuiet;
    const QPointer<Quiet> guard(this);
    if (snoozeChanges)
        Q_EMIT snoozedChanged();
    if (guard && quietChanges)
        Q_EMIT quietChanged();
}
