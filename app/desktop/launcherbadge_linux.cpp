// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

// https://wiki.ubuntu.com/Unity/LauncherAPI, section "Low level DBus API". Plasma's task manager, Dash to
// Dock (with Ubuntu Dock, its child) and Plank take the signal from whatever path it comes, and forget
// it when its sender leaves the bus. They own com.canonical.Unity while they are there, so its owner is
// how we hear of a dock that starts. Phosh listens without that name.

#include "launcherbadge.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusServiceWatcher>
#include <QVariantMap>

#include <algorithm>

using namespace Qt::Literals;

namespace {

constexpr auto dockService = "com.canonical.Unity"_L1;
constexpr auto interface = "com.canonical.Unity.LauncherEntry"_L1;

// djb2, as libunity has it. A name cannot stand in the path: not all its characters are allowed.
quint32 hashOf(const QString &text)
{
    quint32 hash = 5381;
    const QByteArray bytes = text.toUtf8();
    for (const char byte : bytes)
        hash = hash * 33 + static_cast<unsigned char>(byte);
    return hash;
}

} // namespace

class LauncherBadge::Entry : public QObject
{
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "com.canonical.Unity.LauncherEntry")

public:
    explicit Entry(const QString &applicationId);
    ~Entry() override;

    void show(int count, bool isUrgent);

public Q_SLOTS:
    Q_SCRIPTABLE void Query(QString &uri, QVariantMap &properties) const;

private:
    [[nodiscard]] bool isEmpty() const { return m_count == 0 && !m_isUrgent; }
    void send();

    const QString m_uri;
    const QString m_path;
    QDBusConnection m_bus;
    QDBusServiceWatcher m_dock;
    int m_count = 0;
    bool m_isUrgent = false;
};

LauncherBadge::Entry::Entry(const QString &applicationId)
    : m_uri("application://"_L1 + applicationId + ".desktop"_L1)
    , m_path("/com/canonical/unity/launcherentry/"_L1 + QString::number(hashOf(m_uri)))
    , m_bus(QDBusConnection::sessionBus())
{
    if (!m_bus.isConnected())
        return;
    m_bus.registerObject(m_path, this, QDBusConnection::ExportScriptableSlots);
    m_dock.setConnection(m_bus);
    m_dock.setWatchMode(QDBusServiceWatcher::WatchForOwnerChange);
    m_dock.addWatchedService(dockService);
    connect(&m_dock, &QDBusServiceWatcher::serviceOwnerChanged, this,
            [this](const QString &, const QString &, const QString &owner) {
                if (!owner.isEmpty() && !isEmpty())
                    send();
            });
}

LauncherBadge::Entry::~Entry()
{
    show(0, false); // for the docks that do not look who leaves the bus
    m_bus.unregisterObject(m_path);
}

void LauncherBadge::Entry::show(int count, bool isUrgent)
{
    count = std::max(count, 0);
    if (count == m_count && isUrgent == m_isUrgent)
        return;
    m_count = count;
    m_isUrgent = isUrgent;
    send();
}

void LauncherBadge::Entry::Query(QString &uri, QVariantMap &properties) const
{
    uri = m_uri;
    properties = {
        {u"count"_s, qint64(m_count)},
        {u"count-visible"_s, m_count > 0},
        {u"urgent"_s, m_isUrgent},
    };
}

void LauncherBadge::Entry::send()
{
    if (!m_bus.isConnected())
        return;
    QString uri;
    QVariantMap properties;
    Query(uri, properties);
    QDBusMessage signal = QDBusMessage::createSignal(m_path, interface, u"Update"_s);
    signal << uri << properties;
    m_bus.send(signal);
}

LauncherBadge::LauncherBadge(const QString &applicationId, QObject *parent)
    : QObject(parent)
    , m_entry(std::make_unique<Entry>(applicationId))
{}

LauncherBadge::~LauncherBadge() = default;

void LauncherBadge::show(int count, bool isUrgent)
{
    m_entry->show(count, isUrgent);
}

#include "launcherbadge_linux.moc"
