// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "desktop/trayhost.h"
#include "notifierwatcher.h"

#include <QElapsedTimer>
#include <QGuiApplication>
#include <QProcess>
#include <QSignalSpy>
#include <QTest>

#include <xcb/xcb.h>

#include <optional>

using namespace std::chrono_literals;
using namespace Qt::Literals;

namespace {

constexpr auto shortGrace = 200ms;

// A tray of the old kind: owns the selection, and says so.
class XEmbedManager
{
public:
    XEmbedManager()
        : m_connection(xcb_connect(nullptr, nullptr))
    {
        const xcb_screen_t *const screen =
            xcb_setup_roots_iterator(xcb_get_setup(m_connection)).data;
        m_window = xcb_generate_id(m_connection);
        xcb_create_window(m_connection, XCB_COPY_FROM_PARENT, m_window, screen->root, 0, 0, 1, 1, 0,
                          XCB_WINDOW_CLASS_INPUT_OUTPUT, screen->root_visual, 0, nullptr);
        const xcb_atom_t selection = atom("_NET_SYSTEM_TRAY_S0");
        xcb_set_selection_owner(m_connection, m_window, selection, XCB_CURRENT_TIME);
        xcb_client_message_event_t announcement = {};
        announcement.response_type = XCB_CLIENT_MESSAGE;
        announcement.format = 32;
        announcement.window = screen->root;
        announcement.type = atom("MANAGER");
        announcement.data.data32[0] = XCB_CURRENT_TIME;
        announcement.data.data32[1] = selection;
        announcement.data.data32[2] = m_window;
        xcb_send_event(m_connection, false, screen->root, XCB_EVENT_MASK_STRUCTURE_NOTIFY,
                       reinterpret_cast<const char *>(&announcement));
        xcb_flush(m_connection);
    }
    ~XEmbedManager()
    {
        xcb_destroy_window(m_connection, m_window);
        xcb_disconnect(m_connection);
    }
    Q_DISABLE_COPY_MOVE(XEmbedManager)

private:
    [[nodiscard]] xcb_atom_t atom(const QByteArray &name)
    {
        xcb_intern_atom_reply_t *const reply = xcb_intern_atom_reply(
            m_connection,
            xcb_intern_atom(m_connection, false, uint16_t(name.size()), name.constData()), nullptr);
        const xcb_atom_t result = reply->atom;
        std::free(reply);
        return result;
    }

    xcb_connection_t *m_connection;
    xcb_window_t m_window;
};

} // namespace

class tst_TrayHost : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void findsTheHostThatIsThere();
    void findsTheHostThatComesLate();
    void findsTheHostOfAWatcherThatWaitsForOne();
    void doesNotTakeAWatcherForAHost();
    void followsAHostThatGoesAndComes();
    void takesAnXEmbedTrayOnlyAfterTheGrace();
    void findsAnXEmbedTrayThatComesLate();
    void followsAnXEmbedTrayThatGoes();
    void prefersTheNotifierHost();
    void staysWithTheKindThatItFound();
    void survivesWithoutBusOrDisplay_data();
    void survivesWithoutBusOrDisplay();
    void findsNothingWhereThereIsNothing();

private:
    std::optional<Harness::NotifierWatcher> m_watcher;
    QElapsedTimer m_elapsed;
};

void tst_TrayHost::init()
{
    m_watcher.emplace(u"watcher"_s);
    m_elapsed.start();
}

void tst_TrayHost::cleanup()
{
    m_watcher.reset();
}

void tst_TrayHost::findsTheHostThatIsThere()
{
    QVERIFY(m_watcher->start());
    TrayHost host(1h);
    QSignalSpy available(&host, &TrayHost::available);
    QVERIFY(!host.isAvailable()); // never from the constructor
    QVERIFY(available.wait());
    QVERIFY(host.isAvailable());
}

void tst_TrayHost::findsTheHostThatComesLate()
{
    TrayHost host(0ms);
    QSignalSpy available(&host, &TrayHost::available);
    QSignalSpy graceIsOver(&host, &TrayHost::available);
    QVERIFY(!graceIsOver.wait(50));
    QVERIFY(m_watcher->start());
    QVERIFY(available.wait());
}

void tst_TrayHost::findsTheHostOfAWatcherThatWaitsForOne()
{
    m_watcher->setHasHost(false);
    QVERIFY(m_watcher->start());
    TrayHost host(1h);
    QSignalSpy available(&host, &TrayHost::available);
    QVERIFY(!available.wait(50));
    m_watcher->setHasHost(true);
    QVERIFY(available.wait());
}

void tst_TrayHost::doesNotTakeAWatcherForAHost()
{
    m_watcher->setHasHost(false);
    QVERIFY(m_watcher->start());
    TrayHost host(0ms);
    QSignalSpy available(&host, &TrayHost::available);
    QVERIFY(!available.wait(100));
}

void tst_TrayHost::followsAHostThatGoesAndComes()
{
    QVERIFY(m_watcher->start());
    TrayHost host(1h);
    QSignalSpy available(&host, &TrayHost::available);
    QSignalSpy lost(&host, &TrayHost::lost);
    QVERIFY(available.wait());
    m_watcher->stop();
    QVERIFY(lost.wait());
    QVERIFY(!host.isAvailable());
    QVERIFY(m_watcher->start());
    QVERIFY(available.wait());
    m_watcher->setHasHost(false);
    QVERIFY(lost.wait());
    QCOMPARE(available.count(), 2);
    QCOMPARE(lost.count(), 2);
}

void tst_TrayHost::takesAnXEmbedTrayOnlyAfterTheGrace()
{
    const XEmbedManager manager;
    TrayHost host(shortGrace);
    QSignalSpy available(&host, &TrayHost::available);
    QVERIFY(available.wait());
    QVERIFY(m_elapsed.elapsed() * 1ms >= shortGrace * 0.95); // coarse timers
}

void tst_TrayHost::findsAnXEmbedTrayThatComesLate()
{
    TrayHost host(0ms);
    QSignalSpy available(&host, &TrayHost::available);
    QVERIFY(!available.wait(50));
    const XEmbedManager manager;
    QVERIFY(available.wait());
}

void tst_TrayHost::followsAnXEmbedTrayThatGoes()
{
    std::optional<XEmbedManager> manager(std::in_place);
    TrayHost host(0ms);
    QSignalSpy available(&host, &TrayHost::available);
    QSignalSpy lost(&host, &TrayHost::lost);
    QVERIFY(available.wait());
    manager.reset();
    QVERIFY(lost.wait());
    QVERIFY(!host.isAvailable());
    manager.emplace();
    QVERIFY(available.wait());
}

void tst_TrayHost::prefersTheNotifierHost()
{
    const XEmbedManager manager;
    QVERIFY(m_watcher->start());
    TrayHost host(1h);
    QSignalSpy available(&host, &TrayHost::available);
    QVERIFY(available.wait()); // did not wait for the end of the grace period
}

void tst_TrayHost::staysWithTheKindThatItFound()
{
    std::optional<XEmbedManager> manager(std::in_place);
    TrayHost host(0ms);
    QSignalSpy available(&host, &TrayHost::available);
    QSignalSpy lost(&host, &TrayHost::lost);
    QVERIFY(available.wait());
    QVERIFY(m_watcher->start());
    manager.reset();
    QVERIFY(lost.wait());
    QVERIFY(!available.wait(100)); // an icon of the old kind would not be seen there
}

void tst_TrayHost::survivesWithoutBusOrDisplay_data()
{
    QTest::addColumn<QString>("platform");
    QTest::addColumn<QString>("bus");
    const QString bus = qEnvironmentVariable("DBUS_SESSION_BUS_ADDRESS");
    QTest::newRow("no bus, X11") << u"xcb"_s << u"unix:path=/nonexistent"_s;
    QTest::newRow("no bus, offscreen") << u"offscreen"_s << u"unix:path=/nonexistent"_s;
    QTest::newRow("bus, offscreen") << u"offscreen"_s << bus;
}

void tst_TrayHost::survivesWithoutBusOrDisplay()
{
    QFETCH(QString, platform);
    QFETCH(QString, bus);
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"QT_QPA_PLATFORM"_s, platform);
    environment.insert(u"DBUS_SESSION_BUS_ADDRESS"_s, bus);
    process.setProcessEnvironment(environment);
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(QCoreApplication::applicationFilePath(), {u"findsNothingWhereThereIsNothing"_s});
    QVERIFY(process.waitForFinished());
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QVERIFY2(process.exitCode() == 0, process.readAll().constData());
}

void tst_TrayHost::findsNothingWhereThereIsNothing()
{
    TrayHost host(0ms);
    QSignalSpy available(&host, &TrayHost::available);
    QVERIFY(!available.wait(100));
    QVERIFY(!host.isAvailable());
}

QTEST_MAIN(tst_TrayHost)
#include "tst_trayhost.moc"
