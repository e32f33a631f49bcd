// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QByteArray>
#include <QUrl>

/*!
    A source file for the portal at \a base: the preset, with a token that is renewed, a connection that
    the stream tells, and a close request that has both, and why.
*/
[[nodiscard]] QByteArray connectionSource(const QUrl &base);
