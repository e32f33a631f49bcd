// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "activation.h"

#include <QByteArray>

void useActivationToken(const QString &token)
{
    // Where Qt's Wayland plugin looks for it at QWindow::requestActivate(), and forgets it.
    if (!token.isEmpty())
        qputenv("XDG_ACTIVATION_TOKEN", token.toUtf8());
}
