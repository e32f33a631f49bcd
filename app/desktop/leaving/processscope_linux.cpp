// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

// org.freedesktop.systemd1(5) and https://systemd.io/DESKTOP_ENVIRONMENTS

#include "processscope.h"

#include <QDBusArgument>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusMetaType>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QLoggingCategory>

#include <chrono>

using namespace std::chrono_literals;
using namespace Qt::Literals;

Q_LOGGING_CATEGORY(lcScope, "tallybell.scope", QtInfoMsg)

namespace {

// From SIGTERM, which the farewell process ignores, to SIGKILL. It needs less and ends by itself.
constexpr std::chrono::microseconds stopTimeout = 8s;

struct Property
{
    QString name;
    QDBusVariant value;
};

struct AuxiliaryUnit
{
    QString name;
    QList<Property> properties;
};

QDBusArgument &operator<<(QDBusArgument &argument, const Property &property)
{
    argument.beginStructure();
    argument << property.name << property.value;
    argument.endStructure();
    return argument;
}

const QDBusArgument &operator>>(const QDBusArgument &argument, Property &property)
{
    argument.beginStructure();
    argument >> property.name >> property.value;
    argument.endStructure();
    return argument;
}

QDBusArgument &operator<<(QDBusArgument &argument, const AuxiliaryUnit &unit)
{
    argument.beginStructure();
    argument << unit.name << unit.properties;
    argument.endStructure();
    return argument;
}

const QDBusArgument &operator>>(const QDBusArgument &argument, AuxiliaryUnit &unit)
{
    argument.beginStructure();
    argument >> unit.name >> unit.properties;
    argument.endStructure();
    return argument;
}

} // namespace

Q_DECLARE_METATYPE(Property)
Q_DECLARE_METATYPE(AuxiliaryUnit)

void ProcessScope::adopt(qint64 id)
{
    QDBusConnection bus = QDBusConnection::sessionBus();
    if (id <= 0 || !bus.isConnected())
        return;
    qDBusRegisterMetaType<Property>();
    qDBusRegisterMetaType<QList<Property>>();
    qDBusRegisterMetaType<AuxiliaryUnit>();
    qDBusRegisterMetaType<QList<AuxiliaryUnit>>();

    const QString name = u"tallybell-farewell-%1.scope"_s.arg(id);
    const auto property = [](const QString &key, const QVariant &value) {
        return Property{key, QDBusVariant(value)};
    };
    const QList<Property> properties{
        property(u"Description"_s, tr("Close requests of Tallybell")),
        property(u"PIDs"_s, QVariant::fromValue(QList<uint>{uint(id)})),
        // Not background.slice, which gets what the others leave over: at the end of a session,
        // when everything wants the processor, this is what has to be done within seconds.
        property(u"Slice"_s, u"app.slice"_s),
        property(u"CollectMode"_s, u"inactive-or-failed"_s), // so that nothing stays of it
        property(u"TimeoutStopUSec"_s, QVariant::fromValue(quint64(stopTimeout.count()))),
    };
    QDBusMessage message = QDBusMessage::createMethodCall(
        u"org.freedesktop.systemd1"_s, u"/org/freedesktop/systemd1"_s,
        u"org.freedesktop.systemd1.Manager"_s, u"StartTransientUnit"_s);
    message.setAutoStartService(false); // where it does not run it is not wanted
    message << name << u"fail"_s << QVariant::fromValue(properties)
            << QVariant::fromValue(QList<AuxiliaryUnit>());
    auto *const call = new QDBusPendingCallWatcher(bus.asyncCall(message), this);
    connect(call, &QDBusPendingCallWatcher::finished, this, [this, call, name, id] {
        call->deleteLater();
        const QDBusPendingReply<QDBusObjectPath> job = *call;
        if (job.isError()) {
            qCDebug(lcScope).noquote() << "No scope:" << job.error().message();
            return;
        }
        m_name = name;
        Q_EMIT adopted(id);
    });
}
