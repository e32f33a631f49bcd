// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QString>

// What our objects answer to org.freedesktop.DBus.Introspectable.

[[nodiscard]] QString itemIntrospection(); //!< org.kde.StatusNotifierItem
[[nodiscard]] QString menuIntrospection(); //!< com.canonical.dbusmenu
