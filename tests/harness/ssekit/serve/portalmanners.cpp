// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "serve/portalmanners.h"

#include <QCommandLineParser>
#include <QHash>

using namespace Qt::Literals;

namespace {

constexpr double longest = 24 * 60 * 60; // seconds

// Seconds of at least \a least; none, and a sentence, where they are not.
std::optional<std::chrono::milliseconds>
seconds(const QCommandLineParser &parser, const QString &option, double least, QString *error)
{
    const QString text = parser.value(option);
    bool isNumber = false;
    const double value = text.toDouble(&isNumber);
    if (isNumber && value >= least && value <= longest)
        return std::chrono::milliseconds(qRound(value * 1000));
    *error = u"--%1 takes seconds, up to a day; \"%2\" is not that."_s.arg(option, text);
    return {};
}

} // namespace

QList<QCommandLineOption> PortalManners::options()
{
    return {
        {u"tick"_s, u"portal: move the number by itself, up and down. Default: only by hand."_s,
         u"SECONDS"_s, u"0"_s},
        {u"token-lifetime"_s, u"portal: how long a token is good. Default: an hour."_s,
         u"SECONDS"_s, u"3600"_s},
        {u"greet"_s, u"portal: begin each stream with an event \"hello\" that tells its id."_s},
        {u"at-close"_s,
         u"portal: what a close request gets: answer, silence, error (500), or drop: the connection"
         " ends without an answer. Default: answer."_s,
         u"WHAT"_s, u"answer"_s},
    };
}

std::optional<PortalManners> PortalManners::read(const QCommandLineParser &parser, QString *error)
{
    static const QHash<QString, AtClose> atClose = {
        {u"answer"_s, AtClose::Answer},
        {u"silence"_s, AtClose::Silence},
        {u"error"_s, AtClose::Error},
        {u"drop"_s, AtClose::Drop},
    };
    const auto tick = seconds(parser, u"tick"_s, 0, error);
    const auto lifetime = seconds(parser, u"token-lifetime"_s, 1, error); // "expires_in" is whole
    const QString word = parser.value(u"at-close"_s);
    if (!atClose.contains(word))
        *error =
            u"--at-close takes answer, silence, error or drop; \"%1\" is not that."_s.arg(word);
    if (!tick || !lifetime || !atClose.contains(word))
        return {};
    return PortalManners{*tick, *lifetime, parser.isSet(u"greet"_s), atClose.value(word)};
}
