// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "notifications.h"

class Notifications::Service
{};

Notifications::Notifications(QObject *parent)
    : QObject(parent)
{}

Notifications::Notifications(std::chrono::milliseconds, QObject *parent)
    : QObject(parent)
{}

Notifications::~Notifications() = default;

void Notifications::show(const Notice &, bool)
{}

void Notifications::withdraw(const QString &)
{}

void Notifications::withdrawAll()
{}

bool Notifications::isAvailable() const
{
    return false;
}

bool Notifications::isInhibited() const
{
    return false;
}
