// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "check/judge.h"

#include <algorithm>

using namespace std::chrono_literals;
using namespace Qt::Literals;
using Level = Finding::Level;

namespace {

Finding formatFinding(const Watch &watch)
{
    const QString id = u"format"_s;
    if (watch.isTooLarge)
        return {id, Level::Failure, u"A line or an event is larger than 8 MiB."_s,
                u"Send a name of the thing, and let clients fetch it."_s};
    if (watch.hasBadUtf8)
        return {id, Level::Warning,
                u"There are bytes that are no UTF-8; browsers show U+FFFD in their place."_s,
                u"Send UTF-8."_s};
    if (watch.bytes > 0 && watch.eventCount == 0 && watch.commentCount == 0 && !watch.retry)
        return {id, Level::Failure,
                u"Bytes came, but no event: nothing that a client would notice."_s,
                u"Begin lines with \"data: \", and end each event with a blank line."_s};
    if (watch.eventCount == 0)
        return {id, Level::Note, u"No event came while we watched."_s,
                u"Watch for longer, with --seconds, while something happens."_s};
    return {
        id, Level::Ok, u"%1 event(s) came, as the standard has them."_s.arg(watch.eventCount), {}};
}

Finding retryFinding(const Watch &watch)
{
    const QString id = u"retry"_s;
    const QString remedy =
        u"Send \"retry: 3000\" at the beginning; more where many clients come back at once."_s;
    if (!watch.retry)
        return {id, Level::Note,
                u"It does not say how long to wait before a reconnect; browsers take 3 to 5 s."_s,
                remedy};
    const QString sentence =
        u"It asks to wait %1 before a reconnect"_s.arg(inSeconds(*watch.retry));
    if (*watch.retry < 500ms)
        return {id, Level::Warning, sentence + u": after a restart all clients hammer it."_s,
                remedy};
    if (*watch.retry > 60s)
        return {id, Level::Warning, sentence + u": so long clients show what is old."_s, remedy};
    return {id, Level::Ok, sentence + u'.', {}};
}

Finding idsFinding(const Watch &watch)
{
    const QString id = u"ids"_s;
    const auto hasId = [](const SeenEvent &event) { return !event.id.isEmpty(); };
    const QString remedy = u"Give each event an id, from which the server can go on."_s;
    if (watch.events.isEmpty())
        return {id, Level::Note, u"Without an event there is nothing to tell of ids."_s, {}};
    if (std::none_of(watch.events.cbegin(), watch.events.cend(), hasId))
        return {id, Level::Warning,
                u"Events have no ids: what is sent during a reconnect is lost."_s,
                remedy + u" Or send the whole state first on each connection."_s};
    // An id stays until the next one, so an event without looks like a repetition.
    qsizetype repeated = 0;
    for (qsizetype i = 1; i < watch.events.size(); ++i)
        repeated += watch.events.at(i).id == watch.events.at(i - 1).id ? 1 : 0;
    if (repeated > 0)
        return {
            id, Level::Note,
            u"%1 of %2 events have no id of their own, or that of the one before."_s.arg(repeated)
                .arg(watch.events.size()),
            remedy};
    return {id, Level::Ok, u"Each event has an id of its own."_s, {}};
}

bool isSame(const SeenEvent &lhs, const SeenEvent &rhs)
{
    return lhs.id == rhs.id && lhs.type == rhs.type && lhs.data == rhs.data;
}

Finding resumeFinding(const EndpointFacts &facts)
{
    const QString id = u"resume"_s;
    if (!facts.resumed)
        return {id, Level::Note, u"Without ids a lost stream cannot go on where it was."_s, {}};
    const Watch &again = *facts.resumed;
    const QString remedy =
        u"On a request with Last-Event-ID, first send what came after that id."_s;
    const QString shown = QString::fromUtf8(facts.resumedAfter.left(40));
    if (!again.isStream())
        return {
            id, Level::Failure,
            u"A reconnect with Last-Event-ID: %1 was answered with %2 and no stream."_s.arg(shown)
                .arg(again.status),
            u"Take any id that you have given, and begin anew where it is too old."_s};
    const QList<SeenEvent> &before = facts.watch.events;
    const auto from =
        std::find_if(before.cbegin(), before.cend(),
                     [&facts](const SeenEvent &event) { return event.id == facts.resumedAfter; });
    const auto next = std::find_if(from, before.cend(), [&facts](const SeenEvent &event) {
        return event.id != facts.resumedAfter;
    });
    if (again.events.isEmpty() || next == before.cend()) {
        const bool startsOver = !again.events.isEmpty() && from != before.cend()
            && isSame(again.events.constFirst(), *from);
        if (!startsOver)
            return {id, Level::Note,
                    u"Whether it goes on after an id cannot be told: too few events came."_s,
                    u"Watch for longer, with --seconds, while something happens."_s};
    }
    const SeenEvent &first = again.events.constFirst();
    if (next != before.cend() && isSame(first, *next))
        return {id,
                Level::Ok,
                u"A reconnect with Last-Event-ID: %1 goes on with the event after it."_s.arg(shown),
                {}};
    if (std::any_of(before.cbegin(), next,
                    [&first](const SeenEvent &event) { return isSame(event, first); }))
        return {id, Level::Failure,
                u"A reconnect with Last-Event-ID: %1 starts over: clients get events twice."_s.arg(
                    shown),
                remedy};
    if (std::any_of(next, before.cend(),
                    [&first](const SeenEvent &event) { return isSame(event, first); }))
        return {id, Level::Failure,
                u"A reconnect with Last-Event-ID: %1 leaves out events that came after it."_s.arg(
                    shown),
                remedy};
    return {id, Level::Failure,
            u"A reconnect with Last-Event-ID: %1 does not send again what came after it: what "
            u"happens during a reconnect is lost."_s.arg(shown),
            remedy};
}

} // namespace

Findings judgeEvents(const EndpointFacts &facts)
{
    return {formatFinding(facts.watch), retryFinding(facts.watch), idsFinding(facts.watch),
            resumeFinding(facts)};
}
