// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "goals.h"
#include "leavingdesigns.h"
#include "statistics.h"

#include <sselib/testkit/exchange.h>
#include <sselib/testkit/httpserver.h>

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QFile>
#include <QProcess>
#include <QTimer>

#include <cstdio>
#include <limits>
#include <map>

/*
    How a request is sent when its process is killed: what it costs to wait for that, and how long it
    takes from the kill to the server. Designs take turns.
*/

using namespace Qt::Literals;
using namespace std::chrono_literals;

namespace {

struct Figures
{
    std::vector<double> setUp; // microseconds that the process is held up at its start
    std::vector<double> privateMemory; // kilobytes of the process that waits
    std::vector<double> wholeMemory; // kilobytes, RSS
    std::vector<double> arrival; // milliseconds from the kill to the server
};

double kilobytes(const QByteArray &smaps, const QByteArray &prefix)
{
    double sum = 0;
    const QList<QByteArray> lines = smaps.split('\n');
    for (const QByteArray &line : lines) {
        if (line.startsWith(prefix))
            sum += line.mid(line.indexOf(':') + 1).chopped(2).trimmed().toDouble();
    }
    return sum;
}

bool measure(const LeavingDesign &design, Harness::HttpServer &server, Figures &figures)
{
    QProcess process;
    process.start(QCoreApplication::applicationFilePath(),
                  {u"--leave"_s, QString::number(server.port()), QString::fromLatin1(design.name)});
    if (!process.waitForReadyRead())
        return false;
    const QList<QByteArray> words = process.readLine().trimmed().split(' ');
    const QByteArray guard = words.value(1);
    // A guard that starts a program of its own is not there at once.
    QEventLoop settling;
    QTimer::singleShot(150ms, &settling, &QEventLoop::quit);
    settling.exec();
    QFile smaps(u"/proc/%1/smaps_rollup"_s.arg(QString::fromLatin1(guard)));
    if (smaps.open(QIODevice::ReadOnly)) {
        const QByteArray text = smaps.readAll();
        figures.privateMemory.push_back(kilobytes(text, "Private_"));
        figures.wholeMemory.push_back(kilobytes(text, "Rss"));
    }
    figures.setUp.push_back(words.value(2).toDouble());

    QEventLoop loop;
    QElapsedTimer elapsed;
    double milliseconds = std::numeric_limits<double>::quiet_NaN();
    QObject::connect(&server, &Harness::HttpServer::requestReceived, &loop,
                     [&](Harness::Exchange *exchange) {
                         milliseconds = double(elapsed.nsecsElapsed()) / 1e6;
                         exchange->answer(204);
                         loop.quit();
                     });
    QTimer::singleShot(5s, &loop, &QEventLoop::quit);
    elapsed.start();
    process.kill();
    loop.exec();
    process.waitForFinished();
    figures.arrival.push_back(milliseconds);
    return milliseconds == milliseconds;
}

} // namespace

int main(int argc, char *argv[])
{
    if (runLeavingPart(argc, argv))
        return 0;
    const QCoreApplication application(argc, argv);
    QCommandLineParser parser;
    parser.addHelpOption();
    const QCommandLineOption runs(u"runs"_s, u"How often each design is killed (20)."_s, u"N"_s,
                                  u"20"_s);
    parser.addOption(runs);
    parser.process(application);

    Harness::HttpServer server;
    if (!server.listen(QHostAddress::LocalHost, 0))
        return 1;
    std::map<const char *, Figures> figures;
    for (int run = parser.value(runs).toInt(); run > 0; --run) {
        for (int index = 0; index < leavingDesignCount; ++index) {
            const LeavingDesign &design = leavingDesigns[index];
            if (!measure(design, server, figures[design.name]))
                std::printf("%s: no request came\n", design.name);
        }
    }

    std::printf("Killed by SIGKILL; medians, in brackets the least and the greatest\n\n"
                "   %-13s %5s %12s %9s %9s   %s\n",
                "design", "https", "set-up us", "private", "RSS kB", "kill to server ms");
    for (int index = 0; index < leavingDesignCount; ++index) {
        const LeavingDesign &design = leavingDesigns[index];
        const Figures &seen = figures[design.name];
        std::printf("   %-13s %5s %12.0f %9.0f %9.0f   %6.1f (%.1f to %.1f)   %s\n", design.name,
                    design.hasTls ? "yes" : "no", median(seen.setUp), median(seen.privateMemory),
                    median(seen.wholeMemory), median(seen.arrival), least(seen.arrival),
                    quantile(seen.arrival, 1), design.description);
    }
    std::printf("\n");
    const Figures &beacon = figures[leavingDesigns[0].name];
    Goals goals;
    goals.atMost(1024, "kB of private memory while it waits", median(beacon.privateMemory));
    goals.atMost(10, "ms that it holds the program up at its start", median(beacon.setUp) / 1000);
    goals.atMost(1000, "ms from the kill to the server, at most", quantile(beacon.arrival, 1));
    goals.print();
    return 0;
}
