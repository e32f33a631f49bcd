// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "trayhost.h"

#include "notifier/watcherretry.h"
#include "xembedtray_p.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusServiceWatcher>
#include <QLoggingCategory>
#include <QPointer>
#include <QTimer>

using namespace Qt::Literals;

Q_LOGGING_CATEGORY(lcTrayHost, "tallybell.trayhost")

namespace {

constexpr auto watcherService = "org.kde.StatusNotifierWatcher"_L1;
constexpr auto watcherPath = "/StatusNotifierWatcher"_L1;
constexpr auto watcherInterface = "org.kde.StatusNotifierWatcher"_L1;

} // namespace

class TrayHost::Watch : public QObject
{
    Q_OBJECT

public:
    Watch(TrayHost *host, std::chrono::milliseconds grace);

public Q_SLOTS:
    void askForHost();

private:
    void setNotifierHost(bool isThere);
    void lookForXEmbed();
    void update();

    TrayHost *const m_host;
    QDBusConnection m_bus;
    QDBusServiceWatcher m_watcher;
    QTimer m_grace;
    std::unique_ptr<XEmbedTray> m_xembed; // while no other host is there, after the grace period
    WatcherRetry m_retry{[this] { askForHost(); }};
    bool m_hasWatcher = false; // as far as it was told
    bool m_notifierHost = false;
    quint64 m_question = 0; // answers to older ones do not count
};

TrayHost::Watch::Watch(TrayHost *host, std::chrono::milliseconds grace)
    : m_host(host)
    , m_bus(QDBusConnection::sessionBus())
{
    m_grace.setSingleShot(true);
    connect(&m_grace, &QTimer::timeout, this, &Watch::lookForXEmbed);
    m_grace.setInterval(grace);
    m_grace.start();

    if (!m_bus.isConnected()) {
        qCInfo(lcTrayHost, "No session bus: only an XEmbed tray can be found");
        return;
    }
    m_watcher.setConnection(m_bus);
    m_watcher.setWatchMode(QDBusServiceWatcher::WatchForOwnerChange);
    m_watcher.addWatchedService(watcherService);
    connect(&m_watcher, &QDBusServiceWatcher::serviceOwnerChanged, this,
            [this](const QString &, const QString &, const QString &newOwner) {
                m_hasWatcher = !newOwner.isEmpty();
                m_retry.startAnew();
                if (newOwner.isEmpty())
                    setNotifierHost(false);
                else
                    askForHost();
            });
    for (const auto &signal :
         {u"StatusNotifierHostRegistered"_s, u"StatusNotifierHostUnregistered"_s})
        // From whoever: to name the sender costs a blocking call, and the question tells the truth.
        m_bus.connect(QString(), watcherPath, watcherInterface, signal, this, SLOT(askForHost()));
    askForHost();
}

void TrayHost::Watch::askForHost()
{
    QDBusMessage question = QDBusMessage::createMethodCall(
        watcherService, watcherPath, u"org.freedesktop.DBus.Properties"_s, u"Get"_s);
    question << QString(watcherInterface) << u"IsStatusNotifierHostRegistered"_s;
    question.setAutoStartService(false);
    m_retry.stop();
    auto *const call = new QDBusPendingCallWatcher(m_bus.asyncCall(question), this);
    connect(call, &QDBusPendingCallWatcher::finished, this, [this, call, number = ++m_question] {
        call->deleteLater();
        if (number != m_question)
            return;
        const QDBusPendingReply<QDBusVariant> answer = *call;
        if (answer.isError())
            m_retry.take(call->reply(), m_hasWatcher);
        setNotifierHost(answer.isValid() && answer.value().variant().toBool());
    });
}

void TrayHost::Watch::setNotifierHost(bool isThere)
{
    ++m_question;
    if (isThere == m_notifierHost)
        return;
    m_notifierHost = isThere;
    if (isThere) {
        m_grace.stop();
        m_xembed.reset();
    } else {
        m_grace.start(); // a panel that restarts comes back within it
    }
    update();
}

void TrayHost::Watch::lookForXEmbed()
{
    m_xembed = XEmbedTray::create([this] { update(); });
    update();
}

void TrayHost::Watch::update()
{
    const bool isXEmbed = m_xembed && m_xembed->hasManager();
    m_host->setKind(m_notifierHost ? Kind::StatusNotifier
                        : isXEmbed ? Kind::System
                                   : Kind::Nothing); // a slot may delete us
}

TrayHost::TrayHost(std::chrono::milliseconds grace, QObject *parent)
    : QObject(parent)
    , m_watch(std::make_unique<Watch>(this, grace))
{}

TrayHost::~TrayHost() = default;

void TrayHost::setKind(Kind kind)
{
    if (kind == m_kind)
        return;
    const bool wasAvailable = isAvailable();
    m_kind = kind;
    qCInfo(lcTrayHost) << "The tray is now:" << kind;
    const QPointer<TrayHost> self(this);
    Q_EMIT kindChanged(kind);
    if (!self || m_kind != kind || isAvailable() == wasAvailable)
        return;
    if (isAvailable())
        Q_EMIT available();
    else
        Q_EMIT lost();
}

#include "trayhost_linux.moc"
