// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QByteArray>

#include <optional>

/*!
    The time that an event tells, in milliseconds since 1970, or nothing. Without \a pointer it is
    the whole \a data; else the number in that place of a JSON text (RFC 6901, "/time/sent").
    What does not lie between 2001 and 2286, 13 digits, is no time.
*/
[[nodiscard]] std::optional<qint64> eventTime(const QByteArray &data, const QByteArray &pointer);
