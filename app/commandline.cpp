// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "commandline.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QStandardPaths>

using namespace Qt::Literals;

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("CommandLine", text);
}

QString defaultConfigDirectory()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation)
        + "/tallybell"_L1;
}

} // namespace

CommandLine CommandLine::read(const QStringList &arguments)
{
    const QCommandLineOption demo(u"demo"_s, tr("Count on a built-in demo server."));
    const QCommandLineOption headless(
        u"headless"_s, tr("Without window and tray: print JSON lines to standard output."));
    const QCommandLineOption hidden(u"hidden"_s, tr("Start in the tray, without the window."));
    const QCommandLineOption config(u"config"_s,
                                    tr("Read source files from DIR/sources instead of %1/sources.")
                                        .arg(defaultConfigDirectory()),
                                    u"DIR"_s, defaultConfigDirectory());
    const QCommandLineOption secrets(
        u"secrets-file"_s,
        tr("Read passwords and tokens from FILE, JSON {\"source\": {\"variable\": \"secret\"}}. "
           "Only you may be able to read it (chmod 600)."),
        u"FILE"_s);
    const QCommandLineOption logLevel(
        u"log-level"_s, tr("Write to standard error from L on: debug, info (default), warning."),
        u"L"_s, u"info"_s);
    const QCommandLineOption help({u"h"_s, u"help"_s}, tr("Show this text."));
    const QCommandLineOption version({u"v"_s, u"version"_s}, tr("Show the version."));

    QCommandLineParser parser;
    parser.setApplicationDescription(
        tr("Shows in the tray how many things wait for you, the moment a server says so."));
    parser.addOptions({demo, headless, hidden, config, secrets, logLevel, help, version});

    CommandLine line;
    const bool isValid = parser.parse(arguments);
    line.demo = parser.isSet(demo);
    line.headless = parser.isSet(headless);
    line.hidden = parser.isSet(hidden);
    line.configDirectory = parser.value(config);
    line.secretsFile = parser.value(secrets);
    line.logLevel = parser.value(logLevel);
    // What Qt writes as long as there is no application object.
    line.help = parser.helpText().replace("<executable_name>"_L1, "tallybell"_L1);
    if (parser.isSet(help)) {
        line.wish = Wish::ShowHelp;
    } else if (parser.isSet(version)) {
        line.wish = Wish::ShowVersion;
    } else if (!isValid) {
        line.error = parser.errorText();
    } else if (!parser.positionalArguments().isEmpty()) {
        line.error = tr("“%1” is not understood.").arg(parser.positionalArguments().constFirst());
    } else if (line.configDirectory.isEmpty()) {
        line.error = tr("--config needs a folder.");
    } else if (parser.isSet(secrets) && line.secretsFile.isEmpty()) {
        line.error = tr("--secrets-file needs a file.");
    } else if (!QStringList{u"debug"_s, u"info"_s, u"warning"_s}.contains(line.logLevel)) {
        line.error = tr("“%1” is no log level; there are debug, info, warning.").arg(line.logLevel);
    }
    if (!line.error.isEmpty())
        line.wish = Wish::Complain;
    return line;
}
