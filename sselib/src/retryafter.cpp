// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include <sselib/retryafter.h>

#include <QtCore/QDateTime>
#include <QtCore/QLocale>

#include <algorithm>

using namespace std::chrono_literals;
using namespace Qt::Literals;

namespace Sse {

namespace {

// Some ten thousand years: whoever waits clamps it anyway.
constexpr std::chrono::seconds longest{315'360'000'000};

bool isNumber(QByteArrayView text)
{
    return !text.isEmpty()
        && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// RFC 9110, 5.6.7: a recipient must take all three.
QDateTime parseHttpDate(const QString &text)
{
    // The names are English whatever the user's language is.
    const QLocale english = QLocale::c();
    QDateTime date = english.toDateTime(text, u"ddd, dd MMM yyyy hh:mm:ss 'GMT'"_s);
    if (!date.isValid())
        date = english.toDateTime(text.simplified(), u"ddd MMM d hh:mm:ss yyyy"_s); // asctime()
    if (!date.isValid()) {
        // RFC 850. Without the day of the week, which would have to fit the year: Qt takes two
        // digits for a year of the 20th century.
        date = english.toDateTime(text.section(u", "_s, 1), u"dd-MMM-yy hh:mm:ss 'GMT'"_s);
        if (date.isValid() && date.date().year() < 1970)
            date = date.addYears(100);
    }
    if (date.isValid())
        date.setTimeSpec(Qt::UTC);
    return date;
}

} // namespace

std::optional<std::chrono::milliseconds> parseRetryAfter(QByteArrayView value,
                                                         std::chrono::system_clock::time_point now)
{
    const QByteArrayView text = value.trimmed();
    if (isNumber(text)) {
        bool fits = false;
        const qint64 seconds = text.toLongLong(&fits);
        return fits ? std::min(std::chrono::seconds(seconds), longest) : longest;
    }
    const QDateTime date = parseHttpDate(QString::fromLatin1(text));
    if (!date.isValid())
        return std::nullopt;
    const std::chrono::milliseconds sinceEpoch(date.toMSecsSinceEpoch());
    const auto nowSinceEpoch =
        std::chrono::floor<std::chrono::milliseconds>(now.time_since_epoch());
    return std::max(sinceEpoch - nowSinceEpoch, 0ms);
}

} // namespace Sse
