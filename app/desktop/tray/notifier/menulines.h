// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/tray/menuentry.h"
#include "traytypes.h"

#include <map>

/*!
    The lines of a menu as com.canonical.dbusmenu knows them: each with an id, which is never that of
    another line, and under which a line never moves. 0 is the menu itself. It sends nothing.
*/
class MenuLines
{
public:
    /*! What is to be announced of a new menu. */
    struct Change
    {
        bool isLayoutNew = false; //!< Lines came or went.
        BusMenuLines properties; //!< Of lines that stay, those that are others now.
        BusMenuRemovals removals; //!< The same, those that are as by default now.
    };

    /*! Replaces all lines. */
    [[nodiscard]] Change replace(const QList<MenuEntry> &menu);

    [[nodiscard]] bool contains(int id) const { return m_lines.contains(id); }
    /*! What a click on a line that is there asks for; empty where there is nothing to be had. */
    [[nodiscard]] QString commandOf(int id) const;

    /*! A line that is there and what is below it, \a depth levels; -1 and less: all. Only the
        properties called \a names; all, if there are none. */
    [[nodiscard]] BusMenuLayout layout(int id, int depth, const QStringList &names) const;
    /*! The lines with these \a ids, each once; all, if there are none. \a names as above. */
    [[nodiscard]] BusMenuLines properties(const QList<int> &ids, const QStringList &names) const;
    /*! Of a line that is there; invalid where there is no such property. */
    [[nodiscard]] QVariant property(int id, const QString &name) const;

private:
    struct Line
    {
        bool isSeparator = false;
        QString slot;
        QString command;
        QVariantMap properties; // without those that have their default value
        QList<int> children;
    };
    using Lines = std::map<int, Line>;

    [[nodiscard]] bool isSameLine(int id, const MenuEntry &entry) const;
    void add(const QList<MenuEntry> &entries, int parent, const QList<int> &before, Lines &lines);
    [[nodiscard]] Change changesFrom(const Lines &old) const;

    Lines m_lines = {
        {0,
         {false, {}, {}, {{QStringLiteral("children-display"), QStringLiteral("submenu")}}, {}}}};
    int m_lastId = 0;
};
