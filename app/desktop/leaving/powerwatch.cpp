// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "powerwatch.h"

class PowerWatch::Logind
{};

PowerWatch::PowerWatch(QObject *parent)
    : QObject(parent)
{}

PowerWatch::~PowerWatch() = default;

bool PowerWatch::isReachable() const
{
    return false;
}

bool PowerWatch::isHolding() const
{
    return false;
}

void PowerWatch::hold()
{}

void PowerWatch::release()
{}
