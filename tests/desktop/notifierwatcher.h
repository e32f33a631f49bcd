// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

// The properties are for D-Bus alone, where other signals tell of their changes.
// clazy:excludeall=qproperty-without-notify

#pragma once

#include <QDBusConnection>
#include <QDBusConnectionInterface>
#include <QDBusContext>
#include <QDBusMessage>
#include <QObject>
#include <QStringList>
#include <QVariantMap>

#include <atomic>

namespace Harness {

/*!
    A StatusNotifierWatcher and host in one, as a panel is, that records what an item announces.

    It has a connection of its own. Where Qt's tray icon lives in the same process the watcher must
    live in another thread, for Qt asks it with blocking calls.
*/
class NotifierWatcher : public QObject, protected QDBusContext
{
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.kde.StatusNotifierWatcher")
    Q_PROPERTY(bool IsStatusNotifierHostRegistered READ hasHost)
    Q_PROPERTY(QStringList RegisteredStatusNotifierItems READ items)
    Q_PROPERTY(int ProtocolVersion READ protocolVersion)

public:
    explicit NotifierWatcher(const QString &connectionName);
    ~NotifierWatcher() override;

    /*! Takes the name on the bus. False where somebody else has it. */
    [[nodiscard]] bool start();
    /*! Takes the name before there is anything to call, as panels in a hurry do. */
    [[nodiscard]] bool startWithoutObject();
    /*! Takes the name, in place of another one that start()ed, too. */
    [[nodiscard]] bool replace();
    /*! Answers the next items that want to register with so many errors. */
    void refuse(int times) { m_refusals = times; }
    /*! Never answers an item that wants to register. */
    void hang() { m_hangs = true; }
    enum class Drops {
        Nothing,
        Named, //!< What came by its well-known name, as GNOME's does at times.
        All,
    };
    /*! Drops items that it has taken, a moment later, and says so. */
    void setDrops(Drops drops) { m_drops = drops; }
    /*! Forgets the items, as a panel that crashed. */
    void stop();

    [[nodiscard]] bool hasHost() const { return m_hasHost; }
    void setHasHost(bool hasHost);

    [[nodiscard]] QStringList items() const { return m_items; }
    [[nodiscard]] static int protocolVersion() { return 0; }

    enum class Reads {
        Nothing,
        Soon, //!< Once for all that an item says at once, as Plasma and Waybar do in a moment.
        ForEach, //!< Of the signals that it knows, as that of Xfce does.
    };
    /*! Reads all properties of an item after its signals, and of a new item. Nothing at first. */
    void setReads(Reads reads) { m_reads = reads; }
    /*! What was read last. */
    [[nodiscard]] QVariantMap properties() const { return m_properties; }
    [[nodiscard]] int readings() const { return m_readings; }
    [[nodiscard]] bool isReading() const { return m_isCollecting || m_unanswered > 0; }

    /*! Signals of items and of their menus, with their arguments behind: "NewStatus Passive". */
    [[nodiscard]] QStringList announcements() const { return m_announcements; }
    [[nodiscard]] QDBusMessage lastSignal() const { return m_lastSignal; }
    /*! What those signals, and the calls and answers of reading, took on the bus. */
    [[nodiscard]] qsizetype bytes() const { return m_bytes; }
    [[nodiscard]] qsizetype bytesOfSignals() const { return m_bytesOfSignals; }
    void forgetAnnouncements();

    /*! Calls the item that registered last, and waits for its answer in an event loop. */
    [[nodiscard]] QDBusMessage call(const QString &path, const QString &interface,
                                    const QString &method, const QVariantList &arguments = {});

    // What the item told; to be read from any thread.
    std::atomic_int questions = 0; // registered or not
    std::atomic_int registrations = 0;
    std::atomic_int newIcons = 0;
    std::atomic_int newToolTips = 0;

public Q_SLOTS:
    Q_SCRIPTABLE void RegisterStatusNotifierItem(const QString &service);
    Q_SCRIPTABLE void RegisterStatusNotifierHost(const QString &) {}

Q_SIGNALS:
    Q_SCRIPTABLE void StatusNotifierHostRegistered();
    Q_SCRIPTABLE void StatusNotifierHostUnregistered();
    Q_SCRIPTABLE void StatusNotifierItemRegistered(const QString &service);
    Q_SCRIPTABLE void StatusNotifierItemUnregistered(const QString &service);

private Q_SLOTS:
    void record(const QDBusMessage &signal);

private:
    [[nodiscard]] bool take(QDBusConnectionInterface::ServiceQueueOptions queueing);
    void readSoon(const QString &service);
    void read();
    void readAfter(const QDBusMessage &signal);

    QDBusConnection m_bus;
    QStringList m_items;
    bool m_hasHost = true;
    int m_refusals = 0;
    bool m_hangs = false;
    Drops m_drops = Drops::Nothing;
    Reads m_reads = Reads::Nothing;
    bool m_isCollecting = false;
    QString m_service; // to be read
    int m_unanswered = 0;
    int m_readings = 0;
    QVariantMap m_properties;
    QStringList m_announcements;
    QDBusMessage m_lastSignal;
    qsizetype m_bytes = 0;
    qsizetype m_bytesOfSignals = 0;
};

} // namespace Harness
