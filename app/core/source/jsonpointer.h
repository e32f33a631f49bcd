// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QJsonValue>
#include <QString>

#include <optional>

/*!
    The value that \a pointer (RFC 6901) names inside \a root; none where there is no such value,
    or \a pointer is no JSON pointer.
    The empty pointer names the root itself.
*/
[[nodiscard]] std::optional<QJsonValue> resolvePointer(const QJsonValue &root,
                                                       const QString &pointer);

/*! The empty string, or one that begins with a slash and uses '~' only as "~0" and "~1". */
[[nodiscard]] bool isJsonPointer(const QString &pointer);

/*! \a pointer with one reference token more; escapes what has to be. */
[[nodiscard]] QString appendToPointer(const QString &pointer, const QString &token);

/*!
    The line, counted from 1, on which the key or array element that \a pointer names begins in
    \a json, a valid JSON text. A pointer to nothing gives the line of its nearest parent.
*/
[[nodiscard]] int lineOfPointer(QByteArrayView json, const QString &pointer);
