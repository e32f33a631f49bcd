// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "load/load.h"

#include "console.h"
#include "load/loadrun.h"
#include "load/report.h"
#include "requestoptions.h"
#include "resources.h"
#include "termination.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::Literals;
using namespace std::chrono_literals;

namespace {

constexpr int failure = 1;
constexpr int wrongUsage = 2;
constexpr int mostClients = 1'000'000;
constexpr double mostSeconds = 1'000'000;
constexpr qint64 ownFiles = 64; // what the program needs besides its streams
constexpr int streamsPerManager = 6; // of https
constexpr int filesPerManager = 2; // its thread's event loop
constexpr int clientsPerSecond = 1000; // what a server's queue of new connections stands

struct Options
{
    const QCommandLineOption clients{u"clients"_s, u"Open N streams. Default: 100."_s, u"N"_s,
                                     u"100"_s};
    const QCommandLineOption seconds{u"seconds"_s, u"End S seconds after the start. Default: 10."_s,
                                     u"S"_s, u"10"_s};
    const QCommandLineOption ramp{
        u"ramp"_s,
        u"Open the streams evenly within S seconds; 0: all at once. Default: 1000 each second."_s,
        u"S"_s};
    const QCommandLineOption failover{u"failover"_s,
                                      u"After a loss or failure, a client tries the next URL."_s};
    const QCommandLineOption timePointer{
        u"time-pointer"_s,
        u"The events are JSON; their time is here. Default: the whole data is the time."_s,
        u"/POINTER"_s};
    const QCommandLineOption ids{
        u"ids"_s, u"How losses are known: \"count\" or \"compare\". Default: as fits the ids."_s,
        u"HOW"_s};
    const QCommandLineOption json{u"json"_s, u"Print JSON lines."_s};
    const QCommandLineOption svg{u"svg"_s, u"Write a plot to FILE too."_s, u"FILE"_s};
    const RequestOptions request;
};

struct Wishes
{
    LoadTerms terms;
    QString error;
};

std::optional<std::chrono::milliseconds> readSeconds(const QString &text, double least)
{
    bool isNumber = false;
    const double seconds = text.toDouble(&isNumber);
    if (!isNumber || seconds < least || seconds > mostSeconds)
        return std::nullopt;
    return std::chrono::milliseconds(qRound64(seconds * 1000));
}

void readTimes(const QCommandLineParser &parser, const Options &options, Wishes &wishes)
{
    LoadTerms &terms = wishes.terms;
    terms.clients = parser.value(options.clients).toInt();
    if (terms.clients < 1 || terms.clients > mostClients)
        wishes.error = u"--clients needs a whole number from 1 to %1."_s.arg(mostClients);
    const auto duration = readSeconds(parser.value(options.seconds), 0.1);
    if (duration)
        terms.duration = *duration;
    else
        wishes.error = u"--seconds needs a number from 0.1."_s;
    terms.ramp = std::min<std::chrono::milliseconds>(terms.duration / 2,
                                                     terms.clients * 1000ms / clientsPerSecond);
    if (!parser.isSet(options.ramp))
        return;
    const auto ramp = readSeconds(parser.value(options.ramp), 0);
    if (ramp && *ramp < terms.duration)
        terms.ramp = *ramp;
    else
        wishes.error = u"--ramp needs a number from 0, less than --seconds."_s;
}

void readIds(const QCommandLineParser &parser, const Options &options, Wishes &wishes)
{
    wishes.terms.timePointer = parser.value(options.timePointer).toUtf8();
    if (parser.isSet(options.timePointer) && !wishes.terms.timePointer.startsWith('/'))
        wishes.error = u"--time-pointer needs a JSON pointer, such as /time."_s;
    if (!parser.isSet(options.ids))
        return;
    const QString how = parser.value(options.ids);
    if (how == "count"_L1)
        wishes.terms.method = Ledger::Method::Counted;
    else if (how == "compare"_L1)
        wishes.terms.method = Ledger::Method::Compared;
    else
        wishes.error = u"--ids is \"count\" or \"compare\"."_s;
}

void checkFileLimit(Wishes &wishes)
{
    const bool hasTls = std::any_of(wishes.terms.urls.cbegin(), wishes.terms.urls.cend(),
                                    [](const QUrl &url) { return url.scheme() == "https"_L1; });
    const qint64 managers =
        hasTls ? (wishes.terms.clients + streamsPerManager - 1) / streamsPerManager : 1;
    const qint64 needed = wishes.terms.clients + managers * filesPerManager + ownFiles;
    if (needed > fileLimit())
        wishes.error = u"%1 streams need %2 open files, and this system allows %3 to a program "
                       "(\"ulimit -Hn\")."_s.arg(wishes.terms.clients)
                           .arg(needed)
                           .arg(fileLimit());
}

Wishes read(const QCommandLineParser &parser, const Options &options)
{
    Wishes wishes;
    const QStringList addresses = parser.positionalArguments();
    for (const QString &address : addresses) {
        const QUrl url(address, QUrl::StrictMode);
        if ((url.scheme() != "http"_L1 && url.scheme() != "https"_L1) || url.host().isEmpty())
            wishes.error = u"\"%1\" is no http or https URL."_s.arg(
                url.toDisplayString(QUrl::RemoveUserInfo | QUrl::RemoveQuery));
        wishes.terms.urls.append(url);
    }
    wishes.terms.failsOver = parser.isSet(options.failover);
    readTimes(parser, options, wishes);
    wishes.terms.request = options.request.read(parser, addresses.value(0));
    if (wishes.error.isEmpty())
        wishes.error = wishes.terms.request.error;
    readIds(parser, options, wishes);
    if (wishes.terms.urls.isEmpty())
        wishes.error = u"Name the URL of a stream."_s;
    if (wishes.error.isEmpty())
        checkFileLimit(wishes);
    return wishes;
}

int run(const LoadTerms &terms, bool asJson, const QString &svgName)
{
    QFile svg(svgName);
    if (!svgName.isEmpty() && !svg.open(QIODevice::WriteOnly)) {
        printError(u"Cannot write to \"%1\": %2."_s.arg(svgName, svg.errorString()));
        return failure;
    }
    quitOnTermination();
    LoadRun loadRun(terms);
    QObject::connect(&loadRun, &LoadRun::finished, QCoreApplication::instance(),
                     &QCoreApplication::quit, Qt::QueuedConnection);
    QObject::connect(&loadRun, &LoadRun::allOpened, &loadRun, [&](qint64 milliseconds) {
        const QJsonObject fact{
            {u"type"_s, u"opened"_s}, {u"clients"_s, terms.clients}, {u"afterMs"_s, milliseconds}};
        printLine(asJson ? QJsonDocument(fact).toJson(QJsonDocument::Compact)
                         : "all open      after " + QByteArray::number(milliseconds) + " ms");
    });
    QMetaObject::invokeMethod(&loadRun, &LoadRun::start, Qt::QueuedConnection);
    QCoreApplication::exec();

    const LoadFigures figures = loadRun.figures();
    printLine(asJson ? QJsonDocument(jsonReport(figures)).toJson(QJsonDocument::Compact)
                     : textReport(figures));
    if (svg.isOpen() && (svg.write(plot(figures)) < 0 || !svg.flush())) {
        printError(u"Cannot write to \"%1\": %2."_s.arg(svgName, svg.errorString()));
        return failure;
    }
    return figures.isGood() ? 0 : failure;
}

} // namespace

int load(const QStringList &arguments)
{
    const Options options;
    QCommandLineParser parser;
    parser.setApplicationDescription(
        u"Opens many streams at once and measures: connect times, latencies, losses, duplicates, "
        "and how the clients come back after a loss. Exits with 1 when events were lost or came "
        "twice or out of order, or nothing opened."_s);
    options.request.addTo(parser);
    parser.addOptions({options.clients, options.seconds, options.ramp, options.failover,
                       options.timePointer, options.ids, options.json, options.svg,
                       QCommandLineOption({u"h"_s, u"help"_s}, u"Show this text."_s)});
    parser.addPositionalArgument(
        u"URL"_s, u"The stream. Of several, the clients take turns; all are the same stream."_s,
        u"load URL..."_s);
    const bool isValid = parser.parse(arguments);
    if (parser.isSet(u"help"_s)) {
        printLine(parser.helpText().toUtf8().trimmed());
        return 0;
    }
    const Wishes wishes = isValid ? read(parser, options) : Wishes{{}, parser.errorText() + u'.'};
    if (!wishes.error.isEmpty()) {
        printError(wishes.error);
        return wrongUsage;
    }
    return run(wishes.terms, parser.isSet(options.json), parser.value(options.svg));
}
