// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "zonewatch.h"

ZoneWatch::ZoneWatch(QObject *parent)
    : QObject(parent)
{}

ZoneWatch::~ZoneWatch() = default;
