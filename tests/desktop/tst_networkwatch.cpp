// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "desktop/awake/networkwatch.h"

#include <QSignalSpy>
#include <QTest>

#include <array>
#include <cstring>

#include <arpa/inet.h>
#include <fcntl.h>
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

/*! The loopback interface and routes over it, in the test's own network. */
class Loopback
{
public:
    Loopback() { setUp(true); }
    ~Loopback()
    {
        setUp(false);
        ::close(m_socket);
    }

    bool setUp(bool isUp)
    {
        ifreq request{};
        std::strcpy(request.ifr_name, "lo");
        request.ifr_flags = isUp ? IFF_UP | IFF_LOOPBACK : IFF_LOOPBACK;
        return ::ioctl(m_socket, SIOCSIFFLAGS, &request) == 0;
    }

    bool addRoute(const char *network, const char *mask) { return route(SIOCADDRT, network, mask); }
    bool removeRoute(const char *network, const char *mask)
    {
        return route(SIOCDELRT, network, mask);
    }

private:
    bool route(unsigned long what, const char *network, const char *mask) const
    {
        std::array<char, 3> device{'l', 'o', '\0'};
        rtentry entry{};
        entry.rt_dst = ipv4(network);
        entry.rt_genmask = ipv4(mask);
        entry.rt_flags = RTF_UP;
        entry.rt_dev = device.data();
        return ::ioctl(m_socket, what, &entry) == 0;
    }

    const int m_socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
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
