// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/notices/notice.h"
#include "notificationserver.h"

#include <QObject>

#include <chrono>
#include <memory>
#include <optional>

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
    /*! What nobody shows waits \a patience (10 s) for a service that comes, as when logging in. */
    explicit Notifications(std::chrono::milliseconds patience, QObject *parent = nullptr);
    ~Notifications() override;

    /*!
        Shows \a notice in the place of the one with the same key, if that is still there. Where the
        service has not answered yet, the last notice of a key is the one that ends up there. While
        isInhibited() it waits. Of more than 100 the oldest is taken away.
    */
    void show(const Notice &notice, bool withSound);
    /*!
        Shows \a notice, without sound, in the place of the one with the same key. Where that one is
        gone (it ran out of time, or the user took it away) nothing is shown; one that still waits is
        shown like this instead, and is news as before.
    */
    void correct(const Notice &notice);
    /*! Takes the notice with \a key away, if it is there or on its way. */
    void withdraw(const QString &key);
    void withdrawAll();

    /*! A notification service is there, or the bus can start one. Known a moment after the start. */
    [[nodiscard]] bool isAvailable() const;
    /*! Who shows them; none while nobody is there, or it has not answered yet. To ask starts nothing. */
    [[nodiscard]] std::optional<NotificationServer> server() const;
    /*!
        The user told the desktop not to be disturbed, where it tells us: Plasma, Xfce and dunst do,
        GNOME does not. When the service goes, it stays until another one says so or patience is over.
    */
    [[nodiscard]] bool isInhibited() const;

Q_SIGNALS:
    /*!
        The user acted on \a notice, which is as it was seen even where another is on its way to take
        its place. \a token lets a window have the focus; often empty.
    */
    void invoked(const Notice &notice, Notifications::Action action, const QString &token);
    /*! The user took it away, or acted on it (then this comes before invoked()), and nothing comes in
        its place. */
    void dismissed(const QString &key);
    void inhibitedChanged();
    void serverChanged(); //!< server() is another.

private:
    class Private;

    const std::unique_ptr<Private> d;
};
