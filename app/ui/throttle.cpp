// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "throttle.h"

Throttle::Throttle(std::chrono::milliseconds interval, QObject *parent)
    : QObject(parent)
{
    m_pause.setSingleShot(true);
    m_pause.setInterval(interval);
    connect(&m_pause, &QTimer::timeout, this, [this] {
        if (std::exchange(m_requested, false))
            pass();
    });
}

void Throttle::request()
{
    if (m_pause.isActive())
        m_requested = true;
    else
        pass();
}

void Throttle::pass()
{
    m_pause.start();
    Q_EMIT due();
}
