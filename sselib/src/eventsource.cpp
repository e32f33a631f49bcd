// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include <sselib/eventsource.h>

#include "eventsource_p.h"
#include "streamrequest_p.h"
#include "systemclock_p.h"
#include "systemnetwork_p.h"

namespace Sse {

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
    d->trustsNetworkStatus = true;
    d->error = Error::NoError;
    d->networkError = QNetworkReply::NoError;
    d->errorString = requestFlaw(request, request.url());
    if (d->errorString.isEmpty())
        d->errorString = methodFlaw(d->terms.method, d->terms.body);
    if (d->errorString.isEmpty()) {
        d->attempt();
        return;
    }
    d->error = Error::InvalidRequest;
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
    d->retryTimer->stop();
    d->dropConnection();
    d->state = State::Closed;
    const QPointer<EventSource> guard(this);
    Q_EMIT stateChanged(State::Closed);
    if (guard && wasOpen)
        Q_EMIT closed();
}

void EventSource::pause()
{
    d->isPaused = true;
    if (d->connection)
        d->connection->pause();
}

void EventSource::resume()
{
    d->isPaused = false;
    if (d->connection)
        d->connection->resume();
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

QByteArray EventSource::contentType() const
{
    return d->contentType;
}

qint64 EventSource::bytesReceived() const
{
    return d->state == State::Open ? d->connection->bytesReceived() : 0;
}

QNetworkReply::NetworkError EventSource::networkError() const
{
    return d->networkError;
}

QByteArray EventSource::lastEventId() const
{
    return d->interpreter.lastEventId();
}

void EventSource::setLastEventId(const QByteArray &id)
{
    if (isHeaderValue(id))
        d->interpreter.setLastEventId(id);
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
    if (d->connection)
        d->connection->setIdleTimeout(timeout);
}

std::chrono::milliseconds EventSource::maximumAge() const
{
    return d->maximumAge;
}

void EventSource::setMaximumAge(std::chrono::milliseconds age)
{
    d->maximumAge = age;
}

std::chrono::milliseconds EventSource::expectedAge() const
{
    return d->expectedAge;
}

void EventSource::setExpectedAge(std::chrono::milliseconds age)
{
    d->expectedAge = age;
}

StreamLimits EventSource::limits() const
{
    return d->interpreter.limits();
}

void EventSource::setLimits(const StreamLimits &limits)
{
    d->interpreter.setLimits(limits);
}

qsizetype EventSource::readBufferSize() const
{
    return d->terms.readBufferSize;
}

void EventSource::setReadBufferSize(qsizetype bytes)
{
    d->terms.readBufferSize = bytes;
}

QByteArray EventSource::method() const
{
    return d->terms.method;
}

QByteArray EventSource::body() const
{
    return d->terms.body;
}

void EventSource::setMethod(const QByteArray &method, const QByteArray &body)
{
    d->terms.method = normalizedMethod(method);
    d->terms.body = body;
}

int EventSource::maximumRedirects() const
{
    return d->terms.maximumRedirects;
}

void EventSource::setMaximumRedirects(int count)
{
    d->terms.maximumRedirects = count;
}

bool EventSource::allowsInsecureRedirects() const
{
    return d->terms.allowsInsecureRedirects;
}

void EventSource::setAllowsInsecureRedirects(bool allows)
{
    d->terms.allowsInsecureRedirects = allows;
}

QList<QSslCertificate> EventSource::caCertificates() const
{
    return d->terms.caCertificates;
}

void EventSource::setCaCertificates(const QList<QSslCertificate> &certificates)
{
    d->terms.caCertificates = certificates;
}

void EventSource::setRequestHook(const RequestHook &hook)
{
    d->requestHook = hook;
}

bool EventSource::isPaused() const
{
    return d->isPaused;
}

bool EventSource::isWaitingForNetwork() const
{
    return d->state == State::Waiting && !d->retryTimer->isActive();
}

void EventSource::setClock(Clock *clock)
{
    d->useClock(clock);
}

void EventSource::setNetworkStatus(NetworkStatus *network)
{
    d->useNetwork(network);
}

void EventSource::setRandom(const std::function<double()> &random)
{
    d->random = random;
}

void EventSource::connectNotify(const QMetaMethod &signal)
{
    QObject::connectNotify(signal);
    d->announcer.count([this](const QMetaMethod &which) { return isSignalConnected(which); });
}

void EventSource::disconnectNotify(const QMetaMethod &signal)
{
    QObject::disconnectNotify(signal);
    d->announcer.count([this](const QMetaMethod &which) { return isSignalConnected(which); });
}

} // namespace Sse
