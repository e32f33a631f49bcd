// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "desktop/tray/trayhost.h"
#include "notifierwatcher.h"
#include "xembedmanager.h"

#include <QElapsedTimer>
#include <QGuiApplication>
#include <QProcess>
#include <QSignalSpy>
#include <QTest>

#include <optional>

using namespace std::chrono_literals;
using namespace Qt::Literals;
using Harness::XEmbedManager;
using Kind = TrayHost::Kind;

namespace {

constexpr auto shortGrace = 200ms;

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
    void findsTheHostOfAWatcherThatIsNotCompleteYet_data();
    void findsTheHostOfAWatcherThatIsNotCompleteYet();
    void doesNotTakeAWatcherForAHost();
    void followsAHostThatGoesAndComes();
    void takesAnXEmbedTrayOnlyAfterTheGrace();
    void findsAnXEmbedTrayThatComesLate();
    void followsAnXEmbedTrayThatGoes();
    void prefersTheNotifierHost();
    void prefersTheNotifierHostThatComesLater();
    void fallsBackWhenTheNotifierHostGoes();
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

void tst_TrayHost::findsTheHostOfAWatcherThatIsNotCompleteYet_data()
{
    QTest::addColumn<bool>("wasThereBefore");
    QTest::newRow("it comes later") << false;
    QTest::newRow("it was there before") << true;
}

void tst_TrayHost::findsTheHostOfAWatcherThatIsNotCompleteYet()
{
    QFETCH(bool, wasThereBefore);
    if (wasThereBefore)
        QVERIFY(m_watcher->startWithoutObject());
    TrayHost host(1h);
    QSignalSpy available(&host, &TrayHost::available);
    if (!wasThereBefore)
        QVERIFY(m_watcher->startWithoutObject());
    QVERIFY(!available.wait(150)); // and the first retry fails, too
    QVERIFY(m_watcher->start());
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

void tst_TrayHost::prefersTheNotifierHostThatComesLater()
{
    const XEmbedManager manager;
    TrayHost host(0ms);
    QSignalSpy changed(&host, &TrayHost::kindChanged);
    QSignalSpy lost(&host, &TrayHost::lost);
    QVERIFY(changed.wait());
    QCOMPARE(host.kind(), Kind::System);
    QVERIFY(m_watcher->start());
    QVERIFY(changed.wait());
    QCOMPARE(host.kind(), Kind::StatusNotifier);
    QVERIFY(lost.isEmpty()); // there was a tray all the time
}

void tst_TrayHost::fallsBackWhenTheNotifierHostGoes()
{
    const XEmbedManager manager;
    QVERIFY(m_watcher->start());
    TrayHost host(shortGrace);
    QSignalSpy changed(&host, &TrayHost::kindChanged);
    QVERIFY(changed.wait());
    QCOMPARE(host.kind(), Kind::StatusNotifier);
    m_elapsed.start(); // before its grace begins, however late we hear that it has
    m_watcher->stop();
    QVERIFY(changed.wait());
    QCOMPARE(host.kind(), Kind::Nothing);
    QVERIFY(changed.wait());
    QCOMPARE(host.kind(), Kind::System);
    QVERIFY(m_elapsed.elapsed() * 1ms >= shortGrace * 0.9); // coarse timers
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
