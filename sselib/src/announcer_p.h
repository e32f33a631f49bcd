// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "replacebytes_p.h"

#include <sselib/event.h>
#include <sselib/streaminterpreter.h>

#include <QtCore/QMetaMethod>

#include <atomic>

namespace Sse {

/*!
    Emits the events and comments of a stream as signals of \a Emitter, which has eventReceived()
    and commentReceived(), and makes none that nobody listens to.

    An event owns its bytes. It shares its id with the interpreter, and its type with the event
    before while that stays the same. Its data takes memory of its own only where a slot kept the
    event before.

    Touches nothing after it emitted: a slot may delete the emitter.
*/
template <typename Emitter>
class Announcer
{
public:
    explicit Announcer(Emitter *emitter)
        : m_emitter(emitter)
    {}

    /*!
        To be told from connectNotify() and disconnectNotify(), which any thread may call.
        \a isHeard answers whether a signal is connected: QObject lets nobody else ask.
    */
    template <typename IsHeard>
    void count(IsHeard isHeard)
    {
        static const QMetaMethod events = QMetaMethod::fromSignal(&Emitter::eventReceived);
        static const QMetaMethod comments = QMetaMethod::fromSignal(&Emitter::commentReceived);
        m_eventsAreHeard.store(isHeard(events), std::memory_order_relaxed);
        m_commentsAreHeard.store(isHeard(comments), std::memory_order_relaxed);
    }

    /*!
        Makes \a event what \a view shows, and emits it. It is the caller's, who outlives the slots,
        and can be used again for the next one.
    */
    void event(Event &event, const EventView &view, const QByteArray &lastEventId)
    {
        if (!m_eventsAreHeard.load(std::memory_order_relaxed))
            return;
        if (m_type != view.type)
            m_type = view.type.toByteArray();
        if (!event.type.isSharedWith(m_type))
            event.type = m_type;
        if (!event.lastEventId.isSharedWith(lastEventId))
            event.lastEventId = lastEventId;
        replaceBytes(event.data, view.data);
        Q_EMIT m_emitter->eventReceived(event);
    }

    void comment(QByteArrayView text)
    {
        if (m_commentsAreHeard.load(std::memory_order_relaxed))
            Q_EMIT m_emitter->commentReceived(text.toByteArray());
    }

private:
    Emitter *const m_emitter;
    QByteArray m_type = QByteArrayLiteral("message");
    std::atomic<bool> m_eventsAreHeard = false;
    std::atomic<bool> m_commentsAreHeard = false;
};

} // namespace Sse
