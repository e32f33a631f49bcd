// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "eventsource_p.h"

#include "streamrequest_p.h"
#include "systemclock_p.h"
#include "systemnetwork_p.h"

#include <QtCore/QRandomGenerator>

using namespace std::chrono_literals;

namespace Sse {

namespace {

// Lives as long as one read(), which outlives an event source that a slot deletes.
class Sink
{
public:
    explicit Sink(EventSourcePrivate &source)
        : m_source(source)
    {}

    bool hasEnded = false; // the connection was dropped, or the event source is gone

    bool event(const EventView &event)
    {
        m_source.announcer.event(m_event, event, m_source.interpreter.lastEventId());
        return goesOn();
    }

    bool comment(QByteArrayView text)
    {
        m_source.announcer.comment(text);
        return goesOn();
    }

    bool retry(std::chrono::milliseconds delay)
    {
        m_source.backoff.setServerRetry(delay);
        return true;
    }

    bool overflow(StreamLimits::Kind limit)
    {
        const QString place = displayUrl(m_source.url);
        m_source.connectionFailed(
            EventSource::Error::LimitExceeded,
            limit == StreamLimits::Kind::Line
                ? EventSource::tr("%1 sent a line that is longer than the limit.").arg(place)
                : EventSource::tr("%1 sent an event that is larger than the limit.").arg(place));
        return false;
    }

private:
    [[nodiscard]] bool goesOn() const { return !hasEnded && !m_source.isPaused; }

    EventSourcePrivate &m_source;
    Event m_event;
};

} // namespace

EventSourcePrivate::EventSourcePrivate(EventSource *source, QNetworkAccessManager *accessManager)
    : q(source)
    , manager(accessManager)
    , announcer(source)
    , random([] { return QRandomGenerator::global()->generateDouble(); })
{
    Q_ASSERT(manager);
    systemClock = SystemClock::ofThread();
    useClock(systemClock.get());
    systemNetwork = SystemNetwork::ofThread();
    useNetwork(systemNetwork.get());
}

EventSourcePrivate::~EventSourcePrivate()
{
    dropConnection();
}

void EventSourcePrivate::useClock(Clock *other)
{
    Q_ASSERT(state == EventSource::State::Closed);
    if (clock)
        clock->disconnect(q);
    clock = other;
    // Precise: a coarse timer may be early, and the server's "retry" is a promise.
    retryTimer = clock->createTimer(Qt::PreciseTimer, [this] { attempt(); });
    ageTimer = clock->createTimer(Qt::CoarseTimer, [this] { reopen(); });
    if (clock != systemClock.get())
        systemClock.reset();
    QObject::connect(clock, &Clock::resumed, q, [this] {
        if (state == EventSource::State::Waiting)
            attemptSoon();
        else if (state != EventSource::State::Closed)
            reopen();
    });
}

void EventSourcePrivate::useNetwork(NetworkStatus *other)
{
    Q_ASSERT(state == EventSource::State::Closed);
    if (network)
        network->disconnect(q);
    network = other;
    if (network != systemNetwork.get())
        systemNetwork.reset();
    QObject::connect(network, &NetworkStatus::onlineChanged, q,
                     [this](bool isOnline) { networkChanged(isOnline); });
}

// Emits last: a slot may delete us.
void EventSourcePrivate::attempt()
{
    retryTimer->stop();
    attempted = clock->elapsed();
    url = startUrl;
    state = EventSource::State::Connecting;
    connection = new StreamConnection(manager, clock, terms,
                                      [this](QByteArrayView bytes) { return read(bytes); });
    if (isPaused)
        connection->pause();
    QObject::connect(connection, &StreamConnection::opened, q, [this] { connectionOpened(); });
    QObject::connect(connection, &StreamConnection::silenceEnded, q, &EventSource::silenceEnded);
    QObject::connect(connection, &StreamConnection::failed, q,
                     [this](EventSource::Error why, const QString &sentence) {
                         connectionFailed(why, sentence);
                     });
    const QPointer<EventSource> guard(q);
    const QPointer<StreamConnection> current = connection;
    if (requestHook) {
        requestHook(wanted, [this, guard, current](const QNetworkRequest &request) {
            if (guard && current && current == connection && !current->hasRequested())
                sendRequest(request);
        });
    } else {
        sendRequest(wanted);
    }
    if (guard && connection == current && current)
        Q_EMIT q->stateChanged(state);
}

void EventSourcePrivate::sendRequest(const QNetworkRequest &request)
{
    // A URL that the hook renewed, with a token in its query for instance, is meant to be asked.
    isRenewed = request.url() != wanted.url();
    connection->request(request, isRenewed ? request.url() : startUrl, interpreter.lastEventId());
    url = connection->url();
}

qsizetype EventSourcePrivate::read(QByteArrayView bytes)
{
    Sink current(*this);
    readHasEnded = &current.hasEnded;
    const qsizetype used = interpreter.feed(bytes, current);
    if (!current.hasEnded)
        readHasEnded = nullptr;
    return used;
}

void EventSourcePrivate::connectionOpened()
{
    url = connection->url();
    if (!isRenewed)
        startUrl = connection->permanentUrl();
    httpStatus = connection->httpStatus();
    contentType = connection->contentType();
    error = EventSource::Error::NoError;
    networkError = QNetworkReply::NoError;
    errorString.clear();
    state = EventSource::State::Open;
    opened = clock->elapsed();
    trustsNetworkStatus = trustsNetworkStatus && (network->isOnline() || isLoopback(url));
    if (maximumAge > 0ms)
        ageTimer->start(maximumAge);
    const QPointer<EventSource> guard(q);
    Q_EMIT q->stateChanged(state);
    if (guard && state == EventSource::State::Open)
        Q_EMIT q->opened();
}

void EventSourcePrivate::connectionFailed(EventSource::Error why, const QString &sentence)
{
    const bool wasOpen = state == EventSource::State::Open;
    if (wasOpen) {
        const std::chrono::nanoseconds age = clock->elapsed() - opened;
        backoff.connectionLasted(std::chrono::floor<std::chrono::milliseconds>(age));
        if (isExpectedEnd(why, age)) {
            reopen();
            return;
        }
    }
    url = connection->url();
    httpStatus = connection->httpStatus();
    contentType = connection->contentType();
    networkError = connection->networkError();
    const std::chrono::milliseconds notBefore = connection->retryAfter();
    dropConnection();
    error = why;
    errorString = sentence;

    std::chrono::milliseconds delay{0};
    if (isFinal(why)) {
        state = EventSource::State::Closed;
    } else {
        state = EventSource::State::Waiting;
        delay = backoff.nextDelay(random(), notBefore);
        if (!mustWaitForNetwork())
            retryTimer->start(delay);
    }
    const QPointer<EventSource> guard(q);
    Q_EMIT q->stateChanged(state);
    if (guard && wasOpen)
        Q_EMIT q->closed();
    if (guard && error == why) // else a slot has opened another stream
        Q_EMIT q->errorOccurred(why);
    if (guard && retryTimer->isActive())
        Q_EMIT q->retryScheduled(delay);
}

// Not for a failure: what is open is left, or an end was expected.
void EventSourcePrivate::reopen()
{
    const bool wasOpen = state == EventSource::State::Open;
    dropConnection();
    const QPointer<EventSource> guard(q);
    attemptSoon();
    if (guard && wasOpen)
        Q_EMIT q->closed();
}

void EventSourcePrivate::networkChanged(bool isOnline)
{
    const bool isWaiting = state == EventSource::State::Waiting;
    if (!isOnline && isWaiting && mustWaitForNetwork())
        retryTimer->stop();
    else if (isOnline && isWaiting)
        attemptSoon();
    else if (isOnline && state == EventSource::State::Open && trustsNetworkStatus
             && !isLoopback(url))
        reopen(); // the network that it was opened over went away meanwhile
}

// At once, but for the pace that every automatic attempt keeps to.
void EventSourcePrivate::attemptSoon()
{
    const auto pause = std::chrono::ceil<std::chrono::milliseconds>(
        attempted + backoff.policy().minimumDelay - clock->elapsed());
    if (pause > 0ms || mustWaitForNetwork())
        wait(std::max(pause, 0ms));
    else
        attempt();
}

void EventSourcePrivate::wait(std::chrono::milliseconds delay)
{
    const bool isNews = std::exchange(state, EventSource::State::Waiting) != state;
    if (mustWaitForNetwork())
        retryTimer->stop();
    else
        retryTimer->start(delay);
    const QPointer<EventSource> guard(q);
    if (isNews)
        Q_EMIT q->stateChanged(state);
    if (guard && retryTimer->isActive())
        Q_EMIT q->retryScheduled(delay);
}

void EventSourcePrivate::dropConnection()
{
    ageTimer->stop();
    if (connection)
        connection->abandon();
    connection = nullptr;
    if (readHasEnded)
        *std::exchange(readHasEnded, nullptr) = true; // ends the read() that we are called from
    interpreter.reset();
}

// Names of this computer are reached without a network. And a status that was wrong once is no
// reason any more not to try.
bool EventSourcePrivate::mustWaitForNetwork() const
{
    return trustsNetworkStatus && !network->isOnline() && !isLoopback(startUrl);
}

bool EventSourcePrivate::isFinal(EventSource::Error why) const
{
    switch (why) {
    case EventSource::Error::NoError:
    case EventSource::Error::ConnectionFailed:
    case EventSource::Error::ConnectionLost:
    case EventSource::Error::StreamEnded:
    case EventSource::Error::OpenTimeout:
    case EventSource::Error::IdleTimeout:
    case EventSource::Error::LimitExceeded:
        return false;
    case EventSource::Error::InvalidRequest:
    case EventSource::Error::NoContent:
    case EventSource::Error::ContentType:
    case EventSource::Error::ContentEncoding:
    case EventSource::Error::Redirect:
    case EventSource::Error::Tls:
        return true;
    case EventSource::Error::HttpStatus:
        return !backoff.policy().retryServerErrors
            || (httpStatus < 500 && httpStatus != 408 && httpStatus != 425 && httpStatus != 429);
    }
    Q_UNREACHABLE();
}

bool EventSourcePrivate::isExpectedEnd(EventSource::Error why, std::chrono::nanoseconds age) const
{
    constexpr int nearlyAll = 95; // per cent
    return why == EventSource::Error::StreamEnded && expectedAge > 0ms
        && age * 100 >= expectedAge * nearlyAll;
}

} // namespace Sse
