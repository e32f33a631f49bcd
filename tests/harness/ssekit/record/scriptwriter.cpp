// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "record/scriptwriter.h"

#include "requestoptions.h"

#include <QDateTime>

#include <algorithm>
#include <array>

using namespace Qt::Literals;

namespace Script {

namespace {

// A list of the good ones, as nobody knows all the names that hold a secret.
constexpr std::array harmless{
    "accept-ranges"_L1,    "age"_L1,          "cache-control"_L1, "content-encoding"_L1,
    "content-language"_L1, "content-type"_L1, "expires"_L1,       "pragma"_L1,
    "retry-after"_L1,      "server"_L1,       "vary"_L1,          "via"_L1,
    "x-accel-buffering"_L1};
constexpr auto corsPrefix = "access-control-"_L1;

// They say how the body is delimited, which the statement "framing" does.
constexpr std::array framing{"connection"_L1, "content-length"_L1, "keep-alive"_L1,
                             "transfer-encoding"_L1};

template <std::size_t size>
bool isOneOf(const std::array<QLatin1StringView, size> &names, const QByteArray &name)
{
    const QByteArray lower = name.toLower();
    return std::find(names.begin(), names.end(), QLatin1StringView(lower)) != names.end();
}

bool isHarmless(const QByteArray &name)
{
    return isOneOf(harmless, name) || name.toLower().startsWith(corsPrefix);
}

// In the language a value stands without quotes, up to a comment or the end of the line.
bool canBeWritten(const QByteArray &value)
{
    return std::none_of(value.begin(), value.end(),
                        [](char c) { return c == '#' || c == '"' || c == '$' || c == '\\'; })
        && std::all_of(value.begin(), value.end(), [](char c) { return c >= ' ' && c < 0x7F; });
}

QByteArray valueOf(const QList<QNetworkReply::RawHeaderPair> &headers, QLatin1StringView name)
{
    const auto found = std::find_if(headers.cbegin(), headers.cend(), [name](const auto &header) {
        return QLatin1StringView(header.first).compare(name, Qt::CaseInsensitive) == 0;
    });
    return found == headers.cend() ? QByteArray() : found->second;
}

QByteArray framingOf(const QList<QNetworkReply::RawHeaderPair> &headers)
{
    const QByteArray length = valueOf(headers, "content-length"_L1);
    bool isNumber = false;
    const qulonglong bytes = length.toULongLong(&isNumber);
    if (isNumber)
        return "framing length " + QByteArray::number(bytes) + '\n';
    if (valueOf(headers, "transfer-encoding"_L1).isEmpty())
        return "framing close\n"; // HTTP/1.0, or HTTP/2, whose frames are not for us to replay
    return {};
}

QByteArray hexEscape(char c)
{
    return "\\x" + QByteArray(1, c).toHex().toUpper();
}

QByteArray escaped(char c)
{
    switch (c) {
    case '\n':
        return "\\n"_ba;
    case '\r':
        return "\\r"_ba;
    case '\t':
        return "\\t"_ba;
    case '\0':
        return "\\0"_ba;
    case '"':
        return "\\\""_ba;
    case '\\':
        return "\\\\"_ba;
    case '$':
        return "\\x24"_ba; // "${" would be a variable
    default:
        return c >= ' ' && c < 0x7F ? QByteArray(1, c) : hexEscape(c);
    }
}

// The bytes of the character at the beginning of \a bytes, if it is one that can be seen.
qsizetype visibleCharacter(QByteArrayView bytes)
{
    for (qsizetype size = 2; size <= std::min<qsizetype>(4, bytes.size()); ++size) {
        if (!bytes.first(size).isValidUtf8())
            continue;
        const QList<uint> character = QString::fromUtf8(bytes.first(size)).toUcs4();
        return character.size() == 1 && QChar::isPrint(character.constFirst()) ? size : 0;
    }
    return 0;
}

} // namespace

QByteArray quoted(const QByteArray &bytes)
{
    QByteArray text = "\""_ba;
    for (qsizetype at = 0; at < bytes.size();) {
        const char c = bytes.at(at);
        const qsizetype size =
            (c & 0x80) != 0 ? visibleCharacter(QByteArrayView(bytes).sliced(at)) : 0;
        if (size > 0)
            text += bytes.mid(at, size);
        else
            text += escaped(c);
        at += std::max<qsizetype>(size, 1);
    }
    return text + '"';
}

QByteArray origin(const QUrl &url, const QDateTime &time)
{
    return "# Recorded from " + printableUrl(url).toUtf8().simplified() + "\n# "
        + time.toUTC().toString(Qt::ISODate).toLatin1() + "\n\n";
}

QByteArray head(int status, const QByteArray &reasonPhrase,
                const QList<QNetworkReply::RawHeaderPair> &headers)
{
    QByteArray text = "status " + QByteArray::number(status);
    if (!reasonPhrase.isEmpty() && canBeWritten(reasonPhrase))
        text += ' ' + reasonPhrase;
    text += '\n' + framingOf(headers);
    QByteArrayList leftOut;
    for (const auto &[name, values] : headers) {
        if (isOneOf(framing, name))
            continue;
        if (!isHarmless(name) || !canBeWritten(name) || !canBeWritten(values.simplified())) {
            leftOut.append(canBeWritten(name) ? name : "a name that cannot be written"_ba);
            continue;
        }
        const QByteArrayList lines = values.split('\n'); // Qt joins those of one name with it
        for (const QByteArray &value : lines)
            text += "header " + name + ": " + value.trimmed() + '\n';
    }
    for (const auto &[name, title] : {std::pair("content-type"_L1, "Content-Type"),
                                      std::pair("cache-control"_L1, "Cache-Control")}) {
        if (valueOf(headers, name).isNull())
            text += QByteArray("no header ") + title + '\n';
    }
    if (!leftOut.isEmpty())
        text += "# left out: " + leftOut.join(", ") + '\n';
    return text;
}

QByteArray sleep(std::chrono::milliseconds pause)
{
    return pause.count() > 0 ? "sleep " + QByteArray::number(qint64(pause.count())) + "ms\n"
                             : QByteArray();
}

QByteArray send(const QByteArray &piece)
{
    return "send " + quoted(piece) + '\n';
}

} // namespace Script
