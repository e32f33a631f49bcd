// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

// sselib-beacon: waits for the end of the process that started it, and then has sent what that
// process wanted to be sent. As small as can be, since all it does is wait: no Qt, nothing of the C++
// library, and what is to be sent stays in memory files that it never looks into.

#include "message.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <initializer_list>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

using namespace Sse::BeaconMessage;

namespace {

// Beacons that are sent at the same moment share one program that sends them.
constexpr int togetherness = 2; // milliseconds

struct Kept
{
    std::uint32_t beacon;
    int memory; // descriptor of its file
    bool isDue;
};

Kept *kept = nullptr;
std::size_t keptCount = 0;
std::size_t keptCapacity = 0;

void report(Fact fact, std::uint32_t beacon, std::int32_t number, const char *text)
{
    Report message = {};
    message.fact = fact;
    message.beacon = beacon;
    message.number = number;
    std::strncpy(message.text, text, sizeof message.text - 1);
    ::send(socketDescriptor, &message, sizeof message, MSG_NOSIGNAL | MSG_DONTWAIT);
}

Kept *find(std::uint32_t beacon)
{
    for (std::size_t index = 0; index < keptCount; ++index) {
        if (kept[index].beacon == beacon && !kept[index].isDue)
            return kept + index;
    }
    return nullptr;
}

void forget(Kept *entry)
{
    ::close(entry->memory);
    *entry = kept[--keptCount];
}

void hold(std::uint32_t beacon, int memory)
{
    if (Kept *const entry = find(beacon)) {
        ::close(entry->memory);
        entry->memory = memory;
        return;
    }
    if (keptCount == keptCapacity) {
        const std::size_t capacity = keptCapacity == 0 ? 16 : 2 * keptCapacity;
        void *const grown = std::realloc(kept, capacity * sizeof(Kept));
        if (grown == nullptr)
            ::_exit(1); // who started us sees it, and sends by itself
        kept = static_cast<Kept *>(grown);
        keptCapacity = capacity;
    }
    kept[keptCount++] = {beacon, memory, false};
}

// Turns this process into the program that sends what is due. Its arguments are NUMBER:DESCRIPTOR.
[[noreturn]] void becomeSender()
{
    constexpr std::size_t longest = 24;
    auto **const arguments = static_cast<char **>(std::calloc(keptCount + 2, sizeof(char *)));
    auto *const texts = static_cast<char *>(std::calloc(keptCount, longest));
    static char name[] = "sselib-beacon-send";
    std::size_t used = 0;
    if (arguments != nullptr && texts != nullptr) {
        arguments[used++] = name;
        for (std::size_t index = 0; index < keptCount; ++index) {
            if (!kept[index].isDue)
                continue;
            ::fcntl(kept[index].memory, F_SETFD, 0);
            char *const text = texts + index * longest;
            std::snprintf(text, longest, "%u:%d", kept[index].beacon, kept[index].memory);
            arguments[used++] = text;
        }
        // By descriptor: an upgrade may have put another program in its place, or none.
        ::syscall(SYS_execveat, senderDescriptor, "", arguments, environ, AT_EMPTY_PATH);
    }
    const char *const why = std::strerror(errno);
    for (std::size_t index = 0; index < keptCount; ++index) {
        if (kept[index].isDue)
            report(Fact::NotStarted, kept[index].beacon, 0, why);
    }
    ::_exit(1);
}

void sendDue()
{
    const pid_t child = ::fork();
    if (child == 0)
        becomeSender();
    for (std::size_t index = keptCount; index-- > 0;) {
        if (!kept[index].isDue)
            continue;
        if (child < 0)
            report(Fact::NotStarted, kept[index].beacon, 0, std::strerror(errno));
        forget(kept + index);
    }
}

void sendAllAndEnd()
{
    for (std::size_t index = 0; index < keptCount; ++index)
        kept[index].isDue = true;
    if (keptCount > 0)
        becomeSender();
    ::_exit(0);
}

// False at the end of the process that we serve.
bool receive(bool *hasDue)
{
    Order order = {};
    iovec data = {&order, sizeof order};
    alignas(cmsghdr) char room[CMSG_SPACE(sizeof(int))] = {};
    msghdr message = {};
    message.msg_iov = &data;
    message.msg_iovlen = 1;
    message.msg_control = room;
    message.msg_controllen = sizeof room;
    const ssize_t size = ::recvmsg(socketDescriptor, &message, MSG_CMSG_CLOEXEC);
    // ECONNRESET: it ended with a report of ours unread. That comes before the orders that still wait.
    if (size < 0 && (errno == EINTR || errno == ECONNRESET))
        return true;
    if (size <= 0)
        return false;
    int memory = -1;
    if (const cmsghdr *const control = CMSG_FIRSTHDR(&message);
        control != nullptr && control->cmsg_type == SCM_RIGHTS)
        std::memcpy(&memory, CMSG_DATA(control), sizeof memory);
    if (size != sizeof order)
        return true;
    switch (order.wish) {
    case Wish::Hold:
        if (memory >= 0)
            hold(order.beacon, memory);
        break;
    case Wish::Release:
        if (Kept *const entry = find(order.beacon))
            forget(entry);
        break;
    case Wish::Send:
        if (Kept *const entry = find(order.beacon)) {
            entry->isDue = true;
            *hasDue = true;
        }
        break;
    }
    return true;
}

// Nothing that ends the process which we serve may end us: neither its session, nor its terminal, nor
// a signal to its group; and nobody may look into us.
void standApart()
{
    ::setsid();
    if (::fork() != 0)
        ::_exit(0); // so that we are no child of that process, whose children may be killed with it
    for (const int number : {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGPIPE, SIGALRM, SIGUSR1, SIGUSR2,
                             SIGTSTP, SIGTTIN, SIGTTOU})
        ::signal(number, SIG_IGN);
    struct sigaction children = {};
    children.sa_handler = SIG_DFL;
    children.sa_flags = SA_NOCLDWAIT;
    ::sigaction(SIGCHLD, &children, nullptr);
    ::prctl(PR_SET_DUMPABLE, 0);
    const rlimit noCore = {0, 0};
    ::setrlimit(RLIMIT_CORE, &noCore);
    if (::chdir("/") != 0)
        ::_exit(1);
    const int nothing = ::open("/dev/null", O_RDWR);
    for (const int descriptor : {0, 1, 2})
        ::dup2(nothing, descriptor);
    ::syscall(SYS_close_range, senderDescriptor + 1, ~0U, 0);
    ::fcntl(senderDescriptor, F_SETFD, FD_CLOEXEC);
}

} // namespace

int main()
{
    int type = 0;
    socklen_t size = sizeof type;
    if (::getsockopt(socketDescriptor, SOL_SOCKET, SO_TYPE, &type, &size) != 0
        || type != SOCK_SEQPACKET) {
        std::fputs("sselib-beacon: programs that use sselib start this; people need not.\n",
                   stderr);
        return 2;
    }
    standApart();
    report(Fact::OnDuty, 0, ::getpid(), "");
    bool hasDue = false;
    for (;;) {
        pollfd ready = {socketDescriptor, POLLIN, 0};
        if (hasDue && ::poll(&ready, 1, togetherness) == 0) {
            sendDue();
            hasDue = false;
        } else if (!receive(&hasDue)) {
            sendAllAndEnd();
        }
    }
}
