// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "serve/serve.h"

#include "console.h"
#include "script/scriptscenario.h"
#include "serve/factlog.h"
#include "serve/server.h"
#include "termination.h"

#include <QCoreApplication>

using namespace Qt::Literals;

namespace {

constexpr int failure = 1;
constexpr int wrongUsage = 2;

int show(const QString &name)
{
    const QByteArray source = builtInScript(name);
    if (source.isEmpty()) {
        printError(
            u"\"%1\" is no script that is built in; \"ssekit serve --list\" lists them."_s.arg(
                name));
        return wrongUsage;
    }
    printLine(source.trimmed());
    return 0;
}

int run(Scenario *scenario, FactLog *log, const ServeWish &wish)
{
    quitOnTermination();
    Server server(scenario, log, wish);
    QString error;
    if (!server.start(&error)) {
        printError(error);
        return failure;
    }
    const int status = QCoreApplication::exec();
    log->write("ended", {});
    return status;
}

} // namespace

int serve(const QStringList &arguments)
{
    ServeOptions options;
    QString error;
    if (!options.read(arguments, &error)) {
        printError(error);
        return wrongUsage;
    }
    if (options.asksForHelp()) {
        printLine(options.helpText());
        return 0;
    }
    if (options.asksForList()) {
        printLine(options.list());
        return 0;
    }
    if (!options.shown().isEmpty())
        return show(options.shown());

    const ServeWish wish = options.wish(&error);
    FactLog log;
    std::unique_ptr<Scenario> scenario;
    if (error.isEmpty())
        scenario = wish.scenario.create(options.parser(), &log, &error);
    if (!scenario) {
        printError(error);
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
