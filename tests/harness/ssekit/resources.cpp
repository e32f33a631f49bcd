// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "resources.h"

#include <algorithm>
#include <ctime>
#include <limits>

#ifdef Q_OS_UNIX
#include <sys/resource.h>
#endif

#ifdef Q_OS_UNIX

void raiseFileLimit()
{
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max;
#ifdef Q_OS_MACOS
    limit.rlim_cur = std::min<rlim_t>(limit.rlim_cur, 10'240); // OPEN_MAX; more is refused
#endif
    setrlimit(RLIMIT_NOFILE, &limit);
}

qint64 fileLimit()
{
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return std::numeric_limits<qint64>::max();
    return qint64(std::min<rlim_t>(limit.rlim_cur, 1'000'000'000));
}

qint64 peakMemory()
{
    rusage use{};
    getrusage(RUSAGE_SELF, &use);
#ifdef Q_OS_MACOS
    return use.ru_maxrss;
#else
    return qint64(use.ru_maxrss) * 1024;
#endif
}

#else

void raiseFileLimit()
{}

qint64 fileLimit()
{
    return std::numeric_limits<qint64>::max();
}

qint64 peakMemory()
{
    return 0;
}

#endif

double processorSeconds()
{
    return double(std::clock()) / CLOCKS_PER_SEC;
}
