// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/countmodel.h"
#include "core/feed/tally.h"
#include "core/source/source.h"

#include <sselib/backoff.h>
#include <sselib/eventsource.h>

#include <QNetworkAccessManager>
#include <QObject>
#include <QPointer>
#include <QTimer>

#include <functional>

class SecretStore;
class StepRunner;
struct RenderedRequest;
struct SecretAnswer;
struct StepOutcome;

/*!
    A running source: logs in, checks the permissions, fetches the first count, opens the stream,
    and writes what comes of it into its CountModel. When it leaves, the server hears of it.

    It never gives up on the network, and never offers a refused secret a second time.
*/
class Feed : public QObject
{
    Q_OBJECT

public:
    /*! \a model and \a secrets are not owned and must outlive the feed. */
    Feed(const Source &source, CountModel *model, SecretStore *secrets, QObject *parent = nullptr);
    ~Feed() override;

    /*! For tests: the stream takes its time from \a clock, which outlives the feed. Before start(). */
    void setClock(Sse::Clock *clock) { m_stream.setClock(clock); }

    /*! Starts, or starts anew after an end that only the user can mend. Otherwise does nothing. */
    void start();

    /*!
        Closes the stream and, where there is a session, sends the close request. left() follows,
        at the latest when the source's budget for it is spent; at once where there is no session.
    */
    void stop();

    /*! Started, and neither stopped nor at an end that only the user can mend. */
    [[nodiscard]] bool isRunning() const { return m_running; }

    /*! The close request is on its way. */
    [[nodiscard]] bool isLeaving() const { return m_leaving; }

Q_SIGNALS:
    /*! After each stop(), once: the server knows, or will not be told. */
    void left();

private:
    using Continuation = std::function<void(const StepOutcome &outcome)>;

    // The flow, in its order.
    void readSecrets();
    void takeSecret(const QString &name, bool isRequired, const SecretAnswer &answer);
    void logIn();
    void authorize();
    void countFirst();
    void openStream();

    // What the stream says.
    void streamOpened();
    void streamFailed();
    void noteAddress(const RenderedRequest &rendered);
    [[nodiscard]] QString streamSentence() const;
    void recount();
    void abandonRecount();
    void recounted(const StepOutcome &outcome);

    // Ends that are not the flow's.
    void stepsFailed(const StepOutcome &outcome);
    void sessionExpired(const QString &sentence);
    void tryAgainLater(const QString &sentence);
    void retryLater(const std::function<void()> &retry);
    void haltAt(CountModel::Status status, const QString &sentence);

    void forgetToken(Variables &variables) const;
    void scheduleRenewal();
    void renewToken();
    void finishLeaving();
    void runSteps(const QList<Step> &steps, const Continuation &continuation);
    void dropRunner();
    void silence();

    const Source m_source;
    CountModel *const m_model;
    SecretStore *const m_secrets;
    // Two managers: six streams on one would block every other request for ever.
    QNetworkAccessManager m_stepNetwork;
    QNetworkAccessManager m_streamNetwork;
    QString m_streamAddress; // as the stream's own sentences show it, secrets in its path included
    QString m_streamPlace; // as people and logs may see it
    Sse::EventSource m_stream;
    Tally m_tally;
    Sse::Backoff m_backoff;
    Variables m_variables;
    QPointer<StepRunner> m_runner; // the flow's, the recount's or the close request's
    QPointer<StepRunner> m_renewal;
    QTimer m_retryTimer;
    QTimer m_renewalTimer;
    QTimer m_closeTimer;
    std::function<void()> m_retry;
    bool m_running = false;
    bool m_hasSession = false; // the server knows us and wants to hear when we leave
    bool m_loginIsSilent = false; // the one that may follow a 401 by itself
    bool m_leaving = false;
    bool m_startAgain = false; // asked for while leaving
};
