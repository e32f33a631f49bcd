// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

// Holds a beacon and goes away, for tst_beacon: leaver URL ENDING [COUNT]. Prints the keeper's
// process id as soon as the beacons are held.

#include <sselib/beacon.h>
#include <sselib/beaconkeeper.h>

#include <QCoreApplication>
#include <QSocketNotifier>
#include <QUrl>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <unistd.h>
#include <vector>

namespace {

QByteArray ending;
std::vector<std::unique_ptr<Sse::Beacon>> beacons;

volatile char *overflow(volatile char *before)
{
    volatile char room[65536];
    room[0] = before ? before[0] : 'x';
    return room[0] ? overflow(room) : nullptr;
}

void leave()
{
    if (ending == "kill") {
        ::kill(::getpid(), SIGKILL);
    } else if (ending == "kill the group") {
        ::setpgid(0, 0);
        ::kill(0, SIGKILL);
    } else if (ending == "abort") {
        std::abort();
    } else if (ending == "segmentation fault") {
        ::raise(SIGSEGV);
    } else if (ending == "stack overflow") {
        (void)overflow(nullptr);
    } else if (ending == "exit") {
        std::exit(0);
    } else if (ending == "_exit") {
        ::_exit(0);
    } else if (ending == "release") {
        for (const auto &beacon : beacons)
            beacon->release();
        QCoreApplication::quit();
    } else if (ending == "destroy") {
        beacons.clear();
        ::_exit(0);
    } else if (ending == "send and be killed") {
        for (const auto &beacon : beacons)
            beacon->send();
        ::kill(::getpid(), SIGKILL);
    } else if (ending == "send and wait") {
        static int pending = int(beacons.size());
        for (const auto &beacon : beacons) {
            QObject::connect(beacon.get(), &Sse::Beacon::finished, beacon.get(),
                             [](const Sse::BeaconResult &result) {
                                 std::printf("finished %d %d %s\n", result.isDelivered,
                                             result.status, qPrintable(result.errorString));
                                 if (--pending == 0)
                                     QCoreApplication::quit();
                             });
            beacon->send();
        }
    } else {
        QCoreApplication::quit();
    }
}

Sse::BeaconRequest request(const QByteArray &url, int number)
{
    Sse::BeaconRequest beacon;
    beacon.request.setUrl(QUrl(QString::fromUtf8(url)));
    beacon.request.setRawHeader("Authorization", "Bearer canary-4711");
    beacon.request.setRawHeader("Content-Type", "text/plain");
    beacon.body = "goodbye " + QByteArray::number(number);
    return beacon;
}

// Dies with a report of the keeper unread, and an order that the keeper has not seen yet.
int leaveAReportUnread(const QByteArray &url)
{
    auto *const keeper = Sse::BeaconKeeper::instance();
    Sse::Beacon first;
    Sse::Beacon second;
    QObject::connect(keeper, &Sse::BeaconKeeper::dutyChanged, keeper, [&] {
        first.hold({request(url, 0)});
        first.send();
        ::usleep(500'000); // the report comes, and nobody reads it
        const auto keeperId = pid_t(keeper->processId());
        const pid_t ourId = ::getpid();
        ::kill(keeperId, SIGSTOP);
        ::usleep(20'000); // it stops when it is scheduled
        if (::fork() == 0) { // lets it go on when we are gone
            for (int descriptor = 3; descriptor < 256; ++descriptor)
                ::close(descriptor);
            while (::getppid() == ourId)
                ::usleep(1000);
            ::kill(keeperId, SIGCONT);
            ::_exit(0);
        }
        second.hold({request(url, 1)});
        ::kill(ourId, SIGKILL);
    });
    return QCoreApplication::exec();
}

} // namespace

int main(int argc, char *argv[])
{
    if (argc < 3)
        return 2;
    const QCoreApplication application(argc, argv);
    ending = argv[2];
    if (ending == "send at once") { // and nothing else, without a moment for anything
        Sse::sendBeacon(request(argv[1], 0));
        return 0;
    }
    if (ending == "leave a report unread")
        return leaveAReportUnread(argv[1]);
    const int count = argc > 3 ? std::atoi(argv[3]) : 1;
    for (int number = 0; number < count; ++number) {
        beacons.push_back(std::make_unique<Sse::Beacon>());
        beacons.back()->hold({request(argv[1], number)});
    }
    // The test says when: by closing our standard input, or a byte in it.
    QSocketNotifier moment(0, QSocketNotifier::Read);
    QObject::connect(&moment, &QSocketNotifier::activated, &moment, [&moment] {
        moment.setEnabled(false);
        leave();
    });
    auto *const keeper = Sse::BeaconKeeper::instance();
    const auto tell = [keeper] {
        std::printf("keeper %lld\n", static_cast<long long>(keeper->processId()));
        std::fflush(stdout);
    };
    QObject::connect(keeper, &Sse::BeaconKeeper::dutyChanged, keeper, tell);
    return QCoreApplication::exec();
}
