// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

// sselib-beacon-send: sends beacons for a process that may be gone already, tells it what became of
// them if it is not, and ends.

#include "beacondelivery_p.h"
#include "message.h"

#include <QtCore/QCoreApplication>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace Sse;

namespace {

QByteArray readAll(int descriptor)
{
    QByteArray bytes;
    char buffer[16384];
    off_t position = 0;
    for (;;) {
        const ssize_t length = ::pread(descriptor, buffer, sizeof buffer, position);
        if (length < 0 && errno == EINTR)
            continue;
        if (length <= 0)
            break;
        bytes.append(buffer, length);
        position += length;
    }
    ::close(descriptor);
    return bytes;
}

void report(std::uint32_t beacon, const BeaconResult &result)
{
    BeaconMessage::Report message = {};
    message.fact = BeaconMessage::Fact::Sent;
    message.beacon = beacon;
    message.number = result.status;
    message.isDelivered = result.isDelivered ? 1 : 0;
    std::strncpy(message.text, result.errorString.toUtf8().constData(), sizeof message.text - 1);
    ::send(BeaconMessage::socketDescriptor, &message, sizeof message, MSG_NOSIGNAL | MSG_DONTWAIT);
}

} // namespace

int main(int argc, char *argv[])
{
    ::prctl(PR_SET_DUMPABLE, 0);
    ::prctl(PR_SET_NAME, "sselib-beacon-send");
    const rlimit noCore = {0, 0};
    ::setrlimit(RLIMIT_CORE, &noCore);
    ::signal(SIGALRM, SIG_DFL);

    const QCoreApplication application(argc, argv);
    int pending = 0;
    std::chrono::milliseconds longest{0};
    for (int index = 1; index < argc; ++index) {
        unsigned int beacon = 0;
        int descriptor = -1;
        if (std::sscanf(argv[index], "%u:%d", &beacon, &descriptor) != 2)
            return 2;
        const auto payload = BeaconPayload::fromBytes(readAll(descriptor));
        if (!payload)
            continue;
        longest = std::max(longest, payload->deadline);
        auto *const delivery = new BeaconDelivery(*payload); // goes with the process
        ++pending;
        QObject::connect(delivery, &BeaconDelivery::finished, &application,
                         [beacon, &pending](const BeaconResult &result) {
                             report(beacon, result);
                             // Not by the end of main(): Qt would wait for a host that is still
                             // being looked up.
                             if (--pending == 0)
                                 ::_exit(0);
                         });
        delivery->start();
    }
    if (pending == 0)
        return 2;
    // Whatever hangs: nothing of us stays.
    using namespace std::chrono_literals;
    ::alarm(unsigned(std::chrono::ceil<std::chrono::seconds>(longest + 1s).count()));
    return QCoreApplication::exec();
}
