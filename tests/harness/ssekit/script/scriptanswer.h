// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <sselib/testkit/exchange.h>

#include <chrono>
#include <memory>

class Gzip;

/*! The answer that a script gives: its head, and its body as it leaves. */
class ScriptAnswer
{
public:
    explicit ScriptAnswer(Harness::Exchange *exchange);
    ~ScriptAnswer();

    // Of the head, while it has not left.

    /*! Without a \a phrase, the one that belongs to \a status. */
    void setStatus(int status, const QByteArray &phrase);
    void addHeader(const QByteArray &name, const QByteArray &value);
    /*! In place of others of this name. */
    void setHeader(const QByteArray &name, const QByteArray &value);
    /*! Leaves out a header that would be added by itself. */
    void omitHeader(const QByteArray &name) { m_omitted.append(name); }
    void useHttp10() { m_isHttp10 = true; }

    /*! Once; what comes later does nothing. */
    void sendHead();

    // Of the body.

    /*! Compresses from now on. */
    void compress(bool flushes);
    /*! Cuts what send() is given from now on; 0: not. */
    void setSlices(qsizetype size, std::chrono::milliseconds pause);
    /*! Sends the head where that has not left, and \a bytes, or keeps them for sendSlice(). */
    void send(const QByteArray &bytes);
    [[nodiscard]] bool hasSlices() const { return !m_slices.isEmpty(); }
    /*! Sends the next slice; how long to wait then. */
    [[nodiscard]] std::chrono::milliseconds sendSlice();
    void dropSlices() { m_slices.clear(); }

    /*! The end in good order. */
    void end();

private:
    void sendBody(const QByteArray &bytes);

    Harness::Exchange *const m_exchange;
    Harness::Headers m_headers;
    QList<QByteArray> m_omitted;
    QByteArray m_phrase; // of our own
    QByteArray m_slices; // still to be sent, piece by piece
    std::unique_ptr<Gzip> m_gzip;
    std::chrono::milliseconds m_slicePause{0};
    qsizetype m_sliceSize = 0; // 0: whole
    int m_status = 200;
    bool m_flushes = true;
    bool m_isHttp10 = false;
    bool m_headIsSent = false;
};
