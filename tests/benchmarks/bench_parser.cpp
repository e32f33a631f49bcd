// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "corpora.h"

#include <sselib/parser.h>
#include <sselib/streaminterpreter.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

/*
    How fast a stream is read, as ratios to yardsticks that run on the same bytes in the same
   minute: absolute figures depend on the machine and on who else uses it. Each figure is the median
   of several runs.
*/

namespace {

constexpr int runs = 5;

// What a reader found; kept, so that no compiler can leave the work out.
struct Found
{
    qsizetype events = 0;
    qsizetype bytes = 0;
};

using Reader = std::function<Found(const QByteArray &stream, qsizetype slice)>;

template <typename Feed>
void eachSlice(const QByteArray &stream, qsizetype slice, Feed feed)
{
    for (qsizetype at = 0; at < stream.size(); at += slice)
        feed(QByteArrayView(stream).sliced(at, std::min(slice, stream.size() - at)));
}

Found copyBytes(const QByteArray &stream, qsizetype slice)
{
    std::vector<char> target(static_cast<size_t>(slice));
    Found found;
    eachSlice(stream, slice, [&](QByteArrayView bytes) {
        std::memcpy(target.data(), bytes.data(), static_cast<size_t>(bytes.size()));
        found.bytes += target[static_cast<size_t>(bytes.size()) / 2];
    });
    return found;
}

Found scanLines(const QByteArray &stream, qsizetype slice)
{
    Found found;
    eachSlice(stream, slice, [&](QByteArrayView bytes) {
        const char *at = bytes.data();
        const char *const end = at + bytes.size();
        while (const void *next = std::memchr(at, '\n', static_cast<size_t>(end - at))) {
            ++found.bytes;
            at = static_cast<const char *>(next) + 1;
        }
    });
    return found;
}

// What people write: a string for each line, and for the data.
Found readPlainly(const QByteArray &stream, qsizetype slice)
{
    Found found;
    std::string line;
    std::string data;
    bool hasData = false;
    eachSlice(stream, slice, [&](QByteArrayView bytes) {
        for (const char byte : bytes) {
            if (byte != '\n') {
                line += byte;
                continue;
            }
            if (!line.empty() && line.back() == '\r')
                line.pop_back();
            if (line.empty()) {
                if (hasData) {
                    ++found.events;
                    found.bytes += qsizetype(data.size());
                }
                data.clear();
                hasData = false;
            } else if (line.rfind("data:", 0) == 0) {
                if (hasData)
                    data += '\n';
                data += line.substr(line.size() > 5 && line[5] == ' ' ? 6 : 5);
                hasData = true;
            }
            line.clear();
        }
    });
    return found;
}

struct CountingSink
{
    Found found;

    bool event(const Sse::EventView &event)
    {
        ++found.events;
        found.bytes += event.data.size();
        return true;
    }
    bool comment(QByteArrayView) { return true; }
    bool retry(std::chrono::milliseconds) { return true; }
    bool overflow(Sse::StreamLimits::Kind) { return false; }
};

Found interpret(const QByteArray &stream, qsizetype slice)
{
    Sse::StreamInterpreter interpreter;
    CountingSink sink;
    eachSlice(stream, slice, [&](QByteArrayView bytes) { interpreter.feed(bytes, sink); });
    return sink.found;
}

Found parse(const QByteArray &stream, qsizetype slice)
{
    Sse::Parser parser;
    Found found;
    QObject::connect(&parser, &Sse::Parser::eventReceived, &parser,
                     [&found](const Sse::Event &event) {
                         ++found.events;
                         found.bytes += event.data.size();
                     });
    eachSlice(stream, slice, [&](QByteArrayView bytes) { parser.feed(bytes); });
    return found;
}

double seconds(const Reader &reader, const Corpus &corpus, qsizetype slice, Found &found)
{
    std::vector<double> times;
    for (int run = 0; run <= runs; ++run) { // the first one warms up
        const auto begin = std::chrono::steady_clock::now();
        found = reader(corpus.stream, slice);
        const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin;
        if (run > 0)
            times.push_back(elapsed.count());
    }
    std::nth_element(times.begin(), times.begin() + runs / 2, times.end());
    return times[runs / 2];
}

void compare(const Corpus &corpus, qsizetype slice)
{
    const std::pair<const char *, Reader> readers[] = {
        {"memcpy", copyBytes},
        {"memchr line scan", scanLines},
        {"plain std::string", readPlainly},
        {"StreamInterpreter", interpret},
        {"Parser, by signal", parse},
    };
    std::printf("\n%s, %.1f MB, slices of %lld\n", corpus.name, double(corpus.stream.size()) / 1e6,
                static_cast<long long>(slice));
    double copying = 0;
    double plain = 0;
    for (const auto &[name, reader] : readers) {
        Found found;
        const double time = seconds(reader, corpus, slice, found);
        if (copying == 0)
            copying = time;
        if (&reader == &readers[2].second)
            plain = time;
        std::printf("  %-20s %8.0f MB/s  %6.3f x memcpy", name,
                    double(corpus.stream.size()) / 1e6 / time, copying / time);
        if (plain > 0)
            std::printf("  %6.2f x plain", plain / time);
        if (found.events > 0)
            std::printf("  %6.2f M events/s", double(found.events) / 1e6 / time);
        if (found.events > 0 && found.events != corpus.events)
            std::printf("  WRONG: %lld events", static_cast<long long>(found.events));
        std::printf("\n");
    }
}

} // namespace

int main()
{
    const QList<Corpus> corpora = makeCorpora();
    std::printf("median of %d runs each\n", runs);
    for (const Corpus &corpus : corpora) {
        for (const qsizetype slice : {16 * 1024, 1460, 1})
            compare(corpus, slice);
    }
}
