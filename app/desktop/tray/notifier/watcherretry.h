// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QDBusMessage>
#include <QTimer>

#include <functional>

/*!
    When to ask a StatusNotifierWatcher again that answered with an error, as one does that has its
    name on the bus before it is complete: each half second at least, for some ten seconds.
*/
class WatcherRetry
{
public:
    /*! \a ask is called from the event loop. */
    explicit WatcherRetry(const std::function<void()> &ask);

    /*! Has \a ask called in a moment; unless \a error says that nobody has the name. The bus tells of
        names that come, not of those that are there, so where \a isThere is true that is known better. */
    void take(const QDBusMessage &error, bool isThere);
    /*! It was asked for another reason. */
    void stop() { m_timer.stop(); }
    /*! Another watcher has its ten seconds, too. */
    void startAnew();

private:
    QTimer m_timer;
    int m_retries = 0;
};
