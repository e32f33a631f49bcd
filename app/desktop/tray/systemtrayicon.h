// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "desktoptray.h"
#include "trayplace.h"
#include "wheel.h"

#include <QMenu>
#include <QSystemTrayIcon>

/*!
    Our icon by way of Qt: in an XEmbed tray, on Windows and on macOS. To be created only while
    TrayHost::kind() is System.
*/
class SystemTrayIcon : public TrayPlace
{
    Q_OBJECT

public:
    explicit SystemTrayIcon(const TrayPictures &pictures, QObject *parent = nullptr);
    ~SystemTrayIcon() override;

    void show(const TrayFace &face) override;
    void showMenu(const QList<MenuEntry> &menu) override;

    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void fill(QMenu *menu, const QList<MenuEntry> &entries);
    void activate(QSystemTrayIcon::ActivationReason reason);

    const TrayPictures m_pictures;
    QMenu m_menu; // before the icon, which refers to it
    QSystemTrayIcon m_icon;
    QList<MenuEntry> m_entries;
    std::optional<TrayFace> m_face;
    Wheel m_wheel;
};
