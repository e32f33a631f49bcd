// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "alarm.h"
#include "core/settings.h"
#include "notice.h"
#include "noticeoutbox.h"
#include "summary.h"

#include <QList>
#include <QObject>

#include <chrono>
#include <memory>
#include <vector>

class CountModel;
class FeedList;
class Quiet;

/*!
    Decides what of the feeds is worth a notice, and when one is not any more. It shows nothing itself.

    - A thing that arrives is a notice, if an event told what it is; else the source has one for all of
      them, which is replaced. What was there at the start is no news.
    - After a gap, there is at most one notice for each source, a moment after the count is fresh again.
    - Three notices within five seconds, of all sources together since it is one person whom they
      disturb, become one summary, and so does what follows until five seconds pass without any. It is
      kept up to date at most once a second.
    - A source that needs the user has a notice until that is solved. Trying again by itself is none.
    - While silenced, nothing is shown. Afterwards: what needs the user, and one summary of what came and
      still waits.
    - What is read elsewhere, or marked as seen, is withdrawn, also while silenced. A notice of several
      things of which some wait no more is corrected; while silenced it is withdrawn, and what is left of
      it is a part of the summary afterwards.

    What happens in one turn of the event loop is judged together, at its end. It wakes up for nothing
    else than what is due.
*/
class Notifier : public QObject
{
    Q_OBJECT

public:
    /*! None is owned; all must outlive it. \a clock is for tests; without one: the computer's. */
    Notifier(FeedList *feeds, Quiet *quiet, Sse::Clock *clock = nullptr, QObject *parent = nullptr);
    ~Notifier() override;

    /*! Whether there are notices at all, and with sound. */
    void setChoices(const Choices &choices);

    /*! The user, the settings or the desktop want nothing to be shown. */
    [[nodiscard]] bool isSilenced() const;

public Q_SLOTS:
    /*! The desktop does not want to be disturbed. */
    void setInhibited(bool isInhibited);

    /*! The user has put the notice away: what is new from now on is a notice of its own. One that ran
        out of time does not count. */
    void forget(const QString &key);

Q_SIGNALS:
    /*! Takes the place of one with the same key. Never equal to what is shown. */
    void noticeRequested(const Notice &notice, bool withSound);
    /*! Puts the one with the same key right, and is no news: of urgency Low, without sound, and to be
        shown only where that one still is. */
    void noticeCorrected(const Notice &notice);
    /*! It was requested before, and means nothing any more. */
    void withdrawn(const QString &key);

private:
    struct Source;
    struct Arrival;
    struct Shown;

    void follow(const CountModel *model);
    void touchAll();
    void judge();
    void judgeShown(Source &source);
    void judgeStatus(Source &source);
    void judgeArrivals(const QList<Arrival> &arrivals);
    void judgeSummary();
    void show(const Arrival &arrival);
    void beginStorm();
    void sumUp(Source &source);
    void schedule();
    void tell();

    Quiet *const m_quiet;
    Alarm m_alarm;
    Choices m_choices;
    NoticeOutbox m_outbox;
    Summary m_summary;
    std::vector<std::unique_ptr<Source>> m_sources;
    QList<Shown> m_recent; // arrivals that were shown lately; oldest first
    std::chrono::milliseconds m_lastArrival{0};
    quint64 m_items = 0; // that were shown
    bool m_isInhibited = false;
    bool m_isTouched = false; // a turn of the event loop is to be judged
    bool m_isStorm = false;
};
