// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "comparison.h"

#include "allocationcounter.h"
#include "nodeparser.h"
#include "statistics.h"
#include "stopwatch.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

namespace {

constexpr double leastSeconds = 0.02;
constexpr qsizetype bytesInSlicesOfOne = 4 * 1024 * 1024; // minutes otherwise, with node

} // namespace

double secondsOfReading(const Reader &reader, const QByteArray &stream, qsizetype slice)
{
    const Stopwatch stopwatch;
    int readings = 0;
    double seconds = 0;
    do {
        reader.read(stream, slice, 1);
        ++readings;
        seconds = stopwatch.seconds();
    } while (seconds < leastSeconds);
    return seconds / readings;
}

Comparison::Comparison(const CorpusShape &shape, qsizetype slice)
    : m_shape(shape)
    , m_slice(slice)
    , m_corpus(slice == 1 ? makeCorpus(shape, bytesInSlicesOfOne) : shape.make(shape.blocks))
{
    m_readers.assign(yardsticks().begin(), yardsticks().end());
    m_readers.insert(m_readers.end(), readersOfSselib().begin(), readersOfSselib().end());
}

void Comparison::run(int rounds, const QString &nodeFolder)
{
    NodeParser node(nodeFolder, m_corpus.stream, m_slice);
    m_nodeIsNotThere = node.whyNot();
    for (const Reader &reader : m_readers)
        countAllocations(reader); // warms up as well
    for (int round = 0; round < rounds; ++round) {
        for (const Reader &reader : m_readers)
            measure(reader);
        if (!node.isRunning())
            continue;
        const std::optional<NodeParser::Reading> reading = node.read(leastSeconds);
        if (!reading) {
            m_nodeIsNotThere = "node has died";
            break;
        }
        m_performances[nodeName].seconds.push_back(reading->seconds);
        if (reading->events != m_corpus.events)
            m_wrong += QByteArray(nodeName) + " found " + QByteArray::number(reading->events)
                + " events\n";
    }
}

void Comparison::measure(const Reader &reader)
{
    m_performances[reader.name].seconds.push_back(
        secondsOfReading(reader, m_corpus.stream, m_slice));
}

void Comparison::countAllocations(const Reader &reader)
{
    qint64 inPasses[2] = {};
    for (const int passes : {1, 2}) {
        Found found;
        const AllocationCounter counter;
        found = reader.read(m_corpus.stream, m_slice, passes);
        inPasses[passes - 1] = counter.allocations();
        if (passes == 1)
            m_performances[reader.name].peakBytes = counter.peakBytes();
        check(reader, found, passes);
    }
    const auto allocations = double(inPasses[1] - inPasses[0]);
    Performance &performance = m_performances[reader.name];
    performance.allocationsPerEvent = allocations / double(m_corpus.events + m_corpus.comments);
}

void Comparison::check(const Reader &reader, const Found &found, int passes)
{
    if (reader.findsEvents
        && (found.events != m_corpus.events * passes
            || found.dataBytes != m_corpus.dataBytes * passes))
        m_wrong += QByteArray(reader.name) + " found " + QByteArray::number(found.events)
            + " events with " + QByteArray::number(found.dataBytes) + " bytes, not "
            + QByteArray::number(m_corpus.events * passes) + " with "
            + QByteArray::number(m_corpus.dataBytes * passes) + '\n';
}

double Comparison::ratio(const char *reader, const char *yardstick) const
{
    const Performance *const slower = performance(yardstick);
    const Performance *const faster = performance(reader);
    return slower && faster ? medianRatio(slower->seconds, faster->seconds)
                            : std::numeric_limits<double>::quiet_NaN();
}

const Performance *Comparison::performance(const char *reader) const
{
    const auto found = m_performances.find(reader);
    return found == m_performances.end() ? nullptr : &found->second;
}

void Comparison::print() const
{
    std::printf("\n%c  %s: %.1f MB, %lld events, in slices of %lld\n", m_shape.letter, m_shape.name,
                double(m_corpus.stream.size()) / 1e6, qlonglong(m_corpus.events),
                qlonglong(m_slice));
    std::printf("   %-22s %8s %8s %10s %8s %8s %8s %9s\n", "", "MB/s", "best", "M events/s",
                "x memcpy", "x node", "allocs/", "peak KiB");
    std::printf("   %-22s %8s %8s %10s %8s %8s %8s\n", "", "median", "", "", "", "", "event");
    for (const Reader &reader : m_readers)
        printRow(reader.name, reader.findsEvents, *performance(reader.name));
    if (const Performance *const node = performance(nodeName))
        printRow(nodeName, true, *node);
    if (!m_nodeIsNotThere.isEmpty())
        std::printf("   %-22s %s\n", nodeName, m_nodeIsNotThere.constData());
    if (!isRight())
        std::printf("WRONG: %s", m_wrong.constData());
    std::fflush(stdout);
}

void Comparison::printRow(const char *name, bool findsEvents, const Performance &performance) const
{
    const double megabytes = double(m_corpus.stream.size()) / 1e6;
    std::printf("   %-22s %8.0f %8.0f", name, megabytes / median(performance.seconds),
                megabytes / least(performance.seconds));
    if (findsEvents && m_corpus.events > 0)
        std::printf(" %10.4g", double(m_corpus.events) / 1e6 / median(performance.seconds));
    else
        std::printf(" %10s", "");
    std::printf(" %8.3f", ratio(name, copyName));
    if (const double toNode = ratio(name, nodeName); std::isnan(toNode))
        std::printf(" %8s", "-");
    else
        std::printf(" %8.2f", toNode);
    if (name != nodeName && AllocationCounter::isAvailable())
        std::printf(" %8.2f %9.0f", performance.allocationsPerEvent,
                    double(performance.peakBytes) / 1024);
    std::printf("\n");
}
