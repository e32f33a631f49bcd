// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "check/judge.h"

#include "requestoptions.h"

using namespace std::chrono_literals;
using namespace Qt::Literals;
using Level = Finding::Level;

namespace {

constexpr auto patientHead = 1s; // until which a head is prompt
constexpr auto slowHead = 5s;

Finding statusFinding(int status)
{
    const QString id = u"status"_s;
    if (status == 200)
        return {id, Level::Ok, u"It answers 200."_s, {}};
    const QString sentence = u"It answers %1, so no client opens a stream."_s.arg(status);
    if (status == 204)
        return {id, Level::Failure, u"It answers 204, which tells clients never to come again."_s,
                u"Answer 200, and keep 204 for streams that are over for good."_s};
    if (status == 401 || status == 403)
        return {id, Level::Failure, sentence,
                u"Give credentials: --bearer-file, --header, or user:password@ in the URL."_s};
    if (status >= 500 || status == 429)
        return {id, Level::Failure, sentence + u" A browser gives up on it at once."_s,
                u"See the log of the server, and of the proxy before it."_s};
    return {id, Level::Failure, sentence, u"Check the address, and answer 200."_s};
}

Finding redirectFinding(const EndpointFacts &facts)
{
    const QString id = u"redirect"_s;
    const QList<Redirect> &redirects = facts.watch.redirects;
    if (redirects.isEmpty())
        return {id, Level::Ok, u"It answers without a redirect."_s, {}};
    const QUrl target = redirects.constLast().target;
    const QString where =
        u"%1 redirect(s) lead to %2"_s.arg(redirects.size()).arg(printableUrl(target));
    if (target.host() != facts.url.host())
        return {id, Level::Warning,
                where + u", another host: credentials and Last-Event-ID do not go there."_s,
                u"Let clients use the last address from the start."_s};
    return {id, Level::Note, where + u"; each reconnect takes the detour."_s,
            u"Let clients use the last address from the start."_s};
}

Finding typeFinding(const Watch &watch)
{
    const QString id = u"content-type"_s;
    const QByteArray type = watch.lowerHeader("Content-Type");
    const QString remedy = u"Send \"Content-Type: text/event-stream\"."_s;
    if (watch.isStream()) {
        if (type.contains("charset") && !type.contains("utf-8") && !type.contains("utf8"))
            return {
                id, Level::Warning,
                u"The type names a charset that is not UTF-8; clients read UTF-8 whatever it says."_s,
                u"Send UTF-8, and no charset."_s};
        return {id, Level::Ok, u"The type is text/event-stream."_s, {}};
    }
    if (type.startsWith("text/html"))
        return {id, Level::Failure,
                u"It answers with a web page, such as a login page or a proxy's error."_s,
                u"Answer 401 to whoever is not logged in, and check the address. "_s + remedy};
    return {id, Level::Failure,
            type.isEmpty() ? u"There is no content type, so no client takes it for a stream."_s
                           : u"The type is %1, which no client takes for a stream."_s.arg(
                               QString::fromLatin1(type.left(80))),
            remedy};
}

Finding cacheFinding(const Watch &watch)
{
    const QString id = u"cache"_s;
    const QByteArray control = watch.lowerHeader("Cache-Control");
    if (control.contains("no-store") || control.contains("no-cache"))
        return {id, Level::Ok, u"Caches are told to keep away from it."_s, {}};
    return {id, Level::Warning,
            control.contains("max-age") && !control.contains("max-age=0")
                ? u"Caches may keep it: Cache-Control says so."_s
                : u"Nothing tells caches to keep away; a proxy may serve an old stream."_s,
            u"Send \"Cache-Control: no-store\"."_s};
}

Finding bufferingFinding(const Watch &watch)
{
    const QString id = u"buffering-header"_s;
    if (watch.lowerHeader("X-Accel-Buffering") == "no")
        return {id, Level::Ok, u"nginx is told not to buffer (X-Accel-Buffering: no)."_s, {}};
    return {id, Level::Note,
            u"X-Accel-Buffering is not there, by which nginx would learn not to buffer; or nginx "
            u"took it away, as it does."_s,
            u"Send \"X-Accel-Buffering: no\", or set \"proxy_buffering off\" in nginx."_s};
}

Finding transformFinding(const Watch &watch)
{
    const QString id = u"no-transform"_s;
    if (watch.lowerHeader("Cache-Control").contains("no-transform"))
        return {id, Level::Ok, u"Proxies are told not to compress it (no-transform)."_s, {}};
    return {id, Level::Note,
            u"A proxy may compress it on the way, and hold events back to do so better."_s,
            u"Add \"no-transform\" to Cache-Control."_s};
}

Finding headTimeFinding(const Watch &watch)
{
    const QString id = u"head-time"_s;
    const QString sentence = u"The head came after %1."_s.arg(inSeconds(watch.headAt));
    const QString remedy = u"Send the head at once, not with the first event."_s;
    if (watch.headAt > slowHead)
        return {id, Level::Warning,
                sentence + u" Until then clients cannot tell it from a dead server."_s, remedy};
    if (watch.headAt > patientHead)
        return {id, Level::Note, sentence, remedy};
    return {id, Level::Ok, sentence, {}};
}

} // namespace

Findings judgeHead(const EndpointFacts &facts)
{
    const Watch &watch = facts.watch;
    Findings findings{statusFinding(watch.status), redirectFinding(facts)};
    if (watch.status != 200)
        return findings;
    findings.append(typeFinding(watch));
    if (!watch.isStream())
        return findings;
    findings += {cacheFinding(watch), bufferingFinding(watch), transformFinding(watch),
                 headTimeFinding(watch)};
    if (!watch.header("Content-Length").isNull())
        findings.append({u"content-length"_s, Level::Failure,
                         u"Content-Length is set: the stream ends when so many bytes are sent."_s,
                         u"Send the stream in chunks, without Content-Length."_s});
    return findings;
}
