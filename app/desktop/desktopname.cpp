// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "desktopname.h"

#include <QString>
#include <QStringList>

using namespace Qt::Literals;

bool isDesktop(QLatin1StringView name)
{
    return qEnvironmentVariable("XDG_CURRENT_DESKTOP").split(u':').contains(name);
}
