// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <functional>

#include <linux/netlink.h>
#include <linux/rtnetlink.h>

/*! A socket, to be closed, that gets the messages of \a groups (rtnetlink(7)); -1: none. */
[[nodiscard]] int openNetlink(unsigned groups);

/*!
    Asks the kernel for all that it has, by RTM_GETROUTE for instance, and calls \a take for each
    message of its answer. It never waits: the kernel has written the first part of it when the
    question is sent, and each other part when the one before was read. False where it cannot be asked.
*/
bool dumpNetlink(unsigned short question, const std::function<void(const nlmsghdr *message)> &take);
