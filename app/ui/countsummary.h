// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QWidget>

class FeedList;
class SeenMark;
class SourceList;
class StateBell;
class QLabel;
class QPushButton;

/*!
    The upper part of the window: the number with its state, what is wrong, each of several sources,
    and Mark seen. It follows nothing by itself: refresh() shows what is.
*/
class CountSummary : public QWidget
{
    Q_OBJECT

public:
    /*! \a feeds is not owned and must outlive it. */
    explicit CountSummary(const FeedList *feeds, QWidget *parent = nullptr);

    void refresh();

    /*! What went wrong at something the user asked for; empty: nothing any more. */
    void setTrouble(const QString &sentence);

    /*! Offers to mark what waits as seen. \a seen is not owned and must outlive it. */
    void followSeen(const SeenMark *seen);

Q_SIGNALS:
    void markSeenRequested();
    void undoSeenRequested();

private:
    void showNumber();
    void showMark();

    const FeedList *const m_feeds;
    const SeenMark *m_seen = nullptr;

    StateBell *m_bell;
    QLabel *m_number;
    QLabel *m_caption;
    QPushButton *m_mark;
    QLabel *m_state;
    QLabel *m_detail;
    QLabel *m_trouble;
    SourceList *m_sources;
};
