// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "allocationcounter.h"

#include <atomic>
#include <cerrno>
#include <cstdlib>

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__)
#define COUNTS_ALLOCATIONS
#include <malloc.h>
#endif

namespace {

std::atomic<bool> counting{false};
std::atomic<qint64> allocationsSoFar{0};
std::atomic<qint64> bytesInUse{0};
std::atomic<qint64> mostBytesInUse{0};

} // namespace

AllocationCounter::AllocationCounter()
{
    Q_ASSERT(!counting);
    allocationsSoFar = 0;
    bytesInUse = 0;
    mostBytesInUse = 0;
    counting = true;
}

AllocationCounter::~AllocationCounter()
{
    counting = false;
}

qint64 AllocationCounter::allocations() const
{
    return allocationsSoFar;
}

qint64 AllocationCounter::bytes() const
{
    return bytesInUse;
}

qint64 AllocationCounter::peakBytes() const
{
    return mostBytesInUse;
}

#ifndef COUNTS_ALLOCATIONS

bool AllocationCounter::isAvailable()
{
    return false;
}

#else

bool AllocationCounter::isAvailable()
{
    return true;
}

namespace {

void *taken(void *block)
{
    if (block && counting.load(std::memory_order_relaxed)) {
        allocationsSoFar.fetch_add(1, std::memory_order_relaxed);
        const auto size = qint64(malloc_usable_size(block));
        const qint64 now = bytesInUse.fetch_add(size, std::memory_order_relaxed) + size;
        qint64 most = mostBytesInUse.load(std::memory_order_relaxed);
        while (now > most
               && !mostBytesInUse.compare_exchange_weak(most, now, std::memory_order_relaxed)) {}
    }
    return block;
}

void givenBack(void *block)
{
    if (block && counting.load(std::memory_order_relaxed))
        bytesInUse.fetch_sub(qint64(malloc_usable_size(block)), std::memory_order_relaxed);
}

} // namespace

// The program's own definitions take the place of glibc's for every library (ELF symbol
// interposition), libstdc++'s operator new included.
// NOLINTBEGIN(bugprone-reserved-identifier)
extern "C" {
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *block);

Q_DECL_EXPORT void *malloc(size_t size) noexcept
{
    return taken(__libc_malloc(size));
}

Q_DECL_EXPORT void *calloc(size_t count, size_t size) noexcept
{
    return taken(__libc_calloc(count, size));
}

Q_DECL_EXPORT void *realloc(void *block, size_t size) noexcept
{
    givenBack(block);
    return taken(__libc_realloc(block, size));
}

Q_DECL_EXPORT void *memalign(size_t alignment, size_t size) noexcept
{
    return taken(__libc_memalign(alignment, size));
}

Q_DECL_EXPORT void *aligned_alloc(size_t alignment, size_t size) noexcept
{
    return taken(__libc_memalign(alignment, size));
}

Q_DECL_EXPORT int posix_memalign(void **result, size_t alignment, size_t size) noexcept
{
    void *const block = taken(__libc_memalign(alignment, size));
    if (!block)
        return ENOMEM;
    *result = block;
    return 0;
}

Q_DECL_EXPORT void free(void *block) noexcept
{
    givenBack(block);
    __libc_free(block);
}
}
// NOLINTEND(bugprone-reserved-identifier)

#endif
