// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "coredumps.h"

#include <algorithm>
#include <sys/resource.h>

void forbidCoreDumps()
{
    // Not PR_SET_DUMPABLE: it also takes /proc/PID/root from our user, which the desktop's portals
    // read to learn who calls them. The soft limit alone, so that the user can raise it again.
    rlimit limit = {};
    if (::getrlimit(RLIMIT_CORE, &limit) != 0)
        return;
    // Not 0: that keeps the kernel from writing a file, but not from handing all memory to a crash
    // reporter. 1 does both (core(5)), for no core file is that small.
    limit.rlim_cur = std::min<rlim_t>(1, limit.rlim_max);
    ::setrlimit(RLIMIT_CORE, &limit);
}
