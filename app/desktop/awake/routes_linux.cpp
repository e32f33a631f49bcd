// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

// rtnetlink(7)

#include "routes_linux.h"

#include <array>

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

// What makes it another way. The rest, lifetimes for instance, a router repeats every few minutes.
bool belongsToTheWay(unsigned short attribute)
{
    switch (attribute) {
    case RTA_DST:
    case RTA_OIF:
    case RTA_GATEWAY:
    case RTA_PRIORITY:
    case RTA_PREFSRC:
    case RTA_MULTIPATH:
    case RTA_VIA:
    case RTA_TABLE:
    case RTA_NH_ID:
        return true;
    default:
        return false;
    }
}

// fe80::/10 comes and goes with every virtual interface, and so does ff00::/8.
bool staysOnTheLink(const rtmsg &route, const QByteArray &destination)
{
    if (route.rtm_family != AF_INET6 || destination.size() < 2)
        return false;
    const auto first = uchar(destination[0]);
    const auto second = uchar(destination[1]);
    return first == 0xff || (first == 0xfe && (second & 0xc0) == 0x80);
}

// Empty where it leads nowhere else.
QByteArray describe(const nlmsghdr *message)
{
    const auto *const route = static_cast<const rtmsg *>(NLMSG_DATA(message));
    const bool isCached = (route->rtm_flags & RTM_F_CLONED) != 0;
    if (route->rtm_type != RTN_UNICAST || route->rtm_table == RT_TABLE_LOCAL || isCached)
        return {};
    // Without a cable a route may stay, with a flag.
    constexpr unsigned lost = RTNH_F_DEAD | RTNH_F_LINKDOWN;
    QByteArray text = QByteArray::number(route->rtm_family) + '/'
        + QByteArray::number(route->rtm_dst_len) + '/' + QByteArray::number(route->rtm_table) + '/'
        + QByteArray::number(route->rtm_flags & lost);
    auto length = int(RTM_PAYLOAD(message));
    for (const rtattr *part = RTM_RTA(route); RTA_OK(part, length); part = RTA_NEXT(part, length)) {
        const QByteArray value(static_cast<const char *>(RTA_DATA(part)),
                               qsizetype(RTA_PAYLOAD(part)));
        if (part->rta_type == RTA_DST && staysOnTheLink(*route, value))
            return {};
        if (belongsToTheWay(part->rta_type))
            text += ' ' + QByteArray::number(part->rta_type) + '=' + value.toHex();
    }
    return text;
}

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

} // namespace

int subscribeToRoutes()
{
    // Links too: the kernel takes the IPv4 routes of a link that goes down without a word.
    return openNetlink(RTMGRP_LINK | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE);
}

NetworkWatch::Routes readRoutes()
{
    NetworkWatch::Routes routes;
    const int socket = openNetlink(0);
    if (socket == -1)
        return routes;
    struct
    {
        nlmsghdr header;
        rtmsg route;
    } request{};
    request.header.nlmsg_len = sizeof request;
    request.header.nlmsg_type = RTM_GETROUTE;
    request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    request.route.rtm_family = AF_UNSPEC;
    bool goesOn = ::send(socket, &request, sizeof request, 0) == sizeof request;
    alignas(nlmsghdr) std::array<char, 32 * 1024>
        buffer; // as much as the kernel ever sends at once
    while (goesOn) {
        // It never waits: the kernel has written the first part of its answer when send() returns,
        // and each other part when the one before was read.
        const ssize_t received = ::recv(socket, buffer.data(), buffer.size(), MSG_DONTWAIT);
        goesOn = received > 0;
        auto length = unsigned(std::max<ssize_t>(received, 0));
        for (const auto *message =
                 static_cast<const nlmsghdr *>(static_cast<const void *>(buffer.data()));
             NLMSG_OK(message, length); message = NLMSG_NEXT(message, length)) {
            if (message->nlmsg_type == NLMSG_DONE || message->nlmsg_type == NLMSG_ERROR)
                goesOn = false;
            else if (message->nlmsg_type == RTM_NEWROUTE)
                routes.insert(describe(message));
        }
    }
    ::close(socket);
    routes.remove({});
    return routes;
}
