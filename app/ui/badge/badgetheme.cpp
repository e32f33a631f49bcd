// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "badgetheme.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>

#include <array>

using namespace Qt::Literals;

namespace {

constexpr int largestNumber = 99;
constexpr std::array largest{9, largestNumber}; // of the caps that have all their numbers here

QLatin1StringView word(Badge::State state)
{
    switch (state) {
    case Badge::State::Unknown:
        return "unknown"_L1;
    case Badge::State::Live:
        return "live"_L1;
    case Badge::State::Snoozed:
        return "snoozed"_L1;
    case Badge::State::Stale:
        return "stale"_L1;
    case Badge::State::Reconnecting:
        return "reconnecting"_L1;
    case Badge::State::Offline:
        return "offline"_L1;
    case Badge::State::Paused:
        return "paused"_L1;
    case Badge::State::LoginNeeded:
        return "login-needed"_L1;
    case Badge::State::Error:
        return "error"_L1;
    }
    Q_UNREACHABLE();
}

bool hasNumbers(Badge::State state)
{
    return state != Badge::State::Unknown && state != Badge::State::Paused;
}

// Empty: none that the theme has.
QString numberWord(const QString &text)
{
    if (text.isEmpty())
        return u"0"_s;
    for (const int cap : largest) {
        if (text == u"%1+"_s.arg(cap))
            return u"%1plus"_s.arg(cap);
    }
    bool isNumber = false;
    const int number = text.toInt(&isNumber);
    return isNumber && number >= 1 && number <= largestNumber ? QString::number(number) : QString();
}

} // namespace

QList<Badge> themedBadges()
{
    QList<Badge> badges;
    for (const auto state :
         {Badge::State::Unknown, Badge::State::Live, Badge::State::Snoozed, Badge::State::Stale,
          Badge::State::Reconnecting, Badge::State::Offline, Badge::State::Paused,
          Badge::State::LoginNeeded, Badge::State::Error}) {
        badges.append({{}, state});
        if (!hasNumbers(state))
            continue;
        for (int number = 1; number <= largestNumber; ++number)
            badges.append({QString::number(number), state});
        for (const int cap : largest)
            badges.append({u"%1+"_s.arg(cap), state});
    }
    return badges;
}

QString badgeIconName(const Badge &badge)
{
    const bool isDrawn = badge.scheme == Badge::Scheme::Colour
        && (badge.style == Badge::Style::Bell || badge.text.isEmpty());
    if (!isDrawn)
        return {};
    const QString name = QLatin1StringView(TALLYBELL_ID) + u'-' + word(badge.state);
    if (!hasNumbers(badge.state))
        return badge.text.isEmpty() ? name : QString();
    const QString number = numberWord(badge.text);
    return number.isEmpty() ? QString() : name + u'-' + number;
}

QString badgeThemePath()
{
    const QString path = QDir::cleanPath(QCoreApplication::applicationDirPath() + u'/'
                                         + QLatin1StringView(TALLYBELL_THEME_FROM_BIN));
    return QFileInfo::exists(path + "/hicolor/index.theme"_L1) ? path : QString();
}
