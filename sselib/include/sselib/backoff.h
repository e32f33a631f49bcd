// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <sselib/export.h>
#include <sselib/reconnectpolicy.h>

#include <chrono>
#include <optional>

namespace Sse {

/*!
    Counts failures and turns them into waits, by a ReconnectPolicy. It has no clock and no source
    of chance of its own: the caller passes both in, so that a test can prove every delay.
*/
class SSELIB_EXPORT Backoff
{
public:
    /*! No failure is counted yet. */
    explicit Backoff(const ReconnectPolicy &policy = {});

    /*! What the waits are made by. */
    [[nodiscard]] const ReconnectPolicy &policy() const { return m_policy; }
    /*! For the waits from now on; failures stay counted. */
    void setPolicy(const ReconnectPolicy &policy) { m_policy = policy; }

    /*! The server's "retry" field: the floor from now on. Clamped to the policy's bounds. */
    void setServerRetry(std::chrono::milliseconds retry);

    /*!
        The wait before the next attempt; counts one failure more.
        \a random is a number of [0, 1) from a source of the caller's choice.
        \a notBefore is what the answer's Retry-After asked for, a floor of this one wait; the
        policy's maximumRetry bounds it. 0: nothing was asked for.
    */
    [[nodiscard]] std::chrono::milliseconds
    nextDelay(double random, std::chrono::milliseconds notBefore = std::chrono::milliseconds(0));

    /*! Tells how long the last connection was open; a healthy one ends the row of failures. */
    void connectionLasted(std::chrono::milliseconds duration);

    /*! Forgets failures and the server's "retry". */
    void reset();

private:
    [[nodiscard]] std::chrono::milliseconds withinBounds(std::chrono::milliseconds delay) const;

    ReconnectPolicy m_policy;
    std::optional<std::chrono::milliseconds> m_serverRetry;
    int m_failures = 0;
};

} // namespace Sse
