// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "leavingdesigns.h"

#include <sselib/beacon.h>
#include <sselib/beaconkeeper.h>

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QNetworkAccessManager>
#include <QNetworkProxy>
#include <QNetworkReply>
#include <QUrl>

#include <arpa/inet.h>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace Qt::Literals;

namespace {

// The process that waits is \a guard; setting it up held this one up for \a microseconds.
void sayReady(qint64 guard, double microseconds)
{
    std::printf("ready %lld %.0f\n", static_cast<long long>(guard), microseconds);
    std::fflush(stdout);
}

double microsecondsSince(std::chrono::steady_clock::time_point start)
{
    return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start)
        .count();
}

QUrl closeUrl(int port)
{
    return QUrl(u"http://127.0.0.1:%1/close"_s.arg(port));
}

void waitForEnd(int end)
{
    char byte = 0;
    while (::read(end, &byte, 1) > 0) {}
}

void post(int port)
{
    QNetworkAccessManager manager;
    manager.setProxy(QNetworkProxy::NoProxy);
    QNetworkRequest request(closeUrl(port));
    request.setRawHeader("Content-Type", "text/plain");
    QNetworkReply *const reply = manager.post(request, QByteArray("goodbye"));
    QObject::connect(reply, &QNetworkReply::finished, reply, &QCoreApplication::quit);
    QCoreApplication::exec();
}

void postBySocket(int port)
{
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(std::uint16_t(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const char request[] =
        "POST /close HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 7\r\n\r\ngoodbye";
    char answer[512];
    if (::connect(socket, reinterpret_cast<sockaddr *>(&address), sizeof address) == 0
        && ::write(socket, request, sizeof request - 1) > 0)
        (void)!::read(socket, answer, sizeof answer);
    ::close(socket);
}

// Splits off a process that holds the read end of a pipe; then goes on as an application of Qt's.
template <typename Guard>
bool splitOff(int argc, char *argv[], const Guard &guard)
{
    const auto start = std::chrono::steady_clock::now();
    int ends[2];
    if (::pipe(ends) != 0)
        return false;
    const pid_t child = ::fork();
    if (child == 0) {
        ::setsid();
        ::close(ends[1]);
        guard(ends[0]);
        ::_exit(0);
    }
    ::close(ends[0]);
    const double microseconds = microsecondsSince(start);
    const QCoreApplication application(argc, argv);
    sayReady(child, microseconds);
    QCoreApplication::exec();
    return false;
}

[[noreturn]] void becomeMyself(const char *role, int port, int end)
{
    const QByteArray portText = QByteArray::number(port);
    const QByteArray endText = QByteArray::number(end);
    ::execl("/proc/self/exe", "bench_leaving", role, portText.constData(), endText.constData(),
            nullptr);
    ::_exit(1);
}

bool runBeacon(int argc, char *argv[], int port)
{
    QCoreApplication application(argc, argv);
    const auto start = std::chrono::steady_clock::now();
    Sse::Beacon beacon;
    Sse::BeaconRequest request;
    request.request.setUrl(closeUrl(port));
    request.request.setRawHeader("Content-Type", "text/plain");
    request.body = "goodbye";
    beacon.hold({request});
    const double microseconds = microsecondsSince(start);
    auto *const keeper = Sse::BeaconKeeper::instance();
    QObject::connect(keeper, &Sse::BeaconKeeper::dutyChanged, keeper,
                     [=] { sayReady(keeper->processId(), microseconds); });
    QCoreApplication::exec();
    return false;
}

bool runForkThenExec(int argc, char *argv[], int port)
{
    return splitOff(argc, argv, [port](int end) {
        waitForEnd(end);
        becomeMyself("--post", port, end);
    });
}

bool runForkWithSocket(int argc, char *argv[], int port)
{
    return splitOff(argc, argv, [port](int end) {
        waitForEnd(end);
        postBySocket(port);
    });
}

bool runResident(int argc, char *argv[], int port)
{
    return splitOff(argc, argv, [port](int end) { becomeMyself("--wait", port, end); });
}

} // namespace

const LeavingDesign leavingDesigns[] = {
    {"beacon", "Sse::Beacon: a small program waits, another sends", true, runBeacon},
    {"fork-exec", "fork before Qt, start itself again at the end", true, runForkThenExec},
    {"resident", "fork before Qt, start itself again, wait with Qt's network", true, runResident},
    {"fork-socket", "fork before Qt, send by a socket of its own", false, runForkWithSocket},
};
const int leavingDesignCount = int(std::size(leavingDesigns));

bool runLeavingPart(int argc, char *argv[])
{
    if (argc < 4)
        return false;
    const QByteArrayView role(argv[1]);
    const int port = std::atoi(argv[2]);
    const int end = std::atoi(argv[3]);
    if (role == "--post") {
        const QCoreApplication application(argc, argv);
        post(port);
    } else if (role == "--wait") {
        const QCoreApplication application(argc, argv);
        QNetworkAccessManager manager; // there already when it is needed
        waitForEnd(end);
        post(port);
    } else if (role == "--leave") {
        for (const LeavingDesign &design : leavingDesigns) {
            if (QByteArrayView(design.name) == argv[3])
                design.run(argc, argv, port);
        }
    } else {
        return false;
    }
    return true;
}
