// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "answercache.h"
#include "haste.h"
#include "network.h"
#include "steprunner.h"

#include "core/leaving/farewell.h"

#include <sselib/backoff.h>

#include <QDateTime>
#include <QDeadlineTimer>
#include <QElapsedTimer>
#include <QObject>
#include <QPointer>
#include <QTimer>

#include <functional>
#include <memory>

class Prompter;
class SecretStore;
struct SecretAnswer;
struct SecretRequest;

/*!
    Who we are at the server: the secrets, the login, the permissions, and all variables that steps
    and events gave their values. It renews itself before it ends, and never offers a refused secret
    a second time.
*/
class Session : public QObject
{
    Q_OBJECT

public:
    enum class Stage {
        WaitingForKeyring,
        LoggingIn,
        Authorizing,
    };
    Q_ENUM(Stage)

    using Occasion = Farewell::Occasion;
    using Continuation = std::function<void(const StepOutcome &outcome)>;

    /*! Of \a secrets and \a prompter, which may be null, neither is owned. */
    Session(const Source &source, SecretStore *secrets, Prompter *prompter,
            QObject *parent = nullptr);

    /*!
        Where close requests are kept that do not get through; nowhere by default. Those of earlier
        sessions are sent when this one has lasted for \a pause, longer than anything that sends
        them by itself after the end of a process. Before begin().
    */
    void setFarewellFolder(const QString &path, std::chrono::milliseconds pause);

    [[nodiscard]] Network *network() { return &m_network; }
    [[nodiscard]] QList<QSslCertificate> caCertificates() const { return m_caCertificates; }
    [[nodiscard]] const Variables &variables() const { return m_variables; }
    void insert(const Variables &variables);

    /*!
        The server knows us, by the newest token: from now on its close request is sent, however the
        session ends.
    */
    void setOpen() { m_farewell.open(m_variables); }

    [[nodiscard]] bool isOpen() const { return m_farewell.isOpen(); }

    /*! A close request goes out when the process ends. */
    [[nodiscard]] bool isHeld() const { return m_farewell.isHolding(); }

    /*!
        Reads the secrets, logs in and asks for the permissions. ready() or failed() follows. The
        server hears that a session from before is over.
    */
    void begin();

    /*! How sure it is that the session ended. */
    enum class End {
        Surely, //!< The server said 401, or an event did.
        Perhaps, //!< Something answered with a web page: a login page, or that of a hotel.
    };

    /*! How sure it is after \a outcome, which may be the end of the session. */
    [[nodiscard]] static End endOf(const StepOutcome &outcome)
    {
        return outcome.isWebPage ? End::Perhaps : End::Surely;
    }

    /*!
        The session ended: renews it once, or else logs in once; unless that did not help already.
        ready() or failed() follows.
    */
    void recover(const QString &sentence, Session::End end);

    /*!
        The network may be another one by now: what is on its way is asked anew, where that cannot
        spend anything twice (see StepRunner::askAgain()), and what waits for its next attempt has it
        at once, unless the server asked for the wait. Whatever follows takes a connection of its own.
    */
    void awaken();

    /*! The server refused the secrets: they are not offered again. failed() follows. */
    void refuseSecrets(const QString &sentence);

    /*! \a text as people and logs may see it: without what is secret in this session. */
    [[nodiscard]] QString redacted(const QString &text) const;

    /*! Everything works: a 401 from now on is a new one. */
    void confirm() { m_recovery = Recovery::None; }

    /*!
        Runs \a steps with the variables as they are, and keeps what they extract. \a continuation is
        called at the end, but not after \a owner is gone or the runner that is returned cancelled.
    */
    StepRunner *run(const QList<Step> &steps, QObject *owner, const Continuation &continuation);

    /*! Whether the source wants a close request on \a occasion, and there is a session to close. */
    [[nodiscard]] bool wantsClosing(Occasion occasion) const
    {
        return m_farewell.isWanted(occasion);
    }

    /*!
        Sends the close request; \a done is called at the latest after its budget, unless \a owner is
        gone or silence() called by then.
    */
    void close(Occasion occasion, QObject *owner, const std::function<void()> &done);

    /*! Stops whatever it is doing; no signal follows. */
    void silence();

    /*! Forgets everything, the secrets first. */
    void forget();

Q_SIGNALS:
    /*! What failed is tried again by itself, \a delay from now. */
    void retryScheduled(std::chrono::milliseconds delay);
    /*! What begin() or recover() is at. \a sentence is empty while all is well. */
    void stageChanged(Session::Stage stage, const QString &sentence);
    void ready();
    /*! Kinds Unauthorized, SecretRefused and Declined want another secret or answer of the user. */
    void failed(const StepOutcome &outcome);

private:
    enum class Recovery {
        None,
        Renewed,
        LoggedIn,
    };

    void readSecrets();
    void takeSecret(const SecretRequest &request, bool isRequired, const SecretAnswer &answer);
    void logIn();
    void authorize();
    void renew(const Continuation &continuation);
    void leaveBehind();
    void forgetConnection();
    [[nodiscard]] Variables initialVariables() const;
    void retryLater(const StepOutcome &outcome, const std::function<void()> &retry);
    void fail(StepOutcome outcome);
    void forgetToken(Variables &variables) const;
    void scheduleRenewal(std::chrono::seconds shortest);
    StepRunner *runWith(const Variables &variables, const QList<Step> &steps, QObject *owner,
                        const Continuation &continuation);

    const Source m_source;
    SecretStore *const m_secrets;
    Prompter *const m_prompter;
    Network m_network;
    AnswerCache m_cache;
    QList<QSslCertificate> m_caCertificates;
    Variables m_variables;
    Farewell m_farewell; // after the cookies, which are in it
    Sse::Backoff m_backoff;
    Haste m_haste;
    QDeadlineTimer m_notBefore; // as the server asked
    QPointer<StepRunner> m_runner; // of the login, the permissions or the renewal after a 401
    QPointer<StepRunner> m_renewal; // of a token that is about to end
    QTimer m_retryTimer;
    QTimer m_renewalTimer;
    QDateTime m_renewalDue; // by the clock that goes on while the computer sleeps
    QTimer m_lateTimer; // for what earlier sessions left
    std::function<void()> m_retry;
    std::unique_ptr<QObject> m_reader; // of the secrets, while begin() holds
    Recovery m_recovery = Recovery::None;
    QElapsedTimer m_recovered; // since the last time
    int m_shortSessions = 0; // that ended soon after
    bool m_renewalIsRefused = false;
    bool m_isRetrying = false; // after a trouble that passes
    int m_closings = 0; // of the one whose end matters: see silence()
};
