// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QJsonObject>

#include <chrono>
#include <optional>

/*!
    Sends \a request to the instance that listens at \a socket and waits for its answer, for
    \a patience at most. None without an answer. A QCoreApplication must exist.
*/
[[nodiscard]] std::optional<QJsonObject>
askInstance(const QString &socket, const QJsonObject &request, std::chrono::milliseconds patience);
