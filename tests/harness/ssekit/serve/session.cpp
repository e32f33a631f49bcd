// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "serve/session.h"

#include <QRandomGenerator>

#include <array>

Session::Session(const QString &id, QObject *parent)
    : QObject(parent)
    , m_id(id)
    , m_expiry(lifetime)
{}

void Session::close()
{
    if (m_isClosed)
        return;
    m_isClosed = true;
    Q_EMIT closed();
}

QByteArray SessionList::open()
{
    m_sessions.removeIf([](const std::pair<const QByteArray &, Session *&> &entry) {
        if (entry.second->isExpired())
            entry.second->deleteLater();
        return entry.second->isExpired();
    });
    std::array<quint32, 4> random;
    QRandomGenerator::system()->generate(random.begin(), random.end());
    const QByteArray token =
        QByteArray::fromRawData(reinterpret_cast<const char *>(random.data()), sizeof random)
            .toHex();
    m_sessions.insert(token, new Session(QLatin1Char('s') + QString::number(++m_opened), this));
    return token;
}

Session *SessionList::find(const QByteArray &authorization) const
{
    const qsizetype blank = authorization.indexOf(' ');
    if (blank < 0 || authorization.left(blank).compare("bearer", Qt::CaseInsensitive) != 0)
        return nullptr;
    Session *const session = m_sessions.value(authorization.mid(blank).trimmed());
    return session && !session->isExpired() ? session : nullptr;
}
