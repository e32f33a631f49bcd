// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "listen/listen.h"

#include "console.h"
#include "listen/listener.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QNetworkRequest>
#include <QSslCertificate>

using namespace Qt::Literals;

namespace {

constexpr int wrongUsage = 2;

struct Options
{
    const QCommandLineOption json{u"json"_s, u"One JSON object for each fact."_s};
    const QCommandLineOption header{u"header"_s, u"Send this header too; may be repeated."_s,
                                    u"Name: value"_s};
    const QCommandLineOption lastEventId{u"last-event-id"_s, u"Resume after this event."_s,
                                         u"ID"_s};
    const QCommandLineOption maxEvents{u"max-events"_s, u"End after N events (exit status 0)."_s,
                                       u"N"_s};
    const QCommandLineOption timeout{
        u"timeout"_s, u"End SECONDS after the start (exit status 0)."_s, u"SECONDS"_s};
    const QCommandLineOption caFile{u"cacert"_s, u"Trust the authorities in this PEM file too."_s,
                                    u"FILE"_s};
    const QCommandLineOption http2{
        u"http2"_s, u"Allow HTTP/2 where the server offers it; else it is HTTP/1.1."_s};
    const QCommandLineOption noReconnect{u"no-reconnect"_s, u"End with the first connection."_s};
    const QCommandLineOption persistent{
        u"persistent"_s,
        u"Retry server errors, with growing waits, as the tray app does; a browser gives up."_s};
};

struct Wishes
{
    QNetworkRequest request;
    ListenTerms terms;
    QString error;
};

void addHeader(QNetworkRequest &request, const QString &text, QString &error)
{
    const qsizetype colon = text.indexOf(u':');
    const QString name = text.left(colon).trimmed();
    if (colon < 1 || name.isEmpty() || text.contains(u'\n') || text.contains(u'\r'))
        error = u"A header looks like \"Name: value\", not \"%1\"."_s.arg(name);
    else
        request.setRawHeader(name.toLatin1(), text.mid(colon + 1).trimmed().toUtf8());
}

Wishes read(const QCommandLineParser &parser, const Options &options)
{
    Wishes wishes;
    const QStringList addresses = parser.positionalArguments();
    if (addresses.size() != 1) {
        wishes.error = u"Name one URL to listen to."_s;
        return wishes;
    }
    wishes.request.setUrl(QUrl(addresses.constFirst(), QUrl::StrictMode));
    const QStringList headers = parser.values(options.header);
    for (const QString &text : headers)
        addHeader(wishes.request, text, wishes.error);
    if (parser.isSet(options.http2))
        wishes.request.setAttribute(QNetworkRequest::Http2AllowedAttribute, true);
    if (parser.isSet(options.caFile)) {
        const QString file = parser.value(options.caFile);
        wishes.terms.authorities = QSslCertificate::fromPath(file);
        if (wishes.terms.authorities.isEmpty())
            wishes.error =
                u"There is no certificate in \"%1\"; --cacert needs a PEM file."_s.arg(file);
    }
    wishes.terms.asJson = parser.isSet(options.json);
    wishes.terms.reconnects = !parser.isSet(options.noReconnect);
    wishes.terms.isPersistent = parser.isSet(options.persistent);
    wishes.terms.lastEventId = parser.value(options.lastEventId).toUtf8();
    if (parser.isSet(options.maxEvents)) {
        wishes.terms.maximumEvents = parser.value(options.maxEvents).toInt();
        if (wishes.terms.maximumEvents < 1)
            wishes.error = u"--max-events needs a whole number from 1."_s;
    }
    if (parser.isSet(options.timeout)) {
        bool isNumber = false;
        const double seconds = parser.value(options.timeout).toDouble(&isNumber);
        if (isNumber && seconds > 0 && seconds <= 1'000'000)
            wishes.terms.timeout = std::chrono::milliseconds(qRound64(seconds * 1000));
        else
            wishes.error = u"--timeout needs a number of seconds above 0."_s;
    }
    return wishes;
}

} // namespace

int listen(const QStringList &arguments)
{
    const Options options;
    QCommandLineParser parser;
    parser.setApplicationDescription(
        u"Prints what an event stream says, as a browser's EventSource would see it."_s);
    parser.addOptions({options.json, options.header, options.lastEventId, options.maxEvents,
                       options.timeout, options.caFile, options.http2, options.noReconnect,
                       options.persistent,
                       QCommandLineOption({u"h"_s, u"help"_s}, u"Show this text."_s)});
    parser.addPositionalArgument(u"URL"_s, u"The stream; user:password@ works."_s);
    const bool isValid = parser.parse(arguments);
    if (parser.isSet(u"help"_s)) {
        printLine(parser.helpText().toUtf8().trimmed());
        return 0;
    }
    const Wishes wishes =
        isValid ? read(parser, options) : Wishes{{}, {}, parser.errorText() + u'.'};
    if (!wishes.error.isEmpty()) {
        printError(wishes.error);
        return wrongUsage;
    }
    Listener listener(wishes.terms);
    listener.listen(wishes.request);
    return QCoreApplication::exec();
}
