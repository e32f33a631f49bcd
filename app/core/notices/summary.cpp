// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "summary.h"

#include "alarm.h"
#include "noticeoutbox.h"

#include <utility>

using namespace std::chrono_literals;

namespace {

constexpr std::chrono::milliseconds pace = 1s;

} // namespace

void Summary::addNews(bool withSound)
{
    m_isDue = m_hasNews = true;
    m_sounds = m_sounds || withSound;
}

std::optional<std::chrono::milliseconds> Summary::dueAt() const
{
    return m_isDue ? std::optional(m_next) : std::nullopt;
}

void Summary::judge(const QList<SummaryPart> &parts, bool isSilenced, bool mayHaveSound,
                    const Alarm &clock, NoticeOutbox *outbox)
{
    if (!m_isDue)
        return;
    if (parts.isEmpty()) {
        m_isDue = m_isWrong = m_hasNews = m_sounds = false;
        outbox->withdraw(summaryKey());
        return;
    }
    if (isSilenced) {
        if (std::exchange(m_isWrong, false))
            outbox->withdraw(summaryKey());
        return;
    }
    const std::chrono::milliseconds now = clock.elapsed();
    if (now < m_next)
        return;
    m_isDue = m_isWrong = false;
    m_next = now + pace;
    Notice notice = summaryNotice(parts, clock.now());
    const bool sounds = std::exchange(m_sounds, false);
    const bool hasNews = std::exchange(m_hasNews, false);
    if (!hasNews && outbox->isShown(notice.key)) {
        outbox->correct(notice);
        return;
    }
    if (!hasNews)
        notice.urgency = Notice::Urgency::Low; // it was told before, in another notice
    outbox->request(notice, sounds && mayHaveSound);
}
