// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "roundplan.h"

#include <QHash>
#include <QRandomGenerator>

#include <csignal>
#include <iterator>

using namespace Qt::Literals;
using namespace std::chrono_literals;

namespace {

constexpr const char *phaseNames[] = {
    "at any time",
    "when a login was received",
    "when the permissions were asked for",
    "when the count was asked for",
    "when a stream was asked for",
    "when all streams were opened",
    "when a stream was cut",
    "when a cut stream was opened again",
    "when a token was renewed",
    "when the app was leaving",
    "when a close request was received",
};
constexpr int phases = int(std::size(phaseNames));

constexpr qsizetype renewingPortal = 2;
constexpr auto termAndKill = "SIGTERM and SIGKILL"_L1;

} // namespace

const QList<RoundPlan::PortalKind> &RoundPlan::portalKinds()
{
    static const QList<PortalKind> kinds = {
        {"plain", {u"--greet"_s}},
        {"another", {u"--greet"_s}},
        {"renewing", {u"--greet"_s, u"--token-lifetime"_s, u"2"_s}},
        {"silent", {u"--greet"_s, u"--at-close"_s, u"silence"_s}},
        {"failing", {u"--greet"_s, u"--at-close"_s, u"error"_s}},
        {"dropping", {u"--greet"_s, u"--at-close"_s, u"drop"_s}},
    };
    return kinds;
}

QStringList RoundPlan::allEndings()
{
    return {u"SIGTERM"_s, u"SIGKILL"_s, u"SIGINT"_s,  u"SIGSEGV"_s, u"SIGHUP"_s,
            u"SIGABRT"_s, u"quit"_s,    u"SIGQUIT"_s, u"SIGBUS"_s,  QString(termAndKill)};
}

int RoundPlan::signalNumber(const QString &ending)
{
    static const QHash<QString, int> numbers = {
        {u"SIGTERM"_s, SIGTERM}, {u"SIGKILL"_s, SIGKILL}, {u"SIGINT"_s, SIGINT},
        {u"SIGSEGV"_s, SIGSEGV}, {u"SIGHUP"_s, SIGHUP},   {u"SIGABRT"_s, SIGABRT},
        {u"SIGQUIT"_s, SIGQUIT}, {u"SIGBUS"_s, SIGBUS},   {QString(termAndKill), SIGTERM},
    };
    return numbers.value(ending);
}

RoundPlan RoundPlan::make(quint32 seed, int index, const QStringList &endings)
{
    const quint32 seeds[] = {seed, quint32(index)};
    QRandomGenerator chance(seeds);
    RoundPlan plan;
    plan.seed = seed;
    plan.index = index;
    plan.ending = endings.at(index % endings.size()); // each has its turn, the rest is chance
    plan.phase = Phase(chance.bounded(phases));
    if (plan.phase == Phase::Leaving || plan.phase == Phase::CloseReceived)
        plan.ending = u"SIGKILL"_s;

    constexpr int feedCounts[] = {1, 1, 1, 1, 3, 3, 3, 10};
    const int feeds = feedCounts[chance.bounded(int(std::size(feedCounts)))];
    const bool misbehaves = chance.bounded(5) == 0;
    for (int feed = 0; feed < feeds; ++feed) {
        qsizetype portal = chance.bounded(2);
        if (plan.phase == Phase::TokenRenewed || chance.bounded(10) == 0)
            portal = renewingPortal;
        else if (misbehaves)
            portal = renewingPortal + 1 + chance.bounded(3);
        plan.portals.append(portal);
    }
    plan.repetition = plan.phase == Phase::StreamOpened ? feeds : 1 + chance.bounded(feeds);
    if (plan.phase == Phase::StreamCut || plan.phase == Phase::StreamReopened)
        plan.repetition = 1;
    if (plan.phase == Phase::AnyTime)
        plan.delay = 1ms * chance.bounded(1500);
    else
        plan.delay = 1us * (chance.bounded(2) ? chance.bounded(3000) : chance.bounded(40'000));
    return plan;
}

bool RoundPlan::isOrderly() const
{
    static const QStringList orderly = {u"SIGTERM"_s, u"SIGINT"_s, u"SIGHUP"_s, u"quit"_s};
    return orderly.contains(ending);
}

QString RoundPlan::phaseName() const
{
    return QLatin1String(phaseNames[int(phase)]);
}

QString RoundPlan::describe() const
{
    QStringList names;
    for (const qsizetype portal : portals)
        names.append(QLatin1String(portalKinds().at(portal).name));
    return u"round %1 of the seed %2: %3 feeds (%4), ended by %5 %6, time %7, and %8 ms later"_s
        .arg(index)
        .arg(seed)
        .arg(portals.size())
        .arg(names.join(u", "), ending, phaseName())
        .arg(repetition)
        .arg(double(delay.count()) / 1000);
}
