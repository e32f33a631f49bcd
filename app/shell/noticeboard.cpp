// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "noticeboard.h"

#include "attention.h"
#include "commands.h"

using namespace std::chrono_literals;

namespace {

constexpr std::chrono::minutes snoozeOfAClick = 1h;

} // namespace

NoticeBoard::NoticeBoard(FeedList *feeds, Attention *attention, Commands *commands, QObject *parent)
    : QObject(parent)
    , m_attention(attention)
    , m_commands(commands)
    , m_notifier(feeds, attention->quiet())
{
    Settings *const settings = attention->settings();
    m_notifier.setChoices(settings->choices());
    connect(settings, &Settings::changed, &m_notifier,
            [this, settings] { m_notifier.setChoices(settings->choices()); });
    connect(&m_notifier, &Notifier::noticeRequested, &m_notifications, &Notifications::show);
    connect(&m_notifier, &Notifier::noticeCorrected, &m_notifications, &Notifications::correct);
    connect(&m_notifier, &Notifier::withdrawn, &m_notifications, &Notifications::withdraw);
    connect(&m_notifications, &Notifications::invoked, this, &NoticeBoard::obey);
    connect(&m_notifications, &Notifications::dismissed, &m_notifier, &Notifier::forget);
    connect(&m_notifications, &Notifications::inhibitedChanged, this,
            [this] { m_notifier.setInhibited(m_notifications.isInhibited()); });
    m_notifier.setInhibited(m_notifications.isInhibited());
}

NoticeBoard::~NoticeBoard()
{
    m_notifications.withdrawAll(); // nobody is left to do what a click on them wants
}

void NoticeBoard::obey(const Notice &notice, Notifications::Action action, const QString &token)
{
    switch (action) {
    case Notifications::Action::Open:
        m_commands->openPage(notice.url, notice.source, token);
        break;
    case Notifications::Action::MarkSeen:
        if (notice.source.isEmpty())
            m_attention->seen()->markAll();
        else
            m_attention->seen()->mark(notice.source);
        break;
    case Notifications::Action::Snooze:
        m_attention->quiet()->snoozeFor(snoozeOfAClick);
        break;
    }
}
