// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

// https://specifications.freedesktop.org/notification-spec/1.2/
// No call waits for its answer, and no signal is bound to a sender by name, which would ask the bus
// and wait: the sender of each is compared with the owner of the service, which we follow.

#include "notifications.h"

#include "noticetext.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusServiceWatcher>
#include <QHash>
#include <QLoggingCategory>
#include <QMap>
#include <QSet>
#include <QTimer>

#include <algorithm>
#include <climits>
#include <optional>
#include <utility>

using namespace std::chrono_literals;
using namespace Qt::Literals;

Q_LOGGING_CATEGORY(lcNotifications, "tallybell.notifications", QtInfoMsg)

namespace {

constexpr auto service = "org.freedesktop.Notifications"_L1;
constexpr auto path = "/org/freedesktop/Notifications"_L1;
constexpr auto interface = "org.freedesktop.Notifications"_L1;
constexpr auto busService = "org.freedesktop.DBus"_L1;
constexpr auto propertiesInterface = "org.freedesktop.DBus.Properties"_L1;
constexpr auto xfconfService = "org.xfce.Xfconf"_L1;
constexpr auto xfconfPath = "/org/xfce/Xfconf"_L1;
constexpr auto xfconfChannel = "xfce4-notifyd"_L1;
constexpr auto xfconfProperty = "/do-not-disturb"_L1;

constexpr auto openAction = "default"_L1;
constexpr auto seenAction = "mark-seen"_L1;
constexpr auto snoozeAction = "snooze"_L1;

constexpr auto defaultPatience = 10s;
constexpr qsizetype maxNotices = 100;
constexpr qsizetype maxTitle = 120;
constexpr qsizetype maxSource = 60;
constexpr qsizetype maxBody = 400;
constexpr qsizetype maxBodyLines = 6;
constexpr qsizetype maxToken = 1024;

constexpr uint dismissedByUser = 2; // of NotificationClosed
constexpr int neverExpires = 0;
constexpr int expiresAsUsual = -1;

std::optional<Notifications::Action> actionOf(const QString &name)
{
    if (name == openAction)
        return Notifications::Action::Open;
    if (name == seenAction)
        return Notifications::Action::MarkSeen;
    if (name == snoozeAction)
        return Notifications::Action::Snooze;
    return {};
}

uchar urgencyOf(const Notice &notice)
{
    switch (notice.urgency) {
    case Notice::Urgency::Low:
        return 0;
    case Notice::Urgency::Normal:
        break;
    case Notice::Urgency::Critical:
        return 2;
    }
    return 1;
}

} // namespace

class Notifications::Service : public QObject
{
    Q_OBJECT

public:
    Service(Notifications *notifications, std::chrono::milliseconds patience);

    void show(const Notice &notice, bool withSound);
    void withdraw(const QString &key);
    void withdrawAll();
    [[nodiscard]] bool isAvailable() const { return !m_owner.isEmpty() || m_isStartable; }
    [[nodiscard]] bool isInhibited() const { return m_isInhibited; }

public Q_SLOTS:
    void forgetClosed(uint id, uint reason, const QDBusMessage &signal);
    void keepToken(uint id, const QString &token, const QDBusMessage &signal);
    void passOn(uint id, const QString &action, const QDBusMessage &signal);
    void noteProperties(const QDBusMessage &signal);
    void noteSetting(const QString &channel, const QString &property);

private:
    struct Wish
    {
        Notice notice;
        bool withSound = false;
    };

    struct Entry
    {
        quint64 age = 0;
        uint id = 0; // as the service knows it; 0: it shows nothing of this key
        bool isOnItsWay = false; // Notify was sent, and is not answered
        bool isUnwanted = false; // withdrawn meanwhile
        std::optional<Wish> next; // to be shown when the way is free
        QString token;
    };

    void askForOwner();
    void askForStartable();
    void setOwner(const QString &owner);
    void askForAbilities();
    void settle();
    void sendWaiting();
    void send(const QString &key);
    void takeAnswer(const QString &key, const QDBusPendingReply<uint> &answer);
    void close(uint id);
    void forgetIds();
    void forgetWaiting();
    void makeRoom();
    void askWhetherInhibited();
    void setInhibited(bool isInhibited);
    [[nodiscard]] bool can(QLatin1StringView ability) const
    {
        return m_abilities.contains(QString(ability));
    }
    [[nodiscard]] bool isFromService(const QDBusMessage &signal) const
    {
        return !m_owner.isEmpty() && signal.service() == m_owner;
    }
    [[nodiscard]] QHash<QString, Entry>::iterator find(uint id);
    [[nodiscard]] QDBusMessage notification(const Wish &wish, uint replaced) const;

    Notifications *const m_notifications;
    QDBusConnection m_bus;
    QDBusServiceWatcher m_services;
    QTimer m_patience; // of what waits for a service
    QHash<QString, Entry> m_entries;
    QSet<QString> m_abilities;
    QString m_name; // of the program behind the service
    QString m_owner;
    quint64 m_age = 0;
    quint64 m_generation = 0; // answers to questions of older ones do not count
    quint64 m_inhibitedQuestion = 0;
    int m_openQuestions = 0; // about what it can do
    bool m_isReady = false; // its abilities are known
    bool m_isStartable = false;
    bool m_isInhibited = false;
};

Notifications::Service::Service(Notifications *notifications, std::chrono::milliseconds patience)
    : m_notifications(notifications)
    , m_bus(QDBusConnection::sessionBus())
{
    m_patience.setSingleShot(true);
    m_patience.setInterval(patience);
    connect(&m_patience, &QTimer::timeout, this, &Service::forgetWaiting);
    if (!m_bus.isConnected()) {
        qCInfo(lcNotifications, "No session bus: no notifications");
        return;
    }
    m_services.setConnection(m_bus);
    m_services.setWatchMode(QDBusServiceWatcher::WatchForOwnerChange);
    m_services.addWatchedService(service);
    connect(&m_services, &QDBusServiceWatcher::serviceOwnerChanged, this,
            [this](const QString &, const QString &, const QString &owner) { setOwner(owner); });
    m_bus.connect(QString(), path, interface, u"NotificationClosed"_s, this,
                  SLOT(forgetClosed(uint, uint, QDBusMessage)));
    m_bus.connect(QString(), path, interface, u"ActivationToken"_s, this,
                  SLOT(keepToken(uint, QString, QDBusMessage)));
    m_bus.connect(QString(), path, interface, u"ActionInvoked"_s, this,
                  SLOT(passOn(uint, QString, QDBusMessage)));
    m_bus.connect(QString(), path, propertiesInterface, u"PropertiesChanged"_s, this,
                  SLOT(noteProperties(QDBusMessage)));
    askForOwner();
}

void Notifications::Service::askForOwner()
{
    QDBusMessage question =
        QDBusMessage::createMethodCall(busService, u"/"_s, busService, u"GetNameOwner"_s);
    question << QString(service);
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

void Notifications::Service::askForStartable()
{
    const QDBusMessage question =
        QDBusMessage::createMethodCall(busService, u"/"_s, busService, u"ListActivatableNames"_s);
    auto *const call = new QDBusPendingCallWatcher(m_bus.asyncCall(question), this);
    connect(call, &QDBusPendingCallWatcher::finished, this, [this, call] {
        call->deleteLater();
        const QDBusPendingReply<QStringList> names = *call;
        m_isStartable = names.isValid() && names.value().contains(service);
    });
}

void Notifications::Service::setOwner(const QString &owner)
{
    if (owner == m_owner)
        return;
    // Our own questions may have started it: then their answers are on their way from it.
    const bool isAsked = m_owner.isEmpty() && m_openQuestions > 0;
    m_owner = owner;
    if (!isAsked) {
        ++m_generation;
        m_openQuestions = 0;
        m_isReady = false;
        forgetIds();
        if (owner.isEmpty()) {
            m_patience.start();
            askForStartable();
        } else {
            askForAbilities();
        }
    }
    setInhibited(false);
}

// The bus starts the service for these questions, where it can.
void Notifications::Service::askForAbilities()
{
    if (m_openQuestions > 0 || !m_bus.isConnected())
        return;
    m_abilities.clear();
    m_name.clear();
    const auto ask = [this](const QString &method, const auto &take) {
        ++m_openQuestions;
        auto *const call = new QDBusPendingCallWatcher(
            m_bus.asyncCall(QDBusMessage::createMethodCall(service, path, interface, method)),
            this);
        connect(call, &QDBusPendingCallWatcher::finished, this,
                [this, call, take, generation = m_generation] {
                    call->deleteLater();
                    if (generation != m_generation)
                        return;
                    if (!call->isError())
                        take(*call);
                    if (--m_openQuestions == 0)
                        settle();
                });
    };
    ask(u"GetServerInformation"_s, [this](const QDBusPendingCall &call) {
        const QDBusPendingReply<QString, QString, QString, QString> answer = call;
        if (answer.isError()) // of other types than it should be
            return;
        m_name = plainLine(answer.argumentAt<0>(), maxSource);
        qCInfo(lcNotifications).noquote() << "Notifications are shown by" << m_name
                                          << plainLine(answer.argumentAt<2>(), maxSource);
    });
    ask(u"GetCapabilities"_s, [this](const QDBusPendingCall &call) {
        const QDBusPendingReply<QStringList> answer = call;
        if (answer.isError())
            return;
        const QStringList abilities = answer.value();
        m_abilities = QSet<QString>(abilities.cbegin(), abilities.cend());
    });
}

void Notifications::Service::settle()
{
    if (m_owner.isEmpty()) {
        qCDebug(lcNotifications, "Nobody shows notifications");
        if (!m_patience.isActive())
            m_patience.start();
        return;
    }
    m_isReady = true;
    m_patience.stop();
    sendWaiting();
    askWhetherInhibited();
}

void Notifications::Service::sendWaiting()
{
    QMap<quint64, QString> waiting; // in the order in which they came
    for (auto entry = m_entries.cbegin(); entry != m_entries.cend(); ++entry) {
        if (entry->next && !entry->isOnItsWay)
            waiting.insert(entry->age, entry.key());
    }
    for (const QString &key : std::as_const(waiting))
        send(key);
}

void Notifications::Service::show(const Notice &notice, bool withSound)
{
    // More than makeRoom() allows are only there when a service takes what it never answers.
    if (!m_bus.isConnected()
        || (m_entries.size() >= 2 * maxNotices && !m_entries.contains(notice.key)))
        return;
    Entry &entry = m_entries[notice.key];
    entry.age = ++m_age;
    entry.next = Wish{notice, withSound};
    entry.isUnwanted = false;
    if (m_isReady && !entry.isOnItsWay)
        send(notice.key);
    else if (!m_isReady)
        askForAbilities();
    makeRoom();
}

void Notifications::Service::makeRoom()
{
    if (m_entries.size() <= maxNotices)
        return;
    auto oldest = m_entries.cbegin();
    for (auto entry = m_entries.cbegin(); entry != m_entries.cend(); ++entry) {
        if (!entry->isUnwanted && (oldest->isUnwanted || entry->age < oldest->age))
            oldest = entry;
    }
    withdraw(QString(oldest.key()));
}

void Notifications::Service::send(const QString &key)
{
    Entry &entry = m_entries[key];
    const Wish wish = *std::exchange(entry.next, std::nullopt);
    entry.isOnItsWay = true;
    // For ever: with an answer that comes late but counts, nothing is ever shown twice. Where the
    // service ends meanwhile, the bus answers.
    auto *const call =
        new QDBusPendingCallWatcher(m_bus.asyncCall(notification(wish, entry.id), INT_MAX), this);
    connect(call, &QDBusPendingCallWatcher::finished, this,
            [this, call, key, generation = m_generation] {
                call->deleteLater();
                if (generation == m_generation)
                    takeAnswer(key, *call);
            });
}

void Notifications::Service::takeAnswer(const QString &key, const QDBusPendingReply<uint> &answer)
{
    const auto entry = m_entries.find(key);
    if (entry == m_entries.end())
        return;
    entry->isOnItsWay = false;
    // After an error what was to be replaced stays: Plasma refuses what it was told a moment ago.
    if (answer.isError())
        qCDebug(lcNotifications).noquote() << "Not shown:" << answer.error().name();
    else
        entry->id = answer.value();
    if (entry->isUnwanted) {
        close(entry->id);
        m_entries.erase(entry);
    } else if (entry->next) {
        send(key);
    } else if (entry->id == 0) {
        m_entries.erase(entry);
    }
}

void Notifications::Service::withdraw(const QString &key)
{
    const auto entry = m_entries.find(key);
    if (entry == m_entries.end())
        return;
    if (entry->isOnItsWay) {
        entry->next.reset();
        entry->isUnwanted = true;
        return;
    }
    close(entry->id);
    m_entries.erase(entry);
}

void Notifications::Service::withdrawAll()
{
    const QStringList keys = m_entries.keys();
    for (const QString &key : keys)
        withdraw(key);
}

void Notifications::Service::close(uint id)
{
    if (id == 0 || m_owner.isEmpty())
        return;
    QDBusMessage message =
        QDBusMessage::createMethodCall(service, path, interface, u"CloseNotification"_s);
    message.setAutoStartService(false);
    message << id;
    m_bus.send(message);
}

QDBusMessage Notifications::Service::notification(const Wish &wish, uint replaced) const
{
    const Notice &notice = wish.notice;
    const bool isCritical = notice.urgency == Notice::Urgency::Critical;
    const bool isLow = notice.urgency == Notice::Urgency::Low;
    // Notify OSD, which has no actions, shows a dialog in the middle of the screen for whoever
    // sends some, or wants to be shown for ever.
    const bool hasActions = can("actions"_L1);

    QString title = plainLine(notice.title, maxTitle);
    const QString source = plainLine(notice.sourceTitle, maxSource);
    QString body = plainLines(notice.body, maxBody, maxBodyLines);
    QVariantMap hints{
        {u"desktop-entry"_s, QString::fromLatin1(TALLYBELL_ID)},
        {u"urgency"_s, QVariant::fromValue(urgencyOf(notice))},
        {u"category"_s, notice.canBeSeen ? u"im.received"_s : u"network.error"_s},
    };
    if (wish.withSound)
        hints.insert(u"sound-name"_s, u"message-new-instant"_s);
    else
        hints.insert(u"suppress-sound"_s, true);
    if (isLow)
        hints.insert(u"transient"_s, true);
    // Else Plasma takes the actions away from what it keeps in its history. We close it ourselves.
    else if (hasActions && can("persistence"_L1))
        hints.insert(u"resident"_s, true);

    if (title.isEmpty())
        title = source.isEmpty() ? u"Tallybell"_s : source;
    if (can("x-kde-origin-name"_L1) && !source.isEmpty())
        hints.insert(u"x-kde-origin-name"_s, source);
    else if (!title.contains(source, Qt::CaseInsensitive))
        title = Notifications::tr("%1 – %2", "title of a notification, name of its source")
                    .arg(title, source);
    if (!can("body"_L1) && !body.isEmpty()) {
        title = Notifications::tr("%1: %2", "title of a notification, its text")
                    .arg(title, plainLine(body, maxTitle));
        body.clear();
    } else if (can("body-markup"_L1)) {
        body = body.toHtmlEscaped();
    }

    QStringList actions;
    if (hasActions) {
        actions << openAction << Notifications::tr("Open");
        if (notice.canBeSeen) {
            actions << seenAction << Notifications::tr("Mark seen") << snoozeAction
                    << Notifications::tr("Snooze");
        }
    }

    QDBusMessage message = QDBusMessage::createMethodCall(service, path, interface, u"Notify"_s);
    message << u"Tallybell"_s << replaced << QString::fromLatin1(TALLYBELL_ID) << title << body
            << actions << hints << (isCritical && hasActions ? neverExpires : expiresAsUsual);
    return message;
}

QHash<QString, Notifications::Service::Entry>::iterator Notifications::Service::find(uint id)
{
    if (id == 0)
        return m_entries.end();
    return std::find_if(m_entries.begin(), m_entries.end(),
                        [id](const Entry &entry) { return entry.id == id; });
}

void Notifications::Service::forgetClosed(uint id, uint reason, const QDBusMessage &signal)
{
    const auto entry = isFromService(signal) ? find(id) : m_entries.end();
    if (entry == m_entries.end())
        return;
    entry->id = 0;
    entry->token.clear();
    if (entry->isOnItsWay)
        return; // what comes in its place is to be seen
    const QString key = entry.key();
    m_entries.erase(entry);
    if (reason == dismissedByUser)
        Q_EMIT m_notifications->dismissed(key);
}

void Notifications::Service::keepToken(uint id, const QString &token, const QDBusMessage &signal)
{
    const auto entry = isFromService(signal) ? find(id) : m_entries.end();
    if (entry != m_entries.end() && token.size() <= maxToken)
        entry->token = token;
}

void Notifications::Service::passOn(uint id, const QString &action, const QDBusMessage &signal)
{
    const std::optional<Action> meant = actionOf(action);
    const auto entry = isFromService(signal) ? find(id) : m_entries.end();
    if (entry == m_entries.end() || !meant)
        return;
    const QString key = entry.key();
    const QString token = std::exchange(entry->token, {});
    if (!entry->isOnItsWay) {
        close(id);
        m_entries.erase(entry);
    }
    Q_EMIT m_notifications->invoked(key, *meant, token);
}

void Notifications::Service::forgetIds()
{
    for (auto entry = m_entries.begin(); entry != m_entries.end();) {
        entry->id = 0;
        entry->isOnItsWay = false;
        entry->token.clear();
        entry = entry->next ? std::next(entry) : m_entries.erase(entry);
    }
}

void Notifications::Service::forgetWaiting()
{
    if (!m_isReady)
        m_entries.clear();
}

// Plasma tells of it as a property of the service, dunst likewise under a name of its own, Xfce in
// its settings. GNOME does not: its show-banners is a setting which neither the service nor the
// Settings portal hands out (xdg-desktop-portal-gtk and -gnome have a list of those they do).
void Notifications::Service::askWhetherInhibited()
{
    QDBusMessage question;
    if (can("inhibitions"_L1)) {
        question = QDBusMessage::createMethodCall(service, path, propertiesInterface, u"Get"_s);
        question << QString(interface) << u"Inhibited"_s;
    } else if (m_name == "dunst"_L1) {
        question = QDBusMessage::createMethodCall(service, path, propertiesInterface, u"Get"_s);
        question << u"org.dunstproject.cmd0"_s << u"paused"_s;
    } else if (m_name.startsWith("Xfce"_L1)) {
        // Here and not before: others need not be woken by every setting of Xfce.
        m_bus.connect(QString(), xfconfPath, xfconfService, u"PropertyChanged"_s, this,
                      SLOT(noteSetting(QString, QString)));
        m_bus.connect(QString(), xfconfPath, xfconfService, u"PropertyRemoved"_s, this,
                      SLOT(noteSetting(QString, QString)));
        question = QDBusMessage::createMethodCall(xfconfService, xfconfPath, xfconfService,
                                                  u"GetProperty"_s);
        question << QString(xfconfChannel) << QString(xfconfProperty);
    } else {
        return;
    }
    question.setAutoStartService(false);
    auto *const call = new QDBusPendingCallWatcher(m_bus.asyncCall(question), this);
    connect(call, &QDBusPendingCallWatcher::finished, this,
            [this, call, generation = m_generation, number = ++m_inhibitedQuestion] {
                call->deleteLater();
                if (generation != m_generation || number != m_inhibitedQuestion)
                    return;
                const QDBusPendingReply<QDBusVariant> answer = *call;
                setInhibited(answer.isValid() && answer.value().variant().toBool());
            });
}

void Notifications::Service::noteProperties(const QDBusMessage &signal)
{
    if (m_isReady && isFromService(signal))
        askWhetherInhibited();
}

void Notifications::Service::noteSetting(const QString &channel, const QString &property)
{
    if (m_isReady && channel == xfconfChannel && property == xfconfProperty)
        askWhetherInhibited();
}

void Notifications::Service::setInhibited(bool isInhibited)
{
    if (isInhibited == m_isInhibited)
        return;
    m_isInhibited = isInhibited;
    Q_EMIT m_notifications->inhibitedChanged();
}

Notifications::Notifications(QObject *parent)
    : Notifications(defaultPatience, parent)
{}

Notifications::Notifications(std::chrono::milliseconds patience, QObject *parent)
    : QObject(parent)
    , m_service(std::make_unique<Service>(this, patience))
{}

Notifications::~Notifications() = default;

void Notifications::show(const Notice &notice, bool withSound)
{
    m_service->show(notice, withSound);
}

void Notifications::withdraw(const QString &key)
{
    m_service->withdraw(key);
}

void Notifications::withdrawAll()
{
    m_service->withdrawAll();
}

bool Notifications::isAvailable() const
{
    return m_service->isAvailable();
}

bool Notifications::isInhibited() const
{
    return m_service->isInhibited();
}

#include "notifications_linux.moc"
