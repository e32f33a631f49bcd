// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "watcherretry.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusServiceWatcher>
#include <QObject>
#include <QTimer>

/*!
    Registers an item with the StatusNotifierWatcher of the session bus, and with each that takes its
    place. It is asked at once when its name comes to the bus, and again where it answers with an
    error: see WatcherRetry.

    A watcher that drops the item later is asked again, by the unique name of the connection and three
    times at most: the AppIndicator extension of GNOME loses items in a race of its own, one in ten of
    those that come by another name.
*/
class WatcherRegistration : public QObject
{
    Q_OBJECT

public:
    explicit WatcherRegistration(const QDBusConnection &bus, QObject *parent = nullptr);
    ~WatcherRegistration() override;

    /*! Registers the item that is at \a name of the bus, from now on. */
    void begin(const QString &name);

private Q_SLOTS:
    void complete();
    void lose(const QDBusMessage &signal);

private:
    [[nodiscard]] bool isOurs(const QString &item) const;
    void follow(const QString &oldOwner, const QString &owner);
    void ask();
    void take(const QDBusMessage &answer);

    QDBusConnection m_bus;
    QDBusServiceWatcher m_watcher;
    QString m_name; // of the item; none before begin()
    int m_losses = 0; // of the item, by this watcher
    QTimer m_pause; // after a loss
    QString m_owner; // of the watcher's name, as far as it was told
    QString m_registeredWith; // the owner that took us
    QString m_asked; // the owner at the time of the question
    bool m_isAsking = false;
    quint64 m_question = 0; // answers to older ones do not count
    WatcherRetry m_retry{[this] { ask(); }};
};
