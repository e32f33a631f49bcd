// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <sselib/export.h>

#include <QtCore/QByteArrayView>

#include <chrono>
#include <optional>

namespace Sse {

/*!
    The wait that a Retry-After header asks for (RFC 9110, 10.2.3): seconds, or a date in any of the
    three forms of HTTP, of which \a now is subtracted. A date that is past is 0. Nothing where it
    is neither.
*/
[[nodiscard]] SSELIB_EXPORT std::optional<std::chrono::milliseconds>
parseRetryAfter(QByteArrayView value, std::chrono::system_clock::time_point now);

} // namespace Sse
