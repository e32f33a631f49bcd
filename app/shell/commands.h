// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QObject>
#include <QUrl>

class Attention;
class CountModel;
class Feeds;

/*!
    Does what the user asks for, whoever showed the button: the menu of the tray, the window, a
    notification. What needs a window or another program is only asked for, by a signal.

    A token lets a window have the focus (xdg-activation); it is passed on and may be empty.
*/
class Commands : public QObject
{
    Q_OBJECT

public:
    /*! Neither is owned; both must outlive it. */
    Commands(Feeds *feeds, Attention *attention, QObject *parent = nullptr);

public Q_SLOTS:
    /*! \a command is one of TrayCommand. What is not known, or not there any more, does nothing. */
    void run(const QString &command, const QString &token);
    /*! The page of what came last, of the sources that have one; else the window. */
    void openNewest(const QString &token);
    /*! The page that \a url names, else that of \a source, else the window. */
    void openPage(const QUrl &url, const QString &source, const QString &token);

Q_SIGNALS:
    /*! \a url may be foreign: see addressKind(). */
    void urlRequested(const QUrl &url, const QString &token);
    void windowRequested(const QString &token);
    void settingsRequested(const QString &token);
    void quitRequested();

private:
    void openItem(const QString &source, const QString &key, const QString &token);
    void snooze(const QString &length);
    [[nodiscard]] const CountModel *model(const QString &source) const;

    Feeds *const m_feeds;
    Attention *const m_attention;
};
