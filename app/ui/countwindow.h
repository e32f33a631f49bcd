// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "feedwatch.h"

#include <QWidget>

#include <optional>

class CountSummary;
class FeedList;
class JournalDelegate;
class SeenMark;
class QAbstractItemModel;
class QLabel;
class QListView;
class QPushButton;
class QShortcut;
class QStackedLayout;

/*!
    The number, the state, and what happened, with buttons for the connection.

    It works alone where there is no tray, and says so by what closing it means: with a tray it
    hides, without one it asks to quit. It opens and closes nothing itself.
*/
class CountWindow : public QWidget
{
    Q_OBJECT

public:
    /*!
        \a feeds and \a journal, a Journal, are not owned and must outlive the window.
        There is no tray until setHasTray() says so.
    */
    CountWindow(const FeedList *feeds, QAbstractItemModel *journal, QWidget *parent = nullptr);

    /*! With a tray, closing the window and Escape hide it; without, closing asks to quit. */
    void setHasTray(bool hasTray);
    [[nodiscard]] bool hasTray() const { return m_hasTray; }

    /*! What to read where there is no source yet: how to add one, or what is wrong with it. */
    void setNotice(const QString &notice);

    /*! Shows it, in front and with the focus. */
    void present();

    /*!
        Hides it where it is shown, else presents it: a click on the tray icon at \a where,
        next to which it then stands. Without a place, and on Wayland, the desktop chooses.
    */
    void toggle(const std::optional<QPoint> &where = {});

    /*! What went wrong at something the user asked for; empty: nothing any more. */
    void setTrouble(const QString &sentence);

    /*! Offers to mark what waits as seen. \a seen is not owned and must outlive the window. */
    void followSeen(const SeenMark *seen);

Q_SIGNALS:
    void openRequested();
    void closeRequested(); //!< Of the connection, not of the window.
    void markSeenRequested();
    void undoSeenRequested();
    void settingsRequested();
    /*! May come again while the application quits, for that closes its windows. */
    void quitRequested();

protected:
    void closeEvent(QCloseEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    [[nodiscard]] QWidget *createEmptyPage();
    void refresh();
    void moveNextTo(const QPoint &where);

    const FeedList *const m_feeds;
    FeedWatch m_watch;
    bool m_hasTray = false;

    CountSummary *m_summary;
    QLabel *m_notice;
    QListView *m_list;
    JournalDelegate *m_delegate;
    QPushButton *m_open;
    QPushButton *m_close;
    QShortcut *m_hide;
    QStackedLayout *m_pages;
};
