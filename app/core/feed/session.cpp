// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "session.h"

#include "core/secrets/redaction.h"
#include "core/secrets/secretstore.h"
#include "tokenlifetime.h"

#include <QLoggingCategory>
#include <QRandomGenerator>
#include <QUuid>

#include <algorithm>
#include <functional>

using namespace std::chrono_literals;
using namespace Qt::Literals;

namespace {

Q_LOGGING_CATEGORY(log, "tallybell.session", QtInfoMsg)

constexpr std::chrono::seconds shortestRenewal{1};
constexpr std::chrono::seconds pauseBetweenRenewals{30}; // of tokens that hardly last
constexpr std::chrono::seconds shortSession{60};
constexpr int mostShortSessions = 3; // in a row, before a person is asked
constexpr std::chrono::seconds longestRenewal{7 * 24 * 3600}; // a QTimer's range is 24 days

bool isRefusal(StepOutcome::Kind kind)
{
    return kind == StepOutcome::Kind::Unauthorized || kind == StepOutcome::Kind::SecretRefused
        || kind == StepOutcome::Kind::Forbidden;
}

} // namespace

Session::Session(const Source &source, SecretStore *secrets, Prompter *prompter, QObject *parent)
    : QObject(parent)
    , m_source(source)
    , m_secrets(secrets)
    , m_prompter(prompter)
    , m_network(source)
    , m_farewell(source, m_network.cookies())
{
    m_retryTimer.setSingleShot(true);
    m_renewalTimer.setSingleShot(true);
    m_lateTimer.setSingleShot(true);
    connect(this, &Session::ready, &m_lateTimer, qOverload<>(&QTimer::start));
    connect(&m_lateTimer, &QTimer::timeout, this, [this] { m_farewell.sendKept(m_variables); });
    connect(&m_retryTimer, &QTimer::timeout, this, [this] { std::exchange(m_retry, {})(); });
    connect(&m_renewalTimer, &QTimer::timeout, this, [this] {
        // Behind the flow's back: when it fails, the 401 that follows is answered in the open.
        renew([this](const StepOutcome &outcome) {
            if (outcome.kind == StepOutcome::Kind::Done)
                scheduleRenewal(pauseBetweenRenewals);
            else if (m_source.refresh.isEmpty() && isRefusal(outcome.kind))
                refuseSecrets(outcome.sentence); // the renewal was a login
        });
    });
}

void Session::setFarewellFolder(const QString &path, std::chrono::milliseconds pause)
{
    m_farewell.setFolder(path);
    m_lateTimer.setInterval(pause);
}

void Session::begin()
{
    silence();
    leaveBehind();
    m_reader = std::make_unique<QObject>();
    m_recovery = Recovery::None;
    m_renewalIsRefused = false;
    m_isRetrying = false;
    m_shortSessions = 0;
    m_recovered.invalidate();
    m_backoff.reset();
    m_haste.begin();
    m_network.forgetConnections(); // from before a sleep, for instance
    m_variables = initialVariables();
    m_cache.clear();
    StepOutcome flaw;
    m_caCertificates = Network::certificates(m_source, &flaw.sentence);
    if (!flaw.sentence.isEmpty()) {
        flaw.kind = StepOutcome::Kind::Refused;
        fail(flaw);
        return;
    }
    m_farewell.setCaCertificates(m_caCertificates);
    Q_EMIT stageChanged(Stage::LoggingIn, {});
    readSecrets();
}

// One after the other: a keyring asks its user once.
void Session::readSecrets()
{
    for (auto secret = m_source.secrets.begin(); secret != m_source.secrets.end(); ++secret) {
        if (m_variables.contains(secret.key()))
            continue;
        const SecretRequest request{m_source.name, secret.key(), m_source.title, secret->label};
        const bool isRequired = secret->required;
        m_secrets->read(
            request, m_reader.get(),
            [this, request, isRequired, reader = m_reader.get()](const SecretAnswer &answer) {
                if (reader == m_reader.get()) // else silenced, and not deleted yet
                    takeSecret(request, isRequired, answer);
            });
        return;
    }
    logIn();
}

void Session::takeSecret(const SecretRequest &request, bool isRequired, const SecretAnswer &answer)
{
    if (answer.kind == SecretAnswer::Kind::Locked) {
        Q_EMIT stageChanged(Stage::WaitingForKeyring, answer.sentence);
    } else if (answer.kind == SecretAnswer::Kind::Missing && isRequired) {
        StepOutcome outcome;
        outcome.kind = StepOutcome::Kind::Declined;
        outcome.sentence = answer.sentence;
        Q_EMIT failed(outcome);
    } else {
        m_variables.insert(request.variable, answer.secret);
        readSecrets();
    }
}

void Session::logIn()
{
    // Where a step of the login failed after one that gave a session. What failed may be the network.
    if (wantsClosing(Occasion::Quit))
        m_farewell.setAside();
    else
        leaveBehind();
    m_renewalTimer.stop();
    drop(m_renewal);
    forgetToken(m_variables);
    forgetConnection();
    m_network.cookies()->clear();
    if (!m_isRetrying) // else what went wrong stays in sight
        Q_EMIT stageChanged(Stage::LoggingIn, {});
    m_runner = run(m_source.login, this, [this](const StepOutcome &outcome) {
        if (outcome.kind == StepOutcome::Kind::Transient) {
            retryLater(outcome, [this] { logIn(); });
        } else if (outcome.isWebPage && outcome.kind == StepOutcome::Kind::Refused
                   && m_recovery == Recovery::LoggedIn) {
            StepOutcome hidden = outcome; // it worked before
            hidden.kind = StepOutcome::Kind::Transient;
            hidden.sentence +=
                u' ' + tr("Perhaps the network wants you to log in: open any page in the browser.");
            retryLater(hidden, [this] { logIn(); });
        } else if (isRefusal(outcome.kind)) {
            StepOutcome refused = outcome;
            refused.kind = StepOutcome::Kind::SecretRefused;
            fail(refused);
        } else if (outcome.kind != StepOutcome::Kind::Done) {
            fail(outcome);
        } else {
            m_isRetrying = false;
            if (!m_source.login.isEmpty())
                setOpen();
            m_renewalIsRefused = false;
            scheduleRenewal(shortestRenewal);
            authorize();
        }
    });
    connect(m_runner, &StepRunner::extracted, this, [this](const Variables &variables) {
        if (variables.contains(m_source.tokenVariable))
            setOpen(); // not only when the whole login is done: the next step may use it
    });
}

void Session::authorize()
{
    if (!m_isRetrying)
        Q_EMIT stageChanged(Stage::Authorizing, {});
    m_runner = run(m_source.permissions, this, [this](const StepOutcome &outcome) {
        if (outcome.kind == StepOutcome::Kind::Done) {
            m_backoff.reset();
            m_isRetrying = false;
            Q_EMIT ready();
        } else if (outcome.kind == StepOutcome::Kind::Transient) {
            retryLater(outcome, [this] { authorize(); });
        } else if (outcome.kind == StepOutcome::Kind::Unauthorized
                   || (outcome.isWebPage && !m_source.login.isEmpty())) {
            recover(outcome.sentence, endOf(outcome));
        } else {
            fail(outcome);
        }
    });
}

void Session::recover(const QString &sentence, End end)
{
    drop(m_runner);
    m_retryTimer.stop();
    m_lateTimer.stop();
    const bool wasShort =
        m_recovered.isValid() && std::chrono::milliseconds(m_recovered.elapsed()) < shortSession;
    m_shortSessions = wasShort ? m_shortSessions + 1 : 0;
    if (m_shortSessions >= mostShortSessions) // else we would log in for ever
        m_recovery = Recovery::LoggedIn;
    m_recovered.start();
    if (m_recovery == Recovery::None && !m_source.refresh.isEmpty() && !m_renewalIsRefused) {
        m_recovery = Recovery::Renewed;
        qCInfo(log).noquote() << m_source.name << "renews its session:" << sentence;
        if (!m_isRetrying)
            Q_EMIT stageChanged(Stage::LoggingIn, {});
        renew([this, sentence, end](const StepOutcome &outcome) {
            if (outcome.kind == StepOutcome::Kind::Done) {
                m_isRetrying = false;
                scheduleRenewal(pauseBetweenRenewals);
                Q_EMIT ready();
            } else if (outcome.kind == StepOutcome::Kind::Transient) {
                m_recovery = Recovery::None;
                m_recovered.invalidate();
                retryLater(outcome, [this, sentence, end] { recover(sentence, end); });
            } else {
                recover(sentence, end);
            }
        });
    } else if (m_recovery != Recovery::LoggedIn && !m_source.login.isEmpty()) {
        m_recovery = Recovery::LoggedIn;
        qCInfo(log).noquote() << m_source.name << "logs in again:" << sentence;
        // What the stream or an earlier request says may be about the session before.
        if (end == End::Surely && !m_farewell.isReplacement())
            m_farewell.release();
        else
            m_farewell.setAside();
        logIn();
    } else {
        // A login that works tells that the secrets are right; without one they are the login.
        if (m_source.login.isEmpty()) {
            refuseSecrets(sentence);
            return;
        }
        StepOutcome outcome;
        outcome.kind = StepOutcome::Kind::Unauthorized;
        outcome.sentence = sentence;
        fail(outcome);
    }
}

void Session::refuseSecrets(const QString &sentence)
{
    StepOutcome outcome;
    outcome.kind = StepOutcome::Kind::SecretRefused;
    outcome.sentence = sentence;
    fail(outcome);
}

// By "refresh", or where there is none by the login once more.
void Session::renew(const Continuation &continuation)
{
    drop(m_renewal);
    const bool logsIn = m_source.refresh.isEmpty();
    Variables variables = m_variables;
    if (logsIn) {
        forgetToken(variables);
        m_farewell.expectReplacement();
    }
    m_renewal = runWith(variables, logsIn ? m_source.login : m_source.refresh, this,
                        [this, continuation](const StepOutcome &outcome) {
                            m_renewalIsRefused = isRefusal(outcome.kind);
                            if (outcome.kind != StepOutcome::Kind::Done)
                                m_farewell.expectNoReplacement();
                            continuation(outcome);
                        });
}

void Session::awaken()
{
    m_backoff.reset();
    m_haste.begin();
    for (StepRunner *runner : {m_runner.data(), m_renewal.data()}) {
        if (runner)
            runner->askAgain();
    }
    // After that: it ends the connections that nothing uses any more.
    const auto runners = findChildren<StepRunner *>(Qt::FindDirectChildrenOnly);
    if (std::any_of(runners.begin(), runners.end(), std::mem_fn(&StepRunner::isAsking)))
        m_network.forgetStreamConnections();
    else
        m_network.forgetConnections();
    if (m_retryTimer.isActive()) {
        m_retryTimer.start(
            std::chrono::ceil<std::chrono::milliseconds>(m_notBefore.remainingTimeAsDuration()));
        Q_EMIT retryScheduled(m_retryTimer.intervalAsDuration());
    }
    // The timer stood still during sleep. What the token is good for now, the stream shows first.
    if (m_renewalTimer.isActive()) {
        const std::chrono::milliseconds left{QDateTime::currentDateTimeUtc().msecsTo(m_renewalDue)};
        m_renewalTimer.start(
            std::min(m_renewalTimer.remainingTimeAsDuration(),
                     std::max<std::chrono::milliseconds>(left, pauseBetweenRenewals)));
    }
}

void Session::retryLater(const StepOutcome &outcome, const std::function<void()> &retry)
{
    m_isRetrying = true;
    m_retry = retry;
    m_notBefore.setRemainingTime(outcome.notBefore);
    m_retryTimer.start(m_haste.shortened(
        m_backoff.nextDelay(QRandomGenerator::global()->generateDouble(), outcome.notBefore),
        outcome.notBefore));
    Q_EMIT retryScheduled(m_retryTimer.intervalAsDuration());
    Q_EMIT failed(outcome); // last: a slot may stop all of it
}

// Final until the user acts.
void Session::fail(StepOutcome outcome)
{
    silence();
    if (outcome.kind == StepOutcome::Kind::SecretRefused) {
        for (auto secret = m_source.secrets.begin(); secret != m_source.secrets.end(); ++secret)
            m_secrets->refuse({m_source.name, secret.key(), m_source.title, secret->label});
        outcome.sentence +=
            u' ' + tr("Check the user name and the secrets, then open the connection again.");
    }
    Q_EMIT failed(outcome);
}

// A token that no login gave, but the source file, is there to stay.
void Session::forgetToken(Variables &variables) const
{
    if (!m_source.login.isEmpty() && !m_source.secrets.contains(m_source.tokenVariable))
        variables.remove(m_source.tokenVariable);
}

// What the close request says of it was for the session that had it.
void Session::forgetConnection()
{
    const Variables initial = initialVariables();
    for (const QString &name : m_farewell.connectionNames()) {
        if (const auto value = initial.constFind(name); value != initial.constEnd())
            m_variables.insert(name, *value);
        else
            m_variables.remove(name);
    }
}

Variables Session::initialVariables() const
{
    Variables variables = m_source.variables;
    variables.insert(u"uuid"_s, QUuid::createUuid().toString(QUuid::WithoutBraces));
    return variables;
}

void Session::scheduleRenewal(std::chrono::seconds shortest)
{
    const std::optional<std::chrono::seconds> lifetime =
        tokenLifetime(m_source, m_variables, QDateTime::currentDateTimeUtc());
    const bool canRenew = !m_source.login.isEmpty() || !m_source.refresh.isEmpty();
    if (!lifetime || !canRenew)
        return;
    const std::chrono::seconds bounded =
        std::clamp(*lifetime, std::chrono::seconds(0), longestRenewal);
    // A token that lasts less than the skew is not asked for without end.
    const std::chrono::seconds left = std::max(bounded - m_source.tokenSkew, bounded / 2);
    const std::chrono::milliseconds wait = std::max(left, shortest);
    m_renewalDue = QDateTime::currentDateTimeUtc().addMSecs(wait.count());
    m_renewalTimer.start(wait);
}

StepRunner *Session::run(const QList<Step> &steps, QObject *owner, const Continuation &continuation)
{
    return runWith(m_variables, steps, owner, continuation);
}

StepRunner *Session::runWith(const Variables &variables, const QList<Step> &steps, QObject *owner,
                             const Continuation &continuation)
{
    auto *const runner = new StepRunner(m_network.steps(), m_source, variables, this);
    runner->setPrompter(m_prompter);
    runner->setAnswerCache(&m_cache);
    runner->setCaCertificates(m_caCertificates);
    connect(runner, &StepRunner::extracted, this, &Session::insert);
    connect(runner, &StepRunner::finished, owner,
            [this, runner, continuation](const StepOutcome &outcome) {
                runner->deleteLater();
                insert(outcome.extracted); // of a step that failed all the same
                StepOutcome shown = outcome;
                shown.sentence = redacted(outcome.sentence); // the server may have had a hand in it
                continuation(shown);
            });
    runner->run(steps);
    return runner;
}

void Session::insert(const Variables &variables)
{
    m_variables.insert(variables);
    m_farewell.update(variables);
}

QString Session::redacted(const QString &text) const
{
    return ::redacted(text, m_source, m_variables);
}

void Session::close(Occasion occasion, QObject *owner, const std::function<void()> &done)
{
    m_farewell.send(
        occasion, owner, [this, done, closing = ++m_closings](const StepOutcome &outcome) {
            if (outcome.kind == StepOutcome::Kind::Done)
                qCInfo(log).noquote() << m_source.name << "the server knows that we leave";
            else
                qCWarning(log).noquote() << m_source.name << "close request:" << outcome.sentence;
            if (closing == m_closings)
                done();
        });
}

// The server hears of the end of a session that it still has. One that was set aside waits for the next.
void Session::leaveBehind()
{
    if (!m_farewell.isOpen())
        return;
    for (Occasion occasion : {Occasion::Quit, Occasion::Logout}) {
        if (wantsClosing(occasion)) // which ends it
            close(occasion, this, [] {});
    }
    m_farewell.release();
}

void Session::silence()
{
    if (m_reader) // takes questions back; not at once, for an answer may have led here
        m_reader.release()->deleteLater();
    m_retryTimer.stop();
    m_renewalTimer.stop();
    m_lateTimer.stop();
    drop(m_runner);
    drop(m_renewal);
    ++m_closings;
}

void Session::forget()
{
    m_farewell.release(); // first: it is about all of them
    m_variables.clear();
    m_cache.clear();
    m_network.cookies()->clear();
}
