// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "tray/trayhost.h" // until DesktopShell shows itself through DesktopTray
