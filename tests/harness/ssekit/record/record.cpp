// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "record/record.h"

#include "console.h"
#include "record/recorder.h"
#include "termination.h"

#include <QCommandLineParser>
#include <QCoreApplication>

using namespace std::chrono_literals;
using namespace Qt::Literals;

namespace {

constexpr int wrongUsage = 2;
constexpr qint64 defaultBound = 64 * 1024 * 1024; // bytes

struct Options
{
    const RequestOptions request;
    const QCommandLineOption seconds{u"seconds"_s, u"Stop after SECONDS."_s, u"SECONDS"_s};
    const QCommandLineOption maxBytes{
        u"max-bytes"_s, u"Stop after N bytes of the stream; 64 MiB unless given."_s, u"N"_s};
    const QCommandLineOption force{u"force"_s, u"Write over a file that exists."_s};
};

RecordTerms read(const QCommandLineParser &parser, const Options &options, QString &error)
{
    RecordTerms terms;
    const QStringList arguments = parser.positionalArguments();
    if (arguments.size() != 2) {
        error = u"Name a URL and the file to write."_s;
        return terms;
    }
    terms.wanted = options.request.read(parser, arguments.at(0));
    error = terms.wanted.error;
    terms.fileName = arguments.at(1);
    terms.duration = secondsOf(parser, options.seconds, 0ms, error).value_or(0ms);
    terms.maximumBytes = numberOf(parser, options.maxBytes, defaultBound, 1, error).value_or(1);
    terms.overwrites = parser.isSet(options.force);
    return terms;
}

} // namespace

int record(const QStringList &arguments)
{
    const Options options;
    QCommandLineParser parser;
    parser.setApplicationDescription(
        u"Writes a stream with its timing into a script, which \"ssekit serve FILE\" plays."_s);
    options.request.addTo(parser);
    parser.addOptions({options.seconds, options.maxBytes, options.force,
                       QCommandLineOption({u"h"_s, u"help"_s}, u"Show this text."_s)});
    parser.addPositionalArgument(u"URL"_s, u"The stream; user:password@ works."_s, u"record URL"_s);
    parser.addPositionalArgument(u"FILE"_s, u"The script; by habit its name ends in .sse."_s);
    const bool isValid = parser.parse(arguments);
    if (parser.isSet(u"help"_s)) {
        printLine(parser.helpText().toUtf8().trimmed());
        return 0;
    }
    QString error = isValid ? QString() : parser.errorText() + u'.';
    const RecordTerms terms = isValid ? read(parser, options, error) : RecordTerms{};
    if (!error.isEmpty()) {
        printError(error);
        return wrongUsage;
    }
    quitOnTermination();
    Recorder recorder(terms);
    recorder.start();
    QCoreApplication::exec();
    recorder.stop(); // a signal has ended the loop otherwise: what came up to then is whole
    return recorder.exitCode();
}
