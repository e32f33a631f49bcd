// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "exitdeadline.h"

#include <csignal>
#include <cstdlib>
#include <sys/time.h>
#include <unistd.h>

namespace {

// An alarm rather than a thread: there is none to start, and none that could hang.
volatile std::sig_atomic_t codeAtDeadline = 0;
volatile std::sig_atomic_t isSet = 0;

// Only what is async-signal-safe.
extern "C" void tallybellEndNow(int)
{
    constexpr char sentence[] = "tallybell: something hangs, it is not waited for any longer\n";
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, sentence, sizeof sentence - 1);
    ::_exit(codeAtDeadline);
}

extern "C" void tallybellCancelDeadline()
{
    const itimerval never = {};
    ::setitimer(ITIMER_REAL, &never, nullptr);
}

} // namespace

void ExitDeadline::install()
{
    // Functions of atexit() run last of all that were registered after them: Qt's global objects,
    // which are made on first use. What the sanitizers registered came before.
    std::atexit(tallybellCancelDeadline);
}

void ExitDeadline::set(std::chrono::milliseconds time, int exitCode)
{
    if (isSet != 0)
        return;
    isSet = 1;
    codeAtDeadline = exitCode;
    struct sigaction action = {};
    action.sa_handler = tallybellEndNow;
    sigemptyset(&action.sa_mask);
    ::sigaction(SIGALRM, &action, nullptr);
    sigset_t alarm;
    sigemptyset(&alarm);
    sigaddset(&alarm, SIGALRM);
    ::pthread_sigmask(SIG_UNBLOCK, &alarm, nullptr); // whoever started us may have blocked it
    itimerval timer = {};
    timer.it_value.tv_sec = time.count() / 1000;
    timer.it_value.tv_usec = time.count() % 1000 * 1000;
    ::setitimer(ITIMER_REAL, &timer, nullptr);
}
