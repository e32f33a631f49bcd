// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QObject>

class QSocketNotifier;

/*!
    Turns SIGTERM, SIGINT and SIGHUP into a Qt signal, so that the close request gets its moment.
    What to do about them is the application's business.
*/
class UnixSignals : public QObject
{
    Q_OBJECT

public:
    /*!
        Call it early in main(), before QApplication. A signal that comes before there is an object
        is kept. One that the parent had ignored (nohup) stays
        ignored. Programs that we start later get the default handling back. SIGPIPE does nothing
        any more. Returns false where the system refuses.
    */
    static bool install();

    /*! There can be one at a time. */
    explicit UnixSignals(QObject *parent = nullptr);

Q_SIGNALS:
    /*! Each time that \a number, one of the three, arrived. */
    void terminationRequested(int number);

private:
    void read();

    QSocketNotifier *m_notifier = nullptr;
};
