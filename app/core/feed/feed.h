// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/countmodel.h"
#include "core/source/source.h"
#include "recount.h"
#include "session.h"
#include "streamlink.h"
#include "tally.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

/*!
    A running source: logs in, checks the permissions, fetches the first count, opens the stream,
    and writes what comes of it into its CountModel. Where there is no stream to be had it asks for
    the count from time to time. When it leaves, the server hears of it.

    It never gives up on the network, and never offers a refused secret a second time.
*/
class Feed : public QObject
{
    Q_OBJECT

public:
    using Occasion = Session::Occasion;

    /*!
        \a model, \a secrets and \a prompter are not owned and must outlive the feed. Without a
        prompter, a login that has a question for a person cannot go on.
    */
    Feed(const Source &source, CountModel *model, SecretStore *secrets, Prompter *prompter,
         QObject *parent = nullptr);
    ~Feed() override;

    /*! For tests: the stream takes its time from \a clock, which outlives the feed. Before start(). */
    void setClock(Sse::Clock *clock) { m_link.setClock(clock); }

    /*! See Session::setFarewellFolder(). Before start(). */
    void setFarewellFolder(const QString &path,
                           std::chrono::milliseconds pause = std::chrono::seconds(5))
    {
        m_session.setFarewellFolder(path, pause);
    }

    /*! Starts, or starts anew after an end that only the user can mend. Otherwise does nothing. */
    void start();

    /*!
        Closes the stream and, where there is a session and the source wants it on this \a occasion,
        sends the close request. left() follows, at the latest when the source's budget for it is
        spent; at once where there is nothing to send.

        On Suspend a feed goes on that does not run, or whose source does not want to hear of it: its
        session survives the sleep. left() follows all the same.
    */
    void stop(Occasion occasion);

    /*!
        The computer slept, its network or its clock is another: nothing that is open can be trusted.
        The count turns stale, all connections are dropped, and what they were for is begun anew at
        once, with a few quick attempts where the network is not there yet.

        What calls come within a second of the last one, or of start(), are one: they have their
        effect at its end, unless a stream opened after them. A feed that does not run, for it waits
        for its user for instance, stays as it is; unless a web page in place of an answer ended it,
        which was perhaps that of the network.
    */
    void awaken();

    /*! Started, and neither stopped nor at an end that only the user can mend. */
    [[nodiscard]] bool isRunning() const { return m_phase != Phase::Off; }

    /*! A close request goes out however the process ends. */
    [[nodiscard]] bool isHeld() const { return m_session.isHeld(); }

    /*! The close request is on its way. */
    [[nodiscard]] bool isLeaving() const { return m_leaving; }

Q_SIGNALS:
    /*! After each stop(), once: the server knows, or will not be told. */
    void left();

private:
    enum class Phase {
        Off,
        Entering, //!< The session begins, or mends itself.
        Counting, //!< The first count is on its way.
        Streaming, //!< There is a stream, or there will be one again.
        Refused, //!< There is no stream; is there a count?
        Polling, //!< The count is asked for instead, and the stream tried now and then.
    };

    // The session.
    void showStage(Session::Stage stage, const QString &sentence);
    void enter();
    void sessionFailed(const StepOutcome &outcome);
    void expire(const QString &sentence, Session::End end);

    // The stream.
    void openStream();
    void streamOpened(bool isNews);
    void streamLost(const QString &sentence, bool isOffline);
    void streamRefused(const StepOutcome &outcome);
    void streamHeldBack(const QString &sentence);
    void lengthenStreamPause();
    void obey(StreamCommand command);
    void runAfterOpen();
    [[nodiscard]] std::chrono::seconds withinIdleness(std::chrono::seconds period) const;

    // The count.
    void recounted();
    void recountFailed(const StepOutcome &outcome);
    void doWithoutStream(const QString &sentence);
    void poll();

    void beginAnew();
    void leave();
    void haltAt(CountModel::Status status, const QString &sentence);
    void silence();

    const Source m_source;
    CountModel *const m_model;
    Session m_session;
    StreamLink m_link;
    Tally m_tally;
    Recount m_recount;
    QTimer m_streamRetry; // while polling
    bool m_isBehindPage = false; // at an end, for a web page came in place of an answer
    QElapsedTimer m_begunAnew; // since when
    QTimer m_awakening; // that is put off
    std::chrono::seconds m_streamPause{0}; // before the stream is tried again
    QString m_refusal; // why there is no stream
    QPointer<StepRunner> m_afterOpen;
    Variables m_captured; // of this stream
    Phase m_phase = Phase::Off;
    bool m_hasOpened = false; // in this session
    bool m_countIsOlder = false; // than the stream that is open
    bool m_afterOpenIsDue = false;
    bool m_leaving = false;
    bool m_startAgain = false; // asked for while leaving
};
