// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "noticeoutbox.h"

#include <utility>

void NoticeOutbox::request(const Notice &notice, bool withSound)
{
    if (shows(notice))
        return;
    m_shown.insert(notice.key, notice);
    m_letters.append({Kind::Request, notice, withSound});
}

void NoticeOutbox::correct(Notice notice)
{
    if (!isShown(notice.key) || shows(notice))
        return;
    notice.urgency = Notice::Urgency::Low;
    m_shown.insert(notice.key, notice);
    m_letters.append({Kind::Correction, notice});
}

void NoticeOutbox::withdraw(const QString &key)
{
    if (m_shown.remove(key) == 0)
        return;
    Notice notice;
    notice.key = key;
    m_letters.append({Kind::Withdrawal, notice});
}

bool NoticeOutbox::shows(Notice notice) const
{
    const auto shown = m_shown.constFind(notice.key);
    if (shown == m_shown.cend())
        return false;
    notice.urgency = shown->urgency;
    return notice == *shown;
}

QList<NoticeOutbox::Letter> NoticeOutbox::take()
{
    return std::exchange(m_letters, {});
}
