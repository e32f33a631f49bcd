// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "streamlink.h"

#include "session.h"

#include <QUrlQuery>

#include <algorithm>

using namespace std::chrono_literals;
using namespace Qt::Literals;
using Error = Sse::EventSource::Error;
using State = Sse::EventSource::State;

namespace {

// An expected end shows only when the next stream is not there by then.
constexpr std::chrono::milliseconds patienceForNextStream = 5s;
// A server that asks for another stream as soon as one is open must not get all that we can do.
constexpr std::chrono::milliseconds reopeningPause = 5s;
// After an answer that is final by itself, but not by what the source says of it.
constexpr std::chrono::milliseconds pauseAfterTransientRefusal = 1min;

} // namespace

StreamLink::StreamLink(const Source &source, Session *session, QObject *parent)
    : QObject(parent)
    , m_source(source)
    , m_session(session)
    , m_stream(session->network()->stream())
{
    configure();
    m_firstByte.setSingleShot(true);
    m_patience.setSingleShot(true);
    m_reopen.setSingleShot(true);
    m_hasty.setSingleShot(true);
    connect(&m_hasty, &QTimer::timeout, &m_stream, &Sse::EventSource::retryNow);
    connect(&m_reopen, &QTimer::timeout, this, &StreamLink::startStream);
    m_stream.setRequestHook([this](const QNetworkRequest &,
                                   const Sse::EventSource::Proceed &proceed) { request(proceed); });
    connect(&m_stream, &Sse::EventSource::opened, this, &StreamLink::streamOpened);
    connect(&m_stream, &Sse::EventSource::closed, this, &StreamLink::streamClosed);
    connect(&m_stream, &Sse::EventSource::errorOccurred, this, &StreamLink::streamFailed);
    connect(&m_stream, &Sse::EventSource::retryScheduled, this,
            [this](std::chrono::milliseconds delay) {
                Q_EMIT retryScheduled(m_hasty.isActive()
                                          ? std::min(delay, m_hasty.remainingTimeAsDuration())
                                          : delay);
            });
    connect(&m_stream, &Sse::EventSource::eventReceived, this, [this](const Sse::Event &event) {
        notePosition(event);
        Q_EMIT eventReceived(event);
    });
    connect(&m_stream, &Sse::EventSource::commentReceived, this, &StreamLink::commentReceived);
    connect(&m_stream, &Sse::EventSource::silenceEnded, this,
            [this](std::chrono::milliseconds silence) {
                m_cadence.note(silence);
                if (m_source.stream.idleTimeout == 0ms && m_cadence.idleTimeout())
                    m_stream.setIdleTimeout(*m_cadence.idleTimeout());
            });
    connect(&m_firstByte, &QTimer::timeout, this, [this] {
        if (m_stream.state() == State::Open && m_stream.bytesReceived() == 0)
            giveUpAsHeldBack();
    });
    connect(&m_patience, &QTimer::timeout, this, [this] {
        reportClosed();
        Q_EMIT lost({}, m_stream.isWaitingForNetwork());
    });
}

void StreamLink::configure()
{
    const StreamDescription &description = m_source.stream;
    m_stream.setOpenTimeout(description.openTimeout);
    if (description.idleTimeout > 0ms)
        m_stream.setIdleTimeout(description.idleTimeout);
    m_stream.setExpectedAge(description.expectedAge);
    m_stream.setMaximumAge(description.maximumAge);
    Sse::ReconnectPolicy policy;
    if (description.initialRetry > 0ms)
        policy.initialDelay = description.initialRetry;
    if (description.maximumRetry > 0ms)
        policy.maximumDelay = description.maximumRetry;
    if (description.retryJitter)
        policy.jitter = *description.retryJitter;
    if (description.healthyAfter > 0ms)
        policy.healthyAfter = description.healthyAfter;
    m_stream.setReconnectPolicy(policy);
    Sse::StreamLimits limits;
    if (description.maximumLine > 0)
        limits.lineBytes = description.maximumLine;
    if (description.maximumEvent > 0)
        limits.eventBytes = description.maximumEvent;
    m_stream.setLimits(limits);
}

void StreamLink::open()
{
    m_wasOpen = false;
    startStream();
}

void StreamLink::startStream()
{
    const RenderedRequest rendered = render();
    if (!rendered.error.isEmpty()) {
        refuse(StepOutcome::Kind::Refused, rendered.error);
        return;
    }
    noteAddress(rendered);
    m_stream.setCaCertificates(m_session->caCertificates());
    m_stream.setMethod(m_source.stream.method, rendered.body);
    m_stream.open(rendered.request);
}

void StreamLink::close()
{
    m_firstByte.stop();
    m_patience.stop();
    m_reopen.stop();
    m_hasty.stop();
    m_haste.end();
    m_stream.close();
    reportClosed();
}

void StreamLink::openInHaste()
{
    m_haste.begin();
    startStream();
}

void StreamLink::reopen()
{
    const std::chrono::milliseconds age{m_age.elapsed()};
    close();
    m_reopen.start(std::max(reopeningPause - age, 0ms));
    Q_EMIT lost({}, false);
}

bool StreamLink::hasNewestToken() const
{
    return m_token == m_session->variables().value(m_source.tokenVariable);
}

void StreamLink::forgetPosition()
{
    m_position.clear();
    m_stream.setLastEventId({});
}

// Before each attempt: the token may be a new one.
void StreamLink::request(const Sse::EventSource::Proceed &proceed)
{
    // Once for each stream that was lost, not for each attempt at the next one.
    if (std::exchange(m_wasOpen, false) && m_session->wantsClosing(Session::Occasion::BeforeReopen))
        m_session->close(Session::Occasion::BeforeReopen, this,
                         [this, proceed] { sendRequest(proceed); });
    else
        sendRequest(proceed);
}

void StreamLink::sendRequest(const Sse::EventSource::Proceed &proceed)
{
    if (m_source.stream.resume != StreamDescription::Resume::Header)
        m_stream.setLastEventId({});
    else if (!m_source.stream.resumeFrom.isEmpty())
        m_stream.setLastEventId(m_position.toUtf8());
    const RenderedRequest rendered = render();
    noteAddress(rendered);
    m_token = m_session->variables().value(m_source.tokenVariable);
    proceed(rendered.request);
}

RenderedRequest StreamLink::render() const
{
    RenderedRequest rendered = renderStream(m_source, m_session->variables());
    if (m_source.stream.resume == StreamDescription::Resume::Query && !m_position.isEmpty()) {
        QUrl url = rendered.request.url();
        QUrlQuery query(url);
        query.removeAllQueryItems(m_source.stream.resumeName);
        query.addQueryItem(m_source.stream.resumeName,
                           QString::fromLatin1(QUrl::toPercentEncoding(m_position)));
        url.setQuery(query);
        rendered.request.setUrl(url);
    }
    return rendered;
}

void StreamLink::noteAddress(const RenderedRequest &rendered)
{
    m_address = rendered.request.url().toDisplayString(QUrl::RemoveUserInfo | QUrl::RemoveQuery
                                                       | QUrl::RemoveFragment);
    m_place = rendered.place;
}

void StreamLink::notePosition(const Sse::Event &event)
{
    const StreamDescription &description = m_source.stream;
    if (description.resumeFrom.isEmpty()) {
        m_position = QString::fromUtf8(event.lastEventId);
    } else if (description.resumeEvents.isEmpty()
               || description.resumeEvents.contains(QString::fromUtf8(event.type))) {
        if (const auto id = firstText(jsonOrText(event.data), description.resumeFrom))
            m_position = *id;
    }
}

void StreamLink::streamOpened()
{
    m_age.start();
    m_wasOpen = true;
    m_patience.stop();
    m_hasty.stop();
    m_haste.end();
    if (m_source.stream.firstByteTimeout > 0ms)
        m_firstByte.start(m_source.stream.firstByteTimeout);
    Q_EMIT opened(!std::exchange(m_isOpen, true));
}

void StreamLink::streamClosed()
{
    m_firstByte.stop();
    if (m_stream.error() != Error::NoError || m_stream.state() == State::Closed)
        return; // the error, or whoever closed it, says more
    if (isNormalEnd()) {
        m_patience.start(patienceForNextStream);
        return;
    }
    // Left without an error: the computer slept, or the network was away.
    reportClosed();
    Q_EMIT lost({}, m_stream.isWaitingForNetwork());
}

void StreamLink::streamFailed()
{
    m_firstByte.stop();
    m_patience.stop();
    m_hasty.stop(); // for the attempt before
    if (m_stream.error() == Error::IdleTimeout)
        m_cadence.note(m_stream.idleTimeout()); // it may be silent for so long, after all
    if (m_source.stream.idleTimeout == 0ms)
        m_stream.setIdleTimeout(m_cadence.idleTimeout().value_or(5min));
    if (m_stream.error() == Error::OpenTimeout) {
        giveUpAsHeldBack();
        return;
    }
    if (const std::optional<StepOutcome::Kind> kind = kindOfAnswer()) {
        const bool isRetried = m_stream.state() == State::Waiting;
        const QString what = sentence();
        if (*kind != StepOutcome::Kind::Transient)
            m_stream.close();
        else if (!isRetried)
            m_reopen.start(pauseAfterTransientRefusal);
        reportClosed();
        if (m_reopen.isActive())
            Q_EMIT retryScheduled(pauseAfterTransientRefusal);
        if (*kind == StepOutcome::Kind::Transient)
            Q_EMIT lost(what, false);
        else
            refuse(*kind, what);
        return;
    }
    if (m_stream.error() == Error::ConnectionFailed) {
        if (const std::optional<std::chrono::milliseconds> delay = m_haste.nextDelay())
            m_hasty.start(*delay);
    }
    const bool isFinal = m_stream.state() == State::Closed;
    const QString what = sentence();
    reportClosed();
    if (!isFinal) {
        Q_EMIT lost(what, m_stream.isWaitingForNetwork());
        if (m_hasty.isActive() && m_stream.isWaitingForNetwork()) // else the stream tells it
            Q_EMIT retryScheduled(m_hasty.remainingTimeAsDuration());
    } else if ((m_stream.error() == Error::HttpStatus && m_stream.httpStatus() == 401)
               || (isWebPage() && !m_source.login.isEmpty())) {
        refuse(StepOutcome::Kind::Unauthorized, what); // HTML: perhaps a login page
    } else if (m_stream.error() == Error::HttpStatus && m_stream.httpStatus() == 403) {
        refuse(StepOutcome::Kind::Forbidden, what);
    } else {
        refuse(StepOutcome::Kind::Refused, what);
    }
}

void StreamLink::refuse(StepOutcome::Kind kind, const QString &sentence)
{
    StepOutcome outcome;
    outcome.kind = kind;
    outcome.sentence = sentence;
    outcome.isWebPage = isWebPage();
    Q_EMIT refused(outcome);
}

bool StreamLink::isWebPage() const
{
    return m_stream.error() == Error::ContentType && m_stream.contentType().startsWith("text/html");
}

void StreamLink::reportClosed()
{
    if (std::exchange(m_isOpen, false))
        Q_EMIT closed();
}

void StreamLink::giveUpAsHeldBack()
{
    close();
    Q_EMIT heldBack(
        tr("%1 took the request, but nothing of the stream arrives: a proxy holds the stream back. "
           "Whoever manages it can switch off buffering for this path (nginx: proxy_buffering "
           "off).")
            .arg(m_place));
}

// What the source says of such an answer. Its body is not known here.
std::optional<StepOutcome::Kind> StreamLink::kindOfAnswer() const
{
    const bool isAnswer =
        m_stream.error() == Error::HttpStatus || m_stream.error() == Error::ContentType;
    if (!isAnswer)
        return {};
    const QString type = QString::fromLatin1(m_stream.contentType());
    for (const ErrorClass &error : m_source.errors) {
        if (!error.condition
            && (error.statuses.isEmpty() || error.statuses.contains(m_stream.httpStatus()))
            && (!error.contentType || error.contentType->match(type).hasMatch()))
            return kindOf(error.meaning);
    }
    return {};
}

// As the server was expected to do, or as we do ourselves.
bool StreamLink::isNormalEnd() const
{
    const std::chrono::milliseconds age{m_age.elapsed()};
    const auto isReached = [age](std::chrono::milliseconds limit) {
        constexpr int nearlyAll = 94; // per cent; EventSource's own measure is 95 of its clock
        return limit > 0ms && age * 100 >= limit * nearlyAll;
    };
    return isReached(m_source.stream.expectedAge) || isReached(m_source.stream.maximumAge);
}

QString StreamLink::sentence() const
{
    QString text = m_stream.errorString();
    if (!m_address.isEmpty())
        text.replace(m_address, m_place);
    return m_session->redacted(text); // a redirect may have a secret in it
}
