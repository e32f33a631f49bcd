// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include <sselib/eventsource.h>

#include "streamconnection_p.h"
#include "streamrequest_p.h"

#include <sselib/backoff.h>
#include <sselib/parser.h>

#include <QtCore/QRandomGenerator>

using namespace std::chrono_literals;

namespace Sse {

class EventSourcePrivate
{
public:
    EventSourcePrivate(EventSource *source, QNetworkAccessManager *accessManager);
    ~EventSourcePrivate() { dropConnection(); }

    void attempt();
    void connectionOpened();
    void connectionFailed(EventSource::Error why, const QString &sentence);
    void reopen();
    void dropConnection();
    [[nodiscard]] bool isFinal(EventSource::Error why) const;

    EventSource *const q;
    QNetworkAccessManager *const manager;
    QNetworkRequest wanted;
    QUrl startUrl; // moves with permanent redirects
    QUrl url;
    std::function<void(QNetworkRequest &)> requestHook;
    ConnectionTerms terms;
    Parser parser;
    Backoff backoff;
    std::chrono::milliseconds maximumAge{0};
    QPointer<StreamConnection> connection;
    QTimer retryTimer;
    QTimer ageTimer;
    QElapsedTimer sinceOpened;
    QString errorString;
    EventSource::State state = EventSource::State::Closed;
    EventSource::Error error = EventSource::Error::NoError;
    QNetworkReply::NetworkError networkError = QNetworkReply::NoError;
    int httpStatus = 0;
};

EventSourcePrivate::EventSourcePrivate(EventSource *source, QNetworkAccessManager *accessManager)
    : q(source)
    , manager(accessManager)
{
    Q_ASSERT(manager);
    QObject::connect(&parser, &Parser::eventReceived, q, &EventSource::eventReceived);
    QObject::connect(&parser, &Parser::commentReceived, q, &EventSource::commentReceived);
    QObject::connect(&parser, &Parser::retryReceived, q,
                     [this](std::chrono::milliseconds delay) { backoff.setServerRetry(delay); });
    QObject::connect(&parser, &Parser::overflowed, q, [this](StreamLimits::Kind limit) {
        connectionFailed(EventSource::Error::LimitExceeded,
                         limit == StreamLimits::Kind::Line
                             ? EventSource::tr("%1 sent a line that is longer than the limit.")
                                   .arg(displayUrl(url))
                             : EventSource::tr("%1 sent an event that is larger than the limit.")
                                   .arg(displayUrl(url)));
    });
    // Precise: a coarse timer may be early, and the server's "retry" is a promise.
    retryTimer.setTimerType(Qt::PreciseTimer);
    retryTimer.setSingleShot(true);
    ageTimer.setSingleShot(true);
    QObject::connect(&retryTimer, &QTimer::timeout, q, [this] { attempt(); });
    QObject::connect(&ageTimer, &QTimer::timeout, q, [this] { reopen(); });
}

// Emits last: a slot may delete us.
void EventSourcePrivate::attempt()
{
    retryTimer.stop();
    parser.reset();
    QNetworkRequest request = wanted;
    if (requestHook)
        requestHook(request);
    connection = new StreamConnection(manager, request, startUrl, parser.lastEventId(), terms);
    QObject::connect(connection, &StreamConnection::opened, q, [this] { connectionOpened(); });
    QObject::connect(connection, &StreamConnection::received, q,
                     [this](QByteArrayView bytes) { parser.feed(bytes); });
    QObject::connect(connection, &StreamConnection::failed, q,
                     [this](EventSource::Error why, const QString &sentence) {
                         connectionFailed(why, sentence);
                     });
    url = startUrl;
    state = EventSource::State::Connecting;
    connection->start();
    Q_EMIT q->stateChanged(state);
}

void EventSourcePrivate::connectionOpened()
{
    url = connection->url();
    startUrl = connection->permanentUrl();
    httpStatus = connection->httpStatus();
    error = EventSource::Error::NoError;
    networkError = QNetworkReply::NoError;
    errorString.clear();
    state = EventSource::State::Open;
    sinceOpened.start();
    if (maximumAge > 0ms)
        ageTimer.start(maximumAge);
    const QPointer<EventSource> guard(q);
    Q_EMIT q->stateChanged(state);
    if (guard && state == EventSource::State::Open)
        Q_EMIT q->opened();
}

void EventSourcePrivate::connectionFailed(EventSource::Error why, const QString &sentence)
{
    const bool wasOpen = state == EventSource::State::Open;
    url = connection->url();
    httpStatus = connection->httpStatus();
    networkError = connection->networkError();
    dropConnection();
    error = why;
    errorString = sentence;
    if (wasOpen)
        backoff.connectionLasted(std::chrono::milliseconds(sinceOpened.elapsed()));
    std::chrono::milliseconds delay{0};
    if (isFinal(why)) {
        state = EventSource::State::Closed;
    } else {
        delay = backoff.nextDelay(QRandomGenerator::global()->generateDouble());
        state = EventSource::State::Waiting;
        retryTimer.start(delay);
    }

    const QPointer<EventSource> guard(q);
    Q_EMIT q->stateChanged(state);
    if (guard && wasOpen)
        Q_EMIT q->closed();
    if (guard)
        Q_EMIT q->errorOccurred(why);
    if (guard && retryTimer.isActive())
        Q_EMIT q->retryScheduled(delay);
}

void EventSourcePrivate::reopen()
{
    dropConnection();
    const QPointer<EventSource> guard(q);
    attempt();
    if (guard)
        Q_EMIT q->closed();
}

void EventSourcePrivate::dropConnection()
{
    ageTimer.stop();
    if (connection)
        connection->abandon();
    connection = nullptr;
    parser.reset(); // ends a feed() that we are called from
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
    case EventSource::Error::Redirect:
    case EventSource::Error::Tls:
        return true;
    case EventSource::Error::HttpStatus:
        return !backoff.policy().retryServerErrors
            || (httpStatus < 500 && httpStatus != 408 && httpStatus != 425 && httpStatus != 429);
    }
    Q_UNREACHABLE();
}

EventSource::EventSource(QNetworkAccessManager *manager, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<EventSourcePrivate>(this, manager))
{}

EventSource::~EventSource() = default;

void EventSource::open(const QNetworkRequest &request)
{
    const QPointer<EventSource> guard(this);
    close();
    if (!guard)
        return;
    d->wanted = request;
    d->startUrl = d->url = request.url();
    d->backoff.reset();
    if (isStreamUrl(request.url())) {
        d->attempt();
        return;
    }
    d->error = Error::InvalidRequest;
    d->errorString = tr("“%1” is not an http or https address.").arg(displayUrl(request.url()));
    Q_EMIT errorOccurred(d->error);
}

void EventSource::retryNow()
{
    if (d->state == State::Waiting)
        d->attempt();
}

void EventSource::close()
{
    if (d->state == State::Closed)
        return;
    const bool wasOpen = d->state == State::Open;
    d->retryTimer.stop();
    d->dropConnection();
    d->state = State::Closed;
    const QPointer<EventSource> guard(this);
    Q_EMIT stateChanged(State::Closed);
    if (guard && wasOpen)
        Q_EMIT closed();
}

EventSource::State EventSource::state() const
{
    return d->state;
}

QUrl EventSource::url() const
{
    return d->url;
}

EventSource::Error EventSource::error() const
{
    return d->error;
}

QString EventSource::errorString() const
{
    return d->errorString;
}

int EventSource::httpStatus() const
{
    return d->httpStatus;
}

QNetworkReply::NetworkError EventSource::networkError() const
{
    return d->networkError;
}

QByteArray EventSource::lastEventId() const
{
    return d->parser.lastEventId();
}

void EventSource::setLastEventId(const QByteArray &id)
{
    if (isValidEventId(id))
        d->parser.setLastEventId(id);
}

ReconnectPolicy EventSource::reconnectPolicy() const
{
    return d->backoff.policy();
}

void EventSource::setReconnectPolicy(const ReconnectPolicy &policy)
{
    d->backoff.setPolicy(policy);
}

std::chrono::milliseconds EventSource::openTimeout() const
{
    return d->terms.openTimeout;
}

void EventSource::setOpenTimeout(std::chrono::milliseconds timeout)
{
    d->terms.openTimeout = timeout;
}

std::chrono::milliseconds EventSource::idleTimeout() const
{
    return d->terms.idleTimeout;
}

void EventSource::setIdleTimeout(std::chrono::milliseconds timeout)
{
    d->terms.idleTimeout = timeout;
}

std::chrono::milliseconds EventSource::maximumAge() const
{
    return d->maximumAge;
}

void EventSource::setMaximumAge(std::chrono::milliseconds age)
{
    d->maximumAge = age;
}

StreamLimits EventSource::limits() const
{
    return d->parser.limits();
}

void EventSource::setLimits(const StreamLimits &limits)
{
    d->parser.setLimits(limits);
}

qsizetype EventSource::readBufferSize() const
{
    return d->terms.readBufferSize;
}

void EventSource::setReadBufferSize(qsizetype bytes)
{
    d->terms.readBufferSize = bytes;
}

int EventSource::maximumRedirects() const
{
    return d->terms.maximumRedirects;
}

void EventSource::setMaximumRedirects(int count)
{
    d->terms.maximumRedirects = count;
}

void EventSource::setRequestHook(std::function<void(QNetworkRequest &)> hook)
{
    d->requestHook = std::move(hook);
}

} // namespace Sse
