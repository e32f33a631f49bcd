// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

// Receives signals for tst_unixsignals and tells about them on its standard output.

#include "desktop/unixsignals.h"

#include <QByteArrayView>
#include <QCoreApplication>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <sys/wait.h>
#include <unistd.h>

namespace {

void say(const char *word, int number)
{
    std::printf("%s %d\n", word, number);
    std::fflush(stdout);
}

// How a program that we start ends when it sends \a name to itself.
int endedBy(const char *name)
{
    const pid_t child = ::fork();
    if (child == 0) {
        ::execl("/bin/sh", "sh", "-c", "kill -s $0 $$; exit 0", name, nullptr);
        ::_exit(127);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

int errorOfBrokenPipe()
{
    int ends[2];
    if (::pipe(ends) != 0)
        return -1;
    ::close(ends[0]);
    return ::write(ends[1], "x", 1) == -1 ? errno : 0;
}

} // namespace

int main(int argc, char **argv)
{
    if (!UnixSignals::install())
        return 1;
    if (argc > 1 && QByteArrayView(argv[1]) == "early")
        std::raise(SIGTERM);

    QCoreApplication application(argc, argv);
    const UnixSignals signals_;
    QObject::connect(&signals_, &UnixSignals::terminationRequested, &application,
                     [](int number) { say("signal", number); });
    say("child-term", endedBy("TERM"));
    say("child-pipe", endedBy("PIPE"));
    say("pipe", errorOfBrokenPipe());
    say("ready", 0);
    return QCoreApplication::exec();
}
