// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "noticeledger.h"

#include <QMap>

#include <algorithm>
#include <iterator>
#include <utility>

void NoticeLedger::show(const Notice &notice, bool withSound)
{
    // More than surplus() allows are only there when a service takes what it never answers.
    if (m_entries.size() >= 2 * maximum && !m_entries.contains(notice.key))
        return;
    Entry &entry = m_entries[notice.key];
    entry.age = ++m_age;
    entry.next = Wish{notice, withSound};
    entry.isUnwanted = false;
}

void NoticeLedger::correct(const Notice &notice)
{
    const auto entry = m_entries.find(notice.key);
    if (entry == m_entries.end() || entry->isUnwanted)
        return;
    if (entry->next && !entry->next->isCorrection) {
        // Nobody has seen it yet, so that it is as much news as before.
        const Notice::Urgency urgency = entry->next->notice.urgency;
        entry->next->notice = notice;
        entry->next->notice.urgency = urgency;
    } else if (entry->id != 0 || entry->sent) {
        entry->next = Wish{notice, false, true};
    }
}

uint NoticeLedger::withdraw(const QString &key)
{
    const auto entry = m_entries.find(key);
    if (entry == m_entries.end())
        return 0;
    if (entry->sent) {
        entry->next.reset();
        entry->isUnwanted = true;
        return 0;
    }
    const uint id = entry->id;
    m_entries.erase(entry);
    return id;
}

QString NoticeLedger::surplus() const
{
    if (m_entries.size() <= maximum)
        return {};
    auto oldest = m_entries.cbegin();
    for (auto entry = m_entries.cbegin(); entry != m_entries.cend(); ++entry) {
        if (!entry->isUnwanted && (oldest->isUnwanted || entry->age < oldest->age))
            oldest = entry;
    }
    return oldest.key();
}

QStringList NoticeLedger::waiting() const
{
    QMap<quint64, QString> waiting;
    for (auto entry = m_entries.cbegin(); entry != m_entries.cend(); ++entry) {
        if (entry->next && !entry->sent)
            waiting.insert(entry->age, entry.key());
    }
    return waiting.values();
}

NoticeLedger::Letter NoticeLedger::send(const QString &key)
{
    Entry &entry = m_entries[key];
    entry.sent = std::exchange(entry.next, std::nullopt);
    return {*entry.sent, entry.id};
}

uint NoticeLedger::takeAnswer(const QString &key, std::optional<uint> id)
{
    const auto entry = m_entries.find(key);
    if (entry == m_entries.end() || !entry->sent)
        return 0;
    // After an error what was to be replaced stays: Plasma refuses what it was told a moment ago.
    const Wish sent = *std::exchange(entry->sent, std::nullopt);
    if (id) {
        entry->id = *id;
        entry->shown = sent.notice;
    }
    if (entry->isUnwanted) {
        const uint unwanted = entry->id;
        m_entries.erase(entry);
        return unwanted;
    }
    if (entry->id == 0 && entry->next && entry->next->isCorrection)
        entry->next.reset();
    if (entry->id == 0 && !entry->next)
        m_entries.erase(entry);
    return 0;
}

void NoticeLedger::keepToken(uint id, const QString &token)
{
    if (const auto entry = find(id); entry != m_entries.end())
        entry->token = token;
}

std::optional<NoticeLedger::Deed> NoticeLedger::act(uint id)
{
    const auto entry = find(id);
    if (entry == m_entries.end())
        return {};
    Deed deed{entry->shown, std::exchange(entry->token, {})};
    if (entry->sent) {
        // News that comes in its place is to be seen; what only corrects it goes with it.
        entry->isUnwanted =
            entry->isUnwanted || (entry->sent->isCorrection && !entry->next.has_value());
        deed.isGone = entry->isUnwanted;
        return deed;
    }
    deed.closed = std::exchange(entry->id, 0);
    deed.isGone = !entry->next || entry->next->isCorrection;
    if (deed.isGone)
        m_entries.erase(entry);
    return deed;
}

QString NoticeLedger::close(uint id)
{
    const auto entry = find(id);
    if (entry == m_entries.end())
        return {};
    entry->id = 0;
    entry->token.clear();
    QString key = entry.key(); // which goes with it
    if (entry->sent) {
        if (entry->sent->isCorrection && !entry->next)
            entry->isUnwanted = true;
        return entry->isUnwanted ? key : QString();
    }
    if (entry->next && !entry->next->isCorrection)
        return {};
    m_entries.erase(entry);
    return key;
}

void NoticeLedger::forgetIds()
{
    for (auto entry = m_entries.begin(); entry != m_entries.end();) {
        entry->id = 0;
        entry->sent.reset();
        entry->token.clear();
        const bool waits = entry->next && !entry->next->isCorrection;
        entry = waits ? std::next(entry) : m_entries.erase(entry);
    }
}

QHash<QString, NoticeLedger::Entry>::iterator NoticeLedger::find(uint id)
{
    if (id == 0)
        return m_entries.end();
    return std::find_if(m_entries.begin(), m_entries.end(),
                        [id](const Entry &entry) { return entry.id == id; });
}
