// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "scriptedkeyring.h"

#include <QDBusMessage>
#include <QDBusObjectPath>
#include <QDBusVariant>

using namespace Qt::Literals;

namespace Harness {

namespace {

constexpr auto service = "org.freedesktop.secrets"_L1;
constexpr auto root = "/org/freedesktop/secrets"_L1;
constexpr auto collection = "/org/freedesktop/secrets/collection/login"_L1;

QString promptPath(int number)
{
    return root + "/prompt/p"_L1 + QString::number(number);
}

} // namespace

ScriptedKeyring::ScriptedKeyring()
    : m_bus(QDBusConnection::connectToBus(QDBusConnection::SessionBus, u"scripted keyring"_s))
{}

ScriptedKeyring::~ScriptedKeyring()
{
    stop();
    QDBusConnection::disconnectFromBus(m_bus.name());
}

bool ScriptedKeyring::start()
{
    return m_bus.registerVirtualObject(root, this, QDBusConnection::SubPath)
        && m_bus.registerService(service);
}

void ScriptedKeyring::stop()
{
    m_bus.unregisterService(service);
    m_bus.unregisterObject(root, QDBusConnection::UnregisterTree);
}

void ScriptedKeyring::setLocked(bool isLocked)
{
    m_isLocked = isLocked;
    QDBusMessage signal = QDBusMessage::createSignal(
        collection, u"org.freedesktop.DBus.Properties"_s, u"PropertiesChanged"_s);
    signal << u"org.freedesktop.Secret.Collection"_s << QVariantMap{{u"Locked"_s, isLocked}}
           << QStringList();
    m_bus.send(signal);
}

void ScriptedKeyring::acceptPrompt()
{
    setLocked(false);
    completePrompt(false);
}

void ScriptedKeyring::dismissPrompt()
{
    completePrompt(true);
}

void ScriptedKeyring::completePrompt(bool isDismissed)
{
    QDBusMessage signal = QDBusMessage::createSignal(
        promptPath(m_promptCount), u"org.freedesktop.Secret.Prompt"_s, u"Completed"_s);
    QList<QDBusObjectPath> unlocked;
    if (!isDismissed)
        unlocked.append(QDBusObjectPath(collection));
    signal << isDismissed << QVariant::fromValue(QDBusVariant(QVariant::fromValue(unlocked)));
    m_bus.send(signal);
}

bool ScriptedKeyring::handleMessage(const QDBusMessage &message, const QDBusConnection &bus)
{
    if (m_isSilent)
        return true;
    const QString member = message.member();
    QDBusMessage reply = message.createReply();
    if (member == "ReadAlias"_L1) {
        reply << QVariant::fromValue(QDBusObjectPath(m_isEmpty ? "/"_L1 : collection));
    } else if (member == "Get"_L1 && message.path() == collection) {
        reply << QVariant::fromValue(QDBusVariant(m_isLocked));
    } else if (member == "Unlock"_L1) {
        ++m_promptCount;
        reply << QVariant::fromValue(QList<QDBusObjectPath>())
              << QVariant::fromValue(QDBusObjectPath(promptPath(m_promptCount)));
    } else if (member == "Prompt"_L1) {
        ++prompts;
    } else {
        if (member == "OpenSession"_L1)
            ++readings;
        reply = message.createErrorReply(QDBusError::Failed, u"not in this test"_s);
    }
    return bus.send(reply);
}

} // namespace Harness
