// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

// Sits in the tray and shows what it is told: a line on standard input is a pose, "live 12", "stale 7
// MonoOnDark", "offline -"; each is answered with "posed" on standard output. For pictures of real panels.

#include "desktop/tray/desktoptray.h"
#include "ui/badge/badgeimage.h"
#include "ui/badge/badgetheme.h"

#include <QApplication>
#include <QSocketNotifier>
#include <QTextStream>

#include <unistd.h>

using namespace Qt::Literals;

namespace {

constexpr std::pair<const char *, Badge::State> states[] = {
    {"unknown", Badge::State::Unknown},
    {"live", Badge::State::Live},
    {"snoozed", Badge::State::Snoozed},
    {"stale", Badge::State::Stale},
    {"reconnecting", Badge::State::Reconnecting},
    {"offline", Badge::State::Offline},
    {"paused", Badge::State::Paused},
    {"login", Badge::State::LoginNeeded},
    {"error", Badge::State::Error},
};

TrayFace poseOf(const QString &line)
{
    const QStringList words = line.simplified().split(u' ');
    TrayFace face;
    for (const auto &[name, state] : states) {
        if (words.at(0) == QLatin1StringView(name))
            face.badge.state = state;
    }
    if (words.value(1) != "-"_L1)
        face.badge.text = words.value(1);
    if (words.value(2) == "MonoOnLight"_L1)
        face.badge.scheme = Badge::Scheme::MonoOnLight;
    else if (words.value(2) == "MonoOnDark"_L1)
        face.badge.scheme = Badge::Scheme::MonoOnDark;
    if (words.value(3) == "NumberOnly"_L1)
        face.badge.style = Badge::Style::NumberOnly;
    face.title = u"Tallybell – "_s + line;
    face.toolTip = face.title;
    face.label = face.badge.text;
    MenuEntry header;
    header.text = line;
    header.isEnabled = false;
    MenuEntry quit;
    quit.command = u"quit"_s;
    quit.text = u"Quit"_s;
    face.menu = {header, quit};
    return face;
}

} // namespace

int main(int argc, char *argv[])
{
    const QApplication application(argc, argv);
    QApplication::setQuitOnLastWindowClosed(false);
    DesktopTray tray({&badgeImage, &badgeIconName, badgeThemePath()});
    QTextStream out(stdout);
    QObject::connect(&tray, &DesktopTray::available, &tray,
                     [&out] { out << "available" << Qt::endl; });
    QObject::connect(&tray, &DesktopTray::commanded, &tray, [&out](const QString &command) {
        out << "commanded " << command << Qt::endl;
    });
    QObject::connect(&tray, &DesktopTray::activated, &tray,
                     [&out](const std::optional<QPoint> &where) {
                         out << "activated " << (where ? where->x() : -1) << ' '
                             << (where ? where->y() : -1) << Qt::endl;
                     });
    QSocketNotifier input(STDIN_FILENO, QSocketNotifier::Read);
    QObject::connect(&input, &QSocketNotifier::activated, &tray, [&tray, &out] {
        static QByteArray rest;
        char bytes[4096];
        const auto count = read(STDIN_FILENO, bytes, sizeof bytes);
        if (count <= 0) {
            QApplication::quit();
            return;
        }
        rest.append(bytes, count);
        for (auto end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
            tray.show(poseOf(QString::fromUtf8(rest.first(end))));
            rest.remove(0, end + 1);
            out << "posed" << Qt::endl;
        }
    });
    return QApplication::exec();
}
