// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "sessionend.h"

#include <QEvent>
#include <QGuiApplication>
#include <QSessionManager>

SessionEnd::SessionEnd(const QStringList &restartCommand, QObject *parent)
    : QObject(parent)
{
    qApp->installEventFilter(this);
    // Both, for a session manager may ask for one of them alone; Qt proposes its own before each.
    const auto proposeRestart = [restartCommand](QSessionManager &manager) {
        manager.setRestartCommand(restartCommand);
    };
    connect(qGuiApp, &QGuiApplication::commitDataRequest, this, proposeRestart,
            Qt::DirectConnection);
    connect(qGuiApp, &QGuiApplication::saveStateRequest, this, proposeRestart,
            Qt::DirectConnection);
}

bool SessionEnd::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() != QEvent::Quit || watched != qApp)
        return false;
    event->accept();
    Q_EMIT quitRequested();
    return true;
}
