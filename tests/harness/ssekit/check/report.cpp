// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "check/report.h"

#include "check/judge.h"
#include "console.h"
#include "requestoptions.h"

#include <QJsonArray>

#include <algorithm>

using namespace Qt::Literals;
using Level = Finding::Level;

namespace {

qsizetype countOf(const Findings &findings, Level level)
{
    return std::count_if(findings.cbegin(), findings.cend(),
                         [level](const Finding &finding) { return finding.level == level; });
}

QLatin1StringView colourOf(Level level)
{
    switch (level) { // SGR numbers
    case Level::Ok:
        return "32"_L1;
    case Level::Note:
        return "36"_L1;
    case Level::Warning:
        return "33"_L1;
    case Level::Failure:
        return "31"_L1;
    }
    Q_UNREACHABLE();
}

QJsonValue milliseconds(std::chrono::milliseconds time)
{
    return qint64(time.count());
}

QJsonObject numbersOf(const Watch &watch)
{
    QJsonObject numbers{{u"status"_s, watch.status},
                        {u"headMs"_s, milliseconds(watch.headAt)},
                        {u"watchedMs"_s, milliseconds(watch.length())},
                        {u"bytes"_s, qint64(watch.bytes)},
                        {u"events"_s, qint64(watch.eventCount)},
                        {u"comments"_s, qint64(watch.commentCount)},
                        {u"bursts"_s, qint64(watch.bursts.size())},
                        {u"longestSilenceMs"_s, milliseconds(watch.longestSilence())}};
    if (!watch.bursts.isEmpty())
        numbers[u"firstByteMs"_s] = milliseconds(watch.bursts.constFirst().at);
    if (watch.retry)
        numbers[u"retryMs"_s] = milliseconds(*watch.retry);
    return numbers;
}

} // namespace

QString verdictOf(const EndpointFacts &facts, const Findings &findings)
{
    if (facts.watch.status == 0)
        return u"unreachable"_s;
    if (countOf(findings, Level::Failure) > 0)
        return u"failures"_s;
    return countOf(findings, Level::Warning) > 0 ? u"warnings"_s : u"ok"_s;
}

QJsonObject jsonReport(const EndpointFacts &facts, const Findings &findings)
{
    QJsonArray list;
    for (const Finding &finding : findings) {
        QJsonObject entry{{u"id"_s, finding.id},
                          {u"level"_s, levelName(finding.level)},
                          {u"sentence"_s, finding.sentence}};
        if (!finding.remedy.isEmpty())
            entry[u"remedy"_s] = finding.remedy;
        list.append(entry);
    }
    QJsonObject report{{u"type"_s, u"check"_s},
                       {u"url"_s, printableUrl(facts.url)},
                       {u"verdict"_s, verdictOf(facts, findings)},
                       {u"findings"_s, list}};
    if (facts.watch.status == 0)
        report[u"error"_s] = facts.watch.error;
    else
        report[u"facts"_s] = numbersOf(facts.watch);
    return report;
}

QString textReport(const EndpointFacts &facts, const Findings &findings, bool isColourful)
{
    const auto paint = [isColourful](const QString &text, QLatin1StringView colour) {
        return isColourful ? coloured(text, colour) : text;
    };
    QString text = u"%1: watched for %2, %3 event(s), %4 comment(s)\n\n"_s.arg(
        printableUrl(facts.url), inSeconds(facts.watch.length()),
        QString::number(facts.watch.eventCount), QString::number(facts.watch.commentCount));
    for (const Finding &finding : findings) {
        text += paint(levelName(finding.level).leftJustified(8), colourOf(finding.level))
            + finding.id.leftJustified(18) + harmlessText(finding.sentence) + u'\n';
        if (!finding.remedy.isEmpty())
            text += QString(26, u' ') + u"-> "_s + harmlessText(finding.remedy) + u'\n';
    }
    const QString verdict = verdictOf(facts, findings);
    const QLatin1StringView colour = verdict == "failures"_L1 ? colourOf(Level::Failure)
        : verdict == "warnings"_L1                            ? colourOf(Level::Warning)
                                                              : colourOf(Level::Ok);
    return text
        + u"\n%1: %2 failure(s), %3 warning(s)"_s.arg(
            paint(verdict, colour), QString::number(countOf(findings, Level::Failure)),
            QString::number(countOf(findings, Level::Warning)));
}
