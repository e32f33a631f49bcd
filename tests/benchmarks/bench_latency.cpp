// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "goals.h"
#include "serverprocess.h"
#include "statistics.h"
#include "stopwatch.h"
#include "streamclients.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QEventLoop>
#include <QNetworkAccessManager>
#include <QNetworkProxy>
#include <QTimer>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <ctime>
#include <map>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

/*
    How long an event takes from the server's write() to the slot that gets it, over loopback,
    beside what Qt alone does. The clients take turns; each event carries the time of its writing.
*/

using namespace Qt::Literals;
using namespace std::chrono_literals;

namespace {

constexpr int rates[] = {100, 1000}; // events a second
constexpr qint64 second = 1'000'000'000; // in nanoseconds

qint64 now()
{
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * second + time.tv_nsec;
}

void sleepUntil(qint64 when)
{
    const timespec time{when / second, when % second};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nullptr) != 0) {}
}

bool writeWhole(int socket, const QByteArray &bytes)
{
    return write(socket, bytes.constData(), size_t(bytes.size())) == bytes.size();
}

// GET /RATE/COUNT: COUNT events, RATE of them a second.
void answer(int socket)
{
    const QList<QByteArray> path = readRequest(socket).split(' ').value(1).split('/');
    const int rate = path.value(1).toInt();
    const int count = path.value(2).toInt();
    const int on = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (rate <= 0 || !writeWhole(socket, streamHead()))
        return;
    const qint64 begin = now() + second / 10; // the head is read by then
    for (int index = 0; index < count; ++index) {
        sleepUntil(begin + index * (second / rate));
        if (!writeWhole(socket, chunk("data: " + QByteArray::number(now()) + "\n\n")))
            return;
    }
    char rest = 0;
    while (read(socket, &rest, 1) > 0) {} // the client closes
}

[[noreturn]] void serve(int listener)
{
    for (;;) {
        const int socket = accept(listener, nullptr, nullptr);
        if (socket < 0)
            continue;
        answer(socket);
        close(socket);
    }
}

struct Latencies
{
    std::vector<double> all; // microseconds
    std::vector<double> medians; // of each round
    std::vector<double> tails; // the 99th percentile of each round
    std::vector<double> processorTimes; // microseconds an event, of all threads, of each round
};

// The times of writing in \a text, which is data alone, or chunks around "data: ".
void takeStamps(QByteArrayView text, qint64 received, std::vector<double> &microseconds)
{
    constexpr qsizetype digits = 12; // no chunk size and no status has as many
    const char *at = text.begin();
    while (at < text.end()) {
        qint64 written = 0;
        const auto [end, error] = std::from_chars(at, text.end(), written);
        if (error == std::errc() && end - at >= digits)
            microseconds.push_back(double(received - written) / 1000);
        at = std::max(end, at + 1);
    }
}

bool measure(const StreamClient &client, quint16 port, int rate, int count, Latencies &latencies)
{
    QNetworkAccessManager manager;
    manager.setProxy(QNetworkProxy::NoProxy);
    QEventLoop loop;
    std::vector<double> microseconds;
    microseconds.reserve(size_t(count));
    double used = programProcessorSeconds();
    const QUrl url(u"http://127.0.0.1:%1/%2/%3"_s.arg(port).arg(rate).arg(count));
    const std::unique_ptr<QObject> stream = client.open(manager, url, [&](QByteArrayView text) {
        takeStamps(text, now(), microseconds);
        if (microseconds.size() >= size_t(count))
            loop.quit();
    });
    QTimer::singleShot(30s + count / rate * 1s, &loop, [&loop] { loop.exit(1); });
    if (loop.exec() != 0) {
        std::printf("%s: only %zu of %d events came\n", client.name, microseconds.size(), count);
        return false;
    }
    used = programProcessorSeconds() - used;
    latencies.processorTimes.push_back(used * 1e6 / count);
    latencies.medians.push_back(quantile(microseconds, 0.5));
    latencies.tails.push_back(quantile(microseconds, 0.99));
    latencies.all.insert(latencies.all.end(), microseconds.begin(), microseconds.end());
    return true;
}

void print(const char *name, const Latencies &latencies, const Latencies &yardstick)
{
    std::printf("   %-24s %7.0f %7.0f %7.0f %8.0f   %6.2f %6.2f %8.1f\n", name,
                quantile(latencies.all, 0.5), quantile(latencies.all, 0.9),
                quantile(latencies.all, 0.99), quantile(latencies.all, 1),
                medianRatio(latencies.medians, yardstick.medians),
                medianRatio(latencies.tails, yardstick.tails), median(latencies.processorTimes));
}

} // namespace

int main(int argc, char *argv[])
{
    quint16 port = 0;
    const int listener = listenOnLoopback(port);
    if (listener < 0) {
        std::perror("listen");
        return 1;
    }
    const ServerProcess server([listener] { serve(listener); });
    close(listener);

    const QCoreApplication application(argc, argv);
    QCommandLineParser options;
    options.setApplicationDescription(
        u"From the server's write to the slot, over loopback: sselib beside Qt alone."_s);
    options.addHelpOption();
    const QCommandLineOption roundsOption(u"runs"_s, u"Rounds of all clients in turns."_s, u"N"_s,
                                          u"7"_s);
    const QCommandLineOption secondsOption(
        u"seconds"_s, u"How long one client listens in a round."_s, u"S"_s, u"2"_s);
    options.addOptions({roundsOption, secondsOption});
    options.process(application);
    const int rounds = std::max(1, options.value(roundsOption).toInt());
    const int seconds = std::max(1, options.value(secondsOption).toInt());

    Goals goals;
    for (const int rate : rates) {
        std::map<std::string, Latencies> latencies;
        const std::span<const StreamClient> clients = streamClients();
        for (int round = 0; round < rounds; ++round) {
            for (size_t turn = 0; turn < clients.size(); ++turn) { // another one first each time
                const StreamClient &client = clients[(turn + size_t(round)) % clients.size()];
                if (!measure(client, port, rate, rate * seconds, latencies[client.name]))
                    return 1;
            }
        }
        const Latencies &reply = latencies.at(replyName);
        const Latencies &socket = latencies.at(socketName);
        const Latencies &ours = latencies.at(eventSourceName);
        std::printf("\n%d events a second, microseconds from write to slot, %zu events each\n",
                    rate, ours.all.size());
        std::printf("   %-24s %7s %7s %7s %8s   %6s %6s %8s\n", "", "p50", "p90", "p99", "max",
                    "p50", "p99", "CPU us");
        std::printf("   %-24s %32s   %13s %8s\n", "", "", "x QNetworkReply", "an event");
        for (const StreamClient &client : clients)
            print(client.name, latencies.at(client.name), reply);
        std::fflush(stdout);
        const QByteArray at = ", " + QByteArray::number(rate) + " events/s";
        goals.atMost(1.1, "EventSource, p50, x QNetworkReply" + at,
                     medianRatio(ours.medians, reply.medians));
        goals.atMost(1.1, "EventSource, p99, x QNetworkReply" + at,
                     medianRatio(ours.tails, reply.tails));
        const Latencies &unbounded = latencies.at(unboundedEventSourceName);
        goals.atMost(1.1, "EventSource without bound, p50, x QNetworkReply" + at,
                     medianRatio(unbounded.medians, reply.medians));
        goals.atMost(1.1, "EventSource without bound, p99, x QNetworkReply" + at,
                     medianRatio(unbounded.tails, reply.tails));
        const Latencies &bounded = latencies.at(boundedReplyName);
        goals.atMost(1.1, "EventSource, p50, x bounded QNetworkReply" + at,
                     medianRatio(ours.medians, bounded.medians));
        goals.atMost(1.1, "EventSource, p99, x bounded QNetworkReply" + at,
                     medianRatio(ours.tails, bounded.tails));
        goals.atMost(1.7, "EventSource, p50, x QTcpSocket" + at,
                     medianRatio(ours.medians, socket.medians));
        goals.atMost(1.7, "EventSource, p99, x QTcpSocket" + at,
                     medianRatio(ours.tails, socket.tails));
    }
    goals.print();
    return 0;
}
