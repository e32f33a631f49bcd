// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <chrono>

/*!
    The last resort of a process that wants to end and cannot, because something that it waits for
    hangs: Qt for instance waits at the end for each address that is still being looked up. When the
    time is over it ends the process at once, without destructors. An end that comes in time does
    not notice it.
*/
class ExitDeadline
{
public:
    /*!
        Call it first of all in main(): it sees to it that what runs at the very end, the search for
        leaks of a sanitizer for instance, has all the time that it wants.
    */
    static void install();

    /*! The process ends with \a exitCode at the latest after \a time. Once; a second call is ignored. */
    static void set(std::chrono::milliseconds time, int exitCode);
};
