// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "item.h"

#include <QDateTime>
#include <QList>
#include <QObject>
#include <QString>
#include <QUrl>

#include <optional>

/*!
    The state of one source as people see it: the number, whether it may be trusted, and what the
    connection does. Views hold it as const; only the source's Feed calls the setters.

    Nothing is signalled unless something changed.
*/
class CountModel : public QObject
{
    Q_OBJECT

public:
    /*! Where the feed stands; statusWord() names it for programs. */
    enum class Status {
        Off, //!< Not started, or over.
        Paused, //!< Closed by the user.
        WaitingForKeyring, //!< The keyring is locked; goes on when it opens.
        LoggingIn,
        Authorizing, //!< Asks for the permissions.
        Counting, //!< Fetches the first count.
        Connecting, //!< Opens the stream.
        Live, //!< The stream is open.
        Polling, //!< Asks for the count now and then; detail() says why there is no stream.
        Reconnecting, //!< Lost or unreachable; tries again by itself.
        Offline, //!< This computer has no network; goes on when it has.
        LoginNeeded, //!< The server refused the secrets, or there are none. Asks the user to act.
        NotPermitted, //!< A permission is missing; detail() names it.
        Failed, //!< Final until the user acts; detail() says why.
    };
    Q_ENUM(Status)

    enum class Freshness {
        Unknown, //!< No number is known yet. Never drawn as 0.
        Fresh, //!< The server's number, as far as we can know.
        Stale, //!< The last number known; it may have changed since.
    };
    Q_ENUM(Freshness)

    /*! \a name is the source file's, without suffix; \a title is shown to people. */
    CountModel(const QString &name, const QString &title, QObject *parent = nullptr);

    [[nodiscard]] QString name() const { return m_name; }
    [[nodiscard]] QString title() const { return m_title; }
    /*! What a click opens; may be empty. */
    [[nodiscard]] QUrl homepage() const { return m_homepage; }

    [[nodiscard]] Status status() const { return m_status; }
    /*! A sentence; empty while all is well. */
    [[nodiscard]] QString detail() const { return m_detail; }

    /*! When status() became what it is. */
    [[nodiscard]] QDateTime statusSince() const { return m_statusSince; }
    /*! While it is not connected: when it will try again by itself; invalid where that is not known. */
    [[nodiscard]] QDateTime nextAttempt() const { return m_nextAttempt; }

    [[nodiscard]] std::optional<int> count() const { return m_count; } //!< At least 0.
    [[nodiscard]] Freshness freshness() const { return m_freshness; }
    [[nodiscard]] QDateTime updatedAt() const { return m_updatedAt; } //!< When it last was fresh.

    /*! How often a check found another number than was shown: how well the server pushes. */
    [[nodiscard]] int corrections() const { return m_corrections; }

    /*! The count that the user has acknowledged; never more than the count, once that is known. */
    [[nodiscard]] int seen() const { return m_seen; }
    /*! The part of the count above what the user has seen. 0 while unknown. */
    [[nodiscard]] int newCount() const;

    /*! What events told of the things that wait, newest first; at most maximumItems of them. */
    [[nodiscard]] const QList<Item> &items() const { return m_items; }
    static constexpr qsizetype maximumItems = 20;

    // For whoever runs the source.
    void setTitle(const QString &title) { m_title = title; }
    void setHomepage(const QUrl &homepage) { m_homepage = homepage; }
    void setStatus(Status status, const QString &detail = {});
    void setNextAttempt(const QDateTime &when); //!< Forgotten once it is connected, or given up.
    void setCount(int count); //!< Makes it fresh. Less than 0 counts as 0.
    void changeCountBy(int difference); //!< Of a known count; it stays as fresh as it is.
    /*! A check of the server's found another number than \a shown, which nothing had told us. */
    void reportCorrection(int shown);
    void setStale(); //!< An unknown count stays unknown.
    void setSeen(int seen); //!< At least 0; no more than the count, where that is known.
    /*! Takes the place of one with the same key, unless that is empty. */
    void addItem(const Item &item);
    void removeItem(const QString &key); //!< It does not wait any more.
    void clearItems(); //!< Nothing waits any more.
    /*! No more than \a count wait: those that are there longest are not there any more. */
    void limitItems(int count);
    void reportOpened() { Q_EMIT opened(); }
    void reportClosed() { Q_EMIT closed(); }

Q_SIGNALS:
    /*! corrections() grew: \a shown was not what the server has. */
    void corrected(int shown);
    /*! The number or its freshness changed. */
    void countChanged();
    /*! seen() changed by the user's doing; where it falls with the count, countChanged() tells. */
    void seenChanged();
    /*! \a item is the newest of items() now. */
    void itemAdded(const Item &item);
    /*! One that was in items() does not wait any more; those that only grew too old are not told. */
    void itemRemoved(const QString &key);
    /*! The status or its detail changed. */
    void statusChanged();
    /*! nextAttempt() is known, or another one. */
    void nextAttemptChanged();
    /*! The stream is open. Once for each connection. */
    void opened();
    /*! The stream that was open is not any more. Pairs with opened(). */
    void closed();

private:
    const QString m_name;
    QString m_title;
    QUrl m_homepage;
    QString m_detail;
    QDateTime m_updatedAt;
    QDateTime m_statusSince = QDateTime::currentDateTime();
    QDateTime m_nextAttempt;
    QList<Item> m_items;
    std::optional<int> m_count;
    int m_seen = 0;
    int m_corrections = 0;
    Status m_status = Status::Off;
    Freshness m_freshness = Freshness::Unknown;
};

/*! The word that programs read: "live", "loginNeeded", … (DESIGN: --headless). */
[[nodiscard]] QString statusWord(CountModel::Status status);

/*! The words that people read: "Connected", "Login needed", … */
[[nodiscard]] QString statusText(CountModel::Status status);
