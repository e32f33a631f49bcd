// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <sselib/event.h>
#include <sselib/export.h>
#include <sselib/streaminterpreter.h>

#include <QtCore/QByteArrayView>
#include <QtCore/QObject>

#include <chrono>
#include <memory>

namespace Sse {

class ParserPrivate;

/*!
    Turns the bytes of a text/event-stream into events that own their bytes (HTML 9.2.5 and 9.2.6).
    It knows nothing of HTTP, and it reads from nothing: hand the bytes over.

    The bytes may arrive in slices of any size; the signals do not depend on where they are cut.
    Below it works StreamInterpreter, which hands out views and costs nothing per event.

    Signals are emitted from within feed(). A slot may call reset(), which drops the rest of the
    slice, or delete the parser. It must not call feed().
*/
class SSELIB_EXPORT Parser : public QObject
{
    Q_OBJECT

public:
    /*! Ready for a first stream. */
    explicit Parser(QObject *parent = nullptr);
    ~Parser() override;

    /*! Reads \a bytes, together with what earlier calls left incomplete. */
    void feed(QByteArrayView bytes);

    /*!
        Makes ready for a new connection: drops the unfinished line and event, expects a byte order
        mark again, and ends an overflow. lastEventId() survives.
    */
    void reset();

    /*! The id to send as Last-Event-ID: that of the last dispatched block. Empty at first. */
    [[nodiscard]] QByteArray lastEventId() const;

    /*! Continues from an id that an earlier run kept. Must not contain NUL, CR or LF. */
    void setLastEventId(const QByteArray &id);

    /*! Bounds on what is kept of unfinished input. They hold for the bytes fed from now on. */
    [[nodiscard]] StreamLimits limits() const;
    /*! Sets limits(). */
    void setLimits(const StreamLimits &limits);

Q_SIGNALS:
    /*! A block with data was completed by its blank line. */
    void eventReceived(const Sse::Event &event);

    /*! A line that begins with a colon; \a text is the rest. Servers send them to keep alive. */
    void commentReceived(const QByteArray &text);

    /*! The server asks for another reconnection time. */
    void retryReceived(std::chrono::milliseconds delay);

    /*! limits() was exceeded. What was kept is freed; all input is ignored until reset(). */
    void overflowed(Sse::StreamLimits::Kind limit);

protected:
    /*! Reimplemented to make no event that nobody listens to. */
    void connectNotify(const QMetaMethod &signal) override;
    /*! Reimplemented; see connectNotify(). */
    void disconnectNotify(const QMetaMethod &signal) override;

private:
    Q_DISABLE_COPY_MOVE(Parser)
    const std::unique_ptr<ParserPrivate> d;
};

} // namespace Sse
