// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "cadence.h"
#include "core/source/source.h"
#include "haste.h"
#include "requesttemplate.h"
#include "steprunner.h"

#include <sselib/eventsource.h>

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

class Session;

/*!
    The event stream of a source as its description wants it: asked for with the variables of the
    moment, continued from the last event, and judged when it fails. What is normal life of a
    stream, an end at the expected age for instance, is not heard of.
*/
class StreamLink : public QObject
{
    Q_OBJECT

public:
    /*! \a session is not owned and must outlive it. */
    StreamLink(const Source &source, Session *session, QObject *parent = nullptr);

    /*! For tests: \a clock outlives the link. Only while it is closed. */
    void setClock(Sse::Clock *clock) { m_stream.setClock(clock); }

    void open();
    void close();

    /*! Opens the stream anew, as an event asked for: at once, unless it is younger than 5 s. */
    void reopen();

    /*!
        Opens the stream anew at once, where it was; and where that fails because nothing answers,
        again soon. For when the network may be another one by now; while it is closed.
    */
    void openInHaste();

    /*! Forgets where the stream was: the next one begins anew. */
    void forgetPosition();

    [[nodiscard]] bool isOpen() const { return m_isOpen; }

    /*! It was asked for after the last renewal of the token. */
    [[nodiscard]] bool hasNewestToken() const;

Q_SIGNALS:
    /*! What failed is tried again by itself, \a delay from now. */
    void retryScheduled(std::chrono::milliseconds delay);
    /*! The stream is open, or one was opened in place of another without anybody noticing. */
    void opened(bool isNews);
    /*! The stream that was open is not any more. Pairs with opened(true). */
    void closed();
    /*! Not open; comes back by itself. \a sentence is empty where nothing went wrong. */
    void lost(const QString &sentence, bool isOffline);
    /*! Not open, and not again by itself. */
    void refused(const StepOutcome &outcome);
    /*! The server has the request and nothing comes back: closed, for it looks like a proxy's work. */
    void heldBack(const QString &sentence);
    void eventReceived(const Sse::Event &event);
    void commentReceived(const QByteArray &text);

private:
    void configure();
    void startStream();
    void request(const Sse::EventSource::Proceed &proceed);
    void sendRequest(const Sse::EventSource::Proceed &proceed);
    [[nodiscard]] RenderedRequest render() const;
    void noteAddress(const RenderedRequest &rendered);
    void notePosition(const Sse::Event &event);
    void streamOpened();
    void streamClosed();
    void streamFailed();
    void reportClosed();
    void giveUpAsHeldBack();
    void refuse(StepOutcome::Kind kind, const QString &sentence);
    [[nodiscard]] bool isWebPage() const;
    [[nodiscard]] std::optional<StepOutcome::Kind> kindOfAnswer() const;
    [[nodiscard]] bool isNormalEnd() const;
    [[nodiscard]] QString sentence() const;

    const Source m_source;
    Session *const m_session;
    Sse::EventSource m_stream;
    Cadence m_cadence;
    Haste m_haste;
    QTimer m_hasty; // brings the next attempt forward
    QElapsedTimer m_age; // of the open stream
    QTimer m_firstByte;
    QTimer m_patience; // for a stream that takes the place of one which ended as expected
    QTimer m_reopen; // that an event asked for
    QString m_position; // that resumeFrom found
    QString m_token; // it was asked for with
    QString m_address; // as the stream's own sentences show it, secrets in its path included
    QString m_place; // as people and logs may see it
    bool m_isOpen = false; // as far as anybody was told
    bool m_wasOpen = false; // since open()
};
