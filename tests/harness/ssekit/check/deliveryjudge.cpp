// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "check/judge.h"

#include <algorithm>
#include <array>

using namespace std::chrono_literals;
using namespace Qt::Literals;
using Level = Finding::Level;

namespace {

constexpr auto lumpSilence = 800ms; // before a lump: what buffers waits for more
constexpr qsizetype lumpEvents = 3;
constexpr auto nginxCut = 60s; // proxy_read_timeout, unless set
constexpr auto cloudflareCut = 100s;

QString lumpRemedy()
{
    return u"Flush after each event. Turn buffering off on the way: \"proxy_buffering off\" in "
           u"nginx, "
           u"\"X-Accel-Buffering: no\" from the server, no compression of text/event-stream."_s;
}

Finding firstByteFinding(const Watch &watch)
{
    const QString id = u"first-byte"_s;
    if (watch.bursts.isEmpty())
        return {id, Level::Warning,
                u"No byte came in %1; whether events ever do cannot be told."_s.arg(
                    inSeconds(watch.length())),
                u"Send something at once, a comment for instance: it shows that no proxy holds the "
                u"stream back."_s};
    const std::chrono::milliseconds wait = watch.bursts.constFirst().at - watch.headAt;
    const QString sentence = u"The first byte came %1 after the head."_s.arg(inSeconds(wait));
    if (wait > 5s)
        return {id, Level::Note, sentence,
                u"Send a comment at once: it shows that no proxy holds the stream back."_s};
    return {id, Level::Ok, sentence, {}};
}

// A multiple of a page, give or take some framing; what programs choose for buffers.
bool isBufferSize(qsizetype bytes)
{
    static constexpr std::array<qsizetype, 6> sizes{4096, 8192, 16384, 32768, 65536, 131072};
    return std::any_of(sizes.begin(), sizes.end(), [bytes](qsizetype size) {
        return bytes <= size && bytes >= size - size / 50;
    });
}

struct Lumps
{
    qsizetype count = 0; // bursts of several events after a silence
    qsizetype events = 0; // in them
    qsizetype allEvents = 0; // after the first burst, which may be a history
    qsizetype bursts = 0; // with events, after the first
    qsizetype cutLines = 0; // which ended inside a line
    qsizetype bufferSizes = 0;
    std::chrono::milliseconds stampSpread{0};
};

Lumps lumpsOf(const Watch &watch)
{
    Lumps lumps;
    for (qsizetype i = 1; i < watch.bursts.size(); ++i) {
        const Burst &burst = watch.bursts.at(i);
        lumps.allEvents += burst.events;
        lumps.bursts += burst.events > 0 ? 1 : 0;
        const std::chrono::milliseconds silence = burst.at - watch.bursts.at(i - 1).until;
        if (silence < lumpSilence || burst.events < lumpEvents)
            continue;
        ++lumps.count;
        lumps.events += burst.events;
        lumps.cutLines += burst.endsInsideLine ? 1 : 0;
        lumps.bufferSizes += isBufferSize(burst.bytes) ? 1 : 0;
        // Times that reach back further than the silence tell of what is long past.
        if (burst.stampSpread <= silence + 1s)
            lumps.stampSpread = std::max(lumps.stampSpread, burst.stampSpread);
    }
    return lumps;
}

Finding deliveryFinding(const Watch &watch)
{
    const QString id = u"delivery"_s;
    const Lumps lumps = lumpsOf(watch);
    const bool isLumpy = lumps.count >= 2 && lumps.events * 10 >= lumps.allEvents * 9;
    if (!isLumpy) {
        if (lumps.bursts < 3)
            return {id, Level::Note,
                    u"Too few events came to tell whether they come as they are sent."_s,
                    u"Watch for longer, with --seconds, while something happens."_s};
        return {id,
                Level::Ok,
                u"Events come one by one, as they are sent (%1 times in %2)."_s.arg(lumps.bursts)
                    .arg(inSeconds(watch.length())),
                {}};
    }
    const QString pattern =
        u"Events come in lumps: %1 times several at once after a silence."_s.arg(lumps.count);
    if (lumps.stampSpread >= lumpSilence / 2)
        return {id, Level::Failure,
                pattern
                    + u" Certain: those of one lump name times up to %1 apart, so they were held "
                      u"back."_s.arg(inSeconds(lumps.stampSpread)),
                lumpRemedy()};
    if (lumps.cutLines >= 2)
        return {
            id, Level::Failure,
            pattern
                + u" Certain: %1 of them end inside a line, as only a buffer would cut%2."_s.arg(
                    QString::number(lumps.cutLines),
                    lumps.bufferSizes > 0 ? u", and have the size of one"_s : QString()),
            lumpRemedy()};
    if (lumps.bufferSizes >= 2)
        return {id, Level::Warning,
                pattern + u" Likely a buffer on the way: their sizes are those of one."_s,
                lumpRemedy()};
    return {id, Level::Warning,
            pattern
                + u" Perhaps a buffer on the way; the server may as well send them so, which only "
                  u"it can tell."_s,
            lumpRemedy()};
}

// Comments that end a silence are there to do so.
Finding keepAliveFinding(const Watch &watch)
{
    const QString id = u"keep-alive"_s;
    QList<std::chrono::milliseconds> comments;
    for (const Burst &burst : watch.bursts) {
        if (burst.comments > 0)
            comments.append(burst.at);
    }
    std::chrono::milliseconds longest{0};
    for (qsizetype i = 1; i < comments.size(); ++i)
        longest = std::max(longest, comments.at(i) - comments.at(i - 1));
    const QString remedy = u"Send a comment (a line \":\") each 15 s while nothing else is sent."_s;
    if (comments.size() >= 3)
        return {id, longest < nginxCut ? Level::Ok : Level::Warning,
                u"Comments keep it alive, at most %1 apart."_s.arg(inSeconds(longest)),
                longest < nginxCut ? QString() : remedy};
    if (watch.longestSilence() >= 45s)
        return {id, Level::Warning,
                u"It was silent for %1, without a comment to keep it alive."_s.arg(
                    inSeconds(watch.longestSilence())),
                remedy};
    return {id, Level::Note,
            u"No regular comments were seen; the longest silence in %1 was %2."_s.arg(
                inSeconds(watch.length()), inSeconds(watch.longestSilence())),
            u"Watch a quiet stream for longer, with --seconds 120. "_s + remedy};
}

Finding idleFinding(const Watch &watch, const QString &id, const QString &who,
                    std::chrono::milliseconds cut)
{
    const std::chrono::milliseconds silence = watch.longestSilence();
    const QString limit = u"%1 cuts after %2 of silence"_s.arg(who, inSeconds(cut));
    const QString remedy =
        u"Send a comment each 15 s, or raise the limit (proxy_read_timeout in nginx)."_s;
    if (silence >= cut)
        return {id, Level::Failure,
                u"It was silent for %1: %2, unless set otherwise."_s.arg(inSeconds(silence), limit),
                remedy};
    if (watch.length() < cut)
        return {
            id, Level::Note,
            u"%1; %2 of watching cannot tell whether it gets there. The longest silence was %3."_s
                .arg(limit, inSeconds(watch.length()), inSeconds(silence)),
            u"Watch a quiet stream with --seconds %1."_s.arg(
                std::chrono::ceil<std::chrono::seconds>(cut + 20s).count())};
    if (silence * 4 >= cut * 3)
        return {id, Level::Warning,
                u"%1; it was silent for %2, which is near."_s.arg(limit, inSeconds(silence)),
                remedy};
    return {id,
            Level::Ok,
            u"%1; it was never silent for more than %2."_s.arg(limit, inSeconds(silence)),
            {}};
}

Finding endFinding(const Watch &watch)
{
    const QString id = u"end"_s;
    if (!watch.end)
        return {id, Level::Ok, u"It was open all the time."_s, {}};
    const QString after = inSeconds(watch.length());
    if (watch.end == RawStream::End::Cut)
        return {id, Level::Warning, u"The connection was cut after %1."_s.arg(after),
                u"Look for a limit of time or bytes in the server, or a proxy before it."_s};
    return {id, Level::Warning,
            u"It ended by itself after %1; clients come again each time."_s.arg(after),
            u"Keep the stream open; where it must end, do so after minutes rather than seconds."_s};
}

} // namespace

Findings judgeDelivery(const EndpointFacts &facts)
{
    const Watch &watch = facts.watch;
    return {firstByteFinding(watch),
            deliveryFinding(watch),
            keepAliveFinding(watch),
            idleFinding(watch, u"idle-60"_s, u"nginx"_s, nginxCut),
            idleFinding(watch, u"idle-100"_s, u"Cloudflare"_s, cloudflareCut),
            endFinding(watch)};
}
