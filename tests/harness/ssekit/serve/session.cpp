// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "serve/session.h"

#include <QRandomGenerator>
#include <QSet>

#include <array>

using namespace Qt::Literals;
using namespace std::chrono_literals;

namespace {

constexpr qint64 memoryMs =
    60 * 60 * 1000; // of tokens whose time is over: the log names their session

} // namespace

Session::Session(const QString &id, QObject *parent)
    : QObject(parent)
    , m_id(id)
{}

void Session::close()
{
    if (m_isClosed)
        return;
    m_isClosed = true;
    Q_EMIT closed();
}

QString Credential::word() const
{
    switch (standing) {
    case Standing::Unknown:
        return u"unknown"_s;
    case Standing::Current:
        return u"current"_s;
    case Standing::Superseded:
        return u"superseded"_s;
    case Standing::Ended:
        return u"ended"_s;
    }
    Q_UNREACHABLE();
}

SessionList::SessionList(std::chrono::milliseconds lifetime, QObject *parent)
    : QObject(parent)
    , m_lifetime(lifetime)
{}

QByteArray SessionList::open()
{
    forgetOld();
    return giveToken(new Session(QLatin1Char('s') + QString::number(++m_opened), this));
}

QByteArray SessionList::renew(Session *session)
{
    for (Entry &entry : m_tokens) {
        if (entry.session == session && entry.isCurrent) {
            entry.isCurrent = false;
            entry.expiry = std::min(entry.expiry, QDeadlineTimer(overlap));
        }
    }
    return giveToken(session);
}

QByteArray SessionList::giveToken(Session *session)
{
    std::array<quint32, 4> random;
    QRandomGenerator::system()->generate(random.begin(), random.end());
    const QByteArray token =
        QByteArray::fromRawData(reinterpret_cast<const char *>(random.data()), sizeof random)
            .toHex();
    m_tokens.insert(token, {session, QDeadlineTimer(m_lifetime), true});
    return token;
}

void SessionList::forgetOld()
{
    QSet<Session *> known;
    QSet<Session *> forgotten;
    m_tokens.removeIf([&](const std::pair<const QByteArray &, Entry &> &token) {
        const Entry &entry = token.second;
        const bool isOld = entry.expiry + memoryMs < QDeadlineTimer::current();
        (isOld ? forgotten : known).insert(entry.session);
        return isOld;
    });
    forgotten.subtract(known);
    for (Session *const session : std::as_const(forgotten))
        session->deleteLater();
}

Credential SessionList::find(const QByteArray &authorization) const
{
    const qsizetype blank = authorization.indexOf(' ');
    if (blank < 0 || authorization.left(blank).compare("bearer", Qt::CaseInsensitive) != 0)
        return {};
    const auto found = m_tokens.constFind(authorization.mid(blank).trimmed());
    if (found == m_tokens.constEnd())
        return {};
    using Standing = Credential::Standing;
    const Standing good = found->isCurrent ? Standing::Current : Standing::Superseded;
    return {found->session, found->expiry.hasExpired() ? Standing::Ended : good};
}

Session *SessionList::withId(const QString &id) const
{
    for (const Entry &entry : m_tokens) {
        if (entry.session->id() == id && !entry.session->isClosed())
            return entry.session;
    }
    return nullptr;
}
