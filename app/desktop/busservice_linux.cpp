// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "busservice.h"

#include <QDBusConnection>
#include <QDBusConnectionInterface>
#include <QDBusReply>

namespace {

BusService find(const QDBusConnection &bus, const QString &service)
{
    if (!bus.isConnected())
        return BusService::NoBus;
    if (bus.interface()->isServiceRegistered(service))
        return BusService::Running;
    const QDBusReply<QStringList> startable = bus.interface()->activatableServiceNames();
    return startable.isValid() && startable.value().contains(service) ? BusService::Startable
                                                                      : BusService::Absent;
}

} // namespace

BusService findOnSessionBus(const QString &service)
{
    return find(QDBusConnection::sessionBus(), service);
}

BusService findOnSystemBus(const QString &service)
{
    return find(QDBusConnection::systemBus(), service);
}
