// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "beaconpost_p.h"

#include "../beacon/message.h"

#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QSocketNotifier>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace Sse {

namespace {

using BeaconMessage::Order;
using BeaconMessage::Report;
using BeaconMessage::Wish;

constexpr int patience = 2000; // milliseconds, with a keeper whose socket is full

QString systemError()
{
    return QString::fromLocal8Bit(std::strerror(errno));
}

// Above those that the keeper wants to have.
int moveUp(int descriptor)
{
    constexpr int above = 10;
    const int moved = ::fcntl(descriptor, F_DUPFD_CLOEXEC, above);
    ::close(descriptor);
    return moved;
}

// 0, or what went wrong.
int spawn(const QByteArray &program, int socket, int sender, pid_t *child)
{
    posix_spawn_file_actions_t files;
    ::posix_spawn_file_actions_init(&files);
    ::posix_spawn_file_actions_adddup2(&files, socket, BeaconMessage::socketDescriptor);
    ::posix_spawn_file_actions_adddup2(&files, sender, BeaconMessage::senderDescriptor);
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    sigset_t signals_;
    ::sigemptyset(&signals_);
    ::posix_spawnattr_setsigmask(&attributes, &signals_);
    ::sigfillset(&signals_);
    ::posix_spawnattr_setsigdefault(&attributes, &signals_);
    char name[] = "sselib-beacon";
    char *const arguments[] = {name, nullptr};
    const int error =
        ::posix_spawn(child, program.constData(), &files, &attributes, arguments, environ);
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&files);
    return error;
}

// A file that is nowhere but in memory, and that nobody can change any more. -1 on failure.
int memoryFile(const QByteArray &content)
{
    const int memory = ::memfd_create("beacon", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    for (qsizetype position = 0; memory != -1 && position < content.size();) {
        const ssize_t written =
            ::write(memory, content.constData() + position, size_t(content.size() - position));
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0) {
            ::close(memory);
            return -1;
        }
        position += written;
    }
    if (memory != -1)
        ::fcntl(memory, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
    return memory;
}

} // namespace

BeaconPost::BeaconPost(QObject *parent)
    : QObject(parent)
{}

BeaconPost::~BeaconPost()
{
    if (isOpen())
        close();
}

bool BeaconPost::open(const QString &folder)
{
    const QString keeper = QDir(folder).filePath(QStringLiteral("sselib-beacon"));
    const QString sender = QDir(folder).filePath(QStringLiteral("sselib-beacon-send"));
    const int senderFile = ::open(QFile::encodeName(sender).constData(), O_PATH | O_CLOEXEC);
    if (senderFile == -1) {
        m_error = tr("%1 is missing: %2.").arg(QDir::toNativeSeparators(sender), systemError());
        return false;
    }
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
        m_error = tr("There is no socket for sselib-beacon: %1.").arg(systemError());
        ::close(senderFile);
        return false;
    }
    const int itsEnd = moveUp(ends[1]);
    const int itsSender = moveUp(senderFile);
    pid_t child = 0;
    const int error = spawn(QFile::encodeName(keeper), itsEnd, itsSender, &child);
    ::close(itsEnd);
    ::close(itsSender);
    if (error != 0) {
        ::close(ends[0]);
        m_error = tr("%1 does not start: %2.")
                      .arg(QDir::toNativeSeparators(keeper),
                           QString::fromLocal8Bit(std::strerror(error)));
        return false;
    }
    m_error.clear();
    m_child = child;
    m_socket = ends[0];
    ::fcntl(m_socket, F_SETFL, O_NONBLOCK);
    m_notifier = new QSocketNotifier(m_socket, QSocketNotifier::Read, this);
    connect(m_notifier, &QSocketNotifier::activated, this, &BeaconPost::read);
    return true;
}

bool BeaconPost::hold(std::uint32_t beacon, const QByteArray &payload)
{
    const int memory = isOpen() ? memoryFile(payload) : -1;
    if (memory == -1)
        return false;
    const Order order{Wish::Hold, beacon};
    const bool isPosted = post(&order, sizeof order, memory);
    ::close(memory);
    return isPosted;
}

bool BeaconPost::release(std::uint32_t beacon)
{
    const Order order{Wish::Release, beacon};
    return isOpen() && post(&order, sizeof order, -1);
}

bool BeaconPost::send(std::uint32_t beacon)
{
    const Order order{Wish::Send, beacon};
    return isOpen() && post(&order, sizeof order, -1);
}

// With \a memory beside it, unless that is -1.
bool BeaconPost::post(const void *order, std::size_t size, int memory)
{
    iovec data = {const_cast<void *>(order), size};
    alignas(cmsghdr) char room[CMSG_SPACE(sizeof(int))] = {};
    msghdr message = {};
    message.msg_iov = &data;
    message.msg_iovlen = 1;
    if (memory != -1) {
        message.msg_control = room;
        message.msg_controllen = sizeof room;
        cmsghdr *const control = CMSG_FIRSTHDR(&message);
        control->cmsg_level = SOL_SOCKET;
        control->cmsg_type = SCM_RIGHTS;
        control->cmsg_len = CMSG_LEN(sizeof(int));
        std::memcpy(CMSG_DATA(control), &memory, sizeof memory);
    }
    for (;;) {
        if (::sendmsg(m_socket, &message, MSG_NOSIGNAL) == ssize_t(size))
            return true;
        if (errno == EINTR)
            continue;
        if (errno != EAGAIN)
            return false;
        pollfd full = {m_socket, POLLOUT, 0};
        if (::poll(&full, 1, patience) <= 0) {
            if (m_keeper != 0)
                ::kill(pid_t(m_keeper), SIGKILL);
            return false;
        }
    }
}

void BeaconPost::read()
{
    Report report;
    const ssize_t size = ::recv(m_socket, &report, sizeof report, 0);
    if (size < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (size <= 0) {
        close();
        Q_EMIT closed();
        return;
    }
    if (size != ssize_t(sizeof report))
        return;
    report.text[sizeof report.text - 1] = '\0';
    switch (report.fact) {
    case BeaconMessage::Fact::OnDuty:
        reap();
        m_keeper = report.number;
        Q_EMIT onDuty(m_keeper);
        break;
    case BeaconMessage::Fact::NotStarted:
        Q_EMIT notStarted(report.beacon, QString::fromUtf8(report.text));
        break;
    case BeaconMessage::Fact::Sent:
        Q_EMIT sent(report.beacon,
                    {report.isDelivered != 0, report.number, QString::fromUtf8(report.text)});
        break;
    }
}

void BeaconPost::close()
{
    delete std::exchange(m_notifier, nullptr);
    ::close(std::exchange(m_socket, -1));
    m_keeper = 0;
    reap();
}

// It has ended already, or is about to: it only starts the keeper.
void BeaconPost::reap()
{
    if (m_child != 0)
        ::waitpid(pid_t(std::exchange(m_child, 0)), nullptr, 0);
}

} // namespace Sse
