// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "unixsignals.h"

#include <QSocketNotifier>

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <unistd.h>

namespace {

int pipeEnds[2] = {-1, -1};

// Only what is async-signal-safe.
extern "C" void tallybellWriteSignal(int number)
{
    const int savedErrno = errno;
    const auto byte = static_cast<unsigned char>(number);
    // The pipe is full only if nobody reads it; then one more signal makes no difference.
    [[maybe_unused]] const ssize_t written = ::write(pipeEnds[1], &byte, 1);
    errno = savedErrno;
}

extern "C" void tallybellIgnoreSignal(int)
{}

bool handle(int number, void (*handler)(int))
{
    struct sigaction before = {};
    if (::sigaction(number, nullptr, &before) != 0)
        return false;
    if (before.sa_handler == SIG_IGN)
        return true;
    // A handler, and not SIG_IGN, which programs that we start would inherit.
    struct sigaction action = {};
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    return ::sigaction(number, &action, nullptr) == 0;
}

} // namespace

bool UnixSignals::install()
{
    if (pipeEnds[0] != -1)
        return true;
    int ends[2];
    if (::pipe(ends) != 0)
        return false;
    for (const int end : ends) {
        ::fcntl(end, F_SETFD, FD_CLOEXEC);
        ::fcntl(end, F_SETFL, O_NONBLOCK);
    }
    pipeEnds[0] = ends[0];
    pipeEnds[1] = ends[1];
    bool installed = handle(SIGPIPE, tallybellIgnoreSignal);
    for (const int number : {SIGTERM, SIGINT, SIGHUP})
        installed = handle(number, tallybellWriteSignal) && installed;
    return installed;
}

UnixSignals::UnixSignals(QObject *parent)
    : QObject(parent)
{
    if (pipeEnds[0] == -1)
        return; // install() was not called, or was refused: the default handling stands
    m_notifier = new QSocketNotifier(pipeEnds[0], QSocketNotifier::Read, this);
    connect(m_notifier, &QSocketNotifier::activated, this, &UnixSignals::read);
}

void UnixSignals::read()
{
    unsigned char number = 0;
    if (::read(pipeEnds[0], &number, 1) == 1)
        Q_EMIT terminationRequested(number); // the rest of the pipe activates us again
}
