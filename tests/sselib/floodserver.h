// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QByteArray>
#include <QUrl>

#include <atomic>
#include <thread>

/*!
    Sends one block again and again, as fast as the receiver's window lets it, from a thread of its
    own that buffers nothing: what the test program's memory grows by is the client's.
*/
class FloodServer
{
public:
    /*! Sends \a head, from begin() on \a block \a count times, then \a tail, and closes. */
    FloodServer(const QByteArray &head, const QByteArray &block, qint64 count,
                const QByteArray &tail);
    ~FloodServer();

    [[nodiscard]] QUrl url() const;
    void begin() { m_begins = true; }
    /*! Bytes that the kernel took so far. */
    [[nodiscard]] qint64 sent() const { return m_sent; }
    /*! The kernel has taken nothing for this long by now, in ms; 0 before begin() and at the end. */
    [[nodiscard]] qint64 stalledFor() const;

private:
    void serve();
    [[nodiscard]] bool send(int socket, QByteArrayView bytes);

    const QByteArray m_head;
    const QByteArray m_block;
    const qint64 m_count;
    const QByteArray m_tail;
    int m_listener = -1;
    quint16 m_port = 0;
    std::atomic<bool> m_begins = false;
    std::atomic<bool> m_ends = false;
    std::atomic<qint64> m_sent = 0;
    std::atomic<qint64> m_lastProgress = 0; // when, in ms of the steady clock; 0: not sending
    std::thread m_thread;
};
