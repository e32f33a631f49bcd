// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "serve/serve.h"

#include "console.h"
#include "serve/factlog.h"
#include "serve/scenario.h"
#include "termination.h"

#include <sselib/testkit/httpserver.h>

#include <QCommandLineParser>
#include <QCoreApplication>

#include <algorithm>

using namespace Qt::Literals;

using Harness::Exchange;
using Harness::HttpServer;

namespace {

constexpr int failure = 1;
constexpr int wrongUsage = 2;
constexpr qsizetype longestValue = 200;

// "--log" alone is "--log -"; QCommandLineParser knows no optional values.
QStringList withLogTarget(QStringList arguments)
{
    const qsizetype at = arguments.indexOf("--log"_L1);
    const QString next = arguments.value(at + 1);
    if (at >= 0 && next != "-"_L1 && (next.isEmpty() || next.startsWith(u'-')))
        arguments[at] = u"--log=-"_s;
    return arguments;
}

void printList(const QList<ScenarioEntry> &scenarios)
{
    for (const ScenarioEntry &entry : scenarios)
        printLine(entry.name.leftJustified(10).toUtf8() + entry.summary.toUtf8());
}

// Who came and what was asked. No query, no Authorization: they hold secrets.
QJsonObject requestFacts(const Exchange *exchange)
{
    QJsonObject facts = {{u"peer"_s, QString::fromUtf8(exchange->peer())},
                         {u"method"_s, QString::fromUtf8(exchange->method())},
                         {u"path"_s, QString::fromUtf8(exchange->path())}};
    const auto add = [&facts, exchange](const QString &key, QByteArrayView header) {
        if (exchange->request().hasHeader(header))
            facts.insert(key, QString::fromUtf8(exchange->header(header)).left(longestValue));
    };
    add(u"userAgent"_s, "User-Agent");
    add(u"lastEventId"_s, "Last-Event-ID");
    return facts;
}

void serveExchange(Scenario *scenario, FactLog *log, Exchange *exchange)
{
    QObject::connect(exchange, &Exchange::finished, exchange, &QObject::deleteLater);
    const QJsonObject facts = requestFacts(exchange);
    log->write("request", facts);
    scenario->serve(exchange);
    if (!exchange->isOpen())
        log->write("answer",
                   {{u"peer"_s, facts.value(u"peer")},
                    {u"path"_s, facts.value(u"path")},
                    {u"status"_s, exchange->status()}});
}

// What the user asked for. An empty error means that all of it makes sense.
struct Wish
{
    ScenarioEntry scenario;
    QHostAddress address;
    quint16 port = 0;
    QString logTarget; // empty for none, "-" for standard output
    QString error;
};

struct Options
{
    QCommandLineOption help{{u"h"_s, u"help"_s}, u"Show this help."_s};
    QCommandLineOption list{u"list"_s, u"List the scenarios, one line each."_s};
    QCommandLineOption port{u"port"_s, u"The port; 0 picks a free one. Default: 8844."_s, u"N"_s,
                            u"8844"_s};
    QCommandLineOption address{
        u"address"_s,
        u"The address to listen at. Default: 127.0.0.1, which only this computer reaches."_s,
        u"A"_s, u"127.0.0.1"_s};
    QCommandLineOption log{
        u"log"_s,
        u"Append JSON lines of what happens to FILE; without FILE or with \"-\", to standard output."_s,
        u"FILE"_s};
};

QString foreignOption(const QCommandLineParser &parser, const QList<ScenarioEntry> &scenarios,
                      const QString &chosen)
{
    for (const ScenarioEntry &scenario : scenarios) {
        for (const QCommandLineOption &option : scenario.options) {
            if (scenario.name != chosen && parser.isSet(option))
                return u"--%1 is for the scenario \"%2\"."_s.arg(option.names().constFirst(),
                                                                 scenario.name);
        }
    }
    return {};
}

Wish readWish(const QCommandLineParser &parser, const Options &options,
              const QList<ScenarioEntry> &scenarios)
{
    Wish wish;
    const QStringList names = parser.positionalArguments();
    if (names.size() != 1) {
        wish.error = u"Name one scenario; \"ssekit serve --list\" lists them."_s;
        return wish;
    }
    const QString &name = names.first();
    const auto found =
        std::find_if(scenarios.cbegin(), scenarios.cend(),
                     [&name](const ScenarioEntry &scenario) { return scenario.name == name; });
    if (found == scenarios.cend()) {
        wish.error = u"\"%1\" is no scenario; \"ssekit serve --list\" lists them."_s.arg(name);
        return wish;
    }
    wish.scenario = *found;
    wish.logTarget = parser.value(options.log);
    wish.error = foreignOption(parser, scenarios, name);
    bool isNumber = false;
    wish.port = parser.value(options.port).toUShort(&isNumber);
    if (!isNumber)
        wish.error = u"--port takes a number from 0 to 65535."_s;
    if (!wish.address.setAddress(parser.value(options.address)))
        wish.error = u"--address takes an IP address, such as 127.0.0.1 or ::1."_s;
    return wish;
}

int run(Scenario *scenario, FactLog *log, const Wish &wish)
{
    quitOnTermination();
    HttpServer server;
    if (!server.listen(wish.address, wish.port)) {
        printError(server.errorString() + u"; choose another with --port"_s);
        return failure;
    }
    QObject::connect(
        &server, &HttpServer::requestReceived, scenario,
        [scenario, log](Exchange *exchange) { serveExchange(scenario, log, exchange); });
    QObject::connect(&server, &HttpServer::requestRefused, log, [log](int status) {
        log->write("refused", {{u"status"_s, status}});
    });
    const QString url = server.url().toString();
    printLine("listening on " + url.toUtf8());
    log->write("listening", {{u"url"_s, url}, {u"scenario"_s, wish.scenario.name}});
    const int status = QCoreApplication::exec();
    log->write("ended", {});
    return status;
}

} // namespace

int serve(const QStringList &arguments)
{
    const QList<ScenarioEntry> scenarios = allScenarios();
    QCommandLineParser parser;
    parser.setApplicationDescription(
        u"Serves SCENARIO over HTTP until SIGTERM or SIGINT.\n"
        "The first line on standard output is \"listening on http://ADDRESS:PORT\"."_s);
    const Options options;
    parser.addOptions({options.help, options.list, options.port, options.address, options.log});
    for (const ScenarioEntry &scenario : scenarios)
        parser.addOptions(scenario.options);
    parser.addPositionalArgument(u"SCENARIO"_s, u"What to serve; see --list."_s,
                                 u"serve SCENARIO"_s);
    if (!parser.parse(withLogTarget(arguments))) {
        printError(parser.errorText());
        return wrongUsage;
    }
    if (parser.isSet(options.help)) {
        printLine(parser.helpText().trimmed().toUtf8());
        return 0;
    }
    if (parser.isSet(options.list)) {
        printList(scenarios);
        return 0;
    }

    Wish wish = readWish(parser, options, scenarios);
    FactLog log;
    std::unique_ptr<Scenario> scenario;
    if (wish.error.isEmpty())
        scenario = wish.scenario.create(parser, &log, &wish.error);
    if (!scenario) {
        printError(wish.error);
        return wrongUsage;
    }
    if (wish.logTarget == "-"_L1) {
        log.useStandardOutput();
    } else if (!wish.logTarget.isEmpty() && !log.openFile(wish.logTarget)) {
        printError(u"Cannot write to %1: %2"_s.arg(wish.logTarget, log.errorString()));
        return failure;
    }
    return run(scenario.get(), &log, wish);
}
