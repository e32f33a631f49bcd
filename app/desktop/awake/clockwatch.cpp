// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "clockwatch.h"

ClockWatch::ClockWatch(QObject *parent)
    : QObject(parent)
{}

ClockWatch::~ClockWatch() = default;
