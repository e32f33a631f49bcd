// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QDeadlineTimer>
#include <QHash>
#include <QObject>

#include <chrono>

/*! One login at the portal, until its close request or its hour is over. */
class Session : public QObject
{
    Q_OBJECT

public:
    static constexpr std::chrono::seconds lifetime = std::chrono::hours(1);

    Session(const QString &id, QObject *parent);

    [[nodiscard]] QString id() const { return m_id; } //!< "s1", "s2", …: for the log. No secret.
    [[nodiscard]] bool isClosed() const { return m_isClosed; }
    [[nodiscard]] bool isExpired() const { return m_expiry.hasExpired(); }

    void close();

Q_SIGNALS:
    void closed();

private:
    const QString m_id;
    const QDeadlineTimer m_expiry;
    bool m_isClosed = false;
};

/*! The sessions of the portal by their tokens. */
class SessionList : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    /*! Makes a session and returns its token, which cannot be guessed. */
    [[nodiscard]] QByteArray open();
    /*!
        The session of an `Authorization: Bearer TOKEN`, also a closed one; nullptr when there is
       none or it has expired.
    */
    [[nodiscard]] Session *find(const QByteArray &authorization) const;

private:
    QHash<QByteArray, Session *> m_sessions;
    int m_opened = 0;
};
