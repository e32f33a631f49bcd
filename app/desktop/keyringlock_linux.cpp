// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

// The Secret Service of freedesktop.org: secret service API draft 0.2.

#include "keyringlock.h"

#include "desktopname.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusObjectPath>
#include <QDBusPendingReply>
#include <QDBusServiceWatcher>
#include <QDBusVariant>

using namespace Qt::Literals;

namespace {

constexpr auto service = "org.freedesktop.secrets"_L1;
constexpr auto servicePath = "/org/freedesktop/secrets"_L1;
constexpr auto serviceInterface = "org.freedesktop.Secret.Service"_L1;
constexpr auto collectionInterface = "org.freedesktop.Secret.Collection"_L1;
constexpr auto promptInterface = "org.freedesktop.Secret.Prompt"_L1;
constexpr auto propertiesInterface = "org.freedesktop.DBus.Properties"_L1;
constexpr auto propertiesChanged = "PropertiesChanged"_L1;

QDBusPendingCall call(const QString &path, const QString &interface, const QString &method,
                      const QVariantList &arguments)
{
    QDBusMessage message = QDBusMessage::createMethodCall(service, path, interface, method);
    message.setArguments(arguments);
    return QDBusConnection::sessionBus().asyncCall(message);
}

template <typename Receiver, typename Function>
void whenAnswered(const QDBusPendingCall &call, Receiver *receiver, const Function &function)
{
    auto *const watcher = new QDBusPendingCallWatcher(call, receiver);
    QObject::connect(watcher, &QDBusPendingCallWatcher::finished, receiver, [watcher, function] {
        watcher->deleteLater();
        function(*watcher);
    });
}

// QtKeychain then asks KWallet, whose lock is another one.
bool isPlasma()
{
    return isDesktop("KDE"_L1) || qEnvironmentVariableIsSet("KDE_FULL_SESSION");
}

} // namespace

class KeyringLock::Watch : public QObject
{
    Q_OBJECT

public:
    explicit Watch(KeyringLock *lock);

    void check();
    void unlock();

public Q_SLOTS:
    void collectionChanged() { m_lock->check(); }
    void promptCompleted(bool isDismissed, const QDBusVariant &result);

private:
    void watch(const QString &collection);
    void readLocked();
    void prompt(const QString &path);

    KeyringLock *const m_lock;
    QDBusConnection m_bus;
    QDBusServiceWatcher m_serviceWatcher;
    QString m_collection; // the object path of the default collection
};

KeyringLock::Watch::Watch(KeyringLock *lock)
    : m_lock(lock)
    , m_bus(QDBusConnection::sessionBus())
    , m_serviceWatcher(service, m_bus, QDBusServiceWatcher::WatchForUnregistration)
{
    connect(&m_serviceWatcher, &QDBusServiceWatcher::serviceUnregistered, this,
            [this] { m_lock->finishCheck(State::Absent); });
}

void KeyringLock::Watch::check()
{
    // It starts the service where there is one to start.
    whenAnswered(call(servicePath, serviceInterface, u"ReadAlias"_s, {u"default"_s}), this,
                 [this](const QDBusPendingReply<QDBusObjectPath> &alias) {
                     if (alias.isError()) {
                         m_lock->finishCheck(State::Absent);
                     } else if (alias.value().path() == "/"_L1) {
                         m_lock->finishCheck(State::Open); // the first secret will make one
                     } else {
                         watch(alias.value().path());
                         readLocked();
                     }
                 });
}

// Before the lock is read, so that no change is missed.
void KeyringLock::Watch::watch(const QString &collection)
{
    if (m_collection == collection)
        return;
    if (!m_collection.isEmpty())
        m_bus.disconnect(service, m_collection, propertiesInterface, propertiesChanged, this,
                         SLOT(collectionChanged()));
    m_collection = collection;
    m_bus.connect(service, m_collection, propertiesInterface, propertiesChanged, this,
                  SLOT(collectionChanged()));
}

void KeyringLock::Watch::readLocked()
{
    whenAnswered(call(m_collection, propertiesInterface, u"Get"_s,
                      {QString(collectionInterface), u"Locked"_s}),
                 this, [this](const QDBusPendingReply<QDBusVariant> &locked) {
                     if (locked.isError())
                         m_lock->finishCheck(State::Absent);
                     else
                         m_lock->finishCheck(locked.value().variant().toBool() ? State::Locked
                                                                               : State::Open);
                 });
}

void KeyringLock::Watch::unlock()
{
    const QList<QDBusObjectPath> collections{QDBusObjectPath(m_collection)};
    using Reply = QDBusPendingReply<QList<QDBusObjectPath>, QDBusObjectPath>;
    whenAnswered(
        call(servicePath, serviceInterface, u"Unlock"_s, {QVariant::fromValue(collections)}), this,
        [this](const Reply &reply) {
            if (reply.isError())
                Q_EMIT m_lock->dismissed();
            else if (reply.argumentAt<1>().path() == "/"_L1)
                m_lock->check(); // it needed no password
            else
                prompt(reply.argumentAt<1>().path());
        });
}

void KeyringLock::Watch::prompt(const QString &path)
{
    m_bus.connect(service, path, promptInterface, u"Completed"_s, this,
                  SLOT(promptCompleted(bool, QDBusVariant)));
    // The argument is the identifier of our window, which no desktop makes use of.
    whenAnswered(call(path, promptInterface, u"Prompt"_s, {QString()}), this,
                 [this](const QDBusPendingReply<> &shown) {
                     if (shown.isError())
                         Q_EMIT m_lock->dismissed();
                 });
}

void KeyringLock::Watch::promptCompleted(bool isDismissed, const QDBusVariant &)
{
    if (isDismissed)
        Q_EMIT m_lock->dismissed();
    else
        m_lock->check();
}

KeyringLock::KeyringLock(QObject *parent)
    : QObject(parent)
{
    if (!isPlasma() && QDBusConnection::sessionBus().isConnected())
        m_watch = std::make_unique<Watch>(this);
}

KeyringLock::~KeyringLock() = default;

void KeyringLock::check()
{
    if (m_isChecking) {
        m_mustCheckAgain = true;
        return;
    }
    m_isChecking = true;
    if (m_watch) {
        m_watch->check();
        return;
    }
    QMetaObject::invokeMethod(
        this, [this] { finishCheck(isPlasma() ? State::Unknown : State::Absent); },
        Qt::QueuedConnection);
}

void KeyringLock::finishCheck(State state)
{
    m_isChecking = false;
    m_state = state;
    if (std::exchange(m_mustCheckAgain, false))
        check();
    else
        Q_EMIT checked(state);
}

void KeyringLock::unlock()
{
    if (m_watch && m_state == State::Locked)
        m_watch->unlock();
}

#include "keyringlock_linux.moc"
