// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "commandline.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QStandardPaths>

using namespace Qt::Literals;

namespace {

constexpr int longestTimeout = 3600; // seconds

QString tr(const char *text)
{
    return QCoreApplication::translate("CommandLine", text);
}

QString defaultConfigDirectory()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation)
        + "/tallybell"_L1;
}

struct Options
{
    const QCommandLineOption demo{u"demo"_s, tr("Count on a built-in demo server.")};
    const QCommandLineOption headless{
        u"headless"_s, tr("Without window and tray: print JSON lines to standard output.")};
    const QCommandLineOption hidden{u"hidden"_s, tr("Start in the tray, without the window.")};
    const QCommandLineOption config{u"config"_s,
                                    tr("Read source files from DIR/sources instead of %1/sources.")
                                        .arg(defaultConfigDirectory()),
                                    u"DIR"_s, defaultConfigDirectory()};
    const QCommandLineOption secrets{
        u"secrets-file"_s,
        tr("Read passwords and tokens from FILE, JSON {\"source\": {\"variable\": \"secret\"}}. "
           "Only you may be able to read it (chmod 600)."),
        u"FILE"_s};
    const QCommandLineOption logLevel{
        u"log-level"_s, tr("Write to standard error from L on: debug, info (default), warning."),
        u"L"_s, u"info"_s};
    const QCommandLineOption replace{u"replace"_s,
                                     tr("End an instance that runs already, and take its place.")};
    const QCommandLineOption theDemo{u"demo"_s, tr("Mean the instance with the demo server.")};
    const QCommandLineOption json{
        u"json"_s, tr("Print JSON, one object a line, instead of lines for people.")};
    const QCommandLineOption timeout{
        u"timeout"_s, tr("Wait at most SECONDS (10) for each thing, the first byte for instance."),
        u"SECONDS"_s};
    const QCommandLineOption help{{u"h"_s, u"help"_s}, tr("Show this text.")};
    const QCommandLineOption version{{u"v"_s, u"version"_s}, tr("Show the version.")};
};

// What all commands have in common. False where there is nothing more to look at.
bool readCommon(const QCommandLineParser &parser, const Options &options, bool isValid,
                CommandLine &line)
{
    line.configDirectory = parser.value(options.config);
    const bool hasSecrets = parser.optionNames().contains("secrets-file"_L1);
    if (hasSecrets)
        line.secretsFile = parser.value(options.secrets);
    line.logLevel = parser.value(options.logLevel);
    line.demo = parser.optionNames().contains("demo"_L1);
    if (line.demo)
        line.instanceOptions = u" --demo"_s;
    else if (parser.isSet(options.config))
        line.instanceOptions = u" --config \"%1\""_s.arg(line.configDirectory);
    // What Qt writes as long as there is no application object.
    line.help = parser.helpText().replace("<executable_name>"_L1, "tallybell"_L1);
    if (parser.isSet(options.help)) {
        line.wish = CommandLine::Wish::ShowHelp;
        return false;
    }
    if (!isValid) {
        line.error = parser.errorText();
    } else if (line.configDirectory.isEmpty()) {
        line.error = tr("--config needs a folder.");
    } else if (hasSecrets && line.secretsFile.isEmpty()) {
        line.error = tr("--secrets-file needs a file.");
    } else if (!QStringList{u"debug"_s, u"info"_s, u"warning"_s}.contains(line.logLevel)) {
        line.error = tr("“%1” is no log level; there are debug, info, warning.").arg(line.logLevel);
    }
    return line.error.isEmpty();
}

void readApp(const QStringList &arguments, const Options &options, CommandLine &line)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        tr("Shows in the tray how many things wait for you, the moment a server says so."));
    parser.addOptions({options.demo, options.headless, options.hidden, options.replace,
                       options.config, options.secrets, options.logLevel, options.help,
                       options.version});
    parser.addPositionalArgument(
        u"check"_s,
        tr("Say what a source lacks, stage by stage, and what to do about it: "
           "tallybell check --help."),
        u"[check SOURCE"_s);
    parser.addPositionalArgument(
        u"doctor"_s,
        tr("Say what the desktop lacks for this app, and what to do about it: "
           "tallybell doctor --help."),
        u"| doctor"_s);
    parser.addPositionalArgument(
        u"quit"_s, tr("End the instance that runs, in good order: tallybell quit --help."),
        u"| quit]"_s);
    const bool isValid = parser.parse(arguments);
    line.replace = parser.isSet(options.replace);
    line.headless = parser.isSet(options.headless);
    line.hidden = parser.isSet(options.hidden);
    if (parser.isSet(options.version) && !parser.isSet(options.help))
        line.wish = CommandLine::Wish::ShowVersion;
    else if (readCommon(parser, options, isValid, line) && !parser.positionalArguments().isEmpty())
        line.error = tr("“%1” is not understood.").arg(parser.positionalArguments().constFirst());
}

void readCheck(const QStringList &arguments, const Options &options, CommandLine &line)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        tr("Goes once through all that the app does with a source: DNS, connection, TLS, login, "
           "permissions, first number, stream, first byte, close request. One line for each, with "
           "what is so and what to do about it.\n\n"
           "Exit status: 0 all is well, 1 something is not, 2 wrong usage, 4 bad configuration, "
           "5 login needed, 6 cannot connect."));
    parser.addOptions({options.json, options.timeout, options.config, options.secrets,
                       options.logLevel, options.help});
    parser.addPositionalArgument(u"check"_s, tr("This command."), u"check"_s);
    parser.addPositionalArgument(
        u"SOURCE"_s,
        tr("The name of a source, NAME for DIR/sources/NAME.json, or a path that "
           "ends with .json."));
    const bool isValid = parser.parse(arguments);
    line.wish = CommandLine::Wish::Check;
    line.json = parser.isSet(options.json);
    if (!readCommon(parser, options, isValid, line))
        return;
    const QStringList words = parser.positionalArguments();
    line.source = words.value(1);
    bool isNumber = true;
    const int seconds =
        parser.isSet(options.timeout) ? parser.value(options.timeout).toInt(&isNumber) : 0;
    line.timeout = std::chrono::seconds(seconds);
    if (line.source.isEmpty())
        line.error = tr("check needs a source: its name, or the path of its file.");
    else if (words.size() > 2)
        line.error = tr("“%1” is not understood.").arg(words.at(2));
    else if (parser.isSet(options.timeout)
             && (!isNumber || seconds < 1 || seconds > longestTimeout))
        line.error = tr("“%1” is no timeout; it is a number of seconds from 1 to %2.")
                         .arg(parser.value(options.timeout), QString::number(longestTimeout));
}

// A command that takes no words of its own.
void readPlain(const QStringList &arguments, const Options &options, QCommandLineParser *parser,
               CommandLine &line)
{
    parser->addOptions({options.theDemo, options.config, options.logLevel, options.help});
    parser->addPositionalArgument(line.command, tr("This command."), line.command);
    const bool isValid = parser->parse(arguments);
    if (!readCommon(*parser, options, isValid, line))
        return;
    if (const QStringList words = parser->positionalArguments(); words.size() > 1)
        line.error = tr("“%1” is not understood.").arg(words.at(1));
}

void readDoctor(const QStringList &arguments, const Options &options, CommandLine &line)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        tr("Looks at all that the app needs of the desktop: the instance that runs, the farewell "
           "process, display, tray, notifications, keyring, sleep and shutdown, systemd, and the "
           "source files. One line for each, with what is so and what to do about it.\n\n"
           "Exit status: 0 nothing is bad, 1 something is, 2 wrong usage."));
    parser.addOption(options.json);
    line.wish = CommandLine::Wish::Doctor;
    readPlain(arguments, options, &parser, line);
    line.json = parser.isSet(options.json);
}

void readQuit(const QStringList &arguments, const Options &options, CommandLine &line)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        tr("Ends the instance that runs in good order, its servers are told, and waits for its "
           "end.\n\n"
           "Exit status: 0 it has ended, 1 it does not end within 10 seconds, 2 wrong usage, "
           "3 none runs."));
    line.wish = CommandLine::Wish::Quit;
    readPlain(arguments, options, &parser, line);
}

// The first word that belongs to no option: only a parser that knows all options finds it.
QString commandIn(const QStringList &arguments, const Options &options)
{
    QCommandLineParser parser;
    parser.addOptions({options.demo, options.headless, options.hidden, options.replace,
                       options.config, options.secrets, options.logLevel, options.json,
                       options.timeout, options.help, options.version});
    parser.parse(arguments);
    return parser.positionalArguments().value(0);
}

} // namespace

CommandLine CommandLine::read(const QStringList &arguments)
{
    const Options options;
    CommandLine line;
    const QString command = commandIn(arguments, options);
    if (command == "check"_L1 || command == "doctor"_L1 || command == "quit"_L1)
        line.command = command;
    if (line.command == "check"_L1)
        readCheck(arguments, options, line);
    else if (line.command == "doctor"_L1)
        readDoctor(arguments, options, line);
    else if (line.command == "quit"_L1)
        readQuit(arguments, options, line);
    else
        readApp(arguments, options, line);
    if (!line.error.isEmpty())
        line.wish = Wish::Complain;
    return line;
}
