// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QString>

/*
    What the lines of the tray's menu ask for (MenuEntry::command): a word, and where it needs one an
    argument behind a slash, as "source/work".
*/
namespace TrayCommand {

inline constexpr QLatin1StringView window("window");
inline constexpr QLatin1StringView open("open"); //!< The newest item, or the home page.
inline constexpr QLatin1StringView item("item"); //!< item/SOURCE/KEY
inline constexpr QLatin1StringView source("source"); //!< source/NAME: its home page.
inline constexpr QLatin1StringView markSeen("markSeen");
inline constexpr QLatin1StringView undoSeen("undoSeen");
inline constexpr QLatin1StringView snooze("snooze"); //!< snooze/MINUTES, snooze/tomorrow
inline constexpr QLatin1StringView wake("wake");
inline constexpr QLatin1StringView reconnect("reconnect");
inline constexpr QLatin1StringView pause("pause");
inline constexpr QLatin1StringView resume("resume");
inline constexpr QLatin1StringView settings("settings");
inline constexpr QLatin1StringView quit("quit");

} // namespace TrayCommand
