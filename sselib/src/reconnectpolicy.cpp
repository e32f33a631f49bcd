// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include <sselib/reconnectpolicy.h>

using namespace std::chrono_literals;

namespace Sse {

ReconnectPolicy ReconnectPolicy::browser()
{
    ReconnectPolicy policy;
    policy.initialDelay = 3s;
    policy.growth = 1.0;
    policy.jitter = 0.0;
    policy.retryServerErrors = false;
    return policy;
}

} // namespace Sse
