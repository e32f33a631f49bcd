// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "desktop/tray/desktoptray.h"
#include "desktop/tray/trayplace.h"

/*!
    Our icon on the session bus: org.kde.StatusNotifierItem, with com.canonical.dbusmenu for the
    menu, on a connection of its own. From the first face on it registers itself with each
    StatusNotifierWatcher that comes; whether somebody looks at it is TrayHost's business.

    A signal is sent only when the property changed that it stands for, so a face that looks the same
    costs nothing. Hosts read all properties after each signal: names are sent where there are names,
    otherwise a picture, and no more of the tooltip than fits into the 4 KB that a change may cost.
    What would say nothing is left out: WindowId, overlay icons, XAyatanaOrderingIndex.
*/
class StatusNotifierItem : public TrayPlace
{
    Q_OBJECT

public:
    /*! Null where there is no session bus. */
    [[nodiscard]] static std::unique_ptr<StatusNotifierItem> create(const TrayPictures &pictures);
    ~StatusNotifierItem() override;

    void show(const TrayFace &face) override;
    void showMenu(const QList<MenuEntry> &menu) override;

private:
    class OnBus;

    explicit StatusNotifierItem(std::unique_ptr<OnBus> onBus);

    std::unique_ptr<OnBus> m_onBus;
};
