// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

// Preloaded by tst_deadline: the address of one host is looked up for an hour, as with a name
// server that does not answer. SLOW_LOOKUP_MARK names a file that tells when it has begun. Other
// hosts are left to the system.

#include <cstdlib>
#include <cstring>
#include <ctime>
#include <dlfcn.h>
#include <fcntl.h>
#include <netdb.h>
#include <sys/stat.h>
#include <unistd.h>

extern "C" __attribute__((visibility("default"))) int
getaddrinfo(const char *node, const char *service, const addrinfo *hints, addrinfo **result)
{
    if (node && std::strcmp(node, "slow.test") == 0) {
        if (const char *const mark = std::getenv("SLOW_LOOKUP_MARK"))
            close(creat(mark, S_IRUSR | S_IWUSR));
        timespec hour = {3600, 0};
        while (nanosleep(&hour, &hour) != 0) {}
        return EAI_AGAIN;
    }
    using Function = int (*)(const char *, const char *, const addrinfo *, addrinfo **);
    static const auto next = reinterpret_cast<Function>(dlsym(RTLD_NEXT, "getaddrinfo"));
    return next(node, service, hints, result);
}
