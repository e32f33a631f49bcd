// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "menulines.h"

#include "core/tray/menuentry.h"

#include <QDBusConnection>
#include <QDBusVirtualObject>

/*!
    A menu on the bus: com.canonical.dbusmenu, version 3. The panel draws it.

    A line keeps its id as long as its command is in the menu. Only what differs is announced: a new
    layout when lines come, go or move; properties of lines that stay. Whatever a caller sends is
    answered, nonsense with an error.
*/
class BusMenu : public QDBusVirtualObject
{
    Q_OBJECT

public:
    static constexpr QLatin1StringView path{"/MenuBar"};

    /*! Is at \a path of \a bus as long as it lives. */
    explicit BusMenu(const QDBusConnection &bus, QObject *parent = nullptr);
    ~BusMenu() override;

    void show(const QList<MenuEntry> &menu);

    bool handleMessage(const QDBusMessage &message, const QDBusConnection &connection) override;
    [[nodiscard]] QString introspect(const QString &path) const override;

Q_SIGNALS:
    void commanded(const QString &command);
    /*! The menu is about to be seen. What is shown in a slot is what will be seen. */
    void menuRequested();

private:
    void announce(const MenuLines::Change &change);
    void click(int id);
    bool request(int id);
    [[nodiscard]] QDBusMessage answer(const QDBusMessage &message);
    [[nodiscard]] QDBusMessage answerGroup(const QDBusMessage &message);

    QDBusConnection m_bus;
    QList<MenuEntry> m_menu;
    MenuLines m_lines;
    uint m_revision = 1;
};
