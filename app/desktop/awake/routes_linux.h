// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "networkwatch.h"

/*! A socket, to be closed, that gets a message of the kernel whenever a route or a link changes; -1: none. */
[[nodiscard]] int subscribeToRoutes();

/*!
    The routes by which servers are reached, as the kernel has them now: none to this computer itself,
    to all on a link, or to many at once; and none to the containers and virtual machines on it, which
    come and go all day. None where they cannot be read.
*/
[[nodiscard]] NetworkWatch::Routes readRoutes();
