// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

// rtnetlink(7), and the kinds as "ip -details link" names them

#include "innerlinks_linux.h"
#include "netlink_linux.h"

#include <QByteArrayView>

#include <linux/if_link.h>

namespace {

bool isInner(QByteArrayView kind)
{
    for (const char *inner :
         {"bridge", "openvswitch", "veth", "netkit", "dummy", "vxlan", "geneve"}) {
        if (kind == inner)
            return true;
    }
    return false;
}

// Empty for hardware.
QByteArrayView kindIn(rtattr *information)
{
    auto length = int(RTA_PAYLOAD(information));
    for (auto *part = static_cast<rtattr *>(RTA_DATA(information)); RTA_OK(part, length);
         part = RTA_NEXT(part, length)) {
        if (part->rta_type == IFLA_INFO_KIND)
            return {static_cast<const char *>(RTA_DATA(part))}; // ends with NUL
    }
    return {};
}

} // namespace

QSet<int> readInnerLinks()
{
    QSet<int> links;
    dumpNetlink(RTM_GETLINK, [&links](const nlmsghdr *message) {
        if (message->nlmsg_type != RTM_NEWLINK)
            return;
        const auto *const link = static_cast<const ifinfomsg *>(NLMSG_DATA(message));
        auto length = int(IFLA_PAYLOAD(message));
        for (auto *part = IFLA_RTA(link); RTA_OK(part, length); part = RTA_NEXT(part, length)) {
            if (part->rta_type == IFLA_LINKINFO && isInner(kindIn(part)))
                links.insert(link->ifi_index);
        }
    });
    return links;
}
