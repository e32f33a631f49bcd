// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "notificationserver.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusServiceWatcher>
#include <QObject>

/*!
    The service org.freedesktop.Notifications on the session bus: who owns it, what that one can, and
    whether it is not to disturb. It shows nothing.

    No call waits for its answer, and no signal is bound to a sender by name, which would ask the bus
    and wait: the sender of each is compared with the owner, which is followed.
*/
class NotificationService : public QObject
{
    Q_OBJECT

public:
    static constexpr auto objectPath = QLatin1StringView("/org/freedesktop/Notifications");
    static constexpr auto interfaceName = QLatin1StringView("org.freedesktop.Notifications");

    explicit NotificationService(const QDBusConnection &bus);

    [[nodiscard]] bool isThere() const { return !m_owner.isEmpty(); }
    [[nodiscard]] bool isStartable() const { return m_isStartable; } //!< While it is not there.
    /*! server() is of the one that is there, and known. */
    [[nodiscard]] bool isKnown() const { return m_isKnown; }
    [[nodiscard]] const NotificationServer &server() const { return m_server; }

    /*! Starts it, where the bus can, to hear what it can. It asks whoever comes by itself, too. */
    void wake();

    /*! To be sent to it. */
    [[nodiscard]] static QDBusMessage call(const QString &method);
    [[nodiscard]] bool isSender(const QDBusMessage &signal) const
    {
        return isThere() && signal.service() == m_owner;
    }
    /*! Another number for each owner: answers to what an older one was asked do not count. */
    [[nodiscard]] quint64 generation() const { return m_generation; }

Q_SIGNALS:
    void ownerChanged(); //!< Another one, or nobody. What the old one knew is forgotten.
    void described(); //!< isKnown(), or it says something else about do-not-disturb.
    void missed(); //!< Nobody came whom wake() could ask.

private Q_SLOTS:
    void noteProperties(const QDBusMessage &signal);
    void noteSetting(const QString &channel, const QString &property);

private:
    void askForOwner();
    void askForStartable();
    void setOwner(const QString &owner);
    void settle();
    void askWhetherToDisturb();
    void finish(NotificationServer::Disturbing disturbing);

    QDBusConnection m_bus;
    QDBusServiceWatcher m_owners;
    QString m_owner;
    NotificationServer m_server;
    quint64 m_generation = 0;
    quint64 m_disturbQuestion = 0; // answers to older ones do not count
    int m_openQuestions = 0; // about what it can do
    bool m_isDescribed = false; // all but whether to disturb
    bool m_isKnown = false;
    bool m_isStartable = false;
};
