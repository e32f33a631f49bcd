// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "bystander.h"

#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QTimer>

using namespace Qt::Literals;

namespace Harness {

Bystander::Bystander(const QString &service)
    : m_service(service)
    , m_bus(QDBusConnection::connectToBus(QDBusConnection::SessionBus, u"bystander"_s))
    , m_watcher(service, m_bus, QDBusServiceWatcher::WatchForRegistration)
{
    connect(&m_watcher, &QDBusServiceWatcher::serviceRegistered, this, &Bystander::call);
    m_time.start();
}

Bystander::~Bystander()
{
    m_watcher.setConnection(QDBusConnection(QString()));
    QDBusConnection::disconnectFromBus(u"bystander"_s);
}

void Bystander::callAfter(std::chrono::milliseconds pause)
{
    m_pause = now() + pause;
    QTimer::singleShot(pause, Qt::PreciseTimer, this, &Bystander::call);
}

void Bystander::call()
{
    const QDBusMessage ping = QDBusMessage::createMethodCall(
        m_service, u"/"_s, u"org.freedesktop.DBus.Peer"_s, u"Ping"_s);
    auto *const answer = new QDBusPendingCallWatcher(m_bus.asyncCall(ping), this);
    connect(answer, &QDBusPendingCallWatcher::finished, this, [this, answer] {
        answer->deleteLater();
        m_lateness = now() - m_pause;
    });
}

} // namespace Harness
