// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/journal.h"
#include "desktop/trayhost.h"
#include "ui/countwindow.h"

#include <QObject>

#include <memory>

class Feeds;
class TrayIcon;

/*! What people see: the window, and the icon as soon as there is a tray. */
class DesktopShell : public QObject
{
    Q_OBJECT

public:
    /*! \a feeds and \a journal are not owned and must outlive the shell. */
    DesktopShell(Feeds *feeds, Journal *journal, QObject *parent = nullptr);
    ~DesktopShell() override;

    /*! Shows the window, or with \a hidden only where no tray comes within a while. */
    void show(bool hidden);

    /*! What the window says while there is no source. */
    void setNotice(const QString &notice);

Q_SIGNALS:
    void quitRequested();

private:
    void createTrayIcon();
    void openHomepage();
    template <typename View>
    void obey(View *view);

    Feeds *const m_feeds;
    CountWindow m_window;
    TrayHost m_trayHost;
    std::unique_ptr<TrayIcon> m_trayIcon;
};
