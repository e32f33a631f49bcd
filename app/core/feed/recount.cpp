// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "recount.h"

#include "core/countmodel.h"
#include "session.h"
#include "tally.h"

#include <QRandomGenerator>

#include <algorithm>

using namespace std::chrono_literals;

namespace {

constexpr std::chrono::milliseconds quietTime = 2s; // without events, before a verification
constexpr std::chrono::milliseconds verificationPause = 30s; // between two of them, at least
constexpr std::chrono::milliseconds longestDebounce = 10s;

} // namespace

Recount::Recount(const Source &source, Session *session, Tally *tally, CountModel *model,
                 QObject *parent)
    : QObject(parent)
    , m_source(source)
    , m_session(session)
    , m_tally(tally)
    , m_model(model)
{
    for (QTimer *timer : {&m_soon, &m_quiet, &m_periodic, &m_retry})
        timer->setSingleShot(true);
    connect(&m_soon, &QTimer::timeout, this, [this] { ask(Reason::Needed); });
    connect(&m_quiet, &QTimer::timeout, this, [this] { ask(Reason::Verification); });
    connect(&m_periodic, &QTimer::timeout, this, [this] { ask(Reason::Period); });
    connect(&m_retry, &QTimer::timeout, this, [this] { ask(Reason::Asked); });
    connect(tally, &Tally::snapshotNeeded, this, &Recount::soon);
    connect(tally, &Tally::verificationNeeded, this, &Recount::verify);
}

void Recount::startAnew()
{
    m_hasSucceeded = false;
    m_haste.begin();
    m_notBefore = QDeadlineTimer();
}

void Recount::now()
{
    m_backoff.reset();
    ask(Reason::Asked);
}

void Recount::awaken()
{
    m_backoff.reset();
    m_haste.begin();
    if (m_runner)
        m_runner->askAgain();
    else if (m_retry.isActive())
        ask(Reason::Asked);
}

void Recount::setPeriod(std::chrono::seconds period)
{
    m_period = period;
    startPeriod(0ms);
}

void Recount::stop()
{
    m_period = 0s;
    m_inARow = 0;
    for (QTimer *timer : {&m_soon, &m_quiet, &m_periodic, &m_retry})
        timer->stop();
    drop(m_runner);
    m_tally->reset();
}

// Several events that want it are one request. While they keep coming, requests become rarer.
void Recount::soon(std::optional<std::chrono::milliseconds> debounce)
{
    if (m_soon.isActive() || m_retry.isActive() || m_source.snapshot.isEmpty())
        return;
    if (m_needed.isValid() && std::chrono::milliseconds(m_needed.elapsed()) > 2 * longestDebounce)
        m_inARow = 0;
    m_needed.start();
    const std::chrono::milliseconds shortest = debounce.value_or(m_source.debounce);
    const std::chrono::milliseconds longest = std::max(shortest, longestDebounce);
    const std::chrono::milliseconds grown = shortest * (1 << std::min(m_inARow, 5));
    m_soon.start(std::min(grown, longest));
    ++m_inARow;
}

void Recount::verify()
{
    if (m_source.snapshot.isEmpty() || m_retry.isActive())
        return;
    const std::chrono::milliseconds age{m_verified.isValid() ? m_verified.elapsed() : 1'000'000};
    m_quiet.start(std::max(quietTime, verificationPause - age));
}

void Recount::ask(Reason reason)
{
    if (m_source.snapshot.isEmpty() || m_runner)
        return;
    for (QTimer *timer : {&m_soon, &m_quiet, &m_periodic, &m_retry})
        timer->stop();
    if (!m_notBefore.hasExpired()) { // the server wants to be left alone
        m_retry.start(
            std::chrono::ceil<std::chrono::milliseconds>(m_notBefore.remainingTimeAsDuration()));
        Q_EMIT retryScheduled(m_retry.intervalAsDuration());
        return;
    }
    if (reason == Reason::Verification)
        m_verified.start();
    if (reason != Reason::Needed)
        m_inARow = 0;
    m_tally->beginSnapshot();
    m_runner = m_session->run(m_source.snapshot, this, [this, reason](const StepOutcome &outcome) {
        m_runner = nullptr;
        take(outcome, reason);
    });
}

void Recount::take(StepOutcome outcome, Reason reason)
{
    // What worked is not given up for one odd answer, of a server that is being renewed for instance.
    if (outcome.kind == StepOutcome::Kind::Refused && !outcome.isWebPage && m_hasSucceeded)
        outcome.kind = StepOutcome::Kind::Transient;
    if (outcome.notBefore > 0ms)
        m_notBefore.setRemainingTime(outcome.notBefore);
    const std::optional<int> before = m_model->count();
    const bool wasFresh = m_model->freshness() == CountModel::Freshness::Fresh;
    startPeriod(outcome.notBefore);
    m_tally->finishSnapshot(outcome.count);
    if (outcome.kind == StepOutcome::Kind::Done) {
        m_hasSucceeded = true;
        m_backoff.reset();
        const bool isCheck = reason == Reason::Verification || reason == Reason::Period;
        if (isCheck && wasFresh && outcome.count && before != outcome.count->count)
            m_model->reportCorrection(*before);
        Q_EMIT done();
        return;
    }
    if (outcome.kind == StepOutcome::Kind::Transient) {
        for (QTimer *timer : {&m_soon, &m_quiet, &m_periodic})
            timer->stop(); // the server may want to be left alone
        m_retry.start(m_haste.shortened(
            m_backoff.nextDelay(QRandomGenerator::global()->generateDouble(), outcome.notBefore),
            outcome.notBefore));
        Q_EMIT retryScheduled(m_retry.intervalAsDuration());
    }
    Q_EMIT failed(outcome);
}

void Recount::startPeriod(std::chrono::milliseconds atLeast)
{
    constexpr double spread = 0.2; // from 0.9 to 1.1
    if (m_period == 0s) {
        m_periodic.stop();
        return;
    }
    const double factor = 1 + spread * (QRandomGenerator::global()->generateDouble() - 0.5);
    const std::chrono::duration<double, std::milli> jittered = m_period * factor;
    m_periodic.start(
        std::max(std::chrono::duration_cast<std::chrono::milliseconds>(jittered), atLeast));
}
