// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "notificationdaemon.h"

#include <QDBusArgument>
#include <QDBusVariant>

#include <algorithm>
#include <utility>

using namespace Qt::Literals;

namespace Harness {

namespace {

constexpr auto service = "org.freedesktop.Notifications"_L1;
constexpr auto path = "/org/freedesktop/Notifications"_L1;

} // namespace

NotificationDaemon::NotificationDaemon()
    : m_bus(QString())
{}

NotificationDaemon::~NotificationDaemon()
{
    stop();
}

bool NotificationDaemon::start()
{
    m_bus = QDBusConnection::connectToBus(QDBusConnection::SessionBus,
                                          u"notification daemon %1"_s.arg(++m_starts));
    return m_bus.registerVirtualObject(path, this) && m_bus.registerService(service);
}

void NotificationDaemon::stop()
{
    // The bus says when that is done; of a connection that ends it may hear after the next has begun.
    if (m_bus.isConnected())
        m_bus.unregisterService(service);
    const QString connection = m_bus.name();
    m_bus = QDBusConnection(QString());
    if (!connection.isEmpty())
        QDBusConnection::disconnectFromBus(connection);
    m_held.clear();
    shown.clear();
    m_isHeld = false;
    m_lastId = 40;
}

bool NotificationDaemon::handleMessage(const QDBusMessage &message, const QDBusConnection &bus)
{
    const QString member = message.member();
    if (member == "Notify"_L1) {
        const QVariantList arguments = message.arguments();
        calls.append({message.signature(), arguments.value(0).toString(),
                      arguments.value(1).toUInt(), arguments.value(2).toString(),
                      arguments.value(3).toString(), arguments.value(4).toString(),
                      arguments.value(5).toStringList(),
                      qdbus_cast<QVariantMap>(arguments.value(6)), arguments.value(7).toInt()});
        if (m_isHeld)
            m_held.append(message);
        else
            answer(message);
        return true;
    }
    if (member == "CloseNotification"_L1) {
        const uint id = message.arguments().value(0).toUInt();
        closed.append(id);
        if (!m_isClosing)
            return true;
        if (shown.contains(id))
            close(id, 3);
        return bus.send(message.createReply());
    }
    if (member == "GetCapabilities"_L1) {
        ++abilityQuestions;
        return bus.send(message.createReply(QVariant(abilities)));
    }
    if (member == "GetServerInformation"_L1) {
        ++nameQuestions;
        return bus.send(message.createReply(QVariantList{name, u"the tests"_s, u"1"_s, u"1.2"_s}));
    }
    other.append(member);
    if (m_isSilent)
        return true;
    const QVariantList arguments = message.arguments();
    const QString property = inhibition.value(arguments.value(0).toString());
    if (member == "Get"_L1 && !property.isEmpty() && arguments.value(1).toString() == property)
        return bus.send(message.createReply(QVariant::fromValue(QDBusVariant(m_isInhibited))));
    return false;
}

void NotificationDaemon::answer(const QDBusMessage &message)
{
    // They are answered in the order in which they came.
    const auto call =
        std::find_if(calls.begin(), calls.end(), [](const Call &one) { return !one.isAnswered; });
    Q_ASSERT(call != calls.end());
    call->isAnswered = true;
    if (m_isRefusing) {
        m_bus.send(message.createErrorReply(u"org.example.Error.Refused"_s, u"not now"_s));
        return;
    }
    call->id = shown.contains(call->replaced) ? call->replaced : ++m_lastId;
    call->isExpired = m_isPlasma && shown.value(call->id).isExpired;
    if (!call->isExpired)
        popups.append(call->summary);
    shown.insert(call->id, *call);
    mostShown = std::max(mostShown, shown.size());
    m_bus.send(message.createReply(call->id));
}

void NotificationDaemon::release()
{
    m_isHeld = false;
    const QList<QDBusMessage> held = std::exchange(m_held, {});
    for (const QDBusMessage &message : held)
        answer(message);
}

void NotificationDaemon::invoke(uint id, const QString &action, const QString &token)
{
    if (!token.isEmpty())
        sendSignal(u"ActivationToken"_s, {id, token});
    sendSignal(u"ActionInvoked"_s, {id, action});
}

void NotificationDaemon::close(uint id, uint reason)
{
    shown.remove(id);
    sendSignal(u"NotificationClosed"_s, {id, reason});
}

void NotificationDaemon::expire(uint id)
{
    if (shown.value(id).hints.value(u"resident"_s).toBool())
        shown[id].isExpired = true;
    else
        close(id, 1);
}

void NotificationDaemon::actAsPlasma()
{
    name = u"Plasma"_s;
    m_isPlasma = true;
}

void NotificationDaemon::setInhibited(bool isInhibited)
{
    m_isInhibited = isInhibited;
    QDBusMessage signal = QDBusMessage::createSignal(path, u"org.freedesktop.DBus.Properties"_s,
                                                     u"PropertiesChanged"_s);
    signal << inhibition.firstKey() << QVariantMap{{inhibition.first(), isInhibited}}
           << QStringList();
    m_bus.send(signal);
}

void NotificationDaemon::sendSignal(const QString &member, const QVariantList &arguments)
{
    QDBusMessage signal = QDBusMessage::createSignal(path, service, member);
    signal.setArguments(arguments);
    m_bus.send(signal);
}

} // namespace Harness
