// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "haste.h"
#include "steprunner.h"

#include <sselib/backoff.h>

#include <QDeadlineTimer>
#include <QElapsedTimer>
#include <QObject>
#include <QPointer>
#include <QTimer>

class CountModel;
class Session;
class StepRunner;
class Tally;

/*!
    Asks the server for the count: when it is told to, when the tally cannot know it, and from time
    to time. Never twice at once; a failure that passes is tried again by itself.
*/
class Recount : public QObject
{
    Q_OBJECT

public:
    /*! None is owned; all must outlive it. */
    Recount(const Source &source, Session *session, Tally *tally, CountModel *model,
            QObject *parent = nullptr);

    /*! What was learned of the server before does not count any more. */
    void startAnew();

    /*! Asks at once. Where there is no snapshot, nothing happens at all. */
    void now();

    /*! See Session::awaken(). What is on its way is asked anew, what is to be tried again is tried. */
    void awaken();

    /*!
        Asks every \a period, give or take a tenth, so that not all who use a server ask at once; and
        not while it was asked for another reason less than that ago. 0: never.
    */
    void setPeriod(std::chrono::seconds period);

    /*! Forgets what it was at and what it was to do, and the period. */
    void stop();

Q_SIGNALS:
    /*! What failed is tried again by itself, \a delay from now. */
    void retryScheduled(std::chrono::milliseconds delay);
    /*! A snapshot is in, and the model has it. */
    void done();
    /*! No snapshot. One of kind Transient is tried again by itself. */
    void failed(const StepOutcome &outcome);

private:
    enum class Reason {
        Asked,
        Needed,
        Verification,
        Period,
    };

    void soon(std::optional<std::chrono::milliseconds> debounce);
    void verify();
    void ask(Reason reason);
    void take(StepOutcome outcome, Reason reason);
    void startPeriod(std::chrono::milliseconds atLeast);

    const Source m_source;
    Session *const m_session;
    Tally *const m_tally;
    CountModel *const m_model;
    Sse::Backoff m_backoff;
    Haste m_haste;
    QPointer<StepRunner> m_runner;
    QTimer m_soon; // a rule wants it
    QTimer m_quiet; // to verify
    QTimer m_periodic;
    QTimer m_retry;
    QElapsedTimer m_verified; // since when
    QElapsedTimer m_needed; // since a rule wanted it last
    QDeadlineTimer m_notBefore; // as the server asked
    std::chrono::seconds m_period{0};
    bool m_hasSucceeded = false;
    int m_inARow = 0; // that a rule wanted, each before the one before was old
};
