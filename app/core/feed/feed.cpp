// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "feed.h"

#include "requesttemplate.h"
#include "core/secrets/secretstore.h"
#include "steprunner.h"

#include "core/countmodel.h"
#include <QLoggingCategory>
#include <QRandomGenerator>

using namespace std::chrono_literals;
using Status = CountModel::Status;

namespace {

Q_LOGGING_CATEGORY(log, "tallybell.feed", QtInfoMsg)

constexpr std::chrono::seconds shortestRenewal{1};
constexpr std::chrono::seconds longestRenewal{7 * 24 * 3600}; // a QTimer's range is 24 days

} // namespace

Feed::Feed(const Source &source, CountModel *model, SecretStore *secrets, QObject *parent)
    : QObject(parent)
    , m_source(source)
    , m_model(model)
    , m_secrets(secrets)
    , m_stream(&m_streamNetwork)
    , m_tally(source.rules, model)
{
    m_retryTimer.setSingleShot(true);
    m_renewalTimer.setSingleShot(true);
    m_closeTimer.setSingleShot(true);
    connect(&m_retryTimer, &QTimer::timeout, this, [this] { std::exchange(m_retry, {})(); });
    connect(&m_renewalTimer, &QTimer::timeout, this, &Feed::renewToken);
    connect(&m_closeTimer, &QTimer::timeout, this, &Feed::finishLeaving);

    m_stream.setOpenTimeout(m_source.openTimeout);
    if (m_source.idleTimeout > 0ms)
        m_stream.setIdleTimeout(m_source.idleTimeout);
    m_stream.setRequestHook(
        [this](const QNetworkRequest &, const Sse::EventSource::Proceed &proceed) {
            if (!m_source.resumes)
                m_stream.setLastEventId({});
            const RenderedRequest rendered = renderStream(m_source, m_variables);
            noteAddress(rendered);
            proceed(rendered.request); // the token may be a new one
        });
    connect(&m_stream, &Sse::EventSource::opened, this, &Feed::streamOpened);
    connect(&m_stream, &Sse::EventSource::eventReceived, &m_tally, &Tally::take);
    connect(&m_stream, &Sse::EventSource::errorOccurred, this, &Feed::streamFailed);
    connect(&m_stream, &Sse::EventSource::closed, this, [this] {
        m_model->reportClosed();
        m_model->setStale();
        // Left without an error: the computer slept, or the network was away.
        if (m_running && m_stream.state() != Sse::EventSource::State::Closed
            && m_stream.error() == Sse::EventSource::Error::NoError) {
            abandonRecount();
            m_model->setStatus(Status::Reconnecting);
        }
    });
    connect(&m_tally, &Tally::snapshotNeeded, this, &Feed::recount);
    connect(&m_tally, &Tally::problemFound, this,
            [this](const QString &sentence) { m_model->setStatus(Status::Live, sentence); });
}

Feed::~Feed() = default;

void Feed::start()
{
    if (m_leaving)
        m_startAgain = true;
    if (m_leaving || m_running)
        return;
    m_running = true;
    m_loginIsSilent = false;
    m_backoff.reset();
    m_variables = m_source.variables;
    m_stream.setLastEventId({});
    m_model->setStatus(Status::LoggingIn);
    readSecrets();
}

// One after the other: a keyring asks its user once.
void Feed::readSecrets()
{
    for (auto secret = m_source.secrets.begin(); secret != m_source.secrets.end(); ++secret) {
        const QString &name = secret.key();
        if (m_variables.contains(name))
            continue;
        const Source::SecretDeclaration &declaration = *secret;
        m_secrets->read({m_source.name, name, m_source.title, declaration.label}, this,
                        [this, name, declaration](const SecretAnswer &answer) {
                            if (m_running)
                                takeSecret(name, declaration.required, answer);
                        });
        return;
    }
    logIn();
}

void Feed::takeSecret(const QString &name, bool isRequired, const SecretAnswer &answer)
{
    if (answer.kind == SecretAnswer::Kind::Locked) {
        m_model->setStatus(Status::WaitingForKeyring, answer.sentence);
    } else if (answer.kind == SecretAnswer::Kind::Missing && isRequired) {
        haltAt(Status::LoginNeeded, answer.sentence);
    } else {
        m_variables.insert(name, answer.secret);
        readSecrets();
    }
}

void Feed::logIn()
{
    m_hasSession = false;
    forgetToken(m_variables);
    m_model->setStatus(Status::LoggingIn);
    runSteps(m_source.login, [this](const StepOutcome &outcome) {
        if (outcome.kind == StepOutcome::Kind::Unauthorized
            || outcome.kind == StepOutcome::Kind::Forbidden) {
            haltAt(
                Status::LoginNeeded,
                outcome.sentence + QLatin1Char(' ')
                    + tr("Check the user name and the secrets, then open the connection again."));
        } else if (outcome.kind != StepOutcome::Kind::Done) {
            stepsFailed(outcome);
        } else {
            m_hasSession = !m_source.login.isEmpty();
            scheduleRenewal();
            authorize();
        }
    });
}

void Feed::authorize()
{
    m_model->setStatus(Status::Authorizing);
    runSteps(m_source.permissions, [this](const StepOutcome &outcome) {
        if (outcome.kind == StepOutcome::Kind::Done)
            countFirst();
        else
            stepsFailed(outcome);
    });
}

void Feed::countFirst()
{
    m_model->setStatus(Status::Counting);
    runSteps(m_source.snapshot, [this](const StepOutcome &outcome) {
        if (outcome.kind != StepOutcome::Kind::Done) {
            stepsFailed(outcome);
            return;
        }
        if (outcome.count)
            m_model->setCount(*outcome.count);
        openStream();
    });
}

void Feed::openStream()
{
    const RenderedRequest rendered = renderStream(m_source, m_variables);
    if (!rendered.error.isEmpty()) {
        haltAt(Status::Failed, rendered.error);
        return;
    }
    m_model->setStatus(Status::Connecting);
    noteAddress(rendered);
    m_stream.open(rendered.request);
}

void Feed::streamOpened()
{
    m_backoff.reset();
    m_loginIsSilent = false;
    m_hasSession = true;
    m_model->setStatus(Status::Live);
    m_model->reportOpened();
    recount();
}

void Feed::streamFailed()
{
    const QString sentence = streamSentence();
    abandonRecount();
    m_model->setStale();
    if (m_stream.state() == Sse::EventSource::State::Waiting) {
        m_model->setStatus(Status::Reconnecting, sentence);
    } else if (m_stream.error() == Sse::EventSource::Error::HttpStatus
               && m_stream.httpStatus() == 401) {
        sessionExpired(sentence);
    } else if (m_stream.error() == Sse::EventSource::Error::HttpStatus
               && m_stream.httpStatus() == 403) {
        haltAt(Status::NotPermitted, sentence);
    } else {
        haltAt(Status::Failed, sentence);
    }
}

void Feed::noteAddress(const RenderedRequest &rendered)
{
    m_streamAddress = rendered.request.url().toDisplayString(
        QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment);
    m_streamPlace = rendered.place;
}

QString Feed::streamSentence() const
{
    return m_stream.errorString().replace(m_streamAddress, m_streamPlace);
}

// A snapshot is worth nothing without the stream that goes on from it.
void Feed::abandonRecount()
{
    m_retryTimer.stop();
    m_tally.reset();
    dropRunner();
}

// At an open stream: events wait in the tally until the snapshot is in.
void Feed::recount()
{
    if (m_source.snapshot.isEmpty())
        return;
    m_tally.beginSnapshot();
    runSteps(m_source.snapshot, [this](const StepOutcome &outcome) { recounted(outcome); });
}

void Feed::recounted(const StepOutcome &outcome)
{
    if (outcome.kind == StepOutcome::Kind::Done) {
        m_backoff.reset();
        m_model->setStatus(Status::Live);
    } else if (outcome.kind == StepOutcome::Kind::Transient) {
        // The stream is open all the same: its events count, and the number is asked for again.
        m_model->setStatus(Status::Live, outcome.sentence);
        retryLater([this] { recount(); });
    } else {
        stepsFailed(outcome);
        return;
    }
    m_tally.finishSnapshot(outcome.count);
}

void Feed::stepsFailed(const StepOutcome &outcome)
{
    switch (outcome.kind) {
    case StepOutcome::Kind::Done:
        Q_UNREACHABLE();
    case StepOutcome::Kind::Transient:
        tryAgainLater(outcome.sentence);
        break;
    case StepOutcome::Kind::Unauthorized:
        sessionExpired(outcome.sentence);
        break;
    case StepOutcome::Kind::Forbidden:
    case StepOutcome::Kind::MissingPermission:
        haltAt(Status::NotPermitted, outcome.sentence);
        break;
    case StepOutcome::Kind::Refused:
        haltAt(Status::Failed, outcome.sentence);
        break;
    }
}

void Feed::sessionExpired(const QString &sentence)
{
    m_stream.close();
    m_tally.reset();
    m_model->setStale();
    if (m_source.login.isEmpty() || std::exchange(m_loginIsSilent, true)) {
        haltAt(Status::LoginNeeded, sentence);
        return;
    }
    qCInfo(log).noquote() << m_source.name << "logs in again:" << sentence;
    logIn();
}

void Feed::tryAgainLater(const QString &sentence)
{
    m_model->setStale();
    m_model->setStatus(Status::Reconnecting, sentence);
    retryLater([this] { m_hasSession ? authorize() : logIn(); });
}

void Feed::retryLater(const std::function<void()> &retry)
{
    m_retry = retry;
    m_retryTimer.start(m_backoff.nextDelay(QRandomGenerator::global()->generateDouble()));
}

// The end of the flow until the user acts.
void Feed::haltAt(CountModel::Status status, const QString &sentence)
{
    silence();
    m_running = false;
    m_model->setStale();
    m_model->setStatus(status, sentence);
}

// A token that no login gave, but the source file, is there to stay.
void Feed::forgetToken(Variables &variables) const
{
    if (!m_source.login.isEmpty())
        variables.remove(m_source.tokenVariable);
}

void Feed::scheduleRenewal()
{
    bool isNumber = false;
    const qint64 lifetime =
        m_variables.value(m_source.tokenExpiresInVariable).toLongLong(&isNumber);
    if (!isNumber || m_source.tokenExpiresInVariable.isEmpty())
        return;
    const std::chrono::seconds left =
        std::chrono::seconds(std::clamp<qint64>(lifetime, 0, longestRenewal.count()))
        - m_source.tokenSkew;
    m_renewalTimer.start(std::max(left, shortestRenewal));
}

// Behind the flow's back: when it fails, the 401 that follows is answered by a login in the open.
void Feed::renewToken()
{
    Variables variables = m_variables;
    forgetToken(variables);
    m_renewal = new StepRunner(&m_stepNetwork, m_source, variables, this);
    connect(m_renewal, &StepRunner::finished, this, [this](const StepOutcome &outcome) {
        m_renewal->deleteLater();
        if (outcome.kind != StepOutcome::Kind::Done)
            return;
        m_variables.insert(outcome.extracted);
        scheduleRenewal();
    });
    m_renewal->run(m_source.login);
}

void Feed::stop()
{
    if (m_leaving) {
        m_startAgain = false;
        return;
    }
    silence();
    m_running = false;
    m_model->setStale();
    m_model->setStatus(Status::Off);
    m_leaving = true;
    if (!m_hasSession || m_source.close.isEmpty() || !m_source.closesOnQuit) {
        finishLeaving();
        return;
    }
    m_closeTimer.start(m_source.closeBudget);
    runSteps(m_source.close, [this](const StepOutcome &outcome) {
        if (outcome.kind == StepOutcome::Kind::Done)
            qCInfo(log).noquote() << m_source.name << "the server knows that we leave";
        else
            qCWarning(log).noquote() << m_source.name << "close request:" << outcome.sentence;
        finishLeaving();
    });
}

void Feed::finishLeaving()
{
    m_closeTimer.stop();
    dropRunner();
    m_variables.clear(); // the secrets with them
    m_hasSession = false;
    m_leaving = false;
    if (std::exchange(m_startAgain, false))
        start();
    Q_EMIT left();
}

void Feed::runSteps(const QList<Step> &steps, const Continuation &continuation)
{
    dropRunner();
    StepRunner *const runner = new StepRunner(&m_stepNetwork, m_source, m_variables, this);
    m_runner = runner;
    connect(runner, &StepRunner::finished, this,
            [this, runner, continuation](const StepOutcome &outcome) {
                runner->deleteLater();
                m_runner = nullptr;
                m_variables.insert(outcome.extracted);
                continuation(outcome);
            });
    runner->run(steps);
}

void Feed::dropRunner()
{
    if (StepRunner *const runner = std::exchange(m_runner, nullptr)) {
        runner->cancel();
        runner->deleteLater();
    }
}

// Stops everything that could still speak up.
void Feed::silence()
{
    m_retryTimer.stop();
    m_renewalTimer.stop();
    dropRunner();
    if (m_renewal) {
        m_renewal->cancel();
        m_renewal->deleteLater();
    }
    m_tally.reset();
    m_stream.close();
}
