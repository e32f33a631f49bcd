// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/source/source.h"

#include <QDateTime>

/*!
    How long the token of \a source will hold from \a now on, as its variables say: the seconds that
    it has, the time at which it ends, or the "exp" of a token that is a JWT (RFC 7519, 4.1.4). None
    where nothing tells.
*/
[[nodiscard]] std::optional<std::chrono::seconds>
tokenLifetime(const Source &source, const Variables &variables, const QDateTime &now);
