// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <chrono>
#include <optional>

/*!
    How often a server lets hear of it, learned from the silences between its bytes: a silence much
    longer than the longest one that it keeps coming back to means that the stream is dead.
*/
class Cadence
{
public:
    /*! A byte came after \a silence; or the stream was given up after it. */
    void note(std::chrono::milliseconds silence);

    /*!
        2.5 times the longest silence, from 10 s to 10 minutes. None until that silence has come
        back often enough, and for at least a minute in all, to be a habit.
    */
    [[nodiscard]] std::optional<std::chrono::milliseconds> idleTimeout() const;

private:
    std::chrono::milliseconds m_longest{0};
    std::chrono::milliseconds m_watched{0}; // since the longest grew
    int m_shorter = 0; // in a row
    int m_times = 0; // that about the longest was reached
};
