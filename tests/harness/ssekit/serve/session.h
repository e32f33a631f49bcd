// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QDeadlineTimer>
#include <QHash>
#include <QObject>

#include <chrono>

/*! One login at the portal, until its close request or until none of its tokens is good any more. */
class Session : public QObject
{
    Q_OBJECT

public:
    Session(const QString &id, QObject *parent);

    [[nodiscard]] QString id() const { return m_id; } //!< "s1", "s2", …: for the log. No secret.
    [[nodiscard]] bool isClosed() const { return m_isClosed; }

    void close();

Q_SIGNALS:
    void closed();
    /*! Its streams are to break off, as if the network did it. */
    void cutWanted();

private:
    const QString m_id;
    bool m_isClosed = false;
};

/*! What an `Authorization` is worth. */
struct Credential
{
    enum class Standing {
        Unknown, //!< There is no session.
        Current,
        Superseded, //!< There is a newer token; this one is good for a moment yet.
        Ended, //!< Its time is over.
    };

    Session *session = nullptr;
    Standing standing = Standing::Unknown;

    [[nodiscard]] bool isGood() const
    {
        return standing == Standing::Current || standing == Standing::Superseded;
    }
    [[nodiscard]] QString word() const; //!< "current", "superseded", "ended", "unknown".
};

/*! The sessions of the portal by their tokens. */
class SessionList : public QObject
{
    Q_OBJECT

public:
    /*! How long a token stays good after a newer one was given. */
    static constexpr std::chrono::seconds overlap{5};

    /*! A token is good for \a lifetime. */
    explicit SessionList(std::chrono::milliseconds lifetime, QObject *parent = nullptr);

    /*! Makes a session and returns its token, which cannot be guessed. */
    [[nodiscard]] QByteArray open();
    /*! Returns another token for \a session; the one before is superseded. */
    [[nodiscard]] QByteArray renew(Session *session);
    /*! Whose an `Authorization: Bearer TOKEN` is; also of a closed session. */
    [[nodiscard]] Credential find(const QByteArray &authorization) const;
    /*! An open session by its id; nullptr where there is none. */
    [[nodiscard]] Session *withId(const QString &id) const;

private:
    struct Entry
    {
        Session *session;
        QDeadlineTimer expiry;
        bool isCurrent;
    };

    [[nodiscard]] QByteArray giveToken(Session *session);
    void forgetOld();

    const std::chrono::milliseconds m_lifetime;
    QHash<QByteArray, Entry> m_tokens;
    int m_opened = 0;
};
