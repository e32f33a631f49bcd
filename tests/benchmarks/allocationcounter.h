// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtGlobal>

/*!
    Counts what all threads of the program ask of the heap while it lives, operator new and malloc
    alike. There is one at a time. While there is none, the heap costs what it always costs.
*/
class AllocationCounter
{
public:
    AllocationCounter();
    ~AllocationCounter();

    /*! False where malloc cannot be replaced: the figures are 0 then. */
    [[nodiscard]] static bool isAvailable();

    /*! Calls that gave memory. A reallocation is one, in place or not. */
    [[nodiscard]] qint64 allocations() const;

    /*! In use now, beyond what was in use at the start; of blocks with what rounding adds. */
    [[nodiscard]] qint64 bytes() const;

    /*! The most that bytes() was. */
    [[nodiscard]] qint64 peakBytes() const;

private:
    Q_DISABLE_COPY_MOVE(AllocationCounter)
};
