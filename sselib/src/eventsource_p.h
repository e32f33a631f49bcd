// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "announcer_p.h"
#include "streamconnection_p.h"

#include <sselib/backoff.h>
#include <sselib/eventsource.h>
#include <sselib/streaminterpreter.h>

namespace Sse {

class NetworkStatus;
class SystemClock;
class SystemNetwork;

/*! When to attempt, and what to say of it. What happens within one attempt is StreamConnection's.
 */
class EventSourcePrivate
{
public:
    EventSourcePrivate(EventSource *source, QNetworkAccessManager *accessManager);
    ~EventSourcePrivate();

    void useClock(Clock *other);
    void useNetwork(NetworkStatus *other);

    void attempt();
    void attemptSoon();
    void wait(std::chrono::milliseconds delay);
    void dropConnection();
    [[nodiscard]] bool mustWaitForNetwork() const;

    EventSource *const q;
    QNetworkAccessManager *const manager;
    std::shared_ptr<SystemClock> systemClock; // null while a test's is used; outlives the timers
    std::shared_ptr<SystemNetwork> systemNetwork;
    QNetworkRequest wanted;
    QUrl startUrl; // moves with permanent redirects
    QUrl url;
    EventSource::RequestHook requestHook;
    ConnectionTerms terms;
    QPointer<StreamConnection> connection;
    StreamInterpreter interpreter;
    Announcer<EventSource> announcer;
    Backoff backoff;
    std::function<double()> random;
    std::unique_ptr<Clock::Timer> retryTimer;
    std::unique_ptr<Clock::Timer> ageTimer;
    std::chrono::milliseconds maximumAge{0};
    std::chrono::milliseconds expectedAge{0};
    QString errorString;
    EventSource::State state = EventSource::State::Closed;
    EventSource::Error error = EventSource::Error::NoError;
    QNetworkReply::NetworkError networkError = QNetworkReply::NoError;
    QByteArray contentType;
    int httpStatus = 0;
    bool isPaused = false;
    bool trustsNetworkStatus = true; // until a stream opens without a network

    void connectionFailed(EventSource::Error why, const QString &sentence);

private:
    void sendRequest(const QNetworkRequest &request);
    qsizetype read(QByteArrayView bytes);
    void connectionOpened();
    void reopen();
    void networkChanged(bool isOnline);
    [[nodiscard]] bool isFinal(EventSource::Error why) const;
    [[nodiscard]] bool isExpectedEnd(EventSource::Error why, std::chrono::nanoseconds age) const;

    Clock *clock = nullptr;
    NetworkStatus *network = nullptr;
    std::chrono::nanoseconds attempted{0}; // when the last attempt began
    std::chrono::nanoseconds opened{0}; // when the stream that is open was
    bool *readHasEnded = nullptr; // of the read() that is running, which outlives us
    bool isRenewed = false; // the URL of this attempt is the hook's
};

} // namespace Sse
