// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "check/check.h"

#include "check/judge.h"
#include "check/prober.h"
#include "check/report.h"
#include "console.h"
#include "requestoptions.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QJsonDocument>

using namespace std::chrono_literals;
using namespace Qt::Literals;

namespace {

constexpr int hasFailures = 1;
constexpr int wrongUsage = 2;
constexpr int cannotConnect = 6;
constexpr std::chrono::milliseconds defaultDuration = 20s;

struct Options
{
    const QCommandLineOption json{u"json"_s, u"Write the report as one JSON object."_s};
    const QCommandLineOption strict{u"strict"_s, u"Let warnings count as failures."_s};
    const QCommandLineOption seconds{u"seconds"_s, u"Watch for SECONDS; 20 unless given."_s,
                                     u"SECONDS"_s};
    const QCommandLineOption origin{
        u"origin"_s, u"Pages of ORIGIN, such as https://example.org, must be able to read it."_s,
        u"ORIGIN"_s};
    const RequestOptions request;
};

// As a browser writes it: without a slash at the end, and without the scheme's own port.
QByteArray originOf(const QString &text, QString &error)
{
    const QUrl url(text, QUrl::StrictMode);
    const bool isPlain = url.path().isEmpty() || url.path() == "/"_L1;
    const bool isWeb = url.scheme() == "http"_L1 || url.scheme() == "https"_L1;
    if (!isWeb || url.host().isEmpty() || !isPlain || url.hasQuery() || !url.userInfo().isEmpty()) {
        error = u"--origin needs a scheme and a host, such as https://example.org."_s;
        return {};
    }
    const int ownPort = url.scheme() == "https"_L1 ? 443 : 80;
    QByteArray origin = url.scheme().toLatin1() + "://" + url.host(QUrl::FullyEncoded).toLatin1();
    if (url.port(ownPort) != ownPort)
        origin += ':' + QByteArray::number(url.port());
    return origin;
}

int report(const EndpointFacts &facts, bool asJson, bool isStrict)
{
    const bool isReachable = facts.watch.status != 0;
    const Findings findings = isReachable ? judge(facts) : Findings{};
    if (asJson)
        printLine(QJsonDocument(jsonReport(facts, findings)).toJson(QJsonDocument::Compact));
    else if (isReachable)
        printLine(textReport(facts, findings, isOutputColourful()).toUtf8());
    if (!isReachable) {
        printError(u"%1: %2"_s.arg(printableUrl(facts.url), facts.watch.error));
        return cannotConnect;
    }
    const QString verdict = verdictOf(facts, findings);
    const bool isFailed = verdict == "failures"_L1 || (isStrict && verdict == "warnings"_L1);
    return isFailed ? hasFailures : 0;
}

} // namespace

int check(const QStringList &arguments)
{
    const Options options;
    QCommandLineParser parser;
    parser.setApplicationDescription(
        u"Judges whether an endpoint serves events well, each finding with its remedy."_s);
    parser.addOptions({options.json, options.strict, options.seconds, options.origin});
    options.request.addTo(parser);
    parser.addOption(QCommandLineOption({u"h"_s, u"help"_s}, u"Show this text."_s));
    parser.addPositionalArgument(u"URL"_s, u"The stream; user:password@ works."_s, u"check URL"_s);
    const bool isValid = parser.parse(arguments);
    if (parser.isSet(u"help"_s)) {
        printLine(parser.helpText().toUtf8().trimmed());
        return 0;
    }
    QString error = isValid ? QString() : parser.errorText() + u'.';
    if (isValid && parser.positionalArguments().size() != 1)
        error = u"Name one URL to check."_s;
    WantedRequest wanted;
    if (error.isEmpty()) {
        wanted = options.request.read(parser, parser.positionalArguments().constFirst());
        error = wanted.error;
    }
    const auto duration = secondsOf(parser, options.seconds, defaultDuration, error);
    const QByteArray origin =
        parser.isSet(options.origin) ? originOf(parser.value(options.origin), error) : QByteArray();
    if (!error.isEmpty()) {
        printError(error);
        return wrongUsage;
    }
    Prober prober(wanted, *duration, origin);
    QObject::connect(&prober, &Prober::finished, &prober, &QCoreApplication::quit,
                     Qt::QueuedConnection);
    prober.start();
    QCoreApplication::exec();
    return report(prober.facts(), parser.isSet(options.json), parser.isSet(options.strict));
}
