// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "streamreader.h"

#include "jsonobjectreader.h"
#include "stepreader.h"

#include <QCoreApplication>

using namespace std::chrono_literals;
using namespace Qt::Literals;

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("StreamReader", text);
}

void readResume(JsonObjectReader &reader, StreamDescription &stream)
{
    using Resume = StreamDescription::Resume;
    stream.resume = Resume(reader.choice(u"mode"_s, {u"header"_s, u"query"_s, u"none"_s}, 0));
    stream.resumeName = reader.string(u"name"_s);
    if ((stream.resume == Resume::Query) == stream.resumeName.isEmpty())
        throw JsonMistake{reader.pointer(),
                          tr("“name” belongs to mode “query”: it names the parameter")};
    stream.resumeFrom = reader.jsonPointers(u"from"_s);
    stream.resumeEvents = reader.stringOrList(u"events"_s);
}

} // namespace

void readStream(JsonObjectReader &reader, Source &source)
{
    StreamDescription &stream = source.stream;
    stream.method = readMethod(reader, {u"GET"_s, u"POST"_s, u"QUERY"_s});
    stream.url = Template(reader.requiredString(u"url"_s));
    stream.uriTemplate = reader.texts(u"uriTemplate"_s);
    stream.query = reader.texts(u"query"_s);
    stream.headers = readHeaders(reader);
    readBody(reader, stream.bodyKind, stream.body);
    if (stream.method == "GET" && stream.bodyKind != Step::Body::Empty)
        reader.fail(u"body"_s, tr("a GET has no body; “method” can be POST or QUERY"));
    stream.accept = reader.string(u"accept"_s);
    stream.http2 = reader.boolean(u"http2"_s, false);
    reader.object(u"resume"_s, [&](JsonObjectReader &resume) { readResume(resume, stream); });
    stream.openTimeout = reader.milliseconds(u"openTimeoutMs"_s, stream.openTimeout);
    stream.firstByteTimeout = reader.milliseconds(u"firstByteTimeoutMs"_s, 0ms);
    stream.idleTimeout = reader.milliseconds(u"idleTimeoutMs"_s, 0ms);
    stream.expectedAge = reader.milliseconds(u"expectEndAfterMs"_s, 0ms);
    stream.maximumAge = reader.milliseconds(u"maxAgeMs"_s, 0ms);
    reader.object(u"retry"_s, [&stream](JsonObjectReader &retry) {
        stream.initialRetry = retry.milliseconds(u"initialMs"_s, 0ms);
        stream.maximumRetry = retry.milliseconds(u"maxMs"_s, 0ms);
        if (retry.has(u"jitter"_s))
            stream.retryJitter = retry.number(u"jitter"_s, 0, 0, 1);
        stream.healthyAfter = retry.milliseconds(u"healthyAfterMs"_s, 0ms);
    });
    reader.object(u"limits"_s, [&stream](JsonObjectReader &limits) {
        stream.maximumLine = limits.integer(u"lineBytes"_s, 0);
        stream.maximumEvent = limits.integer(u"eventBytes"_s, 0);
    });
}
