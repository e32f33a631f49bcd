// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QByteArray>
#include <QObject>
#include <QSet>
#include <QTimer>

#include <functional>

/*!
    Hears from the system that the ways into the network are others than before: a cable, another
    Wi-Fi, a VPN that came or went. Containers and virtual machines that come and go are none. It does
    not tell whether anything can be reached.

    On Linux it asks the kernel (rtnetlink), whoever manages the network: NetworkManager, which would
    tell the same over D-Bus, is not on every computer. It never polls. Elsewhere it hears nothing.
*/
class NetworkWatch : public QObject
{
    Q_OBJECT

public:
    /*! The routes that there are, in whatever form, but the same for the same route. */
    using Routes = QSet<QByteArray>;

    explicit NetworkWatch(QObject *parent = nullptr);
    /*!
        For tests: \a messages is a descriptor, not owned, that has something to read when \a routes
        may give others.
    */
    NetworkWatch(int messages, const std::function<Routes()> &routes, QObject *parent = nullptr);
    ~NetworkWatch() override;

    /*! Changes are noticed. */
    [[nodiscard]] bool isWatching() const { return m_messages != -1; }

Q_SIGNALS:
    /*!
        The routes are others, or were for a moment. A burst of changes is one: it is told when
        nothing more came for a quarter of a second, and in any case after a second.
    */
    void changed();

private:
    void watch();
    void take();
    void compare();
    void tell();

    std::function<Routes()> m_read;
    Routes m_routes;
    QTimer m_quiet; // since the last message
    QTimer m_patience; // since the first of a burst
    int m_messages = -1;
    bool m_isOwn = false; // m_messages
    bool m_hasChanged = false; // in this burst
};
