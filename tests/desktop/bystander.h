// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QDBusConnection>
#include <QDBusServiceWatcher>
#include <QElapsedTimer>
#include <QObject>

#include <chrono>
#include <optional>

namespace Harness {

/*!
    A yardstick for how soon a service can be called on a computer that may be busy: it calls one as
    soon as its name is on the bus, and has nothing else to do.
*/
class Bystander : public QObject
{
    Q_OBJECT

public:
    /*! Time starts now. */
    explicit Bystander(const QString &service);
    ~Bystander() override;

    /*! Calls \a pause from now, for services that are there already. */
    void callAfter(std::chrono::milliseconds pause);

    [[nodiscard]] std::chrono::milliseconds now() const
    {
        return std::chrono::milliseconds(m_time.elapsed());
    }
    /*! When its call was answered, beyond the pause; none before. */
    [[nodiscard]] std::optional<std::chrono::milliseconds> lateness() const { return m_lateness; }

private:
    void call();

    const QString m_service;
    QDBusConnection m_bus;
    QDBusServiceWatcher m_watcher;
    QElapsedTimer m_time;
    std::chrono::milliseconds m_pause{0};
    std::optional<std::chrono::milliseconds> m_lateness;
};

} // namespace Harness
