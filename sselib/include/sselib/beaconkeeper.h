// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <sselib/export.h>

#include <QtCore/QObject>
#include <QtCore/QString>

#include <memory>

namespace Sse {

class BeaconKeeperPrivate;

/*!
    The program that sends the beacons of this process once it is gone; there is one for all of them.
    The first Beacon starts it, and a new one is started should it die.

    It is a session and process group of its own, ignores the signals that ask programs to end, holds
    no descriptor but its own, and can neither be dumped nor traced. It ends when this process does,
    after it has sent what was held. Where systemd runs, give it a scope of its own, so that the end
    of this process's scope leaves it the time: see processId().

    Only on Linux so far. Elsewhere it never is on duty.
*/
class SSELIB_EXPORT BeaconKeeper : public QObject
{
    Q_OBJECT

public:
    /*! The one of this process; it goes with the QCoreApplication object, which must exist. */
    static BeaconKeeper *instance();
    ~BeaconKeeper() override;

    /*!
        Where the programs sselib-beacon and sselib-beacon-send are. Before start(). By default they
        are looked for in the folder of the application, then in ../libexec/NAME from there, NAME
        being QCoreApplication::applicationName(), where a program may bring its own, then in
        libexec/sselib of the prefix that sselib was built for.
    */
    static void setProgramFolder(const QString &path);

    /*! Starts the program, unless it runs. Not needed: the first Beacon does it. */
    void start();

    /*! It runs, and has said so. */
    [[nodiscard]] bool isOnDuty() const;

    /*! Its process id; 0 while it is not on duty. */
    [[nodiscard]] qint64 processId() const;

    /*! Why it is not on duty, a sentence; empty while it is, or is about to be. */
    [[nodiscard]] QString errorString() const;

Q_SIGNALS:
    /*! isOnDuty() changed. */
    void dutyChanged();

private:
    friend class BeaconKeeperPrivate;

    explicit BeaconKeeper(QObject *parent);

    std::unique_ptr<BeaconKeeperPrivate> d;
};

} // namespace Sse
