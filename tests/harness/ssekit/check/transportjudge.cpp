// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "check/judge.h"

#include <QHostAddress>

using namespace Qt::Literals;
using Level = Finding::Level;

namespace {

constexpr int soon = 14; // days

Finding compressionFinding(const EndpointFacts &facts)
{
    const QString id = u"compression"_s;
    const auto codingOf = [](const Watch &watch) {
        const QByteArray coding = watch.lowerHeader("Content-Encoding");
        return coding == "identity" ? QByteArray() : coding;
    };
    const QString remedy =
        u"Do not compress text/event-stream; where you must, flush after each event."_s;
    if (const QByteArray coding = codingOf(facts.watch); !coding.isEmpty())
        return {id, Level::Failure,
                u"It is compressed (%1) although the client asked for no compression."_s.arg(
                    QString::fromLatin1(coding)),
                remedy};
    if (!facts.compressed || facts.compressed->status == 0)
        return {id, Level::Note, u"Whether it is compressed for browsers was not tried."_s, {}};
    const QByteArray coding = codingOf(*facts.compressed);
    if (coding.isEmpty())
        return {
            id, Level::Ok, u"It is not compressed, also where the client offers to take it."_s, {}};
    const QString name = QString::fromLatin1(coding);
    // A head of the format, or an empty block, is no event.
    constexpr qsizetype leastBytes = 32;
    const bool plainSpoke = !facts.watch.bursts.isEmpty()
        && facts.watch.bursts.constFirst().at - facts.watch.headAt < facts.compressed->length() / 2;
    if (plainSpoke && facts.compressed->bytes < leastBytes)
        return {
            id, Level::Failure,
            u"Compressed (%1), as browsers ask for it, nothing came in %2; plain, the first byte "
            u"was there after %3. What compresses it does not flush."_s.arg(
                name, inSeconds(facts.compressed->length()),
                inSeconds(facts.watch.bursts.constFirst().at - facts.watch.headAt)),
            remedy};
    return {id, Level::Note,
            u"It is compressed (%1) where the client offers to take it."_s.arg(name), remedy};
}

Finding corsFinding(const EndpointFacts &facts)
{
    const QString id = u"cors"_s;
    const QByteArray allowed = facts.watch.header("Access-Control-Allow-Origin");
    const bool takesCredentials =
        facts.watch.lowerHeader("Access-Control-Allow-Credentials") == "true";
    if (facts.origin.isEmpty()) {
        if (allowed.isEmpty())
            return {id, Level::Note, u"Only pages of its own origin may read it."_s,
                    u"For others send Access-Control-Allow-Origin; try it with --origin."_s};
        if (allowed == "*" && takesCredentials)
            return {id, Level::Warning,
                    u"It allows any origin and credentials, which browsers refuse together."_s,
                    u"Name the origin of the request instead of \"*\"."_s};
        return {id,
                Level::Ok,
                u"Pages of %1 may read it."_s.arg(
                    allowed == "*" ? u"any origin"_s : QString::fromLatin1(allowed.left(80))),
                {}};
    }
    const QString origin = QString::fromLatin1(facts.origin);
    if (allowed == facts.origin || allowed == "*") {
        if (takesCredentials && allowed == "*")
            return {id, Level::Warning,
                    u"It allows any origin and credentials, which browsers refuse together."_s,
                    u"Name the origin of the request instead of \"*\"."_s};
        if (allowed != "*" && !facts.watch.lowerHeader("Vary").contains("origin"))
            return {id, Level::Note,
                    u"Pages of %1 may read it, but \"Vary: Origin\" is missing."_s.arg(origin),
                    u"Send \"Vary: Origin\" where the answer depends on the origin."_s};
        return {id,
                Level::Ok,
                takesCredentials ? u"Pages of %1 may read it, with credentials."_s.arg(origin)
                                 : u"Pages of %1 may read it, without credentials."_s.arg(origin),
                {}};
    }
    return {
        id, Level::Failure,
        allowed.isEmpty()
            ? u"Pages of %1 may not read it: Access-Control-Allow-Origin is missing."_s.arg(origin)
            : u"Pages of %1 may not read it, only those of %2."_s.arg(
                origin, QString::fromLatin1(allowed.left(80))),
        u"Send \"Access-Control-Allow-Origin: %1\"."_s.arg(origin)};
}

bool isLoopback(const QUrl &url)
{
    return url.host() == "localhost"_L1 || QHostAddress(url.host()).isLoopback();
}

Finding httpFinding(const EndpointFacts &facts)
{
    const QString id = u"http-version"_s;
    if (facts.offersHttp2.value_or(false))
        return {id, Level::Ok, u"It speaks HTTP/2: many streams share one connection."_s, {}};
    return {id, Level::Note,
            u"It is HTTP/1.1: a browser opens six streams to a host at most, over all its tabs."_s,
            u"Offer HTTP/2, which browsers speak over TLS only."_s};
}

Findings tlsFindings(const EndpointFacts &facts)
{
    const QString id = u"tls"_s;
    if (facts.tlsVersion.isEmpty()) {
        if (isLoopback(facts.watch.url))
            return {{id, Level::Note, u"There is no TLS, which does for this computer."_s, {}}};
        return {{id, Level::Warning,
                 facts.sentCredentials
                     ? u"There is no TLS: everybody on the way can read events and credentials."_s
                     : u"There is no TLS: everybody on the way can read events, and proxies hold "
                       u"them back."_s,
                 u"Serve it by https."_s}};
    }
    Findings findings;
    const bool isOld = facts.tlsVersion != "TLS 1.2"_L1 && facts.tlsVersion != "TLS 1.3"_L1;
    findings.append({id, isOld ? Level::Warning : Level::Ok,
                     u"It is encrypted with %1."_s.arg(facts.tlsVersion),
                     isOld ? u"Offer TLS 1.3."_s : QString()});
    if (facts.certificateDays && *facts.certificateDays < soon)
        findings.append({u"certificate"_s, Level::Warning,
                         u"The certificate expires in %1 day(s)."_s.arg(*facts.certificateDays),
                         u"Renew it."_s});
    return findings;
}

} // namespace

Findings judgeTransport(const EndpointFacts &facts)
{
    Findings findings;
    if (facts.watch.isStream())
        findings = {compressionFinding(facts), corsFinding(facts), httpFinding(facts)};
    return findings + tlsFindings(facts);
}
