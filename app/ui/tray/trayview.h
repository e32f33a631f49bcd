// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/tray/trayface.h"
#include "ui/feedwatch.h"

#include <QObject>
#include <QTimer>

class CountModel;
class FeedList;
class QAbstractItemModel;
class Quiet;
class SeenMark;
class Settings;

/*!
    What the tray shows of the sources: puts the face together, and says when it is another one. It
    draws and sends nothing.

    The menu is complete on its own, for there are desktops where nothing else of the tray can be
    reached: the count, the state, what came last, and all commands (see TrayCommand).
*/
class TrayView : public QObject
{
    Q_OBJECT

public:
    /*! Whatever the face is made of. Nothing is owned, all must outlive the view. */
    struct Sources
    {
        const FeedList *feeds;
        const QAbstractItemModel *journal; //!< A Journal.
        const Settings *settings;
        const Quiet *quiet;
        const SeenMark *seen;
    };

    explicit TrayView(const Sources &sources, QObject *parent = nullptr);

    [[nodiscard]] const TrayFace &face() const { return m_face; }

    /*! For Choices::Panel::MonoFollow. */
    void setPanelIsDark(bool isDark);

public Q_SLOTS:
    /*!
        The wheel over the icon: goes on by \a notches from all sources to the first alone, and so on.
        Some seconds after the last notch it is all of them again. With one source nothing happens.
    */
    void scroll(int notches);
    /*! Puts it together anew: what it says may have grown old, as a time does at midnight. */
    void refresh();

Q_SIGNALS:
    /*! face() is another one; at the first change at once, then at most four times a second. */
    void faceChanged();

private:
    [[nodiscard]] TrayFace compose() const;
    /*! What the picture and the tooltip are about: all sources, or the one that was scrolled to. */
    [[nodiscard]] QList<const CountModel *> subject() const;
    [[nodiscard]] QString toolTip() const;
    [[nodiscard]] QList<MenuEntry> menu() const;
    [[nodiscard]] QList<MenuEntry> header() const;
    [[nodiscard]] QList<MenuEntry> seenLines() const;
    [[nodiscard]] QList<MenuEntry> sourceLines() const;
    [[nodiscard]] MenuEntry snoozeLine() const;
    [[nodiscard]] QList<MenuEntry> connectionLines() const;

    const Sources m_sources;
    FeedWatch m_watch;
    QTimer m_scrolled; // runs while one source alone is shown
    qsizetype m_alone = 0; // which one, from 1 on; 0: all
    bool m_panelIsDark = false;
    TrayFace m_face; // the last one: it is made of all the others
};
