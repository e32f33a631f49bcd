// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "allocationcounter.h"
#include "comparison.h"
#include "corpora.h"
#include "goals.h"
#include "growth.h"
#include "reader.h"

#include <QCommandLineParser>
#include <QCoreApplication>

#include <algorithm>
#include <cstdio>

/*
    How fast a stream is read, as ratios to yardsticks that run on the same bytes in turns with it:
    absolute figures depend on the machine and on who else uses it.
*/

using namespace Qt::Literals;

namespace {

constexpr qsizetype slices[] = {16 * 1024, 1460, 1};

QByteArray named(const QByteArray &what, char letter, qsizetype slice)
{
    return what + ", " + letter + " in slices of " + QByteArray::number(slice);
}

void addSpeedGoals(Goals &goals, char letter, qsizetype slice, const Comparison &comparison)
{
    const auto views = [&](double goal, const char *yardstick) {
        goals.atLeast(goal, named(QByteArray("views, x ") + yardstick, letter, slice),
                      comparison.ratio(viewsName, yardstick));
    };
    const auto parser = [&](double goal) {
        goals.atLeast(goal, named("Parser, x eventsource-parser", letter, slice),
                      comparison.ratio(parserName, nodeName));
    };
    if (slice == 1) {
        views(0.6, copyName);
        return;
    }
    switch (letter) {
    case 'A':
        views(1.8, nodeName);
        parser(0.5);
        break;
    case 'B':
        views(2.2, nodeName);
        parser(1.1);
        break;
    case 'C':
    case 'D':
    case 'E':
        views(2, nodeName);
        views(0.45, copyName);
        parser(1.5);
        break;
    default:
        break;
    }
}

// The worst of all slicings, allocations an event.
struct Allocations
{
    double views = 0;
    double parser = 0;
    double unheard = 0;

    void add(const Comparison &comparison)
    {
        views = std::max(views, comparison.performance(viewsName)->allocationsPerEvent);
        parser = std::max(parser, comparison.performance(parserName)->allocationsPerEvent);
        unheard = std::max(unheard, comparison.performance(unheardName)->allocationsPerEvent);
    }

    void addTo(Goals &goals, const CorpusShape &shape) const
    {
        if (!AllocationCounter::isAvailable())
            return;
        const QByteArray letter(1, shape.letter);
        goals.atMost(0, "views, allocations per event, " + letter, views);
        goals.atMost(shape.keptFields, "Parser, allocations per event, " + letter, parser);
        goals.atMost(0, "Parser without listener, allocations per event, " + letter, unheard);
    }
};

// Each line end is searched for once, whichever it is.
void compareLineEnds(Goals &goals, int rounds)
{
    constexpr qsizetype events = 100'000;
    const Corpus lineFeeds = makeJsonEvents(events, "\n");
    const Corpus both = makeJsonEvents(events, "\r\n");
    std::printf("\nJSON events with LF, then with CRLF, ns per event\n");
    for (const qsizetype slice : slices) {
        const Growth growth =
            growthPerEvent(readersOfSselib().front(), lineFeeds, both, slice, rounds);
        std::printf("   slices of %-8lld %8.1f %8.1f  x %.2f\n", qlonglong(slice), growth.small,
                    growth.large, growth.ratio());
        goals.atMost(1.2, "views, CRLF beside LF, slices of " + QByteArray::number(slice),
                     growth.ratio());
    }
}

// Four times the bytes at the same cost for each. A rescan or a joining of all that came before
// would show as 4 here.
void checkGrowth(Goals &goals, int rounds)
{
    constexpr qsizetype megabyte = 1024 * 1024;
    constexpr qsizetype whole = 64 * megabyte;
    const struct
    {
        const char *name;
        Corpus small;
        Corpus large;
    } pairs[] = {
        {"one line of 4 and 16 MiB", makeOneEvent(1, 4 * megabyte), makeOneEvent(1, 16 * megabyte)},
        {"one event of 4 and 16 MiB in lines of 100", makeOneEvent(4 * megabyte / 107, 100),
         makeOneEvent(16 * megabyte / 107, 100)},
        {"25,000 and 100,000 JSON events", makeJsonEvents(25'000, "\n"),
         makeJsonEvents(100'000, "\n")},
        {"25,000 and 100,000 JSON events, CR", makeJsonEvents(25'000, "\r"),
         makeJsonEvents(100'000, "\r")},
    };
    keepFreedMemory();
    std::printf("\nns per byte of a stream and of one four times as long\n");
    double worst = 0;
    for (const auto &pair : pairs) {
        for (const qsizetype slice : {whole, slices[0], slices[1], qsizetype(64), slices[2]}) {
            for (const Reader &reader : readersOfSselib().first(2)) {
                const Growth growth = growthPerByte(reader, pair.small, pair.large, slice, rounds);
                const QByteArray sliceName =
                    slice == whole ? QByteArray("whole") : QByteArray::number(slice);
                std::printf("   %-42s %-6s %-21s %8.2f %8.2f  x %.2f\n", pair.name,
                            sliceName.constData(), reader.name, growth.small, growth.large,
                            growth.ratio());
                std::fflush(stdout);
                worst = std::max(worst, growth.ratio());
            }
        }
    }
    // Not 1: 16 MiB do not fit the caches that 4 MiB fit. Copying slices alone comes to 1.8 there.
    goals.atMost(2.5, "cost of a byte in a stream four times as long, worst", worst);
}

} // namespace

int main(int argc, char *argv[])
{
    const QCoreApplication application(argc, argv);
    QCommandLineParser options;
    options.setApplicationDescription(
        u"How fast sselib reads a stream, beside yardsticks that read the same in turns with it."_s);
    options.addHelpOption();
    const QCommandLineOption roundsOption(u"runs"_s, u"Measure each reader N times."_s, u"N"_s,
                                          u"7"_s);
    const QCommandLineOption onlyOption(
        u"only"_s, u"Of the corpora A to G, \"lineends\" and \"growth\" only these."_s, u"A,B"_s,
        u"A,B,C,D,E,F,G,lineends,growth"_s);
    const QCommandLineOption nodeOption(u"node"_s, u"Where npm has installed eventsource-parser."_s,
                                        u"FOLDER"_s, QStringLiteral(NODE_FOLDER));
    options.addOptions({roundsOption, onlyOption, nodeOption});
    options.process(application);
    const int rounds = std::max(1, options.value(roundsOption).toInt());
    const QStringList only = options.value(onlyOption).split(u',');

    std::printf("%d runs each, the readers in turns; ratios are medians of the runs' ratios\n",
                rounds);
    if (!AllocationCounter::isAvailable())
        std::printf("allocations cannot be counted here\n");
    Goals goals;
    bool right = true;
    for (const CorpusShape &shape : corpusShapes()) {
        if (!only.contains(QLatin1Char(shape.letter)))
            continue;
        Allocations allocations;
        for (const qsizetype slice : slices) {
            Comparison comparison(shape, slice);
            comparison.run(rounds, options.value(nodeOption));
            comparison.print();
            right = right && comparison.isRight();
            addSpeedGoals(goals, shape.letter, slice, comparison);
            allocations.add(comparison);
        }
        allocations.addTo(goals, shape);
    }
    if (only.contains("lineends"_L1))
        compareLineEnds(goals, rounds);
    if (only.contains("growth"_L1))
        checkGrowth(goals, std::min(rounds, 3));
    goals.print();
    return right ? 0 : 1; // speed is judged by people, events are counted
}
