// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "noticewording.h"

#include <QList>

#include <chrono>
#include <optional>

class Alarm;
class NoticeOutbox;

/*!
    The one notice that tells of all that came in a storm or a silence: when it is told, and how. What
    of each source is in it, the caller knows.
*/
class Summary
{
public:
    // What is in it is another than it tells, because of:
    void addNews(bool withSound);
    void takeOver() { m_isDue = true; } //!< What another notice has told already.
    void shrink() { m_isDue = m_isWrong = true; } //!< What waits no more.

    /*! Not before then, by the clock's elapsed(); none while it tells what is in it. */
    [[nodiscard]] std::optional<std::chrono::milliseconds> dueAt() const;

    /*! Tells \a parts, if it is time to; while silenced it is only withdrawn, if it is wrong. */
    void judge(const QList<SummaryPart> &parts, bool isSilenced, bool mayHaveSound,
               const Alarm &clock, NoticeOutbox *outbox);

private:
    std::chrono::milliseconds m_next{0}; // not before
    bool m_isDue = false;
    bool m_isWrong = false;
    bool m_hasNews = false; // since it was told last
    bool m_sounds = false; // when it is told next
};
