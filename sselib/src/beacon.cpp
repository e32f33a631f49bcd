// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include <sselib/beacon.h>

#include "beaconkeeper_p.h"

#include <QtCore/QFileInfo>
#include <QtCore/QUuid>

namespace Sse {

class BeaconPrivate
{
public:
    std::uint32_t number = 0; // of what is held; 0: nothing
    std::chrono::milliseconds deadline = Beacon::defaultDeadline;
    QString reminder;
    int sending = 0;
};

Beacon::Beacon(QObject *parent)
    : QObject(parent)
    , d(std::make_unique<BeaconPrivate>())
{
    if (BeaconKeeperPrivate *const keeper = BeaconKeeperPrivate::instance(); keeper)
        keeper->startOnce();
}

Beacon::~Beacon()
{
    BeaconKeeperPrivate *const keeper = BeaconKeeperPrivate::instance();
    if (d->number != 0 && keeper)
        keeper->send(d->number, nullptr, {});
}

void Beacon::setDeadline(std::chrono::milliseconds deadline)
{
    d->deadline = std::max(deadline, std::chrono::milliseconds(1));
}

void Beacon::setReminder(const QString &path)
{
    d->reminder = path.isEmpty() ? path : QFileInfo(path).absoluteFilePath();
}

bool Beacon::hold(const QList<BeaconRequest> &requests)
{
    BeaconKeeperPrivate *const keeper = BeaconKeeperPrivate::instance();
    BeaconPayload payload{requests, d->deadline, d->reminder};
    if (!keeper || payload.bodySize() > maximumSize)
        return false;
    for (BeaconRequest &beacon : payload.requests) {
        if (!beacon.request.hasRawHeader("Idempotency-Key"))
            beacon.request.setRawHeader("Idempotency-Key",
                                        QUuid::createUuid().toByteArray(QUuid::WithoutBraces));
    }
    if (d->number == 0)
        d->number = keeper->newNumber();
    keeper->hold(d->number, payload);
    return true;
}

void Beacon::release()
{
    BeaconKeeperPrivate *const keeper = BeaconKeeperPrivate::instance();
    if (const std::uint32_t number = std::exchange(d->number, 0); number != 0 && keeper)
        keeper->release(number);
}

bool Beacon::isHolding() const
{
    return d->number != 0;
}

void Beacon::send()
{
    const std::uint32_t number = std::exchange(d->number, 0);
    BeaconKeeperPrivate *const keeper = BeaconKeeperPrivate::instance();
    ++d->sending;
    const auto done = [this](const BeaconResult &result) {
        --d->sending;
        Q_EMIT finished(result);
    };
    if (number == 0 || !keeper)
        QMetaObject::invokeMethod(
            this,
            [done] {
                done({true, 0, {}});
            },
            Qt::QueuedConnection);
    else
        keeper->send(number, this, done);
}

bool Beacon::isSending() const
{
    return d->sending > 0;
}

bool sendBeacon(const BeaconRequest &request)
{
    Beacon beacon;
    return beacon.hold({request});
}

} // namespace Sse
