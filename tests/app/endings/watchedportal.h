// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sessionrecord.h"

#include "harness/ssekitprocess.h"

#include <QElapsedTimer>
#include <QMap>

/*! A portal, and the record of each of its sessions. One serves many rounds, one after the other. */
class WatchedPortal : public QObject
{
    Q_OBJECT

public:
    explicit WatchedPortal(QObject *parent = nullptr);

    /*! Starts it, unless it runs. \a clock gives the times, and outlives the portal. */
    [[nodiscard]] bool start(const QStringList &options, const QElapsedTimer *clock);
    [[nodiscard]] QUrl url(const QByteArray &path = {}) const { return m_ssekit.url(path); }

    /*! What comes from now on belongs to another round. */
    void beginRound();
    /*! The sessions that were opened in this round, by their ids. */
    [[nodiscard]] const QMap<QString, SessionRecord> &sessions() const { return m_sessions; }
    /*! Those close requests of this round that belong to none of its sessions. */
    [[nodiscard]] int strangers() const { return m_strangers; }
    /*! What the log said in this round. */
    [[nodiscard]] QByteArray lines() const { return m_lines.join('\n'); }

Q_SIGNALS:
    void factSeen(const QJsonObject &fact);

private:
    void read(const QByteArray &line);

    Harness::SsekitProcess m_ssekit;
    const QElapsedTimer *m_clock = nullptr;
    QByteArrayList m_lines;
    QMap<QString, SessionRecord> m_sessions;
    int m_strangers = 0;
    bool m_isRunning = false;
};
