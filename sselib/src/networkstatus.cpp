// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include <sselib/networkstatus.h>

namespace Sse {

NetworkStatus::NetworkStatus(QObject *parent)
    : QObject(parent)
{}

NetworkStatus::~NetworkStatus() = default;

} // namespace Sse
