// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

/*!
    Makes SIGTERM and SIGINT end the event loop of the application, with exit status 0, and a closed
    standard output harmless. Works under any signal mask and disposition that the parent left us.

    Call it once, after QCoreApplication exists.
*/
void quitOnTermination();
