// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "tokenlifetime.h"

#include "core/source/jsonpointer.h"
#include "core/source/jsontext.h"

#include <cmath>

using namespace Qt::Literals;

namespace {

// Seconds since 1970, or milliseconds where the number is too large for them, or ISO 8601.
std::optional<qint64> secondsSinceEpoch(const QString &text)
{
    constexpr double firstMilliseconds = 1e11; // as seconds: the year 5138
    bool isNumber = false;
    const double number = text.toDouble(&isNumber);
    constexpr double farFuture = 1e14;
    if (isNumber)
        return std::isfinite(number) && number >= 0 && number < farFuture
            ? std::optional(qint64(number < firstMilliseconds ? number : number / 1000))
            : std::nullopt;
    const QDateTime time = QDateTime::fromString(text, Qt::ISODate);
    return time.isValid() ? std::optional(time.toSecsSinceEpoch()) : std::nullopt;
}

std::optional<qint64> expiryInside(const QString &token)
{
    const QStringList parts = token.split(u'.');
    if (parts.size() != 3)
        return {};
    const std::optional<QJsonValue> claims =
        parseJson(QByteArray::fromBase64(parts.at(1).toLatin1(), QByteArray::Base64UrlEncoding));
    const std::optional<QString> expiry =
        claims ? scalarText(resolvePointer(*claims, u"/exp"_s)) : std::nullopt;
    return expiry ? secondsSinceEpoch(*expiry) : std::nullopt;
}

} // namespace

std::optional<std::chrono::seconds> tokenLifetime(const Source &source, const Variables &variables,
                                                  const QDateTime &now)
{
    if (!source.tokenExpiresInVariable.isEmpty()) {
        bool isNumber = false;
        const double seconds = variables.value(source.tokenExpiresInVariable).toDouble(&isNumber);
        constexpr double century = 100.0 * 365 * 24 * 3600;
        if (isNumber && std::isfinite(seconds)) // 0 and -1 are how some say "for ever"
            return seconds > 0 ? std::optional(std::chrono::seconds(qint64(qMin(seconds, century))))
                               : std::nullopt;
    }
    std::optional<qint64> end = source.tokenExpiresAtVariable.isEmpty()
        ? std::nullopt
        : secondsSinceEpoch(variables.value(source.tokenExpiresAtVariable));
    if (!end)
        end = expiryInside(variables.value(source.tokenVariable));
    if (!end)
        return {};
    const qint64 left = *end - now.toSecsSinceEpoch();
    return left > 0 ? std::optional(std::chrono::seconds(left)) // else a clock is wrong
                    : std::nullopt;
}
