// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "notificationservice_p.h"

#include "core/plaintext.h"

#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>
#include <QLoggingCategory>

#include <chrono>
#include <optional>

using namespace std::chrono_literals;
using namespace Qt::Literals;
using Disturbing = NotificationServer::Disturbing;

Q_LOGGING_CATEGORY(lcNotificationService, "tallybell.notifications", QtInfoMsg)

namespace {

constexpr auto busService = "org.freedesktop.DBus"_L1;
constexpr auto propertiesInterface = "org.freedesktop.DBus.Properties"_L1;
constexpr auto xfconfService = "org.xfce.Xfconf"_L1;
constexpr auto xfconfPath = "/org/xfce/Xfconf"_L1;
constexpr auto xfconfChannel = "xfce4-notifyd"_L1;
constexpr auto xfconfProperty = "/do-not-disturb"_L1;

constexpr qsizetype maxWords = 60; // of how it calls itself
// Notices wait for what it says about do-not-disturb. Xfce's is said by another service.
constexpr std::chrono::milliseconds disturbPatience = 2s;

QDBusMessage questionForTheBus(const QString &method)
{
    return QDBusMessage::createMethodCall(busService, u"/"_s, busService, method);
}

// Plasma tells of it as a property of the service, dunst likewise under a name of its own, Xfce in
// its settings. GNOME does not: its show-banners is a setting that the service does not hand out, nor
// is it in the list of those that the Settings portal does, at least by xdg-desktop-portal-gtk.
std::optional<QDBusMessage> questionWhetherToDisturb(const NotificationServer &server)
{
    const auto property = [](const QString &interface, const QString &name) {
        QDBusMessage question = QDBusMessage::createMethodCall(NotificationService::interfaceName,
                                                               NotificationService::objectPath,
                                                               propertiesInterface, u"Get"_s);
        question << interface << name;
        return question;
    };
    if (server.can("inhibitions"_L1))
        return property(NotificationService::interfaceName, u"Inhibited"_s);
    if (server.name == "dunst"_L1)
        return property(u"org.dunstproject.cmd0"_s, u"paused"_s);
    if (!server.name.startsWith("Xfce"_L1))
        return {};
    QDBusMessage question =
        QDBusMessage::createMethodCall(xfconfService, xfconfPath, xfconfService, u"GetProperty"_s);
    question << QString(xfconfChannel) << QString(xfconfProperty);
    return question;
}

} // namespace

NotificationService::NotificationService(const QDBusConnection &bus)
    : m_bus(bus)
{
    if (!m_bus.isConnected()) {
        qCInfo(lcNotificationService, "No session bus: no notifications");
        return;
    }
    m_owners.setConnection(m_bus);
    m_owners.setWatchMode(QDBusServiceWatcher::WatchForOwnerChange);
    m_owners.addWatchedService(interfaceName);
    connect(&m_owners, &QDBusServiceWatcher::serviceOwnerChanged, this,
            [this](const QString &, const QString &, const QString &owner) { setOwner(owner); });
    m_bus.connect(QString(), objectPath, propertiesInterface, u"PropertiesChanged"_s, this,
                  SLOT(noteProperties(QDBusMessage)));
    askForOwner();
}

QDBusMessage NotificationService::call(const QString &method)
{
    return QDBusMessage::createMethodCall(interfaceName, objectPath, interfaceName, method);
}

void NotificationService::askForOwner()
{
    QDBusMessage question = questionForTheBus(u"GetNameOwner"_s);
    question << QString(interfaceName);
    auto *const call = new QDBusPendingCallWatcher(m_bus.asyncCall(question), this);
    connect(call, &QDBusPendingCallWatcher::finished, this, [this, call] {
        call->deleteLater();
        const QDBusPendingReply<QString> owner = *call;
        if (owner.isValid())
            setOwner(owner.value());
        else
            askForStartable();
    });
}

void NotificationService::askForStartable()
{
    auto *const call = new QDBusPendingCallWatcher(
        m_bus.asyncCall(questionForTheBus(u"ListActivatableNames"_s)), this);
    connect(call, &QDBusPendingCallWatcher::finished, this, [this, call] {
        call->deleteLater();
        const QDBusPendingReply<QStringList> names = *call;
        m_isStartable = names.isValid() && names.value().contains(interfaceName);
    });
}

void NotificationService::setOwner(const QString &owner)
{
    if (owner == m_owner)
        return;
    // Our own questions may have started it: then their answers are on their way from it.
    const bool isAsked = m_owner.isEmpty() && m_openQuestions > 0;
    m_owner = owner;
    if (isAsked)
        return;
    ++m_generation;
    m_openQuestions = 0;
    m_isDescribed = m_isKnown = false;
    if (owner.isEmpty())
        askForStartable();
    else
        wake();
    Q_EMIT ownerChanged();
}

void NotificationService::wake()
{
    if (m_openQuestions > 0 || m_isDescribed || !m_bus.isConnected())
        return;
    m_server = {};
    const auto ask = [this](const QString &method, const auto &take) {
        ++m_openQuestions;
        auto *const question = new QDBusPendingCallWatcher(m_bus.asyncCall(call(method)), this);
        connect(question, &QDBusPendingCallWatcher::finished, this,
                [this, question, take, generation = m_generation] {
                    question->deleteLater();
                    if (generation != m_generation)
                        return;
                    if (!question->isError())
                        take(*question);
                    if (--m_openQuestions == 0)
                        settle();
                });
    };
    ask(u"GetServerInformation"_s, [this](const QDBusPendingCall &call) {
        const QDBusPendingReply<QString, QString, QString, QString> answer = call;
        if (answer.isError()) // of other types than it should be
            return;
        m_server.name = plainLine(answer.argumentAt<0>(), maxWords);
        m_server.vendor = plainLine(answer.argumentAt<1>(), maxWords);
        m_server.version = plainLine(answer.argumentAt<2>(), maxWords);
        qCInfo(lcNotificationService).noquote()
            << "Notifications are shown by" << m_server.name << m_server.version;
    });
    ask(u"GetCapabilities"_s, [this](const QDBusPendingCall &call) {
        const QDBusPendingReply<QStringList> answer = call;
        if (answer.isError())
            return;
        const QStringList abilities = answer.value();
        m_server.abilities = QSet<QString>(abilities.cbegin(), abilities.cend());
    });
}

void NotificationService::settle()
{
    if (!isThere()) {
        qCDebug(lcNotificationService, "Nobody shows notifications");
        Q_EMIT missed();
        return;
    }
    m_isDescribed = true;
    if (m_server.name.startsWith("Xfce"_L1)) {
        // Here and not before: others need not be woken by every setting of Xfce.
        for (const auto &change : {u"PropertyChanged"_s, u"PropertyRemoved"_s})
            m_bus.connect(QString(), xfconfPath, xfconfService, change, this,
                          SLOT(noteSetting(QString, QString)));
    }
    askWhetherToDisturb();
}

void NotificationService::askWhetherToDisturb()
{
    std::optional<QDBusMessage> question = questionWhetherToDisturb(m_server);
    if (!question) {
        finish(Disturbing::Untold);
        return;
    }
    question->setAutoStartService(false);
    auto *const call =
        new QDBusPendingCallWatcher(m_bus.asyncCall(*question, int(disturbPatience.count())), this);
    connect(call, &QDBusPendingCallWatcher::finished, this,
            [this, call, generation = m_generation, number = ++m_disturbQuestion] {
                call->deleteLater();
                if (generation != m_generation || number != m_disturbQuestion)
                    return;
                const QDBusPendingReply<QDBusVariant> answer = *call;
                const bool isUnwanted = answer.isValid() && answer.value().variant().toBool();
                finish(isUnwanted ? Disturbing::Unwanted : Disturbing::Wanted);
            });
}

void NotificationService::finish(NotificationServer::Disturbing disturbing)
{
    m_server.disturbing = disturbing;
    m_isKnown = true;
    Q_EMIT described();
}

void NotificationService::noteProperties(const QDBusMessage &signal)
{
    if (m_isDescribed && isSender(signal))
        askWhetherToDisturb();
}

void NotificationService::noteSetting(const QString &channel, const QString &property)
{
    if (m_isDescribed && channel == xfconfChannel && property == xfconfProperty)
        askWhetherToDisturb();
}
