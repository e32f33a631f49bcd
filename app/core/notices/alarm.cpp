// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "alarm.h"

#include <sselib/clock.h>

#include <QTimer>

#include <algorithm>

using namespace std::chrono_literals;

class Alarm::Private
{
public:
    Private(Sse::Clock *chosen, std::function<void()> call)
        : clock(chosen)
        , callback(std::move(call))
    {
        if (clock) {
            ofClock = clock->createTimer(Qt::PreciseTimer, callback);
            return;
        }
        // A coarse one may be a twentieth of hours off.
        timer.setTimerType(Qt::PreciseTimer);
        timer.setSingleShot(true);
        QObject::connect(&timer, &QTimer::timeout, &timer, callback);
    }

    Sse::Clock *const clock;
    const std::function<void()> callback;
    std::unique_ptr<Sse::Clock::Timer> ofClock; // null: timer is used
    QTimer timer;
};

Alarm::Alarm(Sse::Clock *clock, std::function<void()> callback)
    : d(std::make_unique<Private>(clock, std::move(callback)))
{}

Alarm::~Alarm() = default;

void Alarm::start(std::chrono::milliseconds delay)
{
    delay = std::clamp<std::chrono::milliseconds>(delay, 0ms, longest);
    if (d->ofClock)
        d->ofClock->start(delay);
    else
        d->timer.start(delay);
}

void Alarm::stop()
{
    if (d->ofClock)
        d->ofClock->stop();
    else
        d->timer.stop();
}

bool Alarm::isActive() const
{
    return d->ofClock ? d->ofClock->isActive() : d->timer.isActive();
}

QDateTime Alarm::now() const
{
    const auto time = d->clock ? d->clock->wallTime() : std::chrono::system_clock::now();
    return QDateTime::fromMSecsSinceEpoch(
        std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch()).count());
}

std::chrono::milliseconds Alarm::elapsed() const
{
    const std::chrono::nanoseconds elapsed =
        d->clock ? d->clock->elapsed() : std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::floor<std::chrono::milliseconds>(elapsed);
}
