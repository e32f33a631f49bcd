// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <sselib/clock.h>
#include <sselib/eventsource.h>

#include <QtCore/QPointer>
#include <QtNetwork/QSslCertificate>

#include <functional>
#include <optional>

namespace Sse {

/*! What one attempt has to keep to. A duration of 0 means without end. */
struct ConnectionTerms
{
    std::chrono::milliseconds openTimeout{30'000};
    std::chrono::milliseconds idleTimeout{300'000};
    qsizetype readBufferSize = 256 * 1024;
    int maximumRedirects = 20;
    bool allowsInsecureRedirects = false;
    QList<QSslCertificate> caCertificates; // besides the system's
    QByteArray method{QByteArrayLiteral("GET")};
    QByteArray body;
};

/*!
    One attempt at a stream: the request, its redirects, the checks of the answer's head, then the
    bytes of the body until they end. It knows nothing of events and never tries twice.

    After abandon() it emits nothing more and deletes itself; let go of it in no other way.
*/
class StreamConnection : public QObject
{
    Q_OBJECT

public:
    /*! Takes the body's bytes and returns how many: fewer than all only after pause(). */
    using Consumer = std::function<qsizetype(QByteArrayView bytes)>;

    /*! The time for the answer's head begins to run. \a clock must outlive the connection. */
    StreamConnection(QNetworkAccessManager *manager, Clock *clock, const ConnectionTerms &terms,
                     const Consumer &consumer);

    /*! \a start is where to ask: \a wanted's URL, or where a permanent redirect led before. */
    void request(const QNetworkRequest &wanted, const QUrl &start, const QByteArray &lastEventId);
    [[nodiscard]] bool hasRequested() const { return !m_url.isEmpty(); }

    /*! Nothing is read until resume(), which goes on from the event loop; the end waits, too. */
    void pause();
    void resume();

    void setIdleTimeout(std::chrono::milliseconds timeout);

    void abandon();

    [[nodiscard]] QUrl url() const { return m_url; }
    [[nodiscard]] int httpStatus() const { return m_httpStatus; }
    [[nodiscard]] QByteArray contentType() const { return m_contentType; }
    [[nodiscard]] qint64 bytesReceived() const { return m_bytesReceived; }
    [[nodiscard]] QNetworkReply::NetworkError networkError() const { return m_networkError; }

    /*! What a Retry-After header of the answer asks for. */
    [[nodiscard]] std::chrono::milliseconds retryAfter() const { return m_retryAfter; }

    /*! Where permanent redirects alone have led so far: the place to ask the next time. */
    [[nodiscard]] QUrl permanentUrl() const { return m_permanentUrl; }

Q_SIGNALS:
    void opened();
    void silenceEnded(std::chrono::milliseconds silence);
    /*! The last signal. */
    void failed(Sse::EventSource::Error error, const QString &sentence);

private:
    void sendRequest();
    void readHead();
    void readBody();
    [[nodiscard]] qint64 nextReadSize();
    [[nodiscard]] bool consume(QByteArrayView bytes);
    void readEnd();
    void reportEnd();
    void followRedirect();
    void noteByte();
    void watchSilence();
    void checkIdleness();
    void fail(EventSource::Error error, const QString &sentence);
    void detachReply();
    [[nodiscard]] QString httpStatusSentence() const;

    QNetworkAccessManager *const m_manager;
    Clock *const m_clock;
    ConnectionTerms m_terms; // a redirect may take the method and the body away
    const Consumer m_consumer;
    std::unique_ptr<Clock::Timer> m_openTimer;
    std::unique_ptr<Clock::Timer> m_idleTimer;
    QNetworkRequest m_wanted;
    QByteArray m_lastEventId;
    QPointer<QNetworkReply> m_reply;
    qint64 m_bytesReceived = 0;
    qint64 m_unreported = 0; // bytes read that the reply's thread does not know of
    QByteArray m_rest; // read, and not taken by the consumer
    std::chrono::nanoseconds m_lastByte{0}; // when it came
    std::chrono::milliseconds m_retryAfter{0};
    QUrl m_url;
    QUrl m_permanentUrl;
    QString m_tlsErrors;
    QByteArray m_contentType;
    QNetworkReply::NetworkError m_networkError = QNetworkReply::NoError;
    int m_httpStatus = 0;
    int m_redirects = 0;
    bool m_onlyPermanentRedirects = true;
    bool m_leftOrigin = false;
    bool m_headRead = false;
    bool m_open = false;
    bool m_paused = false;
    bool m_reading = false;
    bool m_ended = false; // the reply has no more to come
};

} // namespace Sse
