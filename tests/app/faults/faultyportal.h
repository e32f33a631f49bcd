// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "cable.h"
#include "core/feed/feed.h"
#include "core/feedlist.h"
#include "core/journal.h"
#include "core/notices/quiet.h"
#include "core/secrets/secretstore.h"
#include "core/seen/seenmark.h"
#include "core/settings.h"
#include "pulse.h"
#include "ui/tray/trayview.h"
#include <sselib/testkit/sseserver.h>

#include <QElapsedTimer>
#include <QHash>
#include <QSet>
#include <QTimer>

#include <functional>
#include <optional>

/*!
    A portal whose number the test knows, a cable to it that can fail, a feed behind the cable, and
    the face that the tray has of it, which is judged at every change.

    The icon lies when it shows a number as the server's that is not: one that never was, or one that
    was, for longer than the source's own time to notice that a stream is dead.
*/
class FaultyPortal : public QObject
{
    Q_OBJECT

public:
    /*! \a pulse and \a prompter are not owned. \a change makes another source of it. */
    explicit FaultyPortal(Pulse *pulse, const std::function<void(Source &)> &change = {},
                          Prompter *prompter = nullptr);
    ~FaultyPortal() override;

    /*! What may be wrong with the server. */
    enum class Trouble {
        None,
        StreamIsBadGateway, //!< 502
        SnapshotIsBadGateway,
        StreamIsNoStream, //!< 200 with JSON
        LoginIsRefused,
    };
    void setTrouble(Trouble trouble) { m_trouble = trouble; }
    /*! Answers \a login with a token that is good. */
    void grant(Harness::Exchange *login);
    /*! No token that was given is good any more. */
    void revokeTokens() { m_tokens.clear(); }
    /*! The server has \a number from now on, and tells it on all streams. */
    void setNumber(int number);
    /*! An event with a number that never is begins on all streams, and must never end. */
    void beginEvent();
    /*! All streams end in good order. */
    void endStreams();

    [[nodiscard]] int number() const { return m_number; }
    [[nodiscard]] Harness::Cable *cable() { return &m_cable; }
    [[nodiscard]] Harness::SseServer *server() { return &m_server; }
    [[nodiscard]] const CountModel *model() const { return m_model; }
    [[nodiscard]] Feed *feed() { return &*m_feed; }
    [[nodiscard]] const FeedList::Summary &summary() const { return m_feeds.summary(); }

    /*! An icon of this moment shows a number, and that it is the server's now. The tray may be a
        moment behind: it changes four times a second at most. */
    [[nodiscard]] bool showsALiveNumber() const;
    /*! The icon is what it should be while all is well, and so is what the tray has. */
    [[nodiscard]] bool isRight() const;
    /*! showsALiveNumber() was false at some time since expectTrouble(). */
    [[nodiscard]] bool hasShownTrouble() const { return m_hasShownTrouble; }
    void expectTrouble() { m_hasShownTrouble = !showsALiveNumber(); }
    /*! From now on the icon may ask its user to act. */
    void allowLoginNeeded(bool isAllowed) { m_mayAsk = isAllowed; }

    /*! Judges what is shown now. */
    void judge();
    /*! What was wrong with the icon, in sentences. */
    [[nodiscard]] QStringList lies() const { return m_lies; }
    /*! The longest time that a number was shown which was not the server's any more. */
    [[nodiscard]] std::chrono::milliseconds longestLag() const { return m_longestLag; }
    /*! How many icons were judged. */
    [[nodiscard]] int judgements() const { return m_judgements; }
    [[nodiscard]] QString describe() const;

Q_SIGNALS:
    /*! An icon of this moment may be another one. */
    void computed();
    /*! The tray has another one. */
    void shown();

private:
    using Span = std::chrono::milliseconds;

    void serve();
    [[nodiscard]] bool isKnown(const Harness::Exchange *exchange) const;
    void writeToAll(const QByteArray &text);
    void compute();
    void show();
    void accuse(const QString &what);

    Pulse *const m_pulse;
    Harness::SseServer m_server;
    Harness::Cable m_cable;
    KnownSecrets m_secrets;
    FeedList m_feeds;
    CountModel *const m_model;
    Journal m_journal{&m_feeds};
    Settings m_settings;
    Quiet m_quiet;
    SeenMark m_seen{&m_feeds};
    TrayView m_tray{{&m_feeds, &m_journal, &m_settings, &m_quiet, &m_seen}};
    QTimer m_keepAlive;
    QSet<QByteArray> m_tokens;
    QHash<int, Span> m_ceased; // when a number was not the server's any more
    std::optional<int> m_shown; // in the tray, as live
    bool m_isPolled = false; // what is shown
    QStringList m_lies;
    Span m_longestLag{0};
    int m_number = 1;
    int m_logins = 0;
    int m_judgements = 0;
    bool m_mayAsk = false;
    bool m_hasShownTrouble = false;
    Trouble m_trouble = Trouble::None;
    std::optional<Feed> m_feed; // the first to go
};
