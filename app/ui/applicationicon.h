// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QIcon>

/*! The bell, for windows. */
[[nodiscard]] QIcon applicationIcon();
