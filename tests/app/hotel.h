// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <sselib/testkit/sseserver.h>

/*! Answers as a network does that wants its user to log in, whatever server was asked. */
inline void welcomeToOurHotel(Harness::Exchange *exchange)
{
    exchange->answer(200, "<html>Welcome to our hotel", {{"Content-Type", "text/html"}});
}
