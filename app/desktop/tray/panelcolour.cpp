// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "panelcolour.h"

#include "desktop/desktopname.h"

#include <QGuiApplication>
#include <QPalette>

using namespace Qt::Literals;

bool panelIsDark()
{
    return isDesktop("GNOME"_L1) // black, whatever colours applications have
        || QGuiApplication::palette().window().color().lightness() < 128;
}
