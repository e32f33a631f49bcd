// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/notices/notice.h"

#include <QObject>

#include <memory>

/*!
    The notifications of the desktop: org.freedesktop.Notifications 1.2. It shows what it is given,
    and decides neither what is worth it nor what a click does. Where there is no such service
    nothing is shown, and nothing blocks.
*/
class Notifications : public QObject
{
    Q_OBJECT

public:
    enum class Action {
        Open, //!< The notification itself was clicked, or its button.
        MarkSeen,
        Snooze,
    };
    Q_ENUM(Action)

    explicit Notifications(QObject *parent = nullptr);
    ~Notifications() override;

    /*! Shows \a notice in the place of the one with the same key, if that is still there. */
    void show(const Notice &notice, bool withSound);
    /*! Takes the notice with \a key away, if it is there. */
    void withdraw(const QString &key);
    void withdrawAll();

    /*! A notification service is there. */
    [[nodiscard]] bool isAvailable() const;
    /*! The user told the desktop not to be disturbed, where it tells us. */
    [[nodiscard]] bool isInhibited() const;

Q_SIGNALS:
    /*! The user acted on one of ours. \a token lets a window have the focus; often empty. */
    void invoked(const QString &key, Notifications::Action action, const QString &token);
    /*! The user took it away. */
    void dismissed(const QString &key);
    void inhibitedChanged();

private:
    class Service;

    std::unique_ptr<Service> m_service;
};
