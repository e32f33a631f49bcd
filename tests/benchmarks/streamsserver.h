// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QList>

/*!
    Serves streams to whoever connects to one of \a streamListeners: a head, a first event, and one
    more event to every open stream for each byte that comes through a connection to \a bell.
    Never returns.
*/
[[noreturn]] void serveStreams(const QList<int> &streamListeners, int bell);
