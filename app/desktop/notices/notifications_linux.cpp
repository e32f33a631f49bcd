// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "notifications.h"

#include "noticeledger.h"
#include "notificationservice_p.h"
#include "notifycall_p.h"

#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QLoggingCategory>
#include <QPointer>
#include <QTimer>

#include <climits>
#include <utility>

using namespace std::chrono_literals;
using namespace Qt::Literals;

Q_LOGGING_CATEGORY(lcNotifications, "tallybell.notifications", QtInfoMsg)

namespace {

constexpr auto defaultPatience = 10s;
constexpr qsizetype maxToken = 1024;
constexpr uint dismissedByUser = 2; // of NotificationClosed

// Plasma 5.27 shows what replaces another as that one is: where its popup has run out of time, only in
// the history. And of what is resident it never says that this has happened. Others show it again, and
// replacing is then less of a flicker.
bool hidesWhatReplaces(const NotificationServer &server)
{
    return server.name == "Plasma"_L1;
}

} // namespace

/*! Keeps the ledger and the service in agreement. */
class Notifications::Private : public QObject
{
    Q_OBJECT

public:
    Private(Notifications *notifications, std::chrono::milliseconds patience);

    void show(const Notice &notice, bool withSound);
    void correct(const Notice &notice);
    void withdraw(const QString &key) { close(m_ledger.withdraw(key)); }
    void withdrawAll();

    NotificationService service{QDBusConnection::sessionBus()};
    bool isInhibited = false;

public Q_SLOTS:
    void noteClosed(uint id, uint reason, const QDBusMessage &signal);
    void noteToken(uint id, const QString &token, const QDBusMessage &signal);
    void noteAction(uint id, const QString &action, const QDBusMessage &signal);

private:
    void beginAnew();
    void goOn();
    void giveUp();
    void sendWaiting();
    void send(const QString &key);
    void close(uint id);
    void setInhibited(bool inhibited);

    Notifications *const m_notifications;
    QDBusConnection m_bus = QDBusConnection::sessionBus();
    QTimer m_patience; // of what waits for a service
    NoticeLedger m_ledger;
};

Notifications::Private::Private(Notifications *notifications, std::chrono::milliseconds patience)
    : m_notifications(notifications)
{
    m_patience.setSingleShot(true);
    m_patience.setInterval(patience);
    connect(&m_patience, &QTimer::timeout, this, &Private::giveUp);
    connect(&service, &NotificationService::ownerChanged, this, &Private::beginAnew);
    connect(&service, &NotificationService::described, this, &Private::goOn);
    connect(&service, &NotificationService::missed, this, [this] {
        if (!m_patience.isActive())
            m_patience.start();
    });
    const auto listen = [this](const QString &signal, const char *slot) {
        m_bus.connect(QString(), NotificationService::objectPath,
                      NotificationService::interfaceName, signal, this, slot);
    };
    listen(u"NotificationClosed"_s, SLOT(noteClosed(uint, uint, QDBusMessage)));
    listen(u"ActivationToken"_s, SLOT(noteToken(uint, QString, QDBusMessage)));
    listen(u"ActionInvoked"_s, SLOT(noteAction(uint, QString, QDBusMessage)));
}

void Notifications::Private::beginAnew()
{
    m_ledger.forgetIds();
    if (!service.isThere())
        m_patience.start();
}

// What it says about do-not-disturb is known now: that of the one before it has held until here.
void Notifications::Private::goOn()
{
    m_patience.stop();
    const QPointer<Private> guard(this);
    setInhibited(service.server().disturbing == NotificationServer::Disturbing::Unwanted);
    if (guard)
        sendWaiting();
}

void Notifications::Private::giveUp()
{
    m_ledger.clear();
    setInhibited(false);
}

void Notifications::Private::sendWaiting()
{
    if (!service.isKnown() || isInhibited)
        return;
    const QStringList waiting = m_ledger.waiting();
    for (const QString &key : waiting)
        send(key);
}

void Notifications::Private::show(const Notice &notice, bool withSound)
{
    if (!m_bus.isConnected())
        return;
    m_ledger.show(notice, withSound);
    service.wake();
    sendWaiting();
    if (const QString key = m_ledger.surplus(); !key.isEmpty())
        withdraw(key);
}

void Notifications::Private::correct(const Notice &notice)
{
    m_ledger.correct(notice);
    sendWaiting();
}

void Notifications::Private::send(const QString &key)
{
    NoticeLedger::Letter letter = m_ledger.send(key);
    // In this order nothing is stacked. The ledger keeps the old id until the service has answered:
    // a click on it may cross this.
    if (!letter.wish.isCorrection && hidesWhatReplaces(service.server()))
        close(std::exchange(letter.replaced, 0));
    const QDBusMessage message = notifyCall(letter, service.server());
    // For ever: with an answer that comes late but counts, nothing is ever shown twice. Where the
    // service ends meanwhile, the bus answers.
    auto *const call = new QDBusPendingCallWatcher(m_bus.asyncCall(message, INT_MAX), this);
    connect(call, &QDBusPendingCallWatcher::finished, this,
            [this, call, key, generation = service.generation()] {
                call->deleteLater();
                if (generation != service.generation())
                    return;
                const QDBusPendingReply<uint> answer = *call;
                if (answer.isError())
                    qCDebug(lcNotifications).noquote() << "Not shown:" << answer.error().name();
                close(m_ledger.takeAnswer(
                    key, answer.isError() ? std::optional<uint>() : answer.value()));
                sendWaiting();
            });
}

void Notifications::Private::withdrawAll()
{
    const QStringList keys = m_ledger.keys();
    for (const QString &key : keys)
        withdraw(key);
}

void Notifications::Private::close(uint id)
{
    if (id == 0 || !service.isThere())
        return;
    QDBusMessage message = NotificationService::call(u"CloseNotification"_s);
    message.setAutoStartService(false);
    message << id;
    m_bus.send(message);
}

void Notifications::Private::noteClosed(uint id, uint reason, const QDBusMessage &signal)
{
    if (!service.isSender(signal))
        return;
    const QString key = m_ledger.close(id);
    if (reason == dismissedByUser && !key.isEmpty())
        Q_EMIT m_notifications->dismissed(key);
}

void Notifications::Private::noteToken(uint id, const QString &token, const QDBusMessage &signal)
{
    if (service.isSender(signal) && token.size() <= maxToken)
        m_ledger.keepToken(id, token);
}

void Notifications::Private::noteAction(uint id, const QString &action, const QDBusMessage &signal)
{
    const std::optional<Action> meant = actionNamed(action);
    if (!service.isSender(signal) || !meant)
        return;
    const std::optional<NoticeLedger::Deed> deed = m_ledger.act(id);
    if (!deed)
        return;
    close(deed->closed);
    const QPointer<Notifications> guard(m_notifications);
    if (deed->isGone)
        Q_EMIT guard->dismissed(deed->notice.key);
    if (guard)
        Q_EMIT guard->invoked(deed->notice, *meant, deed->token);
}

void Notifications::Private::setInhibited(bool inhibited)
{
    if (std::exchange(isInhibited, inhibited) != inhibited)
        Q_EMIT m_notifications->inhibitedChanged();
}

Notifications::Notifications(QObject *parent)
    : Notifications(defaultPatience, parent)
{}

Notifications::Notifications(std::chrono::milliseconds patience, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(this, patience))
{
    connect(&d->service, &NotificationService::ownerChanged, this, &Notifications::serverChanged);
    connect(&d->service, &NotificationService::described, this, &Notifications::serverChanged);
}

Notifications::~Notifications() = default;

void Notifications::show(const Notice &notice, bool withSound)
{
    d->show(notice, withSound);
}

void Notifications::correct(const Notice &notice)
{
    d->correct(notice);
}

void Notifications::withdraw(const QString &key)
{
    d->withdraw(key);
}

void Notifications::withdrawAll()
{
    d->withdrawAll();
}

bool Notifications::isAvailable() const
{
    return d->service.isThere() || d->service.isStartable();
}

std::optional<NotificationServer> Notifications::server() const
{
    return d->service.isKnown() ? std::optional(d->service.server()) : std::nullopt;
}

bool Notifications::isInhibited() const
{
    return d->isInhibited;
}

#include "notifications_linux.moc"
