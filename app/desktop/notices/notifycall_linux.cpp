// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "notifycall_p.h"

#include "core/plaintext.h"
#include "notificationservice_p.h"

#include <QStringList>
#include <QVariantMap>

using namespace Qt::Literals;

namespace {

constexpr auto openAction = "default"_L1;
constexpr auto seenAction = "mark-seen"_L1;
constexpr auto snoozeAction = "snooze"_L1;

constexpr qsizetype maxTitle = 120;
constexpr qsizetype maxSource = 60;
constexpr qsizetype maxBody = 400;
constexpr qsizetype maxBodyLines = 6;

constexpr int neverExpires = 0;
constexpr int expiresAsUsual = -1;

uchar urgencyOf(const Notice &notice)
{
    switch (notice.urgency) {
    case Notice::Urgency::Low:
        return 0;
    case Notice::Urgency::Normal:
        break;
    case Notice::Urgency::Critical:
        return 2;
    }
    return 1;
}

QVariantMap hintsFor(const Notice &notice, bool withSound, const NotificationServer &server)
{
    QVariantMap hints{
        {u"desktop-entry"_s, QString::fromLatin1(TALLYBELL_ID)},
        {u"urgency"_s, QVariant::fromValue(urgencyOf(notice))},
        {u"category"_s, notice.canBeSeen ? u"im.received"_s : u"network.error"_s},
    };
    if (withSound)
        hints.insert(u"sound-name"_s, u"message-new-instant"_s);
    else
        hints.insert(u"suppress-sound"_s, true);
    // Else Plasma takes the actions away from what it keeps in its history. We close it ourselves.
    if (server.can("actions"_L1) && server.can("persistence"_L1))
        hints.insert(u"resident"_s, true);
    return hints;
}

QStringList actionsFor(const Notice &notice, const NotificationServer &server)
{
    // Notify OSD, which has no actions, shows a dialog in the middle of the screen for whoever
    // sends some, or wants to be shown for ever.
    if (!server.can("actions"_L1))
        return {};
    QStringList actions{openAction, Notifications::tr("Open")};
    if (notice.canBeSeen) {
        actions << seenAction << Notifications::tr("Mark seen") << snoozeAction
                << Notifications::tr("Snooze");
    }
    return actions;
}

} // namespace

QDBusMessage notifyCall(const NoticeLedger::Letter &letter, const NotificationServer &server)
{
    const Notice &notice = letter.wish.notice;
    QString title = plainLine(notice.title, maxTitle);
    const QString source = plainLine(notice.sourceTitle, maxSource);
    QString body = plainLines(notice.body, maxBody, maxBodyLines);
    QVariantMap hints = hintsFor(notice, letter.wish.withSound, server);

    if (title.isEmpty())
        title = source.isEmpty() ? u"Tallybell"_s : source;
    if (server.can("x-kde-origin-name"_L1) && !source.isEmpty())
        hints.insert(u"x-kde-origin-name"_s, source);
    else if (!title.contains(source, Qt::CaseInsensitive))
        title = Notifications::tr("%1 – %2", "title of a notification, name of its source")
                    .arg(title, source);
    if (!server.can("body"_L1) && !body.isEmpty()) {
        title = Notifications::tr("%1: %2", "title of a notification, its text")
                    .arg(title, plainLine(body, maxTitle));
        body.clear();
    } else if (server.can("body-markup"_L1)) {
        body = body.toHtmlEscaped();
    }

    const QStringList actions = actionsFor(notice, server);
    const bool stays = notice.urgency == Notice::Urgency::Critical && !actions.isEmpty();
    QDBusMessage message = NotificationService::call(u"Notify"_s);
    message << u"Tallybell"_s << letter.replaced << QString::fromLatin1(TALLYBELL_ID) << title
            << body << actions << hints << (stays ? neverExpires : expiresAsUsual);
    return message;
}

std::optional<Notifications::Action> actionNamed(const QString &name)
{
    if (name == openAction)
        return Notifications::Action::Open;
    if (name == seenAction)
        return Notifications::Action::MarkSeen;
    if (name == snoozeAction)
        return Notifications::Action::Snooze;
    return {};
}
