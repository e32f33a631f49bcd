// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "check/check.h"
#include "console.h"
#include "listen/listen.h"
#include "load/load.h"
#include "record/record.h"
#include "resources.h"
#include "serve/serve.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

using namespace Qt::Literals;

namespace {

struct Verb
{
    const char *name;
    const char *summary;
    int (*run)(const QStringList &arguments); // the first one is "ssekit VERB"
};

constexpr std::array verbs = {
    Verb{"serve", "Serve a stream: a demo, or a scenario of good or bad behaviour.", serve},
    Verb{"listen", "Print what a stream says, as a browser would see it.", listen},
    Verb{"check", "Judge whether an endpoint is a good one, with remedies.", check},
    Verb{"record", "Keep a stream with its timing, to serve it again.", record},
    Verb{"load", "Open many streams at once and measure.", load},
};

constexpr int wrongUsage = 2;

void printHelp()
{
    printLine("Usage: ssekit VERB [options]\n"
              "The kit for whoever works on server-sent events.\n");
    for (const Verb &verb : verbs)
        printLine("  " + QByteArray(verb.name).leftJustified(10) + verb.summary);
    printLine("\n\"ssekit VERB --help\" tells more; \"ssekit --version\" which one this is.");
}

} // namespace

int main(int argc, char *argv[])
{
    // Of thousands of sockets GLib's event loop makes lists, which it walks for each one.
    qputenv("QT_NO_GLIB", "1");
    const QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(u"ssekit"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(SSEKIT_VERSION));

    raiseFileLimit(); // a stream is a socket, at either end

    QStringList arguments = QCoreApplication::arguments();
    const QString first = arguments.value(1);
    if (first == "--help"_L1 || first == "-h"_L1) {
        printHelp();
        return 0;
    }
    if (first == "--version"_L1 || first == "-v"_L1) {
        printLine("ssekit " SSEKIT_VERSION);
        return 0;
    }
    const auto verb = std::find_if(verbs.cbegin(), verbs.cend(), [&first](const Verb &candidate) {
        return first == QLatin1StringView(candidate.name);
    });
    if (verb == verbs.cend()) {
        printError(first.isEmpty()
                       ? u"Say what to do; \"ssekit --help\" lists the verbs."_s
                       : u"\"%1\" is no verb; \"ssekit --help\" lists them."_s.arg(first));
        return wrongUsage;
    }
    arguments.remove(0, 2);
    arguments.prepend("ssekit "_L1 + first);
    return verb->run(arguments);
}
