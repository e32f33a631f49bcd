// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

// https://www.freedesktop.org/wiki/Software/systemd/inhibit and org.freedesktop.login1(5)

#include "powerwatch.h"

#include <QCoreApplication>
#include <QDBusConnection>
#include <QDBusConnectionInterface>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusServiceWatcher>
#include <QDBusUnixFileDescriptor>
#include <QLoggingCategory>

using namespace Qt::Literals;

Q_LOGGING_CATEGORY(lcPower, "tallybell.power", QtInfoMsg)

namespace {

constexpr auto service = "org.freedesktop.login1"_L1;
constexpr auto path = "/org/freedesktop/login1"_L1;
constexpr auto interface = "org.freedesktop.login1.Manager"_L1;

} // namespace

class PowerWatch::Logind : public QObject
{
    Q_OBJECT

public:
    explicit Logind(PowerWatch *watch);

    void hold();
    void release();
    [[nodiscard]] bool isReachable() const;
    [[nodiscard]] bool isHolding() const { return m_inhibitor.isValid(); }

public Q_SLOTS:
    void prepareForShutdown(bool isNear);
    void prepareForSleep(bool isNear);

private:
    void ask();

    PowerWatch *const m_watch;
    QDBusConnection m_bus;
    QDBusServiceWatcher m_service;
    QDBusUnixFileDescriptor m_inhibitor;
    bool m_isWanted = false;
    bool m_isAsking = false;
};

PowerWatch::Logind::Logind(PowerWatch *watch)
    : m_watch(watch)
    , m_bus(QDBusConnection::systemBus())
{
    if (!m_bus.isConnected()) {
        qCDebug(lcPower, "No system bus: nobody tells of sleep and shutdown");
        return;
    }
    // The sender is named, which costs a call that blocks: any user may send such a signal to all.
    m_bus.connect(service, path, interface, u"PrepareForShutdown"_s, this,
                  SLOT(prepareForShutdown(bool)));
    m_bus.connect(service, path, interface, u"PrepareForSleep"_s, this,
                  SLOT(prepareForSleep(bool)));
    m_service.setConnection(m_bus);
    m_service.setWatchMode(QDBusServiceWatcher::WatchForRegistration);
    m_service.addWatchedService(service);
    connect(&m_service, &QDBusServiceWatcher::serviceRegistered, this, &Logind::ask);
}

bool PowerWatch::Logind::isReachable() const
{
    return m_bus.isConnected() && m_bus.interface()->isServiceRegistered(service);
}

void PowerWatch::Logind::hold()
{
    m_isWanted = true;
    ask();
}

void PowerWatch::Logind::release()
{
    m_isWanted = false;
    m_inhibitor = QDBusUnixFileDescriptor(); // closing it is what logind waits for
}

void PowerWatch::Logind::ask()
{
    if (!m_isWanted || m_isAsking || m_inhibitor.isValid() || !m_bus.isConnected())
        return;
    QDBusMessage message = QDBusMessage::createMethodCall(service, path, interface, u"Inhibit"_s);
    message.setAutoStartService(false);
    message << u"shutdown:sleep"_s << QCoreApplication::applicationName()
            << PowerWatch::tr("Tell the servers that it leaves") << u"delay"_s;
    m_isAsking = true;
    auto *const call = new QDBusPendingCallWatcher(m_bus.asyncCall(message), this);
    connect(call, &QDBusPendingCallWatcher::finished, this, [this, call] {
        call->deleteLater();
        m_isAsking = false;
        const QDBusPendingReply<QDBusUnixFileDescriptor> inhibitor = *call;
        if (inhibitor.isError())
            qCDebug(lcPower).noquote() << "No inhibitor:" << inhibitor.error().message();
        else if (m_isWanted) // if not, the descriptor goes with the reply
            m_inhibitor = inhibitor.value();
    });
}

void PowerWatch::Logind::prepareForShutdown(bool isNear)
{
    if (isNear)
        Q_EMIT m_watch->aboutToShutDown();
}

void PowerWatch::Logind::prepareForSleep(bool isNear)
{
    if (isNear)
        Q_EMIT m_watch->aboutToSleep();
    else
        Q_EMIT m_watch->wokenUp();
}

PowerWatch::PowerWatch(QObject *parent)
    : QObject(parent)
    , m_logind(std::make_unique<Logind>(this))
{}

PowerWatch::~PowerWatch() = default;

bool PowerWatch::isReachable() const
{
    return m_logind->isReachable();
}

bool PowerWatch::isHolding() const
{
    return m_logind->isHolding();
}

void PowerWatch::hold()
{
    m_logind->hold();
}

void PowerWatch::release()
{
    m_logind->release();
}

#include "powerwatch_linux.moc"
