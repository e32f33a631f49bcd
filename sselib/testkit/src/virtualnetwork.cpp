// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include <sselib/testkit/virtualnetwork.h>

#include <utility>

namespace Harness {

VirtualNetwork::VirtualNetwork(QObject *parent)
    : NetworkStatus(parent)
{}

void VirtualNetwork::setOnline(bool isOnline)
{
    if (std::exchange(m_isOnline, isOnline) != isOnline)
        Q_EMIT onlineChanged(isOnline);
}

} // namespace Harness
