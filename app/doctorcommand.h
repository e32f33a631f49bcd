// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

struct CommandLine;

/*!
    `tallybell doctor`: looks at what the app needs of the desktop, prints each finding at once, and
    returns what the program ends with. It starts and changes nothing that stays. The application
    object must exist, a QGuiApplication where there is a display.
*/
[[nodiscard]] int runDoctor(const CommandLine &line);
