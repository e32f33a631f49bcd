// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QJsonValue>

#include <functional>
#include <optional>

/*!
    Any JSON text, a lone number or string too, which QJsonDocument of Qt 6.4 does not read. None
    where \a text is not JSON. A byte order mark at its beginning is skipped (RFC 8259,
    section 8.1).
*/
[[nodiscard]] std::optional<QJsonValue> parseJson(QByteArrayView text);

/*! \a value with each string in it, but no name of a member, replaced by what \a replace makes of it. */
[[nodiscard]] QJsonValue withStrings(const QJsonValue &value,
                                     const std::function<QString(const QString &text)> &replace);
