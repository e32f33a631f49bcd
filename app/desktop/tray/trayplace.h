// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/tray/trayface.h"

#include <QObject>
#include <QPoint>

#include <optional>

/*! One way into a tray: what DesktopTray shows goes through one or two of them. */
class TrayPlace : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    /*! Shows \a face from now on, at once; what looks the same is not sent again. */
    virtual void show(const TrayFace &face) = 0;

    /*! Replaces the menu alone. */
    virtual void showMenu(const QList<MenuEntry> &menu) = 0;

Q_SIGNALS:
    // As in DesktopTray. A slot may delete the place, save in menuRequested().
    void activated(const std::optional<QPoint> &where, const QString &token);
    void secondaryActivated(const std::optional<QPoint> &where, const QString &token);
    void scrolled(int notches);
    void commanded(const QString &command, const QString &token);
    void menuRequested();
};
