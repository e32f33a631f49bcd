// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include <sselib/backoff.h>

#include <algorithm>
#include <cmath>

namespace Sse {

namespace {

using Milliseconds = std::chrono::duration<double, std::milli>;

// A herd that was told the same time must not come back in the same instant.
constexpr double retrySpread = 1.5;

} // namespace

Backoff::Backoff(const ReconnectPolicy &policy)
    : m_policy(policy)
{}

void Backoff::setServerRetry(std::chrono::milliseconds retry)
{
    m_serverRetry = withinBounds(retry);
}

std::chrono::milliseconds Backoff::nextDelay(double random, std::chrono::milliseconds notBefore)
{
    const double jitter = std::clamp(m_policy.jitter, 0.0, 1.0);
    const double spread = jitter > 0.0 ? retrySpread : 1.0;
    const Milliseconds first =
        m_serverRetry ? Milliseconds(*m_serverRetry) * spread : Milliseconds(m_policy.initialDelay);
    // pow() may overflow to infinity after a long row of failures; min() brings it back.
    const Milliseconds grown = first * std::pow(std::max(m_policy.growth, 1.0), m_failures);
    const Milliseconds most = m_serverRetry ? std::max(first, Milliseconds(m_policy.maximumDelay))
                                            : Milliseconds(m_policy.maximumDelay);
    Milliseconds floor = m_serverRetry.value_or(m_policy.minimumDelay);
    Milliseconds ceiling = std::max(floor, std::min(grown, most));
    if (const Milliseconds asked = withinBounds(notBefore);
        notBefore.count() > 0 && asked > floor) {
        floor = asked;
        ceiling = std::max(ceiling, asked * spread);
    }
    ++m_failures;
    const Milliseconds delay = ceiling - (ceiling - floor) * (jitter * (1.0 - random));
    return std::chrono::round<std::chrono::milliseconds>(delay);
}

std::chrono::milliseconds Backoff::withinBounds(std::chrono::milliseconds delay) const
{
    return std::clamp(delay, m_policy.minimumDelay,
                      std::max(m_policy.minimumDelay, m_policy.maximumRetry));
}

void Backoff::connectionLasted(std::chrono::milliseconds duration)
{
    if (duration >= m_policy.healthyAfter)
        m_failures = 0;
}

void Backoff::reset()
{
    m_serverRetry.reset();
    m_failures = 0;
}

} // namespace Sse
