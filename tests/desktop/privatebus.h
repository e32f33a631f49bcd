// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QDBusConnection>
#include <QProcess>
#include <QTemporaryDir>

namespace Harness {

/*!
    A message bus that starts no services but those of offer(), so that only the test's are on it.
    From start() on it is the session bus, or the system bus, of this process and of its children:
    start it before anything asks.
*/
class PrivateBus
{
public:
    enum class Kind {
        Session,
        System,
    };

    explicit PrivateBus(Kind kind = Kind::Session)
        : m_kind(kind)
    {}
    ~PrivateBus();

    /*! Before start(): it runs \a command for whoever wants the service \a name. */
    [[nodiscard]] bool offer(const QString &name, const QString &command);
    [[nodiscard]] bool start();

private:
    const Kind m_kind;
    QTemporaryDir m_folder;
    QProcess m_daemon;
};

/*! Waits until \a connection has heard what the bus had for it, and the bus what it had to say. */
[[nodiscard]] bool askTheBus(const QDBusConnection &connection = QDBusConnection::sessionBus());

} // namespace Harness
