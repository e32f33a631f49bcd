// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "trayhost.h"

#include <QSystemTrayIcon>
#include <QTimer>

// Where the system always has a tray there is nothing to watch.
class TrayHost::Watch
{};

TrayHost::TrayHost(std::chrono::milliseconds, QObject *parent)
    : QObject(parent)
{
    QTimer::singleShot(0, this, [this] {
        if (QSystemTrayIcon::isSystemTrayAvailable())
            setKind(Kind::System);
    });
}

TrayHost::~TrayHost() = default;

void TrayHost::setKind(Kind kind)
{
    m_kind = kind;
    Q_EMIT kindChanged(kind);
    Q_EMIT available();
}
