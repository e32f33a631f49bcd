// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "netlink_linux.h"

#include <algorithm>
#include <array>

#include <sys/socket.h>
#include <unistd.h>

int openNetlink(unsigned groups)
{
    const int socket = ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (socket == -1)
        return -1;
    sockaddr_nl address{};
    address.nl_family = AF_NETLINK;
    address.nl_groups = groups;
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast)
    if (::bind(socket, reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0)
        return socket;
    ::close(socket);
    return -1;
}

bool dumpNetlink(unsigned short question, const std::function<void(const nlmsghdr *message)> &take)
{
    const int socket = openNetlink(0);
    if (socket == -1)
        return false;
    struct
    {
        nlmsghdr header;
        ifinfomsg all; // as long as an rtmsg and longer; zeros: of every family
    } request{};
    request.header.nlmsg_len = sizeof request;
    request.header.nlmsg_type = question;
    request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    bool goesOn = ::send(socket, &request, sizeof request, 0) == sizeof request;
    alignas(nlmsghdr) std::array<char, 32 * 1024>
        buffer; // as much as the kernel ever sends at once
    while (goesOn) {
        const ssize_t received = ::recv(socket, buffer.data(), buffer.size(), MSG_DONTWAIT);
        goesOn = received > 0;
        auto length = unsigned(std::max<ssize_t>(received, 0));
        for (const auto *message =
                 static_cast<const nlmsghdr *>(static_cast<const void *>(buffer.data()));
             NLMSG_OK(message, length); message = NLMSG_NEXT(message, length)) {
            if (message->nlmsg_type == NLMSG_DONE || message->nlmsg_type == NLMSG_ERROR)
                goesOn = false;
            else
                take(message);
        }
    }
    ::close(socket);
    return true;
}
