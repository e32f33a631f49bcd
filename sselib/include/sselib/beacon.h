// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <sselib/export.h>

#include <QtCore/QByteArray>
#include <QtCore/QList>
#include <QtCore/QObject>
#include <QtNetwork/QNetworkProxy>
#include <QtNetwork/QNetworkRequest>

#include <chrono>
#include <memory>

namespace Sse {

class BeaconPrivate;

/*! One request of a Beacon. A value. */
struct BeaconRequest
{
    /*!
        Address, raw headers, the CA certificates of its TLS configuration, which are added to the
        system's, its peer verification, and the transfer timeout count; what else it may carry does
        not. A cookie has to be a raw header: there is no cookie jar where it is sent. Redirects are
        followed to the same origin by 307 and 308; another one is an answer. A user and password in
        the address become a Basic Authorization header.
    */
    QNetworkRequest request;
    QByteArray method = "POST"; //!< Any; upper case.
    QByteArray body; //!< Empty: none.
    /*! DefaultProxy means the proxy that the system has set for the address. */
    QNetworkProxy proxy = QNetworkProxy(QNetworkProxy::DefaultProxy);
};

/*! What became of a Beacon that was sent. A value. */
struct BeaconResult
{
    /*! Each request was answered, and none with 407, 429 or 5xx, behind which the server may never have seen it. */
    bool isDelivered = false;
    /*! The status of the first request that was not answered with 2xx or 3xx, else of the last; 0: none came. */
    int status = 0;
    QString errorString; //!< What went wrong where status is 0; else empty.
};

/*!
    A small request that reaches the server although its sender goes: what navigator.sendBeacon() is
    to a page (W3C Beacon), and more, since it is also sent when the process is killed or crashes.

    \code
    Sse::Beacon farewell;
    farewell.hold({{closeRequest}}); // as soon as there is a session to close
    …
    farewell.release(); // the server ended the session: there is nothing to say any more
    \endcode

    What is held is sent when the beacon goes, once: when it is destroyed, by send(), or when the
    process ends, however that happens. A program of a few kilobytes, which BeaconKeeper starts, waits
    for the end of this one and then sends it. What it has to send is handed over through shared
    anonymous memory: never in a file, an argument or the environment.

    Where there is no such program (see BeaconKeeper::isOnDuty()) the request is sent by this process,
    as long as it lives.

    Beside navigator.sendBeacon():
    - any method and header, not only POST; several requests, one after the other;
    - the bodies of a beacon may have 64 KiB together, as there: see maximumSize;
    - no CORS: no origin, no preflight, no cookies but those that you set;
    - the connection is a new one; nothing is taken from a pool, and nothing is kept alive;
    - a browser sends on pagehide and gives no answer; a beacon has finished(), as long as somebody is
      there to hear it;
    - a request is never sent a second time, not even where QNetworkAccessManager would. It carries
      an Idempotency-Key of its own unless you set one.

    It lives in the thread of the QCoreApplication object, which must exist.
*/
class SSELIB_EXPORT Beacon : public QObject
{
    Q_OBJECT

public:
    /*! In bytes; of all bodies of a beacon. */
    static constexpr qsizetype maximumSize = 64 * 1024;
    /*! See setDeadline(). */
    static constexpr std::chrono::milliseconds defaultDeadline{5000};

    /*! Holds nothing. The first one of a process starts the BeaconKeeper. */
    explicit Beacon(QObject *parent = nullptr);
    /*! Sends what is held. */
    ~Beacon() override;

    /*!
        How long sending may take altogether; then it is given up. Counts for what is held or sent
        from now on. 5 s by default; at least 1 ms.
    */
    void setDeadline(std::chrono::milliseconds deadline);

    /*!
        A file that you keep as a reminder that this has not been sent yet. Whoever sends it removes
        the file once every request was answered, or was sent in full to a server that then answered
        nothing: it may have arrived, and is not to arrive twice. The file stays where no connection
        came about, or the answer was 407, 429 or 5xx, behind which the server may never have seen it.
        Counts for what is held or sent from now on. Empty, by default: none.
    */
    void setReminder(const QString &path);

    /*!
        Takes the place of what was held. When it returns, an end of the process sends these
        \a requests. False, and nothing changed, where they are more than maximumSize.
    */
    bool hold(const QList<BeaconRequest> &requests);

    /*! Holds nothing any more. */
    void release();

    /*! An end of the process would send something. */
    [[nodiscard]] bool isHolding() const;

    /*!
        Sends what is held, and holds nothing any more: as good as sent when it returns. finished()
        follows, not before it returns; also when nothing was held.
    */
    void send();

    /*! Sent, and finished() is still to come. */
    [[nodiscard]] bool isSending() const;

Q_SIGNALS:
    /*! Once for each send(), at the latest a moment after the deadline. A slot may delete the beacon. */
    void finished(const Sse::BeaconResult &result);

private:
    std::unique_ptr<BeaconPrivate> d;
};

/*!
    Sends \a request in the background; the process may end at once. Nobody hears of the answer. False,
    and nothing is sent, where it is more than Beacon::maximumSize. As navigator.sendBeacon().
*/
SSELIB_EXPORT bool sendBeacon(const BeaconRequest &request);

} // namespace Sse
