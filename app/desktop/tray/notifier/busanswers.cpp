// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "busanswers.h"

#include <QDBusError>
#include <QDBusVariant>

using namespace Qt::Literals;

namespace {

constexpr auto propertiesInterface = "org.freedesktop.DBus.Properties"_L1;

QDBusMessage answerProperties(const QDBusMessage &message, const QString &interface,
                              const QVariantMap &properties)
{
    const QString call = message.member() + u' ' + message.signature();
    const bool isSet = call == "Set ssv"_L1;
    if (!isSet && call != "Get ss"_L1 && call != "GetAll s"_L1)
        return answerUnknown(message, {u"Get"_s, u"GetAll"_s, u"Set"_s});
    const QVariantList arguments = message.arguments();
    const QString asked = arguments.at(0).toString();
    if (!asked.isEmpty() && asked != interface)
        return message.createErrorReply(QDBusError::UnknownInterface, u"No such interface"_s);
    if (arguments.size() == 1)
        return message.createReply(properties);
    const auto property = properties.find(arguments.at(1).toString());
    if (property == properties.end())
        return message.createErrorReply(QDBusError::UnknownProperty, u"No such property"_s);
    if (isSet)
        return message.createErrorReply(QDBusError::PropertyReadOnly,
                                        u"The property cannot be changed"_s);
    return message.createReply(QVariant::fromValue(QDBusVariant(*property)));
}

} // namespace

bool handleCall(const QDBusMessage &message, const QDBusConnection &bus, const QString &interface,
                const std::function<QVariantMap()> &properties,
                const std::function<QDBusMessage(const QDBusMessage &)> &answer)
{
    if (message.type() != QDBusMessage::MethodCallMessage)
        return false;
    const bool isOfProperties = message.interface() == propertiesInterface;
    if (!isOfProperties && message.interface() != interface && !message.interface().isEmpty())
        return false;
    const QDBusMessage reply =
        isOfProperties ? answerProperties(message, interface, properties()) : answer(message);
    if (message.isReplyRequired())
        bus.send(reply);
    return true;
}

QDBusMessage answerUnknown(const QDBusMessage &message, const QStringList &known)
{
    if (known.contains(message.member()))
        return message.createErrorReply(QDBusError::InvalidArgs,
                                        u"%1 has other arguments"_s.arg(message.member()));
    return message.createErrorReply(QDBusError::UnknownMethod, u"No such method"_s);
}
