// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

/*! The panel's colours nobody tells: those of applications are the best guess, but for GNOME's bar. */
[[nodiscard]] bool panelIsDark();
