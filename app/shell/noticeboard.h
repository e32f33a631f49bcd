// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/notices/notifier.h"
#include "desktop/notices/notifications.h"

#include <QObject>

class Attention;
class Commands;
class FeedList;

/*!
    Hangs up the notices of the Notifier at the desktop's notification service, and has the user's
    clicks on them done. It decides nothing.
*/
class NoticeBoard : public QObject
{
    Q_OBJECT

public:
    /*! None is owned; all must outlive it. */
    NoticeBoard(FeedList *feeds, Attention *attention, Commands *commands,
                QObject *parent = nullptr);
    ~NoticeBoard() override;

private:
    void obey(const Notice &notice, Notifications::Action action, const QString &token);

    Attention *const m_attention;
    Commands *const m_commands;
    Notifier m_notifier;
    Notifications m_notifications;
};
