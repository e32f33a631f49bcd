// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "attention.h"
#include "commands.h"
#include "noticeboard.h"

#include "core/journal.h"
#include "desktop/launcherbadge.h"
#include "desktop/notices/urlopener.h"
#include "desktop/tray/desktoptray.h"
#include "ui/countwindow.h"
#include "ui/tray/trayview.h"

#include <QObject>

#include <memory>

class Feeds;
class OpenQuestion;
class SettingsWindow;

/*!
    What people see: the window, the icon as soon as there is a tray, the number on the launcher, and
    notifications. It connects those who know what to show with those who can show it.
*/
class DesktopShell : public QObject
{
    Q_OBJECT

public:
    /*! \a feeds and \a journal are not owned and must outlive the shell. */
    DesktopShell(Feeds *feeds, Journal *journal, const Attention::Places &places,
                 QObject *parent = nullptr);
    ~DesktopShell() override;

    /*! Shows the window, unless \a hidden: then there is the tray, or the launcher's number alone. */
    void show(bool hidden);

    /*! What the window says while there is no source. */
    void setNotice(const QString &notice);

    /*! The time of day is another than could be expected. */
    void clockChanged();

Q_SIGNALS:
    void quitRequested();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void connectTray();
    void connectWindow();
    void connectCommands();
    void showFace();
    void open(const QUrl &url, const QString &token);
    void showWindow(const QString &token);
    void showSettings(const QString &token);

    Feeds *const m_feeds;
    Attention m_attention;
    Commands m_commands;
    CountWindow m_window;
    // Both from the first time on that they are wanted.
    std::unique_ptr<SettingsWindow> m_settingsWindow;
    std::unique_ptr<OpenQuestion> m_openQuestion;
    TrayView m_view;
    DesktopTray m_tray;
    LauncherBadge m_launcher;
    UrlOpener m_opener;
    NoticeBoard m_notices;
};
