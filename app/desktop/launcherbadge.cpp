// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "launcherbadge.h"

#include <QGuiApplication>

// The Dock of macOS, and the task bar of Windows from Qt 6.5 on; before that there is none.
class LauncherBadge::Entry
{
public:
    int count = 0;
};

LauncherBadge::LauncherBadge(const QString &, QObject *parent)
    : QObject(parent)
    , m_entry(std::make_unique<Entry>())
{}

LauncherBadge::~LauncherBadge()
{
    if (qGuiApp)
        show(0, false);
}

void LauncherBadge::show(int count, bool)
{
    if (count == m_entry->count)
        return;
    m_entry->count = count;
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
    qGuiApp->setBadgeNumber(count);
#endif
}
