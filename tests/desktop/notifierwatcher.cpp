// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "notifierwatcher.h"

#include "wiresize.h"

#include <QDBusError>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QEventLoop>
#include <QTimer>

#include <utility>

using namespace Qt::Literals;

namespace Harness {

NotifierWatcher::NotifierWatcher(const QString &connectionName)
    : m_bus(QDBusConnection::connectToBus(QDBusConnection::SessionBus, connectionName))
{
    // From any item, and before there is one: what it announces first is recorded, too.
    for (const auto &interface : {u"org.kde.StatusNotifierItem"_s, u"com.canonical.dbusmenu"_s})
        m_bus.connect(QString(), QString(), interface, QString(), this, SLOT(record(QDBusMessage)));
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
        && take(QDBusConnectionInterface::DontQueueService);
}

bool NotifierWatcher::startWithoutObject()
{
    return take(QDBusConnectionInterface::DontQueueService);
}

bool NotifierWatcher::replace()
{
    return m_bus.registerObject(u"/StatusNotifierWatcher"_s, this,
                                QDBusConnection::ExportScriptableContents
                                    | QDBusConnection::ExportAllProperties)
        && take(QDBusConnectionInterface::ReplaceExistingService);
}

bool NotifierWatcher::take(QDBusConnectionInterface::ServiceQueueOptions queueing)
{
    return m_bus.interface()->registerService(u"org.kde.StatusNotifierWatcher"_s, queueing,
                                              QDBusConnectionInterface::AllowReplacement)
        == QDBusConnectionInterface::ServiceRegistered;
}

void NotifierWatcher::stop()
{
    m_bus.unregisterService(u"org.kde.StatusNotifierWatcher"_s);
    m_bus.unregisterObject(u"/StatusNotifierWatcher"_s);
    m_items.clear();
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
    ++questions;
    if (m_hangs) {
        setDelayedReply(true);
        return;
    }
    if (m_refusals > 0) {
        --m_refusals;
        sendErrorReply(QDBusError::Failed, u"Not yet"_s);
        return;
    }
    m_items.append(service);
    ++registrations;
    Q_EMIT StatusNotifierItemRegistered(service);
    if (m_reads != Reads::Nothing)
        readSoon(service);
    if (m_drops == Drops::All || (m_drops == Drops::Named && !service.startsWith(u':')))
        QTimer::singleShot(0, this, [this, service] {
            if (m_items.removeOne(service))
                Q_EMIT StatusNotifierItemUnregistered(service);
        });
}

void NotifierWatcher::record(const QDBusMessage &signal)
{
    if (signal.member() == "NewIcon"_L1)
        ++newIcons;
    else if (signal.member() == "NewToolTip"_L1)
        ++newToolTips;
    QStringList words{signal.member()};
    const QVariantList arguments = signal.arguments();
    for (const QVariant &argument : arguments) {
        if (argument.canConvert<QString>())
            words.append(argument.toString());
    }
    m_lastSignal = signal;
    m_announcements.append(words.join(u' '));
    m_bytesOfSignals += wireSize(signal);
    m_bytes += wireSize(signal);
    if (m_reads != Reads::Nothing && signal.interface() == "org.kde.StatusNotifierItem"_L1)
        readAfter(signal);
}

void NotifierWatcher::readAfter(const QDBusMessage &signal)
{
    if (m_reads == Reads::Soon) {
        readSoon(signal.service());
    } else if (signal.member().startsWith("New"_L1)) { // Xfce knows of no label
        m_service = signal.service();
        read();
    }
}

// Plasma waits for 10 ms, in which a busy machine may pass on half of the signals. An answer of the item
// comes after all that it says now.
void NotifierWatcher::readSoon(const QString &service)
{
    m_service = service;
    if (std::exchange(m_isCollecting, true))
        return;
    QDBusMessage question = QDBusMessage::createMethodCall(
        m_service, u"/StatusNotifierItem"_s, u"org.freedesktop.DBus.Properties"_s, u"Get"_s);
    question << u"org.kde.StatusNotifierItem"_s << u"Id"_s;
    auto *const call = new QDBusPendingCallWatcher(m_bus.asyncCall(question), this);
    connect(call, &QDBusPendingCallWatcher::finished, this, [this, call] {
        call->deleteLater();
        m_isCollecting = false;
        read();
    });
}

void NotifierWatcher::read()
{
    ++m_unanswered;
    QDBusMessage question = QDBusMessage::createMethodCall(
        m_service, u"/StatusNotifierItem"_s, u"org.freedesktop.DBus.Properties"_s, u"GetAll"_s);
    question << u"org.kde.StatusNotifierItem"_s;
    m_bytes += wireSize(question, m_bus.baseService());
    auto *const call = new QDBusPendingCallWatcher(m_bus.asyncCall(question), this);
    connect(call, &QDBusPendingCallWatcher::finished, this, [this, call] {
        call->deleteLater();
        --m_unanswered;
        const QDBusMessage answer = call->reply();
        if (answer.type() != QDBusMessage::ReplyMessage)
            return;
        m_bytes += wireSize(answer, m_bus.baseService());
        m_properties = qdbus_cast<QVariantMap>(answer.arguments().at(0));
        ++m_readings;
    });
}

void NotifierWatcher::forgetAnnouncements()
{
    m_announcements.clear();
    m_bytes = 0;
    m_bytesOfSignals = 0;
}

QDBusMessage NotifierWatcher::call(const QString &path, const QString &interface,
                                   const QString &method, const QVariantList &arguments)
{
    QDBusMessage message = QDBusMessage::createMethodCall(
        m_items.isEmpty() ? QString() : m_items.constLast(), path, interface, method);
    message.setArguments(arguments);
    const QDBusPendingCall pending = m_bus.asyncCall(message);
    QDBusPendingCallWatcher watcher(pending);
    QEventLoop loop;
    connect(&watcher, &QDBusPendingCallWatcher::finished, &loop, &QEventLoop::quit);
    if (!watcher.isFinished())
        loop.exec();
    return watcher.reply();
}

} // namespace Harness
