// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "streamconnection_p.h"

#include "streamrequest_p.h"
#include "tls_p.h"

#include <sselib/retryafter.h>

#include <QtCore/QLoggingCategory>
#include <QtNetwork/QNetworkAccessManager>
#include <QtNetwork/QSslError>

#include <algorithm>
#include <array>

namespace Sse {

namespace {

Q_LOGGING_CATEGORY(log, "sselib.eventsource", QtInfoMsg)

constexpr qsizetype sliceSize = 64 * 1024; // bytes handed on at once

bool isRedirect(int status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

bool isPermanentRedirect(int status)
{
    return status == 301 || status == 308;
}

} // namespace

StreamConnection::StreamConnection(QNetworkAccessManager *manager, Clock *clock,
                                   const ConnectionTerms &terms, const Consumer &consumer)
    : m_manager(manager)
    , m_clock(clock)
    , m_terms(terms)
    , m_consumer(consumer)
    , m_openTimer(clock->createTimer(
          Qt::CoarseTimer,
          [this] {
              fail(EventSource::Error::OpenTimeout,
                   hasRequested() ? tr("%1 did not answer in time.").arg(displayUrl(m_url))
                                  : tr("The request was not ready in time."));
          }))
    , m_idleTimer(clock->createTimer(Qt::CoarseTimer, [this] { checkIdleness(); }))
{
    if (m_terms.openTimeout.count() > 0)
        m_openTimer->start(m_terms.openTimeout);
}

void StreamConnection::request(const QNetworkRequest &wanted, const QUrl &start,
                               const QByteArray &lastEventId)
{
    m_wanted = wanted;
    m_lastEventId = lastEventId;
    m_url = m_permanentUrl = start;
    m_leftOrigin = !isSameOrigin(start, wanted.url());
    QString flaw = requestFlaw(wanted, start);
    if (flaw.isEmpty())
        flaw = methodFlaw(m_terms.method, m_terms.body);
    if (flaw.isEmpty()) {
        sendRequest();
        return;
    }
    // Not from within: whoever asks is in the middle of an attempt.
    QMetaObject::invokeMethod(
        this, [this, flaw] { fail(EventSource::Error::InvalidRequest, flaw); },
        Qt::QueuedConnection);
}

void StreamConnection::pause()
{
    m_paused = true;
    m_idleTimer->stop();
}

void StreamConnection::resume()
{
    if (!std::exchange(m_paused, false) || !m_open)
        return;
    m_lastByte = m_clock->elapsed();
    watchSilence();
    // Not from within: the caller may be a slot that readBody() is waiting for.
    QMetaObject::invokeMethod(this, &StreamConnection::readBody, Qt::QueuedConnection);
}

void StreamConnection::abandon()
{
    // We may outlive the clock by an event.
    m_openTimer.reset();
    m_idleTimer.reset();
    const QPointer<QNetworkReply> reply = m_reply;
    detachReply();
    if (reply)
        reply->abort(); // the server sees it at once, not only when the event loop comes by
    disconnect();
    deleteLater();
}

void StreamConnection::sendRequest()
{
    m_headRead = false;
    m_ended = false;
    m_unreported = 0;
    m_tlsErrors.clear();
    QNetworkRequest request = streamRequest(m_wanted, m_url, m_lastEventId, m_leftOrigin);
    trustAlso(request, m_terms.caCertificates);
    m_reply = m_terms.method == "GET"
        ? m_manager->get(request)
        : m_manager->sendCustomRequest(request, m_terms.method, m_terms.body);
    const auto limit = [reply = m_reply, size = m_terms.readBufferSize] {
        reply->setReadBufferSize(size);
    };
    limit();
    // Once more: a request with a body begins in the event loop, and what its reply was told before
    // Qt keeps from the HTTP thread.
    QMetaObject::invokeMethod(m_reply, limit, Qt::QueuedConnection);
    connect(m_reply, &QNetworkReply::metaDataChanged, this, &StreamConnection::readHead);
    connect(m_reply, &QNetworkReply::readyRead, this, &StreamConnection::readBody);
    connect(m_reply, &QNetworkReply::errorOccurred, this, &StreamConnection::readEnd);
    connect(m_reply, &QNetworkReply::finished, this, &StreamConnection::readEnd);
    connect(m_reply, &QNetworkReply::sslErrors, this,
            [this](const QList<QSslError> &errors) { m_tlsErrors = tlsSentence(errors); });
}

// Comes once for each answer, before any byte of its body.
void StreamConnection::readHead()
{
    if (m_headRead)
        return;
    const int status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (status == 0)
        return; // no answer at all
    m_headRead = true;
    m_httpStatus = status;
    m_contentType = m_reply->rawHeader("Content-Type");
    if (isRedirect(status)) {
        followRedirect();
        return;
    }
    m_openTimer->stop();
    if (status == 204) {
        fail(EventSource::Error::NoContent,
             tr("%1 answered 204: it asks not to come again.").arg(displayUrl(m_url)));
    } else if (status != 200) {
        m_retryAfter = parseRetryAfter(m_reply->rawHeader("Retry-After"), m_clock->wallTime())
                           .value_or(std::chrono::milliseconds(0));
        fail(EventSource::Error::HttpStatus, httpStatusSentence());
    } else if (!isEventStream(m_contentType)) {
        fail(EventSource::Error::ContentType,
             tr("%1 answered with %2 instead of text/event-stream: this is not an event stream. "
                "Check the address; it may also be a login page.")
                 .arg(displayUrl(m_url),
                      m_contentType.isEmpty() ? tr("no content type")
                                              : QString::fromLatin1(m_contentType.left(100))));
    } else if (const QByteArray encoding = m_reply->rawHeader("Content-Encoding");
               !isIdentity(encoding)) {
        fail(EventSource::Error::ContentEncoding,
             tr("%1 compressed the stream (%2), though it was asked not to. Switch compression off "
                "for this address, at the server or at a proxy on the way.")
                 .arg(displayUrl(m_url), QString::fromLatin1(encoding.left(100))));
    } else {
        m_open = true;
        m_lastByte = m_clock->elapsed();
        watchSilence();
        qCDebug(log) << "open" << displayUrl(m_url);
        Q_EMIT opened();
    }
}

void StreamConnection::readBody()
{
    // Reading: a receiver runs an event loop of its own. What comes meanwhile waits in the reply,
    // whose buffer is bounded, and is read when the receiver returns.
    if (!m_open || !m_reply || m_reading || m_paused)
        return;
    const QPointer<StreamConnection> guard(this);
    noteByte();
    if (!guard || !m_reply || m_reading || m_paused)
        return;
    m_reading = true;
    const QByteArray rest = std::exchange(m_rest, {});
    bool goesOn = rest.isEmpty() || consume(rest);
    std::array<char, sliceSize> slice;
    while (goesOn) {
        const qint64 wanted = nextReadSize();
        const qint64 size = wanted > 0 ? m_reply->read(slice.data(), wanted) : 0;
        if (size <= 0)
            break;
        m_unreported += size;
        m_bytesReceived += size;
        goesOn = consume(QByteArrayView(slice.data(), size));
    }
    if (!guard)
        return;
    m_reading = false;
    if (m_reply && m_ended && !m_paused)
        reportEnd();
}

// While its buffer is bounded, a reply tells its HTTP thread how much was read: but only when more is
// asked for than it has, and each time with a wake-up of that thread. So that is asked now and then.
qint64 StreamConnection::nextReadSize()
{
    constexpr int share = 4; // of the buffer that may be read without the thread's knowledge
    if (m_unreported < m_terms.readBufferSize / share)
        return std::min(m_reply->bytesAvailable(), qint64(sliceSize));
    m_unreported = 0;
    return sliceSize;
}

// False: read no more, as the consumer paused or abandoned us.
bool StreamConnection::consume(QByteArrayView bytes)
{
    const QPointer<StreamConnection> guard(this);
    const qsizetype used = m_consumer(bytes);
    if (!guard || !m_reply)
        return false;
    if (used < bytes.size())
        m_rest = bytes.sliced(used).toByteArray();
    return !m_paused;
}

// Comes with errorOccurred(), or with finished() where there was no error.
void StreamConnection::readEnd()
{
    m_ended = true;
    const QPointer<StreamConnection> guard(this);
    readHead(); // an HTTP status says it better than Qt's error
    if (!guard || !m_reply || !m_ended)
        return;
    if (m_open)
        readBody(); // the last bytes may hold whole events; then it reports
    else
        reportEnd();
}

void StreamConnection::reportEnd()
{
    m_networkError = m_reply->error();
    const QString place = displayUrl(m_url);
    const QString reason = m_reply->errorString();
    if (m_networkError == QNetworkReply::SslHandshakeFailedError)
        fail(EventSource::Error::Tls,
             tr("The secure connection to %1 was refused: %2")
                 .arg(m_url.host(),
                      m_tlsErrors.isEmpty() ? reason + QLatin1Char('.') : m_tlsErrors));
    else if (m_open && m_networkError == QNetworkReply::NoError)
        fail(EventSource::Error::StreamEnded, tr("%1 ended the stream.").arg(place));
    else if (m_open)
        fail(EventSource::Error::ConnectionLost,
             tr("The connection to %1 was lost: %2.").arg(place, reason));
    else if (m_networkError == QNetworkReply::NoError)
        fail(EventSource::Error::ConnectionFailed,
             tr("%1 closed the connection without an answer.").arg(place));
    else
        fail(EventSource::Error::ConnectionFailed,
             tr("%1 cannot be reached: %2.").arg(place, reason));
}

void StreamConnection::followRedirect()
{
    const QByteArray location = m_reply->rawHeader("Location");
    const QUrl target = m_url.resolved(QUrl::fromEncoded(location));
    if (location.isEmpty() || !isStreamUrl(target)) {
        fail(EventSource::Error::Redirect,
             tr("%1 redirects to nowhere usable.").arg(displayUrl(m_url)));
        return;
    }
    if (m_url.scheme() == QLatin1String("https") && target.scheme() != QLatin1String("https")
        && !m_terms.allowsInsecureRedirects) {
        fail(EventSource::Error::Redirect,
             tr("%1 redirects to an address without encryption, %2. This is not followed.")
                 .arg(displayUrl(m_url), displayUrl(target)));
        return;
    }
    if (++m_redirects > m_terms.maximumRedirects) {
        fail(EventSource::Error::Redirect,
             tr("%1 redirects too often.").arg(displayUrl(m_wanted.url())));
        return;
    }
    if (turnsIntoGet(m_httpStatus, m_terms.method)) {
        m_terms.method = QByteArrayLiteral("GET");
        m_terms.body.clear();
        removeBodyHeaders(m_wanted);
        m_onlyPermanentRedirects = false; // the next attempt asks with the method again
    }
    if (!m_terms.body.isEmpty() && (m_leftOrigin || !isSameOrigin(m_url, target))) {
        fail(EventSource::Error::Redirect,
             tr("%1 redirects to another place, %2, which may not see what the request says. This "
                "is not followed.")
                 .arg(displayUrl(m_url), displayUrl(target)));
        return;
    }
    m_onlyPermanentRedirects = m_onlyPermanentRedirects && isPermanentRedirect(m_httpStatus);
    // Once left, the origin is left for the whole chain, as in the Fetch standard.
    m_leftOrigin = m_leftOrigin || !isSameOrigin(m_url, target);
    m_url = target;
    if (m_onlyPermanentRedirects)
        m_permanentUrl = target;
    qCDebug(log) << "redirected to" << displayUrl(target);
    detachReply();
    sendRequest();
}

// Emits last: a slot may do anything.
void StreamConnection::noteByte()
{
    constexpr std::chrono::seconds notable{1};
    const std::chrono::nanoseconds now = m_clock->elapsed();
    const std::chrono::nanoseconds silence = now - std::exchange(m_lastByte, now);
    if (silence >= notable && m_reply->bytesAvailable() > 0)
        Q_EMIT silenceEnded(std::chrono::floor<std::chrono::milliseconds>(silence));
}

void StreamConnection::setIdleTimeout(std::chrono::milliseconds timeout)
{
    m_terms.idleTimeout = timeout;
    m_idleTimer->stop();
    watchSilence();
}

void StreamConnection::watchSilence()
{
    if (!m_open || m_paused || m_terms.idleTimeout.count() <= 0)
        return;
    const std::chrono::nanoseconds silence = m_clock->elapsed() - m_lastByte;
    m_idleTimer->start(
        std::max(std::chrono::ceil<std::chrono::milliseconds>(m_terms.idleTimeout - silence),
                 std::chrono::milliseconds(0)));
}

// Bytes do not restart the timer, they only note their time: one wake-up per silence to watch for.
void StreamConnection::checkIdleness()
{
    const std::chrono::nanoseconds silence = m_clock->elapsed() - m_lastByte;
    if (m_reading)
        m_idleTimer->start(m_terms.idleTimeout); // the silence is a busy receiver's
    else if (silence < m_terms.idleTimeout)
        m_idleTimer->start(
            std::chrono::ceil<std::chrono::milliseconds>(m_terms.idleTimeout - silence));
    else
        fail(EventSource::Error::IdleTimeout,
             tr("%1 was silent for %n second(s): the connection counts as lost.", nullptr,
                int(std::chrono::round<std::chrono::seconds>(silence).count()))
                 .arg(displayUrl(m_url)));
}

void StreamConnection::fail(EventSource::Error error, const QString &sentence)
{
    qCDebug(log) << error << sentence;
    m_openTimer->stop();
    m_idleTimer->stop();
    detachReply();
    Q_EMIT failed(error, sentence);
}

// A reply must not be deleted inside its own signal. Nor aborted, where an answer was refused: Qt
// would complain of the HTTP error that follows.
void StreamConnection::detachReply()
{
    if (!m_reply)
        return;
    QNetworkReply *const reply = std::exchange(m_reply, nullptr);
    reply->disconnect(this);
    reply->deleteLater(); // which ends the request
}

QString StreamConnection::httpStatusSentence() const
{
    const QString phrase =
        m_reply->attribute(QNetworkRequest::HttpReasonPhraseAttribute).toString().left(100);
    const QString answer =
        tr("%1 answered %2 %3.").arg(displayUrl(m_url)).arg(m_httpStatus).arg(phrase).simplified();
    switch (m_httpStatus) {
    case 401:
    case 403:
        return answer + tr(" Log in again, or check what you may see there.");
    case 404:
    case 410:
        return answer + tr(" Check the address.");
    default:
        return answer;
    }
}

} // namespace Sse
