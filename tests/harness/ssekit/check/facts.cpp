// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "check/facts.h"

#include <algorithm>

QByteArray Watch::header(QByteArrayView name) const
{
    const auto found = std::find_if(headers.cbegin(), headers.cend(), [name](const auto &pair) {
        return pair.first.compare(name, Qt::CaseInsensitive) == 0;
    });
    return found == headers.cend() ? QByteArray() : found->second;
}

QByteArray Watch::lowerHeader(QByteArrayView name) const
{
    return header(name).toLower();
}

std::chrono::milliseconds Watch::longestSilence() const
{
    std::chrono::milliseconds longest{0};
    std::chrono::milliseconds last = headAt;
    for (const Burst &burst : bursts) {
        longest = std::max(longest, burst.at - last);
        last = burst.until;
    }
    return std::max(longest, stoppedAt - last);
}

bool Watch::isStream() const
{
    const QByteArray type = lowerHeader("Content-Type");
    return status == 200 && type.split(';').constFirst().trimmed() == "text/event-stream";
}
