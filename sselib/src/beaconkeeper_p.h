// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "beaconpayload_p.h"
#include "beaconpost_p.h"

#include <sselib/beaconkeeper.h>

#include <QtCore/QElapsedTimer>
#include <QtCore/QHash>
#include <QtCore/QPointer>
#include <QtCore/QSet>
#include <QtCore/QTimer>

#include <functional>

namespace Sse {

/*! Keeps the books of all beacons of this process, and has them kept by the program. */
class BeaconKeeperPrivate : public QObject
{
    Q_OBJECT

public:
    using Done = std::function<void(const BeaconResult &result)>;

    explicit BeaconKeeperPrivate(BeaconKeeper *q);

    [[nodiscard]] static BeaconKeeperPrivate *instance();
    [[nodiscard]] std::uint32_t newNumber() { return ++m_lastNumber; }

    void start();
    /*! Unless that was tried already. */
    void startOnce();
    void hold(std::uint32_t beacon, const BeaconPayload &payload);
    void release(std::uint32_t beacon);
    /*! What is held. \a done is called once, unless \a owner is gone by then. */
    void send(std::uint32_t beacon, QObject *owner, const Done &done);

    static QString programFolder;

    qint64 processId = 0;

    [[nodiscard]] QString errorString() const;

private:
    struct Waiting
    {
        BeaconPayload payload;
        QPointer<QObject> owner;
        Done done;
        QPointer<QTimer> patience;
    };

    [[nodiscard]] QString findPrograms() const;
    void startAgain();
    void entrust(std::uint32_t beacon, const BeaconPayload &payload);
    void deliver(const BeaconPayload &payload, QObject *owner, const Done &done);
    void deliverInstead(std::uint32_t beacon, const QString &why);
    void setProcessId(qint64 id);
    void finish(std::uint32_t beacon, const BeaconResult &result);

    BeaconKeeper *const q;
    BeaconPost m_post;
    QHash<std::uint32_t, BeaconPayload> m_held;
    QSet<std::uint32_t> m_ours; // of those, what the program could not take
    QHash<std::uint32_t, Waiting> m_waiting;
    std::uint32_t m_lastNumber = 0;
    QElapsedTimer m_started;
    int m_quickEnds = 0; // of the program, in a row
    bool m_isTried = false;
};

} // namespace Sse
