// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

// The properties are for D-Bus alone, where other signals tell of their changes.
// clazy:excludeall=qproperty-without-notify

#pragma once

#include <QDBusConnection>
#include <QObject>
#include <QStringList>

#include <atomic>

namespace Harness {

/*!
    A StatusNotifierWatcher and host in one, as a panel is, that counts what an item announces.

    It has a connection of its own. Where the item lives in the same process the watcher must live
    in another thread, for Qt's tray icon asks it with blocking calls.
*/
class NotifierWatcher : public QObject
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
    void stop();

    [[nodiscard]] bool hasHost() const { return m_hasHost; }
    void setHasHost(bool hasHost);

    [[nodiscard]] QStringList items() const { return m_items; }
    [[nodiscard]] static int protocolVersion() { return 0; }

    // What the item told; to be read from any thread.
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

private Q_SLOTS:
    void countNewIcon() { ++newIcons; }
    void countNewToolTip() { ++newToolTips; }

private:
    QDBusConnection m_bus;
    QStringList m_items;
    bool m_hasHost = true;
};

} // namespace Harness
