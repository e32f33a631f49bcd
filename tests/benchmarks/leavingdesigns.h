// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

/*! A way to have something sent when this process is gone. */
struct LeavingDesign
{
    const char *name; //!< One word: an argument of this program.
    const char *description;
    bool hasTls;
    bool (*run)(int argc, char *argv[],
                int port); //!< Guards this process, see sayReady(); returns never, or false.
};

extern const LeavingDesign leavingDesigns[];
extern const int leavingDesignCount;

/*!
    What a process that was started anew to send or to wait has to do. True where \a argv says that
    this is one; it has done so then.
*/
bool runLeavingPart(int argc, char *argv[]);
