// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QObject>
#include <QTimer>

#include <chrono>

class CountModel;
class FeedList;

/*!
    Tells a view when to look at the feeds again: at the first change at once, then at most once in
    each interval, and always after the last change. No timer runs while nothing changes.

    It follows each source and not only the summary, which stays the same while one of several
    sources closes.
*/
class FeedWatch : public QObject
{
    Q_OBJECT

public:
    /*! \a feeds is not owned and must outlive the watch. */
    FeedWatch(const FeedList *feeds, std::chrono::milliseconds interval, QObject *parent = nullptr);

Q_SIGNALS:
    void changed();

private:
    void follow(const CountModel *model);
    void report();
    void pass();

    QTimer m_pause;
    bool m_changed = false; // during the pause
};
