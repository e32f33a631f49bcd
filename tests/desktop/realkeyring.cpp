// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "realkeyring.h"

#include <QDBusConnection>
#include <QDBusConnectionInterface>
#include <QDBusMessage>
#include <QDBusMetaType>
#include <QDBusObjectPath>
#include <QDBusReply>
#include <QMap>
#include <QTest>

using namespace Qt::Literals;

namespace Harness {

namespace {

constexpr auto daemon = "gnome-keyring-daemon"_L1;

QDBusMessage call(const QString &method, const QVariantList &arguments)
{
    QDBusMessage message =
        QDBusMessage::createMethodCall(u"org.freedesktop.secrets"_s, u"/org/freedesktop/secrets"_s,
                                       u"org.freedesktop.Secret.Service"_s, method);
    message.setArguments(arguments);
    return QDBusConnection::sessionBus().call(message);
}

void press(const QStringList &arguments)
{
    QProcess::execute(u"xdotool"_s, arguments);
}

} // namespace

RealKeyring::~RealKeyring()
{
    m_daemon.terminate();
    m_daemon.waitForFinished();
}

bool RealKeyring::start()
{
    m_daemon.setStandardErrorFile(QProcess::nullDevice());
    m_daemon.start(daemon, {u"--unlock"_s, u"--components=secrets"_s, u"--foreground"_s});
    m_daemon.write(password);
    m_daemon.closeWriteChannel();
    return m_daemon.waitForStarted()
        && QTest::qWaitFor(
               [] {
                   return QDBusConnection::sessionBus().interface()->isServiceRegistered(
                       u"org.freedesktop.secrets"_s);
               },
               30000);
}

bool RealKeyring::lock()
{
    const QDBusReply<QDBusObjectPath> collection = call(u"ReadAlias"_s, {u"default"_s});
    return collection.isValid()
        && call(u"Lock"_s, {QVariant::fromValue(QList<QDBusObjectPath>{collection.value()})}).type()
        == QDBusMessage::ReplyMessage;
}

bool RealKeyring::isPrompting()
{
    QProcess search;
    search.start(u"xdotool"_s,
                 {u"search"_s, u"--onlyvisible"_s, u"--name"_s, u"^Unlock .*Keyring"_s});
    return search.waitForFinished() && search.exitCode() == 0;
}

void RealKeyring::acceptPrompt()
{
    press({u"type"_s, QString::fromLatin1(password)});
    press({u"key"_s, u"Return"_s});
}

void RealKeyring::dismissPrompt()
{
    press({u"key"_s, u"Escape"_s});
}

bool RealKeyring::promptForAnother()
{
    const QDBusReply<QDBusObjectPath> collection = call(u"ReadAlias"_s, {u"default"_s});
    const QDBusMessage unlocking =
        call(u"Unlock"_s, {QVariant::fromValue(QList<QDBusObjectPath>{collection.value()})});
    if (unlocking.arguments().size() != 2)
        return false;
    QDBusMessage prompt = QDBusMessage::createMethodCall(
        u"org.freedesktop.secrets"_s, unlocking.arguments().at(1).value<QDBusObjectPath>().path(),
        u"org.freedesktop.Secret.Prompt"_s, u"Prompt"_s);
    prompt << QString();
    return QDBusConnection::sessionBus().call(prompt).type() == QDBusMessage::ReplyMessage
        && QTest::qWaitFor(&RealKeyring::isPrompting, 30000);
}

int RealKeyring::itemCount(const QString &service, const QString &key)
{
    using Attributes = QMap<QString, QString>;
    qDBusRegisterMetaType<Attributes>();
    const QDBusMessage found =
        call(u"SearchItems"_s,
             {QVariant::fromValue(Attributes{{u"server"_s, service}, {u"user"_s, key}})});
    int count = 0;
    const QVariantList lists = found.arguments();
    for (const QVariant &list : lists)
        count += int(qdbus_cast<QList<QDBusObjectPath>>(list).size());
    return count;
}

} // namespace Harness
