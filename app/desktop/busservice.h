// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QString>

/*! Whether a service is to be had on a message bus. To ask starts nothing; it blocks for a moment. */
enum class BusService {
    NoBus,
    Absent,
    Startable, //!< The bus starts it for whoever wants it.
    Running,
};

[[nodiscard]] BusService findOnSessionBus(const QString &service);
[[nodiscard]] BusService findOnSystemBus(const QString &service);
