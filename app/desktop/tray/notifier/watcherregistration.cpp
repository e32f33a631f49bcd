// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "watcherregistration.h"

#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QLoggingCategory>

#include <algorithm>
#include <array>

using namespace std::chrono_literals;
using namespace Qt::Literals;

namespace {

Q_LOGGING_CATEGORY(log, "tallybell.trayitem", QtInfoMsg)

constexpr auto watcherService = "org.kde.StatusNotifierWatcher"_L1;
constexpr auto watcherPath = "/StatusNotifierWatcher"_L1;
constexpr auto watcherInterface = "org.kde.StatusNotifierWatcher"_L1;
constexpr std::chrono::milliseconds pauseAfterLoss = 250ms; // who leaves the bus drops all, too
constexpr int maxReturns = 3;

} // namespace

WatcherRegistration::WatcherRegistration(const QDBusConnection &bus, QObject *parent)
    : QObject(parent)
    , m_bus(bus)
    , m_watcher(watcherService, bus, QDBusServiceWatcher::WatchForOwnerChange)
{
    connect(&m_watcher, &QDBusServiceWatcher::serviceOwnerChanged, this,
            [this](const QString &, const QString &oldOwner, const QString &newOwner) {
                follow(oldOwner, newOwner);
            });
    m_bus.connect(QString(), watcherPath, watcherInterface, u"StatusNotifierHostRegistered"_s, this,
                  SLOT(complete()));
    m_bus.connect(QString(), watcherPath, watcherInterface, u"StatusNotifierItemUnregistered"_s,
                  this, SLOT(lose(QDBusMessage)));
    m_pause.setSingleShot(true);
    m_pause.setInterval(pauseAfterLoss);
    connect(&m_pause, &QTimer::timeout, this, &WatcherRegistration::ask);
}

WatcherRegistration::~WatcherRegistration() = default;

void WatcherRegistration::begin(const QString &name)
{
    m_name = name;
    ask();
}

void WatcherRegistration::follow(const QString &oldOwner, const QString &owner)
{
    m_owner = owner;
    // What was asked before anybody was there may have reached the one that came; what was asked of
    // another may wait for its answer for ever.
    const bool mayBeAnswered = oldOwner.isEmpty() && m_asked.isEmpty();
    if (owner.isEmpty() || (m_isAsking && m_asked != owner && !mayBeAnswered)) {
        ++m_question;
        m_isAsking = false;
        m_registeredWith.clear();
    }
    m_losses = 0;
    m_pause.stop();
    m_retry.startAnew();
    if (!owner.isEmpty())
        ask();
}

// A host came, so the watcher may be complete by now.
void WatcherRegistration::complete()
{
    if (!m_registeredWith.isEmpty())
        return;
    m_retry.startAnew();
    ask();
}

// To name the sender to the bus would cost a blocking call, so here comes what anybody says.
void WatcherRegistration::lose(const QDBusMessage &signal)
{
    const bool isOfTheWatcher =
        signal.service() == m_registeredWith && (m_owner.isEmpty() || m_owner == m_registeredWith);
    if (!isOfTheWatcher || m_losses > maxReturns || !isOurs(signal.arguments().value(0).toString()))
        return;
    if (++m_losses > maxReturns) {
        qCWarning(log, "The panel has dropped our icon %d times: it is left alone", m_losses);
        return;
    }
    qCInfo(log, "The panel dropped our icon: it is asked again");
    m_registeredWith.clear();
    m_retry.startAnew();
    m_pause.start();
}

// Watchers write what they call an item in several ways.
bool WatcherRegistration::isOurs(const QString &item) const
{
    constexpr std::array ends{""_L1, "/StatusNotifierItem"_L1, "@/StatusNotifierItem"_L1};
    return std::any_of(ends.begin(), ends.end(), [&](QLatin1StringView end) {
        return item == m_name + end || item == m_bus.baseService() + end;
    });
}

void WatcherRegistration::ask()
{
    if (m_name.isEmpty() || m_isAsking || (!m_owner.isEmpty() && m_owner == m_registeredWith))
        return;
    m_retry.stop();
    m_pause.stop();
    m_isAsking = true;
    m_asked = m_owner;
    QDBusMessage message = QDBusMessage::createMethodCall(
        watcherService, watcherPath, watcherInterface, u"RegisterStatusNotifierItem"_s);
    message << (m_losses == 0 ? m_name : m_bus.baseService());
    message.setAutoStartService(false);
    auto *const call = new QDBusPendingCallWatcher(m_bus.asyncCall(message), this);
    connect(call, &QDBusPendingCallWatcher::finished, this, [this, call, number = ++m_question] {
        call->deleteLater();
        if (number == m_question)
            take(call->reply());
    });
}

void WatcherRegistration::take(const QDBusMessage &answer)
{
    m_isAsking = false;
    if (answer.type() == QDBusMessage::ReplyMessage) {
        m_registeredWith = answer.service();
        if (!m_owner.isEmpty())
            ask(); // another one that came meanwhile
        return;
    }
    qCDebug(log).noquote() << "Not registered:" << answer.errorMessage();
    m_retry.take(answer, !m_owner.isEmpty());
}
