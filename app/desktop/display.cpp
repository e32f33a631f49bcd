// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "display.h"

QString displayObstacle()
{
    return {}; // Windows and macOS always have one
}
