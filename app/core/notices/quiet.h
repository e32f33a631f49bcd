// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "alarm.h"
#include "core/settings.h"

#include <QDateTime>
#include <QObject>

#include <chrono>
#include <utility>

/*!
    Whether the user wants to be left alone: for a while, or at the hours of the day that the settings
    name. It silences nobody itself.

    It goes by the time of day, which somebody may set and which runs on while the computer sleeps:
    see clockChanged(). It wakes up at the next moment at which something changes, and not before.
*/
class Quiet : public QObject
{
    Q_OBJECT

public:
    /*! \a clock is for tests: not owned, it must outlive the object. Without one: the computer's. */
    explicit Quiet(Sse::Clock *clock = nullptr, QObject *parent = nullptr);

    [[nodiscard]] bool isSnoozed() const { return m_snoozedUntil.isValid(); }
    /*! In local time; invalid while not snoozed. */
    [[nodiscard]] QDateTime snoozedUntil() const;

    /*! Snoozed, or within the quiet hours. */
    [[nodiscard]] bool isQuiet() const { return m_isQuiet; }

    /*!
        Of local time. Hours that end when they begin last a whole day; a moment that the clocks skip
        in spring is the first one after. At first they are off.
    */
    void setQuietHours(const Choices::QuietHours &hours);

    /*! At 9:00 on the day after \a now. */
    [[nodiscard]] static QDateTime tomorrowMorning(const QDateTime &now);

public Q_SLOTS:
    /*! In place of another snooze. At most a year; 0 and less: wake(). */
    void snoozeFor(std::chrono::minutes duration);
    void snoozeUntil(const QDateTime &time); //!< The same. A time that is over: wake().
    void wake(); //!< Not snoozed any more. Quiet hours stay.

    /*! The time of day is another than could be expected, or local time another: the computer slept,
        or somebody set the clock or the time zone. */
    void clockChanged();

Q_SIGNALS:
    void snoozedChanged(); //!< isSnoozed() or snoozedUntil(), as a clock shows it, is another.
    void quietChanged(); //!< isQuiet() is another.

private:
    void update();

    Alarm m_nextBorder;
    Choices::QuietHours m_hours;
    QDateTime m_snoozedUntil; // UTC: it stays where it is in another time zone
    std::pair<QDateTime, int> m_told; // by the last snoozedChanged(), and seconds from UTC
    std::chrono::milliseconds m_snoozeLength{0}; // as asked for
    bool m_isQuiet = false;
};
