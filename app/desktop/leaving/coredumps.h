// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

/*!
    From now on a crash of this process, or of one that it starts, writes no core file: passwords and
    tokens are in its memory. Nor is the memory handed to a crash reporter, such as apport or
    systemd-coredump. Whoever wants to debug a crash runs it in a debugger.
*/
void forbidCoreDumps();
