// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/tray/trayface.h"

#include <QImage>
#include <QObject>
#include <QPoint>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

/*! Where the pictures of badges come from: drawn on demand, or known to the panel by a name. */
struct TrayPictures
{
    /*! The picture of a badge, as many pixels wide and high as asked for. */
    std::function<QImage(const Badge &badge, int size)> draw;
    /*! Its name in the icon theme below themePath; empty where the theme has none. */
    std::function<QString(const Badge &badge)> name;
    /*! The folder that holds hicolor/, absolute; empty: no names are sent, only pictures. */
    QString themePath;
};

/*!
    The tray of the desktop, whatever it is: a StatusNotifier host of the session bus, or an XEmbed
    tray of the X server. It may be there or not, come late, go, and come again as another kind; the
    face that was shown last is in it as soon as it is there. Nothing blocks.

    It decides nothing: what is shown is given, and what the user does there is passed on.
*/
class DesktopTray : public QObject
{
    Q_OBJECT

public:
    static constexpr std::chrono::milliseconds defaultGrace = std::chrono::seconds(3);

    /*! Starts looking for a tray. \a grace is how long a StatusNotifier host is waited for before an
        XEmbed tray will do. The first signal comes from the event loop. */
    explicit DesktopTray(const TrayPictures &pictures,
                         std::chrono::milliseconds grace = defaultGrace, QObject *parent = nullptr);
    ~DesktopTray() override;

    /*! Shows \a face from now on. Only what differs from the last one reaches the panel. */
    void show(const TrayFace &face);

    /*! A tray is there, and our icon in it or on its way to it. */
    [[nodiscard]] bool isAvailable() const;

Q_SIGNALS:
    void available();
    void lost();
    /*!
        A left click. \a where, in pixels of the screen, is near the pointer; none where the desktop
        does not tell it. \a token lets a window of ours have the focus (xdg-activation); often empty.
    */
    void activated(const std::optional<QPoint> &where, const QString &token);
    /*! A middle click. */
    void secondaryActivated(const std::optional<QPoint> &where, const QString &token);
    /*! The wheel over the icon: so many notches, down is positive. */
    void scrolled(int notches);
    /*! A line of the menu was chosen: its MenuEntry::command. */
    void commanded(const QString &command, const QString &token);
    /*! The menu is about to be seen: whoever shows times in it says them anew. */
    void menuRequested();

private:
    class Places;

    std::unique_ptr<Places> m_places;
};
