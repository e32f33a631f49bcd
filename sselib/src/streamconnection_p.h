// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <sselib/eventsource.h>

#include <QtCore/QElapsedTimer>
#include <QtCore/QPointer>
#include <QtCore/QTimer>

namespace Sse {

/*! What one attempt has to keep to. A duration of 0 means without end. */
struct ConnectionTerms
{
    std::chrono::milliseconds openTimeout{30'000};
    std::chrono::milliseconds idleTimeout{300'000};
    qsizetype readBufferSize = 256 * 1024;
    int maximumRedirects = 20;
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
    /*! \a start is where to ask: \a wanted's URL, or where a permanent redirect led before. */
    StreamConnection(QNetworkAccessManager *manager, const QNetworkRequest &wanted,
                     const QUrl &start, const QByteArray &lastEventId,
                     const ConnectionTerms &terms);

    void start();
    void abandon();

    [[nodiscard]] QUrl url() const { return m_url; }
    [[nodiscard]] int httpStatus() const { return m_httpStatus; }
    [[nodiscard]] QNetworkReply::NetworkError networkError() const { return m_networkError; }

    /*! Where permanent redirects alone have led so far: the place to ask the next time. */
    [[nodiscard]] QUrl permanentUrl() const { return m_permanentUrl; }

Q_SIGNALS:
    void opened();
    void received(QByteArrayView bytes);
    /*! The last signal. */
    void failed(Sse::EventSource::Error error, const QString &sentence);

private:
    void request();
    void readHead();
    void readBody();
    void readEnd();
    void reportEnd();
    void followRedirect();
    void checkIdleness();
    void fail(EventSource::Error error, const QString &sentence);
    void detachReply();
    [[nodiscard]] QString httpStatusSentence() const;

    QNetworkAccessManager *const m_manager;
    const QNetworkRequest m_wanted;
    const QByteArray m_lastEventId;
    const ConnectionTerms m_terms;
    QPointer<QNetworkReply> m_reply;
    QTimer m_openTimer;
    QTimer m_idleTimer;
    QElapsedTimer m_sinceLastByte;
    QUrl m_url;
    QUrl m_permanentUrl;
    QString m_tlsErrors;
    QNetworkReply::NetworkError m_networkError = QNetworkReply::NoError;
    int m_httpStatus = 0;
    int m_redirects = 0;
    bool m_onlyPermanentRedirects = true;
    bool m_leftOrigin;
    bool m_headRead = false;
    bool m_open = false;
    bool m_reading = false;
    bool m_ended = false; // the reply has no more to come
};

} // namespace Sse
