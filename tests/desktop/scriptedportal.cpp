// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "scriptedportal.h"

#include <QDBusArgument>
#include <QDBusObjectPath>

using namespace Qt::Literals;

namespace Harness {

ScriptedPortal::ScriptedPortal()
    : m_bus(QString())
{}

ScriptedPortal::~ScriptedPortal()
{
    stop();
}

bool ScriptedPortal::start()
{
    m_bus = QDBusConnection::connectToBus(QDBusConnection::SessionBus, u"portal"_s);
    return m_bus.registerVirtualObject(u"/org/freedesktop/portal/desktop"_s, this)
        && m_bus.registerService(u"org.freedesktop.portal.Desktop"_s);
}

void ScriptedPortal::stop()
{
    if (m_bus.isConnected())
        m_bus.unregisterService(u"org.freedesktop.portal.Desktop"_s);
    m_bus = QDBusConnection(QString());
    QDBusConnection::disconnectFromBus(u"portal"_s);
}

bool ScriptedPortal::handleMessage(const QDBusMessage &message, const QDBusConnection &bus)
{
    if (message.member() != "OpenURI"_L1
        || message.interface() != "org.freedesktop.portal.OpenURI"_L1)
        return false;
    const QVariantList arguments = message.arguments();
    const auto options = qdbus_cast<QVariantMap>(arguments.value(2));
    QString handle = otherHandle;
    if (handle.isEmpty()) {
        handle = u"/org/freedesktop/portal/desktop/request/%1/%2"_s.arg(
            message.service().mid(1).replace(u'.', u'_'),
            options.value(u"handle_token"_s).toString());
    }
    calls.append({message.signature(), arguments.value(0).toString(), arguments.value(1).toString(),
                  options, handle});
    if (refuses) {
        return bus.send(message.createErrorReply(u"org.freedesktop.portal.Error.NotAllowed"_s,
                                                 u"not in this test"_s));
    }
    if (response)
        respond(handle, *response);
    return bus.send(message.createReply(QVariant::fromValue(QDBusObjectPath(handle))));
}

void ScriptedPortal::respond(const QString &handle, uint number)
{
    QDBusMessage signal =
        QDBusMessage::createSignal(handle, u"org.freedesktop.portal.Request"_s, u"Response"_s);
    signal << number << QVariantMap();
    m_bus.send(signal);
}

} // namespace Harness
