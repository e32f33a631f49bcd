// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/countmodel.h"
#include "news.h"

#include <QList>
#include <QObject>

#include <chrono>
#include <optional>

class Alarm;
class NoticeOutbox;

/*!
    Follows one source, and gathers what happens to it until somebody asks what of that is news: for
    all that happens in one turn of the event loop is judged together. What was there at the start is
    no news; what came in a gap is one, a moment after the count is fresh again.
*/
class SourceWatch : public QObject
{
    Q_OBJECT

public:
    struct Arrival
    {
        std::optional<Item> item; //!< None: as many as the news says.
        News news; //!< Of none where only the text of an item changed that is shown.
    };

    /*! Neither is owned; both must outlive it. \a clock is only looked at. */
    SourceWatch(const CountModel *model, const Alarm *clock);

    [[nodiscard]] const CountModel &model() const { return *m_model; }
    [[nodiscard]] int count() const { return m_last.value_or(0); } //!< The last fresh one.

    void touch(); //!< There is something to be judged.
    [[nodiscard]] bool isDue() const; //!< Touched, or a gap is settled.
    /*! When a gap will be, by the clock's elapsed(); none while there is none, or it lasts. */
    [[nodiscard]] std::optional<std::chrono::milliseconds> settlesAt() const;

    // Once for each turn, in this order:
    [[nodiscard]] bool takeSeen(); //!< The user has seen all that waited.
    /*! What came since. What \a outbox shows already is a replay. */
    [[nodiscard]] QList<Arrival> takeArrivals(const NoticeOutbox &outbox);

Q_SIGNALS:
    void touched(); //!< Once for each takeArrivals().

private:
    struct Gap
    {
        int before; // the count
        QDateTime since;
        std::optional<std::chrono::milliseconds> over; // settled at; none while it lasts
    };

    void noteCount();
    void noteSeen();
    void noteItem(const Item &item);
    [[nodiscard]] bool isSettled() const;
    [[nodiscard]] News takeGap();

    const CountModel *const m_model;
    const Alarm *const m_clock;
    std::optional<int> m_last; // the fresh count
    std::optional<Gap> m_gap;

    // In this turn:
    QList<Item> m_arrived;
    int m_atFirst = 0; // the count before
    int m_grown = 0; // by, in all
    bool m_isTouched = false;
    bool m_isNew = false; // the first count came
    bool m_isSeen = false; // all that waits
};
