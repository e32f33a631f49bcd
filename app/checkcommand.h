// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

struct CommandLine;

/*!
    `tallybell check SOURCE`: prints what a SourceCheck finds, each line at once, and returns what
    the program ends with. It runs the event loop of the application object.
*/
[[nodiscard]] int runCheck(const CommandLine &line);
