// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QDBusConnection>
#include <QDBusUnixFileDescriptor>
#include <QObject>

namespace Harness {

/*! The part of logind that tells of sleep and shutdown, on the system bus. */
class ScriptedLogind : public QObject
{
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.login1.Manager")

public:
    ScriptedLogind();
    ~ScriptedLogind() override;

    /*! Takes the name on the bus. */
    [[nodiscard]] bool start();

    /*! Somebody has a delay inhibitor, and has not closed it yet. */
    [[nodiscard]] bool isDelayed() const;

    int inhibitions = 0; //!< How many were asked for.
    QString what; //!< For what, the last time.
    QString mode;

public Q_SLOTS:
    Q_SCRIPTABLE QDBusUnixFileDescriptor Inhibit(const QString &what, const QString &who,
                                                 const QString &why, const QString &mode);

Q_SIGNALS:
    Q_SCRIPTABLE void PrepareForShutdown(bool isNear);
    Q_SCRIPTABLE void PrepareForSleep(bool isNear);

private:
    QDBusConnection m_bus;
    int m_reader = -1; // of the pipe whose other end was given away
};

} // namespace Harness
