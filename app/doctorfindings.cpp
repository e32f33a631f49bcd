// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "doctorfindings.h"

#include "core/source/sourcereader.h"
#include "desktop/busservice.h"
#include "desktop/display.h"
#include "desktop/notices/notifications.h"
#include "desktop/tray/trayhost.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>

using namespace std::chrono_literals;
using namespace Qt::Literals;

namespace {

constexpr auto trayPatience = 1s; // to say that it is there
constexpr auto notificationsPatience = 3s; // more than is waited for what a server may leave out

QString tr(const char *text)
{
    return QCoreApplication::translate("DoctorCommand", text);
}

QString nameOf(const NotificationServer &server)
{
    const QString program = u"%1 %2"_s.arg(server.name, server.version).simplified();
    if (program.isEmpty())
        return tr("a program that does not say its name");
    return server.vendor.isEmpty() ? program : u"%1 (%2)"_s.arg(program, server.vendor);
}

// What of its abilities a user notices, in plain words.
QString abilitiesOf(const NotificationServer &server)
{
    QStringList words;
    const auto add = [&words, &server](QLatin1StringView ability, const QString &word) {
        if (server.can(ability))
            words.append(word);
    };
    add("body"_L1, tr("text below the title"));
    add("body-markup"_L1, tr("bold and italic text"));
    add("actions"_L1, tr("buttons"));
    add("sound"_L1, tr("sounds"));
    add("persistence"_L1, tr("a history"));
    return words.isEmpty() ? tr("It has nothing but titles.")
                           : tr("It has: %1.").arg(words.join(u", "_s));
}

Finding examineNotificationServer()
{
    const Notifications notifications;
    waitUntil(&notifications, &Notifications::serverChanged, notificationsPatience,
              [&notifications] { return notifications.server().has_value(); });
    const std::optional<NotificationServer> server = notifications.server();
    if (!server)
        return Finding::warning(tr("Whoever shows notifications does not answer."),
                                tr("Start it anew, or log out and in again."));
    const QString finding = tr("Notifications are shown by %1. %2 %3");
    const QString name = nameOf(*server);
    const QString abilities = abilitiesOf(*server);
    switch (server->disturbing) {
    case NotificationServer::Disturbing::Untold:
        return Finding::good(
            finding.arg(name, abilities, tr("It does not tell of do-not-disturb.")));
    case NotificationServer::Disturbing::Wanted:
        return Finding::good(finding.arg(name, abilities, tr("Do-not-disturb is off.")));
    case NotificationServer::Disturbing::Unwanted:
        return Finding::warning(
            finding.arg(name, abilities, tr("Do-not-disturb is on: nothing is shown.")),
            tr("Turn it off in the settings of the desktop."));
    }
    Q_UNREACHABLE();
}

} // namespace

Finding Finding::good(const QString &sentence)
{
    return {CheckVerdict::Good, sentence, {}};
}

Finding Finding::warning(const QString &sentence, const QString &remedy)
{
    return {CheckVerdict::Warning, sentence, remedy};
}

Finding Finding::bad(const QString &sentence, const QString &remedy)
{
    return {CheckVerdict::Bad, sentence, remedy};
}

Finding examineDisplay()
{
    const QString obstacle = displayObstacle();
    if (!obstacle.isEmpty())
        return Finding::warning(obstacle, {});
    return Finding::good(tr("A window can be shown."));
}

Finding examineTray()
{
    // Without a display there is nobody to ask about the older kind of tray.
    TrayHost tray(displayObstacle().isEmpty() ? 0ms : trayPatience * 2);
    waitUntil(&tray, &TrayHost::available, trayPatience, [&tray] { return tray.isAvailable(); });
    if (tray.isAvailable())
        return Finding::good(tr("There is a tray."));
    return Finding::warning(
        tr("There is no tray: Tallybell shows its window instead."),
        tr("Start a panel that has one; GNOME needs the extension “AppIndicator and "
           "KStatusNotifierItem Support”."));
}

Finding examineNotifications()
{
    switch (findOnSessionBus(u"org.freedesktop.Notifications"_s)) {
    case BusService::Running:
        return examineNotificationServer();
    case BusService::Startable:
        return Finding::good(tr("Somebody who shows notifications is started when there is one."));
    case BusService::NoBus:
        return Finding::warning(tr("There is no session bus, so no notifications."),
                                tr("Start Tallybell from a desktop session."));
    case BusService::Absent:
        return Finding::warning(tr("Nobody shows notifications."),
                                tr("Install a notification daemon, dunst for instance."));
    }
    Q_UNREACHABLE();
}

Finding examineKeyring()
{
    switch (findOnSessionBus(u"org.freedesktop.secrets"_s)) {
    case BusService::Running:
        return Finding::good(tr("There is a keyring."));
    case BusService::Startable:
        return Finding::good(tr("There is a keyring; it is started when it is needed."));
    case BusService::NoBus:
        return Finding::warning(
            tr("There is no session bus, so no keyring."),
            tr("Start Tallybell from a desktop session, or with --secrets-file."));
    case BusService::Absent:
        return Finding::warning(tr("There is no keyring: passwords are asked for at each start."),
                                tr("Install gnome-keyring, KWallet or KeePassXC."));
    }
    Q_UNREACHABLE();
}

QList<SourceFinding> examineSources(const QString &configDirectory)
{
    const auto folderFinding = [](const Finding &finding) {
        return QList<SourceFinding>{{QString(), finding}};
    };
    const QFileInfo folder(QDir(configDirectory).filePath(u"sources"_s));
    const QString path = QDir::toNativeSeparators(folder.filePath());
    if (!folder.exists())
        return folderFinding(
            Finding::warning(tr("There is no folder %1, so no source.").arg(path),
                             tr("Make it, and put a source file, NAME.json, into it.")));
    if (!folder.isDir() || !folder.isReadable() || !folder.isExecutable())
        return folderFinding(Finding::bad(tr("The folder %1 cannot be read.").arg(path),
                                          tr("Make it a folder that you can read.")));
    const QFileInfoList files =
        QDir(folder.filePath())
            .entryInfoList({u"*.json"_s}, QDir::Files | QDir::Hidden, QDir::Name);
    if (files.isEmpty())
        return folderFinding(Finding::warning(tr("There is no source in %1.").arg(path),
                                              tr("Put a source file, NAME.json, into it.")));
    QList<SourceFinding> findings;
    for (const QFileInfo &file : files) {
        const SourceResult result = readSourceFile(file.filePath());
        const QString name = file.completeBaseName();
        findings.append(
            {name,
             result.source
                 ? Finding::good(tr("“%1” (%2) can be read.").arg(result.source->title, name))
                 : Finding::bad(result.error, tr("Correct the file; its manual names all keys."))});
    }
    return findings;
}
