// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <sselib/event.h>
#include <sselib/export.h>
#include <sselib/reconnectpolicy.h>
#include <sselib/streaminterpreter.h>

#include <QtCore/QObject>
#include <QtCore/QUrl>
#include <QtNetwork/QNetworkReply>
#include <QtNetwork/QNetworkRequest>

#include <chrono>
#include <functional>
#include <memory>

QT_BEGIN_NAMESPACE
class QNetworkAccessManager;
QT_END_NAMESPACE

namespace Sse {

class EventSourcePrivate;

/*!
    A client of one event stream (HTML 9.2), which connects again by itself until close() is called
    or the server refuses for good. It does not keep events, nor log in.

    \code
    Sse::EventSource source(&networkAccessManager);
    connect(&source, &Sse::EventSource::eventReceived, this, &Inbox::apply);
    source.open(QNetworkRequest(url));
    \endcode

    Give streams a QNetworkAccessManager of their own: it opens at most six HTTP/1.1 connections to
    a host, and a seventh request waits without end or error while six streams are open.

    By default a stream is asked for over HTTP/1.1 without compression, and at most readBufferSize()
    bytes wait unread, so that a slow consumer slows the server down. Redirects are followed here,
    never by Qt: credentials, cookies set as a header, Last-Event-ID and all headers of your own
    stay with the origin you named, and https never leads to http. A user and password in the URL
    become a Basic Authorization header.

    All signals are emitted from the event loop or from within close(), open() and retryNow(). A
   slot may call any method, or delete the event source.
*/
class SSELIB_EXPORT EventSource : public QObject
{
    Q_OBJECT
    Q_PROPERTY(Sse::EventSource::State state READ state NOTIFY stateChanged)

public:
    /*! The browser's readyState, with the wait between attempts told apart. */
    enum class State {
        Closed, //!< Not opened yet, closed, or failed for good. readyState 2.
        Connecting, //!< A request is on its way. readyState 0.
        Open, //!< The server answered 200 with text/event-stream. readyState 1.
        Waiting, //!< The stream was lost; the next attempt is scheduled. readyState 0.
    };
    Q_ENUM(State)

    /*! Why a stream is not open. Final: state() is Closed. Retried: state() is Waiting. */
    enum class Error {
        NoError, //!< Nothing went wrong so far.
        InvalidRequest, //!< The URL is not a valid http or https URL. Final.
        ConnectionFailed, //!< No answer: refused, host unknown, unreachable, proxy. Retried.
        ConnectionLost, //!< The stream was cut in the middle. Retried.
        //! The server ended the stream in good order, as far as Qt 6.4 can tell: it takes a stream
        //! without chunks, and now and then one with them, for ended when it was cut. Retried.
        StreamEnded,
        OpenTimeout, //!< No answer within openTimeout(). Retried.
        IdleTimeout, //!< No byte within idleTimeout(). Retried.
        LimitExceeded, //!< A line or an event was longer than limits(). Retried.
        NoContent, //!< 204: the server asks not to come again. Final.
        HttpStatus, //!< Not 200; see httpStatus(). Final, or retried by ReconnectPolicy.
        ContentType, //!< The answer is not text/event-stream. Final.
        Redirect, //!< Too many, without a usable target, or from https to http. Final.
        Tls, //!< The server's certificate or the handshake was refused. Final.
    };
    Q_ENUM(Error)

    /*! \a manager is not owned and must outlive the event source. */
    explicit EventSource(QNetworkAccessManager *manager, QObject *parent = nullptr);
    ~EventSource() override;

    [[nodiscard]] State state() const;

    /*! Where the stream comes from: the opened URL, or where redirects led. */
    [[nodiscard]] QUrl url() const;

    /*! The last error and a sentence about it for people. NoError after a successful opening. */
    [[nodiscard]] Error error() const;
    [[nodiscard]] QString errorString() const;

    /*! The status of the last answer. 0 before the first one, and where none came. */
    [[nodiscard]] int httpStatus() const;

    /*! Qt's error behind error(), where there is one. */
    [[nodiscard]] QNetworkReply::NetworkError networkError() const;

    /*! The id of the last dispatched block; each attempt sends it as Last-Event-ID unless empty. */
    [[nodiscard]] QByteArray lastEventId() const;

    /*! Continues from an id that an earlier run kept. An id with NUL, CR or LF is ignored. */
    void setLastEventId(const QByteArray &id);

    [[nodiscard]] ReconnectPolicy reconnectPolicy() const;
    void setReconnectPolicy(const ReconnectPolicy &policy);

    /*! How long to wait for the answer's head. 0: without end. The default is 30 s. */
    [[nodiscard]] std::chrono::milliseconds openTimeout() const;
    void setOpenTimeout(std::chrono::milliseconds timeout);

    /*!
        Silence after which an open stream counts as lost; any byte, a comment too, ends a silence.
        0: never. The default is 5 minutes. Choose 2.5 times the server's keep-alive interval:
        a peer that vanished is noticed in no other way.
    */
    [[nodiscard]] std::chrono::milliseconds idleTimeout() const;
    void setIdleTimeout(std::chrono::milliseconds timeout);

    /*! An open stream of this age is opened anew, without an error. 0, the default: never. */
    [[nodiscard]] std::chrono::milliseconds maximumAge() const;
    void setMaximumAge(std::chrono::milliseconds age);

    /*! Bounds on one line and one event; see StreamLimits. */
    [[nodiscard]] StreamLimits limits() const;
    void setLimits(const StreamLimits &limits);

    /*!
        Bytes that may wait unread before the server is held back. 0: any number, and the server is
        never held back. The default is 256 KiB.
    */
    [[nodiscard]] qsizetype readBufferSize() const;
    void setReadBufferSize(qsizetype bytes);

    /*! Redirects followed in a row. 0: none. The default is 20, as in the Fetch standard. */
    [[nodiscard]] int maximumRedirects() const;
    void setMaximumRedirects(int count);

    /*!
        Called before each attempt with the request that is about to be sent, for a fresh token for
        instance. It must not call back into the event source. It is not called for a redirect.
    */
    void setRequestHook(std::function<void(QNetworkRequest &request)> hook);

public Q_SLOTS:
    /*!
        Connects, after closing a stream that is open. The headers of \a request are sent with every
        attempt. "Accept", "Cache-Control" and "Accept-Encoding" may be set to replace ours.
    */
    void open(const QNetworkRequest &request);

    /*! Attempts now instead of at the scheduled time. Does nothing unless state() is Waiting. */
    void retryNow();

    /*! Disconnects and stays Closed. No error is emitted. Does nothing when Closed. */
    void close();

Q_SIGNALS:
    /*! Always the first signal of a change; state() has the new value. */
    void stateChanged(Sse::EventSource::State state);

    /*! The stream is open. Once for each connection. */
    void opened();

    /*! The stream that was open is not any more, for whatever reason. Pairs with opened(). */
    void closed();

    /*! One event of the stream. */
    void eventReceived(const Sse::Event &event);

    /*! One comment line of the stream, without its colon. */
    void commentReceived(const QByteArray &text);

    /*! An attempt or an open stream failed, once for each. state() says whether that is final. */
    void errorOccurred(Sse::EventSource::Error error);

    /*! Follows errorOccurred() where the next attempt comes by itself, \a delay from now. */
    void retryScheduled(std::chrono::milliseconds delay);

private:
    Q_DISABLE_COPY_MOVE(EventSource)
    friend class EventSourcePrivate;
    const std::unique_ptr<EventSourcePrivate> d;
};

} // namespace Sse
