// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QList>
#include <QString>

/*!
    A line of the tray's menu, as a value: whoever shows it compares it with what it shows already,
    and says no more than what differs.
*/
struct MenuEntry
{
    QString
        command; //!< What a click asks for: "pause", "open/work/17"; unique in a menu. Empty: nothing.
    /*! Names a line that has another command from time to time and is the same line all the same:
        hosts read a menu anew where lines come or go, and only the texts of those that stay. */
    QString slot;
    QString text; //!< As it is shown: & is an ampersand, no mnemonic.
    bool isEnabled = true;
    bool isSeparator = false;
    bool isCheckable = false;
    bool isChecked = false;
    QList<MenuEntry> children; //!< A submenu, if there are any.

    // Written out: a list of its own kind is no comparable member before this one is declared.
    friend bool operator==(const MenuEntry &lhs, const MenuEntry &rhs)
    {
        return lhs.command == rhs.command && lhs.slot == rhs.slot && lhs.text == rhs.text
            && lhs.isEnabled == rhs.isEnabled && lhs.isSeparator == rhs.isSeparator
            && lhs.isCheckable == rhs.isCheckable && lhs.isChecked == rhs.isChecked
            && lhs.children == rhs.children;
    }
};
