// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "busservice.h"

BusService findOnSessionBus(const QString &)
{
    return BusService::NoBus;
}

BusService findOnSystemBus(const QString &)
{
    return BusService::NoBus;
}
