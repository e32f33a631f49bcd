// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <sselib/export.h>

#include <chrono>

namespace Sse {

/*!
    When a lost stream is opened again, and how long to wait before. A value; Backoff applies it.

    The n-th wait (n = 0 after a healthy stream) lies between a floor and a ceiling:
    the floor is minimumDelay, or the server's "retry" where it sent one; the ceiling is
    initialDelay (or 1.5 times the "retry") * growth^n, at most maximumDelay, never below the floor.
    jitter says how much of the way from ceiling to floor is left to chance.

    The defaults are for clients that run unattended. They depart from a browser on purpose:
    see browser() for the letter of the standard.
*/
struct SSELIB_EXPORT ReconnectPolicy
{
    std::chrono::milliseconds initialDelay{1000}; //!< Ceiling of the first wait. At least 0.
    std::chrono::milliseconds minimumDelay{100}; //!< Floor of every wait; bounds "retry: 0" too.
    std::chrono::milliseconds maximumDelay{
        60'000}; //!< Ceiling of every wait, but see maximumRetry.
    std::chrono::milliseconds maximumRetry{3'600'000}; //!< A larger "retry" counts as this much.
    double growth = 2.0; //!< At least 1; with 1 the ceiling stays where it is.
    double jitter = 1.0; //!< 0 (always the ceiling) to 1 (anywhere between floor and ceiling).

    /*! A stream that stayed open this long was healthy: the next wait is a first one again. */
    std::chrono::milliseconds healthyAfter{30'000};

    /*! Answers 408, 425, 429 and 5xx are retried; when false they are final, as in a browser. */
    bool retryServerErrors = true;

    /*!
        What browsers do (HTML 9.2.3): always the same wait, 3 s until the server says "retry",
        without jitter; any status but 200 is final. The floor of 100 ms stays.
    */
    [[nodiscard]] static ReconnectPolicy browser();

    friend bool operator==(const ReconnectPolicy &lhs, const ReconnectPolicy &rhs) = default;
};

} // namespace Sse
