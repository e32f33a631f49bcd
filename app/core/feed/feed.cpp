// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "feed.h"

#include "core/source/stepvariables.h"

#include <QLoggingCategory>

using namespace std::chrono_literals;
using Status = CountModel::Status;
using Kind = StepOutcome::Kind;

namespace {

Q_LOGGING_CATEGORY(log, "tallybell.feed", QtInfoMsg)

// What was just begun must not be begun again for each signal of a network that comes up.
constexpr std::chrono::milliseconds pauseBetweenAwakenings = 1s;
// A stream that was refused is tried again, more and more rarely.
constexpr std::chrono::seconds longestStreamPause = 24h;

} // namespace

Feed::Feed(const Source &source, CountModel *model, SecretStore *secrets, Prompter *prompter,
           QObject *parent)
    : QObject(parent)
    , m_source(source)
    , m_model(model)
    , m_session(source, secrets, prompter)
    , m_link(source, &m_session)
    , m_tally(source.rules, model)
    , m_recount(source, &m_session, &m_tally, model)
{
    m_streamRetry.setSingleShot(true);
    m_awakening.setSingleShot(true);
    connect(&m_awakening, &QTimer::timeout, this, &Feed::beginAnew);
    connect(&m_streamRetry, &QTimer::timeout, &m_link, &StreamLink::open);
    connect(&m_session, &Session::stageChanged, this, &Feed::showStage);
    connect(&m_session, &Session::ready, this, &Feed::enter);
    connect(&m_session, &Session::failed, this, &Feed::sessionFailed);
    connect(&m_link, &StreamLink::opened, this, &Feed::streamOpened);
    connect(&m_link, &StreamLink::closed, this, [this] {
        m_model->reportClosed();
        m_model->setStale();
    });
    connect(&m_link, &StreamLink::lost, this, &Feed::streamLost);
    connect(&m_link, &StreamLink::refused, this, &Feed::streamRefused);
    connect(&m_link, &StreamLink::heldBack, this, &Feed::streamHeldBack);
    connect(&m_link, &StreamLink::eventReceived, &m_tally, [this](const Sse::Event &event) {
        m_streamPause = 0s; // it works
        m_tally.take(event.type, event.data);
    });
    connect(&m_link, &StreamLink::commentReceived, &m_tally, [this](const QByteArray &text) {
        m_streamPause = 0s;
        m_tally.takeComment(text);
    });
    connect(&m_tally, &Tally::commanded, this, &Feed::obey);
    connect(&m_tally, &Tally::captured, this, [this](const Variables &variables) {
        m_session.insert(variables);
        m_captured.insert(variables);
        runAfterOpen();
    });
    connect(&m_tally, &Tally::problemFound, this, [this](const QString &sentence) {
        m_model->setStatus(Status::Live, m_session.redacted(sentence));
    });
    const auto showNextAttempt = [this](std::chrono::milliseconds delay) {
        if (!m_link.isOpen())
            m_model->setNextAttempt(QDateTime::currentDateTime().addMSecs(delay.count()));
    };
    connect(&m_session, &Session::retryScheduled, m_model, showNextAttempt);
    connect(&m_link, &StreamLink::retryScheduled, m_model, showNextAttempt);
    connect(&m_recount, &Recount::retryScheduled, m_model, showNextAttempt);
    connect(&m_recount, &Recount::done, this, &Feed::recounted);
    connect(&m_recount, &Recount::failed, this, &Feed::recountFailed);
}

Feed::~Feed() = default;

void Feed::start()
{
    if (m_leaving)
        m_startAgain = true;
    if (m_leaving || isRunning())
        return;
    m_phase = Phase::Entering;
    m_begunAnew.start();
    m_streamPause = 0s;
    m_link.forgetPosition();
    m_recount.startAnew();
    m_session.begin();
}

void Feed::showStage(Session::Stage stage, const QString &sentence)
{
    switch (stage) {
    case Session::Stage::WaitingForKeyring:
        m_model->setStatus(Status::WaitingForKeyring, sentence);
        break;
    case Session::Stage::LoggingIn:
        m_model->setStatus(Status::LoggingIn, sentence);
        break;
    case Session::Stage::Authorizing:
        m_model->setStatus(Status::Authorizing, sentence);
        break;
    }
}

// The session is there: fetch the first count, so that a number shows early.
void Feed::enter()
{
    m_phase = Phase::Counting;
    m_hasOpened = false;
    if (m_source.snapshot.isEmpty()) {
        openStream();
        return;
    }
    m_model->setStatus(Status::Counting);
    m_recount.now();
}

void Feed::sessionFailed(const StepOutcome &outcome)
{
    switch (outcome.kind) {
    case Kind::Done:
        Q_UNREACHABLE();
    case Kind::Transient: // it tries again by itself
        m_model->setStale();
        m_model->setStatus(Status::Reconnecting, outcome.sentence);
        break;
    case Kind::Unauthorized:
    case Kind::SecretRefused:
    case Kind::Declined:
        haltAt(Status::LoginNeeded, outcome.sentence);
        break;
    case Kind::Forbidden:
    case Kind::MissingPermission:
        haltAt(Status::NotPermitted, outcome.sentence);
        break;
    case Kind::Refused:
        haltAt(Status::Failed, outcome.sentence);
        m_isBehindPage = outcome.isWebPage;
        break;
    }
}

void Feed::expire(const QString &sentence, Session::End end)
{
    if (!isRunning())
        return;
    m_phase = Phase::Entering; // first: the stream's end is no loss then
    m_streamRetry.stop();
    drop(m_afterOpen);
    m_recount.stop();
    m_link.close();
    m_model->setStale();
    m_session.recover(sentence, end);
}

void Feed::openStream()
{
    if (m_source.stream.url.isEmpty() || m_source.pollWhen == Source::PollWhen::Always) {
        m_refusal.clear();
        poll();
        return;
    }
    m_phase = Phase::Streaming;
    m_model->setStatus(Status::Connecting);
    m_link.open();
}

void Feed::streamOpened(bool isNews)
{
    m_phase = Phase::Streaming;
    m_awakening.stop(); // the way to the server is the new one
    m_recount.stop(); // a snapshot from before the opening may miss what happened in between
    // One that a renewal by the login has overtaken needs the session of before.
    if (m_link.hasNewestToken() || !m_session.isOpen())
        m_session.setOpen();
    m_model->setStatus(Status::Live);
    if (isNews)
        m_model->reportOpened();
    m_tally.streamOpened();
    m_captured.clear();
    m_countIsOlder = true;
    m_afterOpenIsDue = !m_source.afterOpen.isEmpty();
    runAfterOpen();
    m_recount.setPeriod(withinIdleness(m_source.reconcile));
    switch (m_source.onOpen) {
    case Source::OnOpen::Refetch:
        m_recount.now();
        break;
    case Source::OnOpen::Keep:
        if (!m_hasOpened) // nothing told what happened since the first count
            m_recount.now();
        else if (m_model->count())
            m_model->setCount(*m_model->count());
        break;
    case Source::OnOpen::Zero:
        m_tally.startFromZero();
        break;
    }
    m_hasOpened = true;
    if (m_source.snapshot.isEmpty() || m_source.onOpen != Source::OnOpen::Refetch)
        m_session.confirm();
}

// A session that ends when nothing is asked is kept alive by asking for the count.
std::chrono::seconds Feed::withinIdleness(std::chrono::seconds period) const
{
    if (m_source.tokenIdle == 0s)
        return period;
    const std::chrono::seconds early =
        std::max<std::chrono::seconds>(m_source.tokenIdle * 4 / 5, 1s);
    return period == 0s ? early : std::min(period, early);
}

// Comes back by itself.
void Feed::streamLost(const QString &sentence, bool isOffline)
{
    if (m_phase == Phase::Polling) {
        doWithoutStream(sentence);
        return;
    }
    if (m_phase != Phase::Streaming)
        return;
    drop(m_afterOpen);
    m_recount.stop(); // a snapshot is worth nothing without the stream that goes on from it
    m_model->setStale();
    if (isOffline)
        m_model->setNextAttempt({}); // when there is a network
    m_model->setStatus(isOffline ? Status::Offline : Status::Reconnecting, sentence);
}

void Feed::streamRefused(const StepOutcome &outcome)
{
    if (!isRunning())
        return;
    if (outcome.kind == Kind::Unauthorized)
        expire(outcome.sentence, Session::endOf(outcome));
    else if (outcome.kind == Kind::SecretRefused)
        m_session.refuseSecrets(outcome.sentence);
    else if (outcome.kind == Kind::Refused || m_phase == Phase::Polling)
        doWithoutStream(outcome.sentence);
    else
        sessionFailed(outcome);
}

// By a proxy, if anything else works; where nothing else can be asked, patience is all that is left.
void Feed::streamHeldBack(const QString &sentence)
{
    if (!m_source.snapshot.isEmpty() && m_source.pollWhen != Source::PollWhen::Never) {
        doWithoutStream(sentence);
        return;
    }
    m_recount.stop();
    m_model->setStale();
    m_model->setStatus(Status::Reconnecting, sentence);
    lengthenStreamPause();
    m_streamRetry.start(m_streamPause);
}

void Feed::lengthenStreamPause()
{
    m_streamPause = std::clamp(m_streamPause * 2, m_source.streamPause,
                               std::max(m_source.streamPause, longestStreamPause));
}

// What an event asked for.
void Feed::obey(StreamCommand command)
{
    switch (command) {
    case StreamCommand::Nothing:
        break;
    case StreamCommand::Reconnect:
        m_link.reopen();
        break;
    case StreamCommand::Expired:
        expire(tr("The server said that the session ended."), Session::End::Surely);
        break;
    case StreamCommand::Stop:
        doWithoutStream(tr("The server ended the stream for good."));
        break;
    }
}

// Once for each opening, and not before all that it needs has a value.
void Feed::runAfterOpen()
{
    if (!m_afterOpenIsDue || !m_link.isOpen())
        return;
    // What the stream before this one said does not count.
    Variables variables = m_session.variables();
    const QSet<QString> names = namesFromEvents(m_source);
    for (const QString &name : names) {
        if (!m_captured.contains(name))
            variables.remove(name);
    }
    for (const Step &step : m_source.afterOpen) {
        if (!renderStep(m_source, step, variables).error.isEmpty())
            return;
    }
    m_afterOpenIsDue = false;
    drop(m_afterOpen);
    m_afterOpen = m_session.run(m_source.afterOpen, this, [this](const StepOutcome &outcome) {
        if (outcome.kind == Kind::Unauthorized)
            expire(outcome.sentence, Session::endOf(outcome));
        else if (outcome.kind != Kind::Done && m_link.isOpen())
            m_model->setStatus(Status::Live, outcome.sentence);
    });
}

void Feed::recounted()
{
    m_countIsOlder = false;
    switch (m_phase) {
    case Phase::Off:
    case Phase::Entering:
        break;
    case Phase::Counting:
        openStream();
        break;
    case Phase::Streaming:
        if (m_link.isOpen()) {
            m_session.confirm();
            m_model->setStatus(Status::Live);
        }
        break;
    case Phase::Refused:
        if (m_source.pollWhen == Source::PollWhen::Never)
            haltAt(Status::Failed, m_refusal);
        else
            poll();
        break;
    case Phase::Polling:
        m_session.setOpen();
        m_session.confirm();
        m_model->setStatus(Status::Polling, m_refusal);
        break;
    }
}

void Feed::recountFailed(const StepOutcome &outcome)
{
    if (outcome.kind == Kind::Unauthorized || (outcome.isWebPage && !m_source.login.isEmpty())) {
        expire(outcome.sentence, Session::endOf(outcome));
    } else if (outcome.kind == Kind::SecretRefused) {
        m_session.refuseSecrets(outcome.sentence);
    } else if (outcome.kind != Kind::Transient) {
        sessionFailed(outcome);
    } else if (m_link.isOpen()) {
        // Its events count all the same; but nobody knows what came before it opened.
        if (std::exchange(m_countIsOlder, false))
            m_model->setStale();
        m_model->setStatus(Status::Live, outcome.sentence);
    } else {
        if (m_phase == Phase::Refused) // nothing else works either: no fault of the stream's
            m_phase = Phase::Counting;
        m_model->setStale();
        m_model->setStatus(Status::Reconnecting, outcome.sentence);
    }
}

// There is no stream to be had. Whether there is a count, only the server can say.
void Feed::doWithoutStream(const QString &sentence)
{
    if (!isRunning())
        return;
    drop(m_afterOpen);
    m_link.close();
    if (!sentence.isEmpty())
        m_refusal = sentence;
    lengthenStreamPause();
    if (m_phase == Phase::Polling) {
        m_streamRetry.start(m_streamPause);
        return;
    }
    m_recount.stop();
    m_model->setStale();
    if (m_source.snapshot.isEmpty()) {
        haltAt(Status::Failed, m_refusal);
        return;
    }
    qCInfo(log).noquote() << m_source.name << "has no stream:" << m_refusal;
    m_phase = Phase::Refused;
    m_model->setStatus(Status::Connecting, m_refusal);
    m_recount.now();
}

void Feed::poll()
{
    m_phase = Phase::Polling;
    m_session.setOpen();
    m_session.confirm();
    m_model->setStatus(Status::Polling, m_refusal);
    m_recount.setPeriod(withinIdleness(m_source.pollInterval));
    if (m_source.pollWhen == Source::PollWhen::StreamRefused && !m_source.stream.url.isEmpty())
        m_streamRetry.start(m_streamPause);
}

void Feed::awaken()
{
    if (!isRunning()) {
        if (m_isBehindPage)
            start();
        return;
    }
    const std::chrono::milliseconds since{m_begunAnew.elapsed()};
    if (since >= pauseBetweenAwakenings) {
        beginAnew();
        return;
    }
    if (!m_awakening.isActive())
        m_awakening.start(pauseBetweenAwakenings - since);
    m_model->setStale();
}

void Feed::beginAnew()
{
    m_awakening.stop();
    m_begunAnew.start();
    qCInfo(log).noquote() << m_source.name << "begins anew";
    drop(m_afterOpen);
    m_streamRetry.stop();
    m_link.close(); // before the session lets go of all connections
    if (!isRunning())
        return; // a slot has stopped it
    if (m_phase == Phase::Streaming)
        m_recount.stop(); // a snapshot is worth nothing without the stream that goes on from it
    m_model->setNextAttempt({}); // now, or as those below say
    m_recount.awaken();
    m_session.awaken();
    const bool triesStream = !m_source.stream.url.isEmpty()
        && (m_phase == Phase::Streaming
            || (m_phase == Phase::Polling && m_source.pollWhen == Source::PollWhen::StreamRefused));
    if (m_phase == Phase::Polling)
        m_recount.now();
    m_model->setStale();
    if (m_phase == Phase::Streaming)
        m_model->setStatus(Status::Reconnecting, tr("The computer slept, or its network changed."));
    if (!triesStream)
        return;
    m_streamPause = 0s; // the proxy may be another one, too
    m_link.openInHaste();
}

void Feed::stop(Occasion occasion)
{
    if (m_leaving) {
        m_startAgain = false;
        return;
    }
    const bool isSleep = occasion == Occasion::Suspend;
    if (isSleep && !(isRunning() && m_source.closesOnSuspend)) {
        Q_EMIT left();
        return;
    }
    haltAt(occasion == Occasion::Logout ? Status::Paused : Status::Off,
           isSleep ? tr("The computer sleeps.") : QString());
    m_leaving = true;
    if (m_session.wantsClosing(occasion))
        m_session.close(occasion, this, [this] { leave(); });
    else
        leave();
}

void Feed::leave()
{
    m_session.silence();
    m_session.forget();
    m_leaving = false;
    if (std::exchange(m_startAgain, false))
        start();
    Q_EMIT left();
}

// The end of the flow until the user acts.
void Feed::haltAt(CountModel::Status status, const QString &sentence)
{
    silence();
    m_isBehindPage = false;
    m_model->setStale();
    m_model->setStatus(status, sentence);
}

// Stops everything that could still speak up.
void Feed::silence()
{
    m_phase = Phase::Off;
    m_streamRetry.stop();
    m_awakening.stop();
    drop(m_afterOpen);
    m_session.silence();
    m_recount.stop();
    m_link.close();
}
