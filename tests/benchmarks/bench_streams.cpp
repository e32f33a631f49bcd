// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "allocationcounter.h"
#include "goals.h"
#include "memoryuse.h"
#include "serverprocess.h"
#include "statistics.h"
#include "stopwatch.h"
#include "streamclients.h"
#include "streamsserver.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QEventLoop>
#include <QNetworkAccessManager>
#include <QNetworkProxy>
#include <QProcess>
#include <QTimer>

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cstdio>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

/*
    What a stream costs while nothing comes, and what an event costs, when one program holds a
    thousand. Each measurement is a program of its own, this one started again with --measure, so
    that none finds a heap that another has used; the clients take turns. The server, a third
    program, is not counted.

    QNetworkAccessManager opens six connections to a host and port. The server has a port for each
    six streams; so one manager, and with it one thread, can hold them all.
*/

using namespace Qt::Literals;
using namespace std::chrono_literals;

namespace {

constexpr int streamsPerPort = 6;
constexpr int eventRounds = 20; // one event to each stream in a round
constexpr auto settling = 500ms; // for what the manager's thread still frees after the last answer

// What one measurement found, by stream and by event.
constexpr std::array figureNames = {"heap", "pss", "rss", "processor", "allocations"};
using Figures = std::array<double, figureNames.size()>;

void raiseFileLimit()
{
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

int mostStreams()
{
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    // The server has a listener for each port as well.
    return int(std::min<rlim_t>(limit.rlim_cur, 1'000'000) * streamsPerPort / (streamsPerPort + 1))
        - 50;
}

int connectToBell(quint16 port)
{
    const int bell = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(bell, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0)
        std::perror("connect");
    return bell;
}

// The streams of one client, and how many events they have brought.
class Streams
{
public:
    Streams(const StreamClient &client, QList<quint16> ports, int streamsPerManager)
        : m_client(client)
        , m_ports(std::move(ports))
        , m_streamsPerManager(streamsPerManager)
    {}

    // Opens streams until there are \a count, and waits for the first event of each.
    bool openUntil(int count)
    {
        m_missing += count - int(m_streams.size());
        while (int(m_streams.size()) < count) {
            const int index = int(m_streams.size());
            if (index % m_streamsPerManager == 0) {
                m_managers.push_back(std::make_unique<QNetworkAccessManager>());
                m_managers.back()->setProxy(QNetworkProxy::NoProxy);
            }
            const QUrl url(u"http://127.0.0.1:%1/"_s.arg(m_ports.at(index / streamsPerPort)));
            m_streams.push_back(m_client.open(*m_managers.back(), url,
                                              [this](QByteArrayView text) { countEvents(text); }));
        }
        return waitForEvents();
    }

    // Rings, and waits for one event of each stream.
    bool ring(int bell)
    {
        m_missing = int(m_streams.size());
        return write(bell, "!", 1) == 1 && waitForEvents();
    }

private:
    // What was read of a stream holds an event whose data ends with a brace, or is its data.
    void countEvents(QByteArrayView text)
    {
        m_missing -= int(std::count(text.begin(), text.end(), '}'));
        if (m_missing == 0)
            m_loop.quit();
    }

    bool waitForEvents()
    {
        if (m_missing == 0)
            return true;
        QTimer patience;
        QObject::connect(&patience, &QTimer::timeout, &m_loop, [this] { m_loop.exit(1); });
        patience.start(60s);
        return m_loop.exec() == 0;
    }

    const StreamClient &m_client;
    const QList<quint16> m_ports;
    const int m_streamsPerManager;
    QEventLoop m_loop;
    std::vector<std::unique_ptr<QNetworkAccessManager>> m_managers;
    std::vector<std::unique_ptr<QObject>> m_streams; // before their managers
    int m_missing = 0;
};

void settle()
{
    QEventLoop loop;
    QTimer::singleShot(settling, &loop, &QEventLoop::quit);
    loop.exec();
}

std::optional<Figures> measure(Streams &streams, int count, int bell)
{
    const AllocationCounter counter;
    constexpr int before = streamsPerPort; // what Qt needs once is there by then
    if (!streams.openUntil(before))
        return {};
    settle();
    const qint64 heapBefore = counter.bytes();
    const MemoryUse memoryBefore = memoryUse();
    if (!streams.openUntil(count))
        return {};
    settle();
    const MemoryUse memory = memoryUse();
    const double added = count - before;
    Figures figures{};
    figures[0] = double(counter.bytes() - heapBefore) / added;
    figures[1] = double(memory.proportional - memoryBefore.proportional) / added;
    figures[2] = double(memory.resident - memoryBefore.resident) / added;

    double processor = 0;
    qint64 allocations = 0;
    for (int round = -2; round < eventRounds; ++round) { // the first ones warm up
        if (round == 0) {
            processor = programProcessorSeconds();
            allocations = counter.allocations();
        }
        if (!streams.ring(bell))
            return {};
    }
    const double events = double(eventRounds) * count;
    figures[3] = (programProcessorSeconds() - processor) * 1e6 / events;
    figures[4] = double(counter.allocations() - allocations) / events;
    return figures;
}

// The program as it is started for one measurement: figures on one line of the output.
int measureAlone(const StreamClient &client, const QStringList &ports, int streamsPerManager,
                 int count)
{
    QList<quint16> streamPorts;
    for (const QString &port : ports)
        streamPorts.append(port.toUShort());
    const int bell = connectToBell(streamPorts.takeFirst());
    Streams streams(client, streamPorts, streamsPerManager);
    const std::optional<Figures> figures = measure(streams, count, bell);
    if (!figures) {
        std::fprintf(stderr, "%s: not every event came\n", client.name);
        return 1;
    }
    for (const double figure : *figures)
        std::printf("%.3f ", figure);
    return 0;
}

std::optional<Figures> measureInProcess(const QStringList &arguments)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process.start(QCoreApplication::applicationFilePath(), arguments);
    if (!process.waitForFinished(300'000) || process.exitCode() != 0)
        return {};
    const QList<QByteArray> words = process.readAllStandardOutput().simplified().split(' ');
    Figures figures{};
    if (words.size() != qsizetype(figures.size()))
        return {};
    for (size_t index = 0; index < figures.size(); ++index)
        figures[index] = words.at(qsizetype(index)).toDouble();
    return figures;
}

using Rounds = std::array<std::vector<double>, figureNames.size()>;

void print(const char *name, const Rounds &rounds, const Rounds &yardstick)
{
    std::printf("   %-24s", name);
    for (const size_t index : {0, 1, 2})
        std::printf(" %8.1f", median(rounds[index]) / 1024);
    std::printf(" %8.1f %8.1f %8.1f  ", median(rounds[3]), least(rounds[3]), median(rounds[4]));
    for (const size_t index : {0, 1, 3})
        std::printf(" %6.2f", medianRatio(rounds[index], yardstick[index]));
    std::printf("\n");
}

} // namespace

int main(int argc, char *argv[])
{
    raiseFileLimit();
    const int mostPossible = mostStreams();

    // Forks, if this is not one measurement: before QCoreApplication, which the options need.
    const bool measuresAlone = std::any_of(argv, argv + argc, [](const char *argument) {
        return QByteArrayView(argument).startsWith("--measure");
    });
    constexpr int streamsUnlessTold = 1000;
    QList<int> listeners;
    QStringList ports;
    std::optional<ServerProcess> server;
    if (!measuresAlone) {
        const int most = std::min(mostPossible, 4 * streamsUnlessTold);
        for (int index = 0; index <= most / streamsPerPort + 1; ++index) {
            quint16 port = 0;
            listeners.append(listenOnLoopback(port));
            ports.append(QString::number(port));
        }
        if (listeners.contains(-1)) {
            std::perror("listen");
            return 1;
        }
        server.emplace([&listeners] { serveStreams(listeners.sliced(1), listeners.first()); });
        for (const int listener : listeners)
            close(listener);
    }

    const QCoreApplication application(argc, argv);
    QCommandLineParser options;
    options.setApplicationDescription(
        u"What an idle stream and an event cost, a thousand streams in one program."_s);
    options.addHelpOption();
    const QCommandLineOption roundsOption(u"runs"_s, u"Rounds of all clients in turns."_s, u"N"_s,
                                          u"5"_s);
    const QCommandLineOption streamsOption(u"streams"_s, u"Streams in one program, 12 to 4000."_s,
                                           u"N"_s, QString::number(streamsUnlessTold));
    const QCommandLineOption managerOption(
        u"streams-per-manager"_s, u"Give each N streams a manager of their own; 0: one for all."_s,
        u"N"_s, u"0"_s);
    QCommandLineOption measureOption(u"measure"_s, u"Measure one client."_s, u"CLIENT"_s);
    QCommandLineOption portsOption(u"ports"_s, u"The bell's, then the streams'."_s, u"P,P"_s);
    measureOption.setFlags(QCommandLineOption::HiddenFromHelp);
    portsOption.setFlags(QCommandLineOption::HiddenFromHelp);
    options.addOptions({roundsOption, streamsOption, managerOption, measureOption, portsOption});
    options.process(application);
    const int wanted =
        std::clamp(options.value(streamsOption).toInt(), 2 * streamsPerPort, 4 * streamsUnlessTold);
    const int count = std::min(wanted, mostPossible);
    int perManager = options.value(managerOption).toInt();
    if (perManager <= 0)
        perManager = count;

    if (measuresAlone) {
        const StreamClient *const client = streamClient(options.value(measureOption).toUtf8());
        return client
            ? measureAlone(*client, options.value(portsOption).split(u','), perManager, count)
            : 2;
    }

    const int rounds = std::max(1, options.value(roundsOption).toInt());
    std::printf("%d streams, %d a manager, %d rounds, %d events a stream\n", count, perManager,
                rounds, eventRounds);
    if (count < wanted)
        std::printf("the limit of open files allows no more streams\n");
    std::map<std::string, Rounds> figures;
    const std::span<const StreamClient> clients = streamClients();
    for (int round = 0; round < rounds; ++round) {
        for (size_t turn = 0; turn < clients.size(); ++turn) {
            const char *const name = clients[(turn + size_t(round)) % clients.size()].name;
            const std::optional<Figures> found =
                measureInProcess({u"--measure"_s, QString::fromLatin1(name), u"--ports"_s,
                                  ports.join(u','), u"--streams"_s, QString::number(count),
                                  u"--streams-per-manager"_s, QString::number(perManager)});
            if (!found)
                return 1;
            for (size_t index = 0; index < found->size(); ++index)
                figures[name][index].push_back((*found)[index]);
        }
    }
    const Rounds &reply = figures.at(replyName);
    const Rounds &ours = figures.at(eventSourceName);
    std::printf("\n   %-24s %8s %8s %8s %8s %8s %8s   %6s %6s %6s\n", "", "heap KiB", "PSS KiB",
                "RSS KiB", "CPU us", "best", "allocs", "heap", "PSS", "CPU");
    std::printf("   %-24s %26s %26s   %20s\n", "", "an idle stream", "an event", "x QNetworkReply");
    for (const StreamClient &client : clients)
        print(client.name, figures.at(client.name), reply);

    Goals goals;
    goals.atMost(1.1, "EventSource, heap of an idle stream, x QNetworkReply",
                 AllocationCounter::isAvailable() ? medianRatio(ours[0], reply[0])
                                                  : std::numeric_limits<double>::quiet_NaN());
    goals.atMost(1.1, "EventSource, PSS of an idle stream, x QNetworkReply",
                 medianRatio(ours[1], reply[1]));
    goals.atMost(1.1, "EventSource, CPU of an event, x QNetworkReply",
                 medianRatio(ours[3], reply[3]));
    // Without these Qt's own price of holding a server back would count as ours.
    goals.atMost(1.1, "EventSource without bound, CPU of an event, x QNetworkReply",
                 medianRatio(figures.at(unboundedEventSourceName)[3], reply[3]));
    const Rounds &bounded = figures.at(boundedReplyName);
    goals.atMost(1.1, "EventSource, PSS of an idle stream, x bounded QNetworkReply",
                 medianRatio(ours[1], bounded[1]));
    goals.atMost(1.1, "EventSource, CPU of an event, x bounded QNetworkReply",
                 medianRatio(ours[3], bounded[3]));
    goals.print();
    return 0;
}
