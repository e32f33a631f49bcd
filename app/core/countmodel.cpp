// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "countmodel.h"

#include <QCoreApplication>
#include <QMetaEnum>

#include <algorithm>
#include <limits>

CountModel::CountModel(const QString &name, const QString &title, QObject *parent)
    : QObject(parent)
    , m_name(name)
    , m_title(title)
{}

int CountModel::newCount() const
{
    return m_count ? qMax(*m_count - m_seen, 0) : 0;
}

void CountModel::setStatus(Status status, const QString &detail)
{
    if (status == m_status && detail == m_detail)
        return;
    if (std::exchange(m_status, status) != status)
        m_statusSince = QDateTime::currentDateTime();
    m_detail = detail;
    if (status != Status::Reconnecting && status != Status::Offline)
        m_nextAttempt = {};
    Q_EMIT statusChanged();
}

void CountModel::setNextAttempt(const QDateTime &when)
{
    if (std::exchange(m_nextAttempt, when) != when)
        Q_EMIT nextAttemptChanged();
}

void CountModel::setCount(int count)
{
    count = qMax(count, 0);
    m_updatedAt = QDateTime::currentDateTime();
    if (count == m_count && m_freshness == Freshness::Fresh)
        return;
    m_count = count;
    m_seen = qMin(m_seen, count);
    m_freshness = Freshness::Fresh;
    Q_EMIT countChanged();
}

void CountModel::changeCountBy(int difference)
{
    Q_ASSERT(m_count);
    const auto sum = qint64(*m_count) + difference;
    const auto count = int(std::clamp<qint64>(sum, 0, std::numeric_limits<int>::max()));
    if (count == m_count)
        return;
    m_count = count;
    m_seen = qMin(m_seen, count);
    Q_EMIT countChanged();
}

void CountModel::reportCorrection(int shown)
{
    ++m_corrections;
    Q_EMIT corrected(shown);
}

void CountModel::setStale()
{
    if (m_freshness != Freshness::Fresh)
        return;
    m_freshness = Freshness::Stale;
    Q_EMIT countChanged();
}

void CountModel::setSeen(int seen)
{
    seen = std::clamp(seen, 0, m_count.value_or(std::numeric_limits<int>::max()));
    if (std::exchange(m_seen, seen) != seen)
        Q_EMIT seenChanged();
}

void CountModel::addItem(const Item &item)
{
    if (!item.key.isEmpty())
        m_items.removeIf([&item](const Item &old) { return old.key == item.key; });
    while (m_items.size() >= maximumItems)
        m_items.removeLast();
    m_items.prepend(item);
    Q_EMIT itemAdded(item);
}

void CountModel::removeItem(const QString &key)
{
    if (!key.isEmpty() && m_items.removeIf([&key](const Item &old) { return old.key == key; }) > 0)
        Q_EMIT itemRemoved(key);
}

void CountModel::clearItems()
{
    limitItems(0);
}

void CountModel::limitItems(int count)
{
    QStringList gone;
    while (m_items.size() > qMax(count, 0))
        gone.append(m_items.takeLast().key);
    for (const QString &key : std::as_const(gone))
        Q_EMIT itemRemoved(key);
}

QString statusWord(CountModel::Status status)
{
    const char *const key = QMetaEnum::fromType<CountModel::Status>().valueToKey(int(status));
    QString word = QString::fromLatin1(key);
    word[0] = word.at(0).toLower();
    return word;
}

QString statusText(CountModel::Status status)
{
    const auto tr = [](const char *text) {
        return QCoreApplication::translate("CountModel", text);
    };
    switch (status) {
    case CountModel::Status::Off:
        return tr(QT_TRANSLATE_NOOP("CountModel", "Closed"));
    case CountModel::Status::Paused:
        return tr(QT_TRANSLATE_NOOP("CountModel", "Paused"));
    case CountModel::Status::WaitingForKeyring:
        return tr(QT_TRANSLATE_NOOP("CountModel", "Waiting for the keyring"));
    case CountModel::Status::LoggingIn:
        return tr(QT_TRANSLATE_NOOP("CountModel", "Logging in…"));
    case CountModel::Status::Authorizing:
        return tr(QT_TRANSLATE_NOOP("CountModel", "Checking permissions…"));
    case CountModel::Status::Counting:
        return tr(QT_TRANSLATE_NOOP("CountModel", "Fetching the count…"));
    case CountModel::Status::Connecting:
        return tr(QT_TRANSLATE_NOOP("CountModel", "Connecting…"));
    case CountModel::Status::Live:
        return tr(QT_TRANSLATE_NOOP("CountModel", "Connected"));
    case CountModel::Status::Polling:
        return tr(QT_TRANSLATE_NOOP("CountModel", "Asking now and then"));
    case CountModel::Status::Offline:
        return tr(QT_TRANSLATE_NOOP("CountModel", "No network"));
    case CountModel::Status::Reconnecting:
        return tr(QT_TRANSLATE_NOOP("CountModel", "Not connected, trying again"));
    case CountModel::Status::LoginNeeded:
        return tr(QT_TRANSLATE_NOOP("CountModel", "Login needed"));
    case CountModel::Status::NotPermitted:
        return tr(QT_TRANSLATE_NOOP("CountModel", "Not permitted"));
    case CountModel::Status::Failed:
        return tr(QT_TRANSLATE_NOOP("CountModel", "Failed"));
    }
    Q_UNREACHABLE();
}
