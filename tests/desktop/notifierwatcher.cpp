// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "notifierwatcher.h"

using namespace Qt::Literals;

namespace Harness {

NotifierWatcher::NotifierWatcher(const QString &connectionName)
    : m_bus(QDBusConnection::connectToBus(QDBusConnection::SessionBus, connectionName))
{
    // From any item, and before there is one: what it announces first is counted, too.
    const auto follow = [this](const QString &signal, const char *slot) {
        m_bus.connect(QString(), u"/StatusNotifierItem"_s, u"org.kde.StatusNotifierItem"_s, signal,
                      this, slot);
    };
    follow(u"NewIcon"_s, SLOT(countNewIcon()));
    follow(u"NewToolTip"_s, SLOT(countNewToolTip()));
}

NotifierWatcher::~NotifierWatcher()
{
    const QString name = m_bus.name();
    stop();
    m_bus = QDBusConnection(QString());
    QDBusConnection::disconnectFromBus(name);
}

bool NotifierWatcher::start()
{
    return m_bus.registerObject(u"/StatusNotifierWatcher"_s, this,
                                QDBusConnection::ExportScriptableContents
                                    | QDBusConnection::ExportAllProperties)
        && m_bus.registerService(u"org.kde.StatusNotifierWatcher"_s);
}

void NotifierWatcher::stop()
{
    m_bus.unregisterService(u"org.kde.StatusNotifierWatcher"_s);
    m_bus.unregisterObject(u"/StatusNotifierWatcher"_s);
}

void NotifierWatcher::setHasHost(bool hasHost)
{
    m_hasHost = hasHost;
    if (hasHost)
        Q_EMIT StatusNotifierHostRegistered();
    else
        Q_EMIT StatusNotifierHostUnregistered();
}

void NotifierWatcher::RegisterStatusNotifierItem(const QString &service)
{
    m_items.append(service);
    ++registrations;
    Q_EMIT StatusNotifierItemRegistered(service);
}

} // namespace Harness
