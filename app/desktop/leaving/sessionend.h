// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QObject>
#include <QStringList>

/*!
    Hears that the desktop session ends, or that anybody else wants the application to quit, and
    passes it on without asking the windows. It does not end anything itself.

    When to say goodbye: an X session manager first asks everybody to save their state
    (QGuiApplication::commitDataRequest), and only when all have done so and nobody has stopped the
    logout it tells them to die. Whether the first means an end at all the application does not
    learn: Qt keeps to itself whether it is a shutdown or a checkpoint, and has no signal for a
    logout that was cancelled. A close request at that moment would close the connections of somebody
    who then stays. So nothing is done there, and the message to die is what counts. Qt
    turns it into a QEvent::Quit, which QApplication only obeys when each window lets itself be
    closed; one with a question may refuse, and then the session manager kills. That event is
    caught here.

    Where the display goes instead, as with Wayland, Qt ends the process: then it is a forced end.
*/
class SessionEnd : public QObject
{
    Q_OBJECT

public:
    /*!
        A session manager that brings back what ran starts \a restartCommand. Qt's own proposal would
        lack our options and add one that we do not know. The QGuiApplication must exist.
    */
    explicit SessionEnd(const QStringList &restartCommand, QObject *parent = nullptr);

    bool eventFilter(QObject *watched, QEvent *event) override;

Q_SIGNALS:
    void quitRequested();
};
