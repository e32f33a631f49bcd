// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "listen/listen.h"

#include "console.h"
#include "listen/curlcommand.h"
#include "listen/listener.h"
#include "requestoptions.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QFile>

using namespace Qt::Literals;

namespace {

constexpr int wrongUsage = 2;

struct Options
{
    const QCommandLineOption json{u"json"_s, u"One JSON object for each fact."_s};
    const RequestOptions request;
    const QCommandLineOption method{
        u"method"_s, u"Ask with this method; otherwise it is GET, or POST where there is a body."_s,
        u"METHOD"_s};
    const QCommandLineOption body{
        u"body"_s, u"Send this text with the request, or what is in a file: @FILE."_s, u"TEXT"_s};
    const QCommandLineOption lastEventId{u"last-event-id"_s, u"Resume after this event."_s,
                                         u"ID"_s};
    const QCommandLineOption maxEvents{u"max-events"_s, u"End after N events (exit status 0)."_s,
                                       u"N"_s};
    const QCommandLineOption timeout{
        u"timeout"_s, u"End SECONDS after the start (exit status 0)."_s, u"SECONDS"_s};
    const QCommandLineOption http1{
        u"http1"_s, u"Never HTTP/2, which is so without this option too; it says so."_s};
    const QCommandLineOption http2{
        u"http2"_s, u"Allow HTTP/2 where the server offers it; else it is HTTP/1.1."_s};
    const QCommandLineOption retries{
        u"retries"_s, u"End when N retries in a row have failed (exit status 6)."_s, u"N"_s};
    const QCommandLineOption noReconnect{u"no-reconnect"_s,
                                         u"End with the first connection: --retries 0."_s};
    const QCommandLineOption persistent{
        u"persistent"_s,
        u"Retry server errors, with growing waits, as the tray app does; a browser gives up."_s};
    const QCommandLineOption curl{u"curl"_s,
                                  u"Print the curl command that asks the same, and end."_s};
};

QByteArray readBody(const QString &text, QString &error)
{
    if (!text.startsWith(u'@'))
        return text.toUtf8();
    QFile file(text.sliced(1));
    if (file.open(QIODevice::ReadOnly))
        return file.readAll();
    error = u"Cannot read \"%1\": %2."_s.arg(file.fileName(), file.errorString());
    return {};
}

ListenTerms read(const QCommandLineParser &parser, const Options &options, QString &error)
{
    ListenTerms terms;
    const QStringList addresses = parser.positionalArguments();
    if (addresses.size() != 1) {
        error = u"Name one URL to listen to."_s;
        return terms;
    }
    terms.wanted = options.request.read(parser, addresses.constFirst());
    error = terms.wanted.error;
    if (parser.isSet(options.http1) && parser.isSet(options.http2))
        error = u"--http1 and --http2 contradict each other."_s;
    terms.wanted.request.setAttribute(QNetworkRequest::Http2AllowedAttribute,
                                      parser.isSet(options.http2));
    terms.body = readBody(parser.value(options.body), error);
    terms.method = parser.isSet(options.method) ? parser.value(options.method).toUtf8()
        : parser.isSet(options.body)            ? "POST"_ba
                                                : "GET"_ba;
    terms.asJson = parser.isSet(options.json);
    terms.isColourful = isOutputColourful();
    terms.isPersistent = parser.isSet(options.persistent);
    terms.lastEventId = parser.value(options.lastEventId).toUtf8();
    terms.maximumEvents = numberOf(parser, options.maxEvents, 0, 1, error).value_or(0);
    terms.maximumRetries = numberOf(parser, options.retries, -1, 0, error).value_or(0);
    if (parser.isSet(options.noReconnect)) {
        if (terms.maximumRetries > 0)
            error = u"--no-reconnect and --retries contradict each other."_s;
        terms.maximumRetries = 0;
    }
    using namespace std::chrono_literals;
    terms.timeout = secondsOf(parser, options.timeout, 0ms, error).value_or(0ms);
    return terms;
}

int printCurl(const QCommandLineParser &parser, const Options &options, const ListenTerms &terms)
{
    const CurlCommand curl =
        curlCommand({terms.wanted, terms.method, parser.value(options.body),
                     parser.value(options.request.bearerFile),
                     parser.value(options.request.authorities), parser.value(options.lastEventId),
                     parser.value(options.timeout), parser.isSet(options.http2)});
    printLine(curl.command.toUtf8());
    for (const QString &variable : curl.variables)
        printError(u"Set %1 first: the command does not show what is secret."_s.arg(variable));
    return 0;
}

} // namespace

int listen(const QStringList &arguments)
{
    const Options options;
    QCommandLineParser parser;
    parser.setApplicationDescription(
        u"Prints what an event stream says, as a browser's EventSource would see it."_s);
    parser.addOption(options.json);
    options.request.addTo(parser);
    parser.addOptions({options.method, options.body, options.lastEventId, options.maxEvents,
                       options.timeout, options.http1, options.http2, options.retries,
                       options.noReconnect, options.persistent, options.curl,
                       QCommandLineOption({u"h"_s, u"help"_s}, u"Show this text."_s)});
    parser.addPositionalArgument(u"URL"_s, u"The stream; user:password@ works."_s, u"listen URL"_s);
    const bool isValid = parser.parse(arguments);
    if (parser.isSet(u"help"_s)) {
        printLine(parser.helpText().toUtf8().trimmed());
        return 0;
    }
    QString error = isValid ? QString() : parser.errorText() + u'.';
    const ListenTerms terms = isValid ? read(parser, options, error) : ListenTerms{};
    if (!error.isEmpty()) {
        printError(error);
        return wrongUsage;
    }
    if (parser.isSet(options.curl))
        return printCurl(parser, options, terms);
    Listener listener(terms);
    listener.listen();
    return QCoreApplication::exec();
}
