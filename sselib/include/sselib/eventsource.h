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
#include <QtNetwork/QSslCertificate>

#include <chrono>
#include <functional>
#include <memory>

QT_BEGIN_NAMESPACE
class QNetworkAccessManager;
QT_END_NAMESPACE

namespace Sse {

class Clock;
class EventSourcePrivate;
class NetworkStatus;

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
    bytes wait unread, so that a slow or paused consumer slows the server down. A request whose
    Http2AllowedAttribute is set to true may use HTTP/2, over which Qt 6.4 buffers without end.

    Redirects are followed here, never by Qt: credentials, cookies set as a header, Last-Event-ID
    and all headers of your own stay with the origin you named, and https does not lead to http. A
    user and password in the URL become a Basic Authorization header.

    After a loss it waits by its ReconnectPolicy, and attempts at once when the network comes back
    or the computer wakes up. While the system says that there is no network it attempts nothing and
    runs no timer, unless the host is this computer, or a stream was opened all the same.

    Automatic attempts are at least ReconnectPolicy::minimumDelay apart, and there are never two at
    a time.

    All signals are emitted from the event loop or from within close(), open() and retryNow(). A
    slot may call any method, or delete the event source. It lives in the thread that it was made in,
    and cannot be moved to another.
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
        Waiting, //!< The stream was lost; the next attempt comes by itself. readyState 0.
    };
    Q_ENUM(State)

    /*! Why a stream is not open. Final: state() is Closed. Retried: state() is Waiting. */
    enum class Error {
        NoError, //!< Nothing went wrong so far.
        //! The URL is no http or https URL, a header would break out, or setMethod() was given what
        //! cannot be sent. Final.
        InvalidRequest,
        ConnectionFailed, //!< No answer: refused, host unknown, unreachable, proxy. Retried.
        ConnectionLost, //!< The stream was cut in the middle. Retried.
        //! The server ended the stream in good order, as far as Qt 6.4 can tell: it takes a stream
        //! without chunks, and now and then one with them, for ended when it was cut. Retried.
        StreamEnded,
        OpenTimeout, //!< No answer, or no request from the hook, within openTimeout(). Retried.
        IdleTimeout, //!< No byte within idleTimeout(). Retried.
        LimitExceeded, //!< A line or an event was longer than limits(). Retried.
        NoContent, //!< 204: the server asks not to come again. Final.
        HttpStatus, //!< Not 200; see httpStatus(). Final, or retried by ReconnectPolicy.
        ContentType, //!< The answer is not text/event-stream. Final.
        ContentEncoding, //!< The stream is compressed, though asked for without. Final.
        //! Too many, without a usable target, from https to http, or to another origin, which the
        //! body() may not see. Final.
        Redirect,
        Tls, //!< A certificate was refused; errorString() says which and why. Final.
    };
    Q_ENUM(Error)

    /*! \a manager is not owned and must outlive the event source. */
    explicit EventSource(QNetworkAccessManager *manager, QObject *parent = nullptr);
    ~EventSource() override;

    /*! Where it stands; stateChanged() tells each change. */
    [[nodiscard]] State state() const;

    /*! Where the stream comes from: the opened URL, or where redirects led. */
    [[nodiscard]] QUrl url() const;

    /*! The last error since open(). NoError once a stream is open. */
    [[nodiscard]] Error error() const;
    /*! A sentence about error() for people, in the user's language. It holds no secret. */
    [[nodiscard]] QString errorString() const;

    /*! The status of the last answer. 0 before the first one, and where none came. */
    [[nodiscard]] int httpStatus() const;

    /*!
        The Content-Type of the last answer, as the server wrote it. Empty before the first one, and
        where it named none. text/html in place of a stream is often a login page.
    */
    [[nodiscard]] QByteArray contentType() const;

    /*!
        Bytes of the open stream that were read so far, comments and blank lines included. 0 unless
        state() is Open: a stream that opened and then keeps silent may be held back by a proxy.
    */
    [[nodiscard]] qint64 bytesReceived() const;

    /*! Qt's error behind error(), where there is one. */
    [[nodiscard]] QNetworkReply::NetworkError networkError() const;

    /*! The id of the last dispatched block; each attempt sends it as Last-Event-ID unless empty. */
    [[nodiscard]] QByteArray lastEventId() const;

    /*! Continues from an id that an earlier run kept. An id with NUL, CR or LF is ignored. */
    void setLastEventId(const QByteArray &id);

    /*! When a lost stream is opened again. */
    [[nodiscard]] ReconnectPolicy reconnectPolicy() const;
    /*! For the waits from now on; one that has begun stays as long as it is. */
    void setReconnectPolicy(const ReconnectPolicy &policy);

    /*! How long to wait for the answer's head. 0: without end. The default is 30 s. */
    [[nodiscard]] std::chrono::milliseconds openTimeout() const;
    /*! Sets openTimeout(). Holds from the next attempt on. */
    void setOpenTimeout(std::chrono::milliseconds timeout);

    /*!
        Silence after which an open stream counts as lost; any byte, a comment too, ends a silence.
        0: never. The default is 5 minutes. Choose 2.5 times the server's keep-alive interval:
        a peer that vanished is noticed in no other way.
    */
    [[nodiscard]] std::chrono::milliseconds idleTimeout() const;
    /*! Sets idleTimeout(). Holds at once, for a silence that has begun too. */
    void setIdleTimeout(std::chrono::milliseconds timeout);

    /*! An open stream of this age is opened anew, without an error. 0, the default: never. */
    [[nodiscard]] std::chrono::milliseconds maximumAge() const;
    /*! Sets maximumAge(). Holds from the next opening on. */
    void setMaximumAge(std::chrono::milliseconds age);

    /*!
        The age at which the server, or a proxy, ends its streams in good order. Such an end, from
        95 % of this age on, is no error: the stream is opened anew at once. 0, the default: none.
    */
    [[nodiscard]] std::chrono::milliseconds expectedAge() const;
    /*! Sets expectedAge(). Holds at once. */
    void setExpectedAge(std::chrono::milliseconds age);

    /*! Bounds on one line and one event; see StreamLimits. */
    [[nodiscard]] StreamLimits limits() const;
    /*! Sets limits(). Holds at once. */
    void setLimits(const StreamLimits &limits);

    /*!
        Bytes that may wait unread before the server is held back. 0: any number, and the server is
        never held back. The default is 256 KiB.
    */
    [[nodiscard]] qsizetype readBufferSize() const;
    /*! Sets readBufferSize(). Holds from the next attempt on. */
    void setReadBufferSize(qsizetype bytes);

    /*! The method of the request. The default is GET, the only one that a browser knows here. */
    [[nodiscard]] QByteArray method() const;
    /*! What is sent along with the request. The default is nothing. */
    [[nodiscard]] QByteArray body() const;
    /*!
        Asks with \a method and \a body, for services whose streams answer a POST. Both go out with
        each attempt: a server that is to do the thing once needs a key of idempotency in a header,
        also because Qt sends a request again by itself when a connection breaks before the answer.
        Content-Type is a header of the request, and yours to set.

        Redirects are the Fetch standard's (4.4): after 303, and after 301 or 302 to a POST, the next
        request is a GET without body, and the place is not remembered. Where method and body would
        go on to another origin, Error::Redirect ends it instead.

        A method that is no token, that browsers forbid (CONNECT, TRACE, TRACK), and a body for GET
        or HEAD are Error::InvalidRequest. Holds from the next attempt on.
    */
    void setMethod(const QByteArray &method, const QByteArray &body);

    /*! Redirects followed in a row. 0: none. The default is 20, as in the Fetch standard. */
    [[nodiscard]] int maximumRedirects() const;
    /*! Sets maximumRedirects(). Holds from the next attempt on. */
    void setMaximumRedirects(int count);

    /*! Whether a redirect may lead from https to http. The default is false. */
    [[nodiscard]] bool allowsInsecureRedirects() const;
    /*! Sets allowsInsecureRedirects(). Holds from the next attempt on. */
    void setAllowsInsecureRedirects(bool allows);

    /*! Authorities that are trusted besides the system's, a company's own for instance. */
    [[nodiscard]] QList<QSslCertificate> caCertificates() const;
    /*! Sets caCertificates(). Holds from the next attempt on. */
    void setCaCertificates(const QList<QSslCertificate> &certificates);

    /*! Takes the request of an attempt, and sends it. Of several calls only the first counts. */
    using Proceed = std::function<void(const QNetworkRequest &request)>;

    /*!
        Called before each attempt with the opened request, to renew it: with a fresh token, for
        instance. The attempt begins when the hook calls \a proceed, at once or later; state() is
        Connecting meanwhile, and openTimeout() runs. After the attempt is over, proceed does
       nothing. Called at once, it must not call back into the event source but for
       setLastEventId().

        Another URL than that of open() replaces where permanent redirects have led. It is not
       called for a redirect. An empty function, the default, sends the opened request as it is.
    */
    using RequestHook = std::function<void(const QNetworkRequest &request, const Proceed &proceed)>;
    /*! Sets what is called before each attempt. */
    void setRequestHook(const RequestHook &hook);

    /*! True between pause() and resume(). */
    [[nodiscard]] bool isPaused() const;

    /*! state() is Waiting for the network to come back, with no time set for the next attempt. */
    [[nodiscard]] bool isWaitingForNetwork() const;

    /*! \name What tests replace
        Only while state() is Closed. What is passed is not owned, and must outlive the event
       source.
        @{
    */
    void setClock(Clock *clock);
    void setNetworkStatus(NetworkStatus *network);
    /*! \a random returns numbers of [0, 1), which spread the waits. */
    void setRandom(const std::function<double()> &random);
    /*! @} */

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

    /*!
        Reads nothing more until resume(): no event follows, not even of what was received already,
        and when readBufferSize() is full the server is held back. Loss and end of the stream, and
        its silence, are noticed after resume() only. The state stays what it is, and a lost stream
        is opened anew; it is not read before resume() either.
    */
    void pause();

    /*! Goes on from the event loop, where pause() stopped; nothing is lost. */
    void resume();

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

    /*!
        A byte came after a \a silence of at least one second, the time from the opening to the first
        byte included. The longest ones show how often the server keeps its streams alive.
    */
    void silenceEnded(std::chrono::milliseconds silence);

    /*!
        An attempt or an open stream failed, once for each. state() says whether that is final. Not
        when a slot of the signals before has opened another stream.
    */
    void errorOccurred(Sse::EventSource::Error error);

    /*!
        The next attempt comes by itself, \a delay from now. Follows errorOccurred(), but not while
        isWaitingForNetwork().
    */
    void retryScheduled(std::chrono::milliseconds delay);

protected:
    /*! Reimplemented to make no event that nobody listens to. */
    void connectNotify(const QMetaMethod &signal) override;
    /*! Reimplemented; see connectNotify(). */
    void disconnectNotify(const QMetaMethod &signal) override;

private:
    Q_DISABLE_COPY_MOVE(EventSource)
    friend class EventSourcePrivate;
    const std::unique_ptr<EventSourcePrivate> d;
};

} // namespace Sse
