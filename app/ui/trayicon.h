// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "badge/badgeicon.h"
#include "feedwatch.h"

#include <QMenu>
#include <QObject>
#include <QSystemTrayIcon>

class FeedList;

/*!
    The icon in the tray, with its tooltip and menu.

    Create it only when a tray is there (see TrayHost): Qt remembers a missing one for ever.
    The first change shows at once, then at most four a second, the last one always; what looks the
    same is not sent to the panel again.
*/
class TrayIcon : public QObject
{
    Q_OBJECT

public:
    /*! Shows itself. \a feeds is not owned and must outlive the icon. */
    explicit TrayIcon(const FeedList *feeds, QObject *parent = nullptr);

Q_SIGNALS:
    void windowToggleRequested(); //!< A left click.
    void homepageRequested(); //!< A middle click.
    void windowRequested();
    void openRequested();
    void closeRequested();
    void quitRequested();

private:
    void refresh();

    const FeedList *const m_feeds;
    FeedWatch m_watch;
    Badge m_badge;
    const QList<int> m_sizes;
    QMenu m_menu; // before the icon, which refers to it
    QAction *m_summary;
    QAction *m_detail;
    QAction *m_open;
    QAction *m_close;
    QSystemTrayIcon m_icon;
};
