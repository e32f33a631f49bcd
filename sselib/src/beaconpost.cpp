// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "beaconpost_p.h"

namespace Sse {

BeaconPost::BeaconPost(QObject *parent)
    : QObject(parent)
{}

BeaconPost::~BeaconPost() = default;

bool BeaconPost::open(const QString &)
{
    m_error = tr("On this system nothing is sent once the program is gone.");
    return false;
}

bool BeaconPost::hold(std::uint32_t, const QByteArray &)
{
    return false;
}

bool BeaconPost::release(std::uint32_t)
{
    return false;
}

bool BeaconPost::send(std::uint32_t)
{
    return false;
}

} // namespace Sse
