// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

// rtnetlink(7)

#include "routes_linux.h"

#include "innerlinks_linux.h"
#include "netlink_linux.h"

#include <cstring>
#include <optional>
#include <utility>

#include <sys/socket.h>

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

struct Route
{
    QByteArray text;
    int link = 0; // none where there are several
    bool leadsEverywhere = false;
};

// None where it leads nowhere else.
std::optional<Route> describe(const nlmsghdr *message)
{
    const auto *const route = static_cast<const rtmsg *>(NLMSG_DATA(message));
    const bool isCached = (route->rtm_flags & RTM_F_CLONED) != 0;
    if (route->rtm_type != RTN_UNICAST || route->rtm_table == RT_TABLE_LOCAL || isCached)
        return {};
    Route described;
    described.leadsEverywhere = route->rtm_dst_len == 0;
    // Without a cable a route may stay, with a flag.
    constexpr unsigned lost = RTNH_F_DEAD | RTNH_F_LINKDOWN;
    QByteArray &text = described.text;
    text = QByteArray::number(route->rtm_family) + '/' + QByteArray::number(route->rtm_dst_len)
        + '/' + QByteArray::number(route->rtm_table) + '/'
        + QByteArray::number(route->rtm_flags & lost);
    auto length = int(RTM_PAYLOAD(message));
    for (const rtattr *part = RTM_RTA(route); RTA_OK(part, length); part = RTA_NEXT(part, length)) {
        const QByteArray value(static_cast<const char *>(RTA_DATA(part)),
                               qsizetype(RTA_PAYLOAD(part)));
        if (part->rta_type == RTA_DST && staysOnTheLink(*route, value))
            return {};
        if (belongsToTheWay(part->rta_type))
            text += ' ' + QByteArray::number(part->rta_type) + '=' + value.toHex();
        if (part->rta_type == RTA_OIF && size_t(value.size()) >= sizeof described.link)
            std::memcpy(&described.link, value.constData(), sizeof described.link);
    }
    return described;
}

} // namespace

int subscribeToRoutes()
{
    // Links too: the kernel takes the IPv4 routes of a link that goes down without a word.
    return openNetlink(RTMGRP_LINK | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE);
}

NetworkWatch::Routes readRoutes()
{
    // First: a link that comes in between counts when the kernel's message of it is read.
    const QSet<int> inner = readInnerLinks();
    QList<Route> found;
    dumpNetlink(RTM_GETROUTE, [&found](const nlmsghdr *message) {
        if (message->nlmsg_type != RTM_NEWROUTE)
            return;
        if (const std::optional<Route> route = describe(message))
            found.append(*route);
    });
    QSet<int> waysOut; // a bridge may have the computer's own cable in it
    for (const Route &route : std::as_const(found)) {
        if (route.leadsEverywhere)
            waysOut.insert(route.link);
    }
    NetworkWatch::Routes routes;
    for (const Route &route : std::as_const(found)) {
        if (!inner.contains(route.link) || waysOut.contains(route.link))
            routes.insert(route.text);
    }
    return routes;
}
