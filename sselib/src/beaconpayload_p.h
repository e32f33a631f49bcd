// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <sselib/beacon.h>

#include <optional>

namespace Sse {

/*! All that is needed to send a beacon, wherever that is done. A value. */
struct BeaconPayload
{
    QList<BeaconRequest> requests;
    std::chrono::milliseconds deadline = Beacon::defaultDeadline;
    QString reminder; //!< See Beacon::setReminder().

    [[nodiscard]] qsizetype bodySize() const;

    /*! For the program of the same build that sends it; no format to keep. */
    [[nodiscard]] QByteArray toBytes() const;
    [[nodiscard]] static std::optional<BeaconPayload> fromBytes(const QByteArray &bytes);
};

} // namespace Sse
