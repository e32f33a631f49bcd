// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <sselib/testkit/httprequest.h>

#include <QtCore/QJsonObject>
#include <QtCore/QObject>
#include <QtCore/QPointer>

namespace Harness {

class Connection;

/*!
    One request and its answer. Nothing leaves before you say so, and what you write leaves at once,
    in a TCP segment of its own. Doing nothing holds the answer back for ever.

    How the body is framed follows from the headers that you give to sendHead():
    - with `Content-Length`, the bytes go as they are, and it is up to you to keep the promise;
    - with `Connection: close`, or to an HTTP/1.0 client, they go as they are until the close;
    - else to an HTTP/1.1 client they go in chunks, one for each write();
    - 204, 304 and the answer to HEAD have no body.

    It belongs to its server; with an SseServer it lives as long as the server does, also after the
    peer went. Once it is not open any more, all functions that send do nothing.
*/
class Exchange : public QObject
{
    Q_OBJECT

public:
    /*! The whole request, with its body; what follows are parts of it. */
    [[nodiscard]] const HttpRequest &request() const { return m_request; }
    /*! As sent: "GET", "POST", … */
    [[nodiscard]] QByteArray method() const { return m_request.method; }
    /*! The target up to "?"; still percent-encoded. */
    [[nodiscard]] QByteArray path() const { return m_request.path; }
    /*! The value of the first header of this name; empty when there is none. */
    [[nodiscard]] QByteArray header(QByteArrayView name) const { return m_request.header(name); }
    /*! Empty without Content-Length. */
    [[nodiscard]] QByteArray body() const { return m_request.body; }
    [[nodiscard]] QByteArray peer() const { return m_peer; } //!< "127.0.0.1:40312"

    /*! The peer is there and the answer has not ended. */
    [[nodiscard]] bool isOpen() const { return m_state < State::Ended; }
    /*! The peer went before the answer ended. */
    [[nodiscard]] bool wasClosedByPeer() const { return m_state == State::Abandoned; }
    /*! The status that was sent; 0 before. */
    [[nodiscard]] int status() const { return m_status; }
    /*! Bytes that the peer's full window keeps us from sending: backpressure, as seen from here. */
    [[nodiscard]] qint64 bytesToWrite() const;

    // A whole answer, with Content-Length; the connection stays usable.

    /*! The status, \a headers and \a body at once. */
    void answer(int status, const QByteArray &body = {}, const Headers &headers = {});
    /*! The same with `application/json` and \a body in compact form. */
    void answerJson(int status, const QJsonObject &body, const Headers &headers = {});
    /*! The same without a body, to \a location, which is sent as it is. */
    void redirect(int status, const QByteArray &location);

    // An answer piece by piece.

    /*! The status line and headers, once. Nothing of a body yet. */
    void sendHead(int status, const Headers &headers = {});
    /*! sendHead() with 200, `text/event-stream` and `no-cache`, then \a headers. */
    void startStream(const Headers &headers = {});
    /*! Sends \a bytes of the body. A literal ends at its first NUL: use a QByteArray for those. */
    void write(QByteArrayView bytes);
    /*! Sends \a bytes past all framing, before or after a head. From then on end() is cut(). */
    void writeRaw(QByteArrayView bytes);
    /*! The clean end: the last chunk, or the close of a close-delimited body. */
    void end();
    /*! Closes the connection (FIN) where it stands: before the head, or in the middle of a body. */
    void cut();
    /*!
        From now on all that the peer sends is dropped unseen, its acknowledgements and its farewell
        too, as if the cable were cut: write nothing more. False where the system cannot: Linux can.
    */
    bool vanish();
    /*! Closes the connection with an RST. What was written before was handed to the kernel. */
    void reset();

Q_SIGNALS:
    /*! The kernel took some of bytesToWrite(). May come from within a function that sends. */
    void bytesWritten();
    /*! The peer closed the connection before the answer ended. Once at most. */
    void peerClosed();
    /*! It is not open any more, by whomever; after peerClosed(). Once. */
    void finished();

private:
    friend class Connection;

    enum class State {
        Waiting, //!< No byte of the answer was sent.
        Sending,
        Ended, //!< By us.
        Abandoned, //!< By the peer.
    };

    enum class Framing {
        Chunks,
        Length,
        UntilClose,
        NoBody,
    };

    Exchange(HttpRequest request, Connection *connection, QObject *parent);

    void send(const QByteArray &bytes);
    void finish(State state);
    [[nodiscard]] Framing framing(int status, const Headers &headers) const;

    const HttpRequest m_request;
    const QByteArray m_peer;
    QPointer<Connection> m_connection;
    int m_status = 0;
    State m_state = State::Waiting;
    Framing m_framing = Framing::UntilClose;
    bool m_keepsAlive = false;
};

} // namespace Harness
