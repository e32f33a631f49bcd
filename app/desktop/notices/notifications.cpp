// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "notifications.h"

class Notifications::Private
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

void Notifications::correct(const Notice &)
{}

void Notifications::withdraw(const QString &)
{}

void Notifications::withdrawAll()
{}

bool Notifications::isAvailable() const
{
    return false;
}

std::optional<NotificationServer> Notifications::server() const
{
    return {};
}

bool Notifications::isInhibited() const
{
    return false;
}
