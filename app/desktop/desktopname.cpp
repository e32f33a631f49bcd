// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "desktopname.h"

#include <QGuiApplication>
#include <QPalette>

using namespace Qt::Literals;

bool isDesktop(QLatin1StringView name)
{
    return qEnvironmentVariable("XDG_CURRENT_DESKTOP").split(u':').contains(name);
}

bool panelIsDark()
{
    return isDesktop("GNOME"_L1) // black, whatever colours applications have
        || QGuiApplication::palette().window().color().lightness() < 128;
}
