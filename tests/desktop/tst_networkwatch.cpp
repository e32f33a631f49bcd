// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "desktop/awake/networkwatch.h"
#include "desktop/awake/routes_linux.h"

#include <QSignalSpy>
#include <QTest>

#include <array>
#include <cstring>
#include <functional>

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <net/route.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace Qt::Literals;

namespace {

bool s_hasOwnNetwork = false;

bool write(const char *path, const QByteArray &text)
{
    const int file = ::open(path, O_WRONLY | O_CLOEXEC);
    const bool isDone =
        file != -1 && ::write(file, text.constData(), size_t(text.size())) == text.size();
    if (file != -1)
        ::close(file);
    return isDone;
}

// A network without anybody else in it, for this process alone: nothing of the computer's is
// touched. While there is one thread only.
bool enterOwnNetwork()
{
    const QByteArray user = QByteArray::number(::getuid());
    return ::unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0
        && write("/proc/self/uid_map", "0 " + user + " 1\n");
}

sockaddr ipv4(const char *address)
{
    sockaddr_in internet{};
    internet.sin_family = AF_INET;
    ::inet_pton(AF_INET, address, &internet.sin_addr);
    sockaddr any{};
    std::memcpy(&any, &internet, sizeof any);
    return any;
}

/*! A link of the test's own network, and routes over it. */
class Link
{
public:
    explicit Link(const QByteArray &name)
        : m_name(name)
    {}
    virtual ~Link()
    {
        setUp(false);
        ::close(m_socket);
    }

    bool setUp(bool isUp)
    {
        ifreq request = named();
        if (::ioctl(m_socket, SIOCGIFFLAGS, &request) != 0)
            return false;
        request.ifr_flags = short(isUp ? request.ifr_flags | IFF_UP : request.ifr_flags & ~IFF_UP);
        return ::ioctl(m_socket, SIOCSIFFLAGS, &request) == 0;
    }
    bool setAddress(const char *address, const char *mask)
    {
        ifreq request = named();
        request.ifr_addr = ipv4(address);
        if (::ioctl(m_socket, SIOCSIFADDR, &request) != 0)
            return false;
        request.ifr_netmask = ipv4(mask);
        return ::ioctl(m_socket, SIOCSIFNETMASK, &request) == 0;
    }
    bool addRoute(const char *network, const char *mask) { return route(SIOCADDRT, network, mask); }
    bool removeRoute(const char *network, const char *mask)
    {
        return route(SIOCDELRT, network, mask);
    }

protected:
    [[nodiscard]] ifreq named() const
    {
        ifreq request{};
        qstrncpy(request.ifr_name, m_name.constData(), sizeof request.ifr_name);
        return request;
    }

    const QByteArray m_name;
    const int m_socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

private:
    bool route(unsigned long what, const char *network, const char *mask)
    {
        QByteArray device = m_name;
        rtentry entry{};
        entry.rt_dst = ipv4(network);
        entry.rt_genmask = ipv4(mask);
        entry.rt_flags = RTF_UP;
        entry.rt_dev = device.data();
        return ::ioctl(m_socket, what, &entry) == 0;
    }
};

/*! The one link that is always there: it stands for a cable. */
class Loopback : public Link
{
public:
    Loopback()
        : Link("lo")
    {
        setUp(true);
    }
};

/*! A link that the test makes. */
class MadeLink : public Link
{
public:
    MadeLink(const QByteArray &name, const QByteArray &kind)
        : Link(name)
    {
        m_isMade = change(RTM_NEWLINK, kind);
    }
    ~MadeLink() override { change(RTM_DELLINK, {}); }

    [[nodiscard]] bool isMade() const { return m_isMade; }

    /*! \a port is in this bridge from now on. */
    bool take(const MadeLink &port)
    {
        ifreq request = named();
        request.ifr_ifindex = int(::if_nametoindex(port.m_name.constData()));
        return ::ioctl(m_socket, SIOCBRADDIF, &request) == 0;
    }

private:
    static QByteArray attribute(unsigned short type, const QByteArray &value)
    {
        const rtattr header{static_cast<unsigned short>(RTA_LENGTH(value.size())), type};
        QByteArray bytes(reinterpret_cast<const char *>(&header), sizeof header);
        bytes += value;
        return bytes.leftJustified(qsizetype(RTA_ALIGN(unsigned(bytes.size()))), '\0');
    }

    bool change(unsigned short what, const QByteArray &kind) const
    {
        QByteArray attributes = attribute(IFLA_IFNAME, m_name + '\0');
        if (!kind.isEmpty())
            attributes += attribute(IFLA_LINKINFO, attribute(IFLA_INFO_KIND, kind + '\0'));
        struct
        {
            nlmsghdr header;
            ifinfomsg link;
        } request{};
        request.header.nlmsg_type = what;
        request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
        if (what == RTM_NEWLINK)
            request.header.nlmsg_flags |= NLM_F_CREATE | NLM_F_EXCL;
        request.header.nlmsg_len = unsigned(sizeof request + size_t(attributes.size()));
        const QByteArray message =
            QByteArray(reinterpret_cast<const char *>(&request), sizeof request) + attributes;
        const int socket = ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
        struct
        {
            nlmsghdr header;
            nlmsgerr error;
        } answer{};
        // The kernel answers before send() returns, with the number 0 where it did so.
        const bool isDone =
            ::send(socket, message.constData(), size_t(message.size()), 0) == message.size()
            && ::recv(socket, &answer, sizeof answer, MSG_TRUNC) > 0 && answer.error.error == 0;
        ::close(socket);
        return isDone;
    }

    bool m_isMade = false;
};

/*! Messages and routes as the test wants them. */
class ScriptedKernel
{
public:
    ScriptedKernel()
    {
        if (::socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, m_ends.data()) != 0)
            qFatal("no socket pair");
    }
    ~ScriptedKernel()
    {
        for (int end : m_ends)
            ::close(end);
    }

    [[nodiscard]] int messages() const { return m_ends[0]; }
    void tell() { QVERIFY(::send(m_ends[1], "x", 1, 0) == 1); }

    NetworkWatch::Routes routes{"default over cable"};
    int readings = 0;

private:
    std::array<int, 2> m_ends{-1, -1};
};

} // namespace

class tst_NetworkWatch : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsWhatTheKernelTells_data();
    void tellsWhatTheKernelTells();
    void countsWhatLeadsOut_data();
    void countsWhatLeadsOut();
    void takesABurstForOneChange();
    void saysNothingWhereTheRoutesStayTheSame();
    void tellsOfARouteThatIsBackAtOnce();
    void watchesAsAnybody();
};

void tst_NetworkWatch::tellsWhatTheKernelTells_data()
{
    QTest::addColumn<int>("what");
    QTest::newRow("a way to everywhere") << 0;
    QTest::newRow("a way into one network, of a VPN for instance") << 1;
    QTest::newRow("a way that is gone") << 2;
    QTest::newRow("a link that goes down, whose ways go without a word") << 3;
}

void tst_NetworkWatch::tellsWhatTheKernelTells()
{
    QFETCH(int, what);
    if (!s_hasOwnNetwork)
        QSKIP("The kernel grants no network of the test's own.");
    Loopback loopback;
    QVERIFY(loopback.addRoute("198.51.100.0", "255.255.255.0"));
    NetworkWatch watch;
    QVERIFY(watch.isWatching());
    QSignalSpy changed(&watch, &NetworkWatch::changed);
    if (what == 0)
        QVERIFY(loopback.addRoute("0.0.0.0", "0.0.0.0"));
    else if (what == 1)
        QVERIFY(loopback.addRoute("192.0.2.0", "255.255.255.0"));
    else if (what == 2)
        QVERIFY(loopback.removeRoute("198.51.100.0", "255.255.255.0"));
    else
        QVERIFY(loopback.setUp(false));
    QTRY_COMPARE(changed.count(), 1);
}

void tst_NetworkWatch::countsWhatLeadsOut_data()
{
    using Act = std::function<bool(MadeLink & bridge, MadeLink & cable)>;
    QTest::addColumn<Act>("act");
    QTest::addColumn<bool>("counts");
    const auto bringUp = [](MadeLink &bridge, MadeLink &cable) {
        return bridge.setUp(true) && bridge.setAddress("172.17.0.1", "255.255.0.0")
            && cable.setUp(true);
    };
    QTest::newRow("a bridge that comes up") << Act(bringUp) << false;
    QTest::newRow("a bridge that gets its first container")
        << Act([=](MadeLink &bridge, MadeLink &cable) {
               return bringUp(bridge, cable) && bridge.take(cable);
           })
        << false;
    QTest::newRow("the cable of a container, with an address")
        << Act([](MadeLink &, MadeLink &cable) {
               return cable.setUp(true) && cable.setAddress("10.0.0.1", "255.255.255.240");
           })
        << false;
    QTest::newRow("a bridge with the computer's own cable in it")
        << Act([=](MadeLink &bridge, MadeLink &cable) {
               return bringUp(bridge, cable) && bridge.addRoute("0.0.0.0", "0.0.0.0");
           })
        << true;
}

void tst_NetworkWatch::countsWhatLeadsOut()
{
    using Act = std::function<bool(MadeLink &, MadeLink &)>;
    QFETCH(Act, act);
    QFETCH(bool, counts);
    if (!s_hasOwnNetwork)
        QSKIP("The kernel grants no network of the test's own.");
    MadeLink bridge("bridge0", "bridge");
    MadeLink cable("cable0", "veth");
    if (!bridge.isMade() || !cable.isMade())
        QSKIP("The kernel makes no bridges, or no virtual cables.");
    const NetworkWatch::Routes before = readRoutes();
    QVERIFY(act(bridge, cable));
    QCOMPARE(readRoutes() != before, counts);
}

void tst_NetworkWatch::takesABurstForOneChange()
{
    if (!s_hasOwnNetwork)
        QSKIP("The kernel grants no network of the test's own.");
    Loopback loopback;
    NetworkWatch watch;
    QSignalSpy changed(&watch, &NetworkWatch::changed);
    for (const char *network : {"192.0.2.0", "198.51.100.0", "203.0.113.0"})
        QVERIFY(loopback.addRoute(network, "255.255.255.0"));
    QVERIFY(loopback.addRoute("0.0.0.0", "0.0.0.0"));
    QVERIFY(changed.wait());
    QVERIFY(loopback.removeRoute("0.0.0.0", "0.0.0.0")); // a burst of its own
    QVERIFY(changed.wait());
    QCOMPARE(changed.count(), 2);
}

void tst_NetworkWatch::saysNothingWhereTheRoutesStayTheSame()
{
    ScriptedKernel kernel;
    NetworkWatch watch(kernel.messages(), [&kernel] {
        ++kernel.readings;
        return kernel.routes;
    });
    QSignalSpy changed(&watch, &NetworkWatch::changed);
    kernel.tell();
    QTRY_COMPARE(kernel.readings, 3); // at first, at the message, and when it was quiet again
    QCOMPARE(changed.count(), 0);
    kernel.routes = {"default over the air"};
    kernel.tell();
    QTRY_COMPARE(changed.count(), 1);
}

void tst_NetworkWatch::tellsOfARouteThatIsBackAtOnce()
{
    ScriptedKernel kernel;
    NetworkWatch watch(kernel.messages(), [&kernel] {
        // Gone at the message, and back when it is quiet.
        return ++kernel.readings == 2 ? NetworkWatch::Routes() : kernel.routes;
    });
    QSignalSpy changed(&watch, &NetworkWatch::changed);
    kernel.tell();
    QTRY_COMPARE(changed.count(), 1);
    QCOMPARE(kernel.readings, 3);
}

void tst_NetworkWatch::watchesAsAnybody()
{
    const NetworkWatch watch;
    QVERIFY(watch.isWatching());
}

int main(int argc, char *argv[])
{
    s_hasOwnNetwork = enterOwnNetwork();
    QCoreApplication app(argc, argv);
    tst_NetworkWatch test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_networkwatch.moc"
