// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "coredumps.h"

#include <sys/resource.h>

void forbidCoreDumps()
{
    // Not PR_SET_DUMPABLE: it also takes /proc/PID/root from our user, which the desktop's portals
    // read to learn who calls them. The soft limit alone, so that the user can raise it again.
    rlimit limit = {};
    if (::getrlimit(RLIMIT_CORE, &limit) != 0)
        return;
    limit.rlim_cur = 0;
    ::setrlimit(RLIMIT_CORE, &limit);
}
