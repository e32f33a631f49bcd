// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "watchedportal.h"

#include <QJsonDocument>

using namespace Qt::Literals;

WatchedPortal::WatchedPortal(QObject *parent)
    : QObject(parent)
{
    connect(&m_ssekit, &Harness::SsekitProcess::lineReceived, this, &WatchedPortal::read);
}

bool WatchedPortal::start(const QStringList &options, const QElapsedTimer *clock)
{
    m_clock = clock;
    if (!m_isRunning)
        m_isRunning = m_ssekit.serve(QStringList{u"portal"_s, u"--log=-"_s} + options);
    return m_isRunning;
}

void WatchedPortal::beginRound()
{
    m_lines.clear();
    m_sessions.clear();
    m_strangers = 0;
}

void WatchedPortal::read(const QByteArray &line)
{
    m_lines.append(line);
    const QJsonObject fact = QJsonDocument::fromJson(line).object();
    const QString session = fact[u"session"].toString();
    if (fact[u"type"] == "login"_L1)
        m_sessions.insert(session, {});
    if (m_sessions.contains(session))
        m_sessions[session].add(fact, std::chrono::milliseconds(m_clock->elapsed()));
    else if (fact[u"type"] == "close request"_L1)
        ++m_strangers;
    Q_EMIT factSeen(fact);
}
