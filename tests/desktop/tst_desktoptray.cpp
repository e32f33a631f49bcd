// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "bystander.h"
#include "desktop/tray/desktoptray.h"
#include "desktop/tray/notifier/traytypes.h"
#include "notifierwatcher.h"
#include "xembedmanager.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QProcess>
#include <QSignalSpy>
#include <QTest>
#include <QTimer>

#include <optional>

using namespace std::chrono_literals;
using namespace Qt::Literals;
using Harness::XEmbedManager;

namespace {

constexpr auto shortGrace = 100ms;
constexpr int patience = 30'000; // ms; what matters is measured

QImage drawn(const Badge &, int size)
{
    QImage image(size, size, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::red);
    return image;
}

TrayFace face(int count)
{
    TrayFace face;
    face.badge = {QString::number(count), Badge::State::Live};
    face.title = u"Tallybell – %1 waiting"_s.arg(count);
    face.toolTip = face.title;
    face.label = QString::number(count);
    MenuEntry quit;
    quit.command = u"quit"_s;
    quit.text = u"Quit"_s;
    face.menu = {quit};
    return face;
}

} // namespace

/*
    Which tray it goes into, and how often. How it looks there is tested with each of them. There is no
    test here in which Qt's icon meets a StatusNotifier host before an XEmbed tray: nobody may do that.
*/
class tst_DesktopTray : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void showsTheLastFaceToAHostThatComesLate();
    void followsAHostThatGoesAndComes();
    void showsTheFirstChangeAtOnceAndTheLastAlways();
    void showsNoMoreThanFourChangesASecond();
    void isSilentWhenNothingChanged();
    void isSilentWhenAChangeIsTakenBack();
    void rendersTheMenuThatIsAskedForAtOnce();
    void passesOnWhatTheUserDoes();
    void fallsBackToXEmbed();
    void leavesXEmbedForAHostThatComesLate();
    void returnsToXEmbedWhenTheHostGoes();
    void hidesInXEmbed();
    void survivesWithoutATray_data();
    void survivesWithoutATray();
    void showsNothingWhereThereIsNothing();

private:
    [[nodiscard]] QString description();
    [[nodiscard]] qsizetype announced(const QString &signal) const;

    std::optional<Harness::NotifierWatcher> m_watcher;
    std::optional<DesktopTray> m_tray;
};

void tst_DesktopTray::init()
{
    m_watcher.emplace(u"watcher"_s);
}

void tst_DesktopTray::cleanup()
{
    m_tray.reset();
    m_watcher.reset();
}

// What the item says now; all that it announced before has come with the answer.
QString tst_DesktopTray::description()
{
    const QDBusMessage answer =
        m_watcher->call(u"/StatusNotifierItem"_s, u"org.freedesktop.DBus.Properties"_s, u"Get"_s,
                        {u"org.kde.StatusNotifierItem"_s, u"IconAccessibleDesc"_s});
    return answer.type() == QDBusMessage::ReplyMessage
        ? answer.arguments().at(0).value<QDBusVariant>().variant().toString()
        : QString();
}

qsizetype tst_DesktopTray::announced(const QString &signal) const
{
    return m_watcher->announcements().count(signal);
}

void tst_DesktopTray::showsTheLastFaceToAHostThatComesLate()
{
    m_tray.emplace(TrayPictures{&drawn, {}, {}}, 1h);
    QSignalSpy available(&*m_tray, &DesktopTray::available);
    m_tray->show(face(7));
    m_tray->show(face(8));
    QVERIFY(!available.wait(50));
    QVERIFY(!m_tray->isAvailable());
    QSignalSpy registered(&*m_watcher, &Harness::NotifierWatcher::StatusNotifierItemRegistered);
    Harness::Bystander bystander(u"org.kde.StatusNotifierWatcher"_s);
    QVERIFY(m_watcher->start());
    QTRY_VERIFY_WITH_TIMEOUT(available.count() == 1 && registered.count() == 1, patience);
    const std::chrono::milliseconds took = bystander.now();
    QTRY_VERIFY_WITH_TIMEOUT(bystander.lateness(), patience);
    qInfo("there after %d ms; a bystander's call took %d ms", int(took.count()),
          int(bystander.lateness()->count()));
    QVERIFY(took <= 1s + *bystander.lateness()); // the computer may be busy
    QVERIFY(m_tray->isAvailable());
    QCOMPARE(m_watcher->registrations, 1);
    QTRY_COMPARE(description(), face(8).title);
}

void tst_DesktopTray::followsAHostThatGoesAndComes()
{
    QVERIFY(m_watcher->start());
    m_tray.emplace(TrayPictures{&drawn, {}, {}}, 1h);
    QSignalSpy available(&*m_tray, &DesktopTray::available);
    QSignalSpy lost(&*m_tray, &DesktopTray::lost);
    m_tray->show(face(7));
    QVERIFY(available.wait());
    m_watcher->stop();
    QVERIFY(lost.wait());
    QVERIFY(!m_tray->isAvailable());
    QVERIFY(m_watcher->start());
    QVERIFY(available.wait());
    QTRY_VERIFY(!m_watcher->items().isEmpty());
    QCOMPARE(description(), face(7).title);
    QCOMPARE(lost.count(), 1);
}

void tst_DesktopTray::showsTheFirstChangeAtOnceAndTheLastAlways()
{
    QVERIFY(m_watcher->start());
    m_tray.emplace(TrayPictures{&drawn, {}, {}}, 1h);
    for (int count = 1; count <= 100; ++count)
        m_tray->show(face(count));
    QTRY_COMPARE(m_watcher->registrations, 1);
    QTRY_COMPARE(description(), face(100).title);
    QCOMPARE(announced(u"NewIcon"_s), 1);
    QCOMPARE(announced(u"XAyatanaNewLabel 100 999+"_s), 1);
}

void tst_DesktopTray::showsNoMoreThanFourChangesASecond()
{
    QVERIFY(m_watcher->start());
    m_tray.emplace(TrayPictures{&drawn, {}, {}}, 1h);
    m_tray->show(face(0));
    QTRY_COMPARE(m_watcher->registrations, 1);
    QElapsedTimer elapsed;
    elapsed.start();
    int count = 0;
    QTimer storm;
    connect(&storm, &QTimer::timeout, this, [&] {
        for (int several = 0; several < 10; ++several) // a busy machine gives few turns
            m_tray->show(face(++count));
    });
    storm.start(1ms);
    QTRY_VERIFY_WITH_TIMEOUT(announced(u"NewIcon"_s) >= 3, 20000);
    storm.stop();
    QTRY_COMPARE(description(), face(count).title);
    const qsizetype changes = announced(u"NewIcon"_s);
    QVERIFY2(changes <= elapsed.elapsed() / 237 + 1, // coarse timers come up to 5 % early
             qPrintable(u"%1 in %2 ms"_s.arg(changes).arg(elapsed.elapsed())));
    QVERIFY(count > changes * 3);
}

void tst_DesktopTray::isSilentWhenNothingChanged()
{
    QVERIFY(m_watcher->start());
    m_tray.emplace(TrayPictures{&drawn, {}, {}}, 1h);
    m_tray->show(face(7));
    QTRY_COMPARE(m_watcher->registrations, 1);
    QCOMPARE(description(), face(7).title);
    m_watcher->forgetAnnouncements();
    QSignalSpy nothing(m_tray.operator->(), &DesktopTray::lost);
    for (int again = 0; again < 6; ++again) {
        m_tray->show(face(7));
        QVERIFY(!nothing.wait(100));
    }
    QCOMPARE(description(), face(7).title);
    QCOMPARE(m_watcher->announcements(), QStringList());
}

void tst_DesktopTray::isSilentWhenAChangeIsTakenBack()
{
    QVERIFY(m_watcher->start());
    m_tray.emplace(TrayPictures{&drawn, {}, {}}, 1h);
    m_tray->show(face(7));
    QTRY_COMPARE(m_watcher->registrations, 1);
    QSignalSpy nothing(&*m_tray, &DesktopTray::lost);
    QVERIFY(!nothing.wait(400)); // the pause after the 7 is over
    m_watcher->forgetAnnouncements();
    m_tray->show(face(8)); // at once
    m_tray->show(face(9)); // in the pause after the 8, which no turn of the event loop can end
    m_tray->show(face(8));
    QVERIFY(!nothing.wait(400));
    QCOMPARE(description(), face(8).title);
    QCOMPARE(announced(u"NewIcon"_s), 1); // the 8's
}

void tst_DesktopTray::rendersTheMenuThatIsAskedForAtOnce()
{
    QVERIFY(m_watcher->start());
    m_tray.emplace(TrayPictures{&drawn, {}, {}}, 1h);
    m_tray->show(face(7));
    QTRY_COMPARE(m_watcher->registrations, 1);
    QString text;
    connect(&*m_tray, &DesktopTray::menuRequested, this, [this, &text] {
        TrayFace renewed = face(7);
        renewed.menu[0].text = text;
        m_tray->show(renewed);
    });
    for (int i = 0; i < 3; ++i) { // faster than four a second
        text = u"Quit %1"_s.arg(i);
        const QDBusMessage asked =
            m_watcher->call(u"/MenuBar"_s, u"com.canonical.dbusmenu"_s, u"AboutToShow"_s, {0});
        QCOMPARE(asked.type(), QDBusMessage::ReplyMessage);
        const QDBusMessage answer = m_watcher->call(u"/MenuBar"_s, u"com.canonical.dbusmenu"_s,
                                                    u"GetLayout"_s, {0, -1, QStringList()});
        const auto layout = qdbus_cast<BusMenuLayout>(answer.arguments().at(1));
        QCOMPARE(layout.children[0].properties.value(u"label"_s), text);
    }
}

void tst_DesktopTray::passesOnWhatTheUserDoes()
{
    QVERIFY(m_watcher->start());
    m_tray.emplace(TrayPictures{&drawn, {}, {}}, 1h);
    m_tray->show(face(7));
    QTRY_COMPARE(m_watcher->registrations, 1);
    QSignalSpy activated(&*m_tray, &DesktopTray::activated);
    QSignalSpy secondary(&*m_tray, &DesktopTray::secondaryActivated);
    QSignalSpy scrolled(&*m_tray, &DesktopTray::scrolled);
    QSignalSpy commanded(&*m_tray, &DesktopTray::commanded);
    const auto call = [this](const QString &method, const QVariantList &arguments) {
        return m_watcher
            ->call(u"/StatusNotifierItem"_s, u"org.kde.StatusNotifierItem"_s, method, arguments)
            .type();
    };
    QCOMPARE(call(u"ProvideXdgActivationToken"_s, {u"token"_s}), QDBusMessage::ReplyMessage);
    QCOMPARE(call(u"Activate"_s, {10, 20}), QDBusMessage::ReplyMessage);
    QCOMPARE(call(u"SecondaryActivate"_s, {10, 20}), QDBusMessage::ReplyMessage);
    QCOMPARE(call(u"Scroll"_s, {1, u"vertical"_s}), QDBusMessage::ReplyMessage);
    QTRY_COMPARE(activated.count(), 1);
    QCOMPARE(activated[0][0].value<std::optional<QPoint>>(), std::optional(QPoint(10, 20)));
    QCOMPARE(activated[0][1].toString(), u"token"_s);
    QTRY_COMPARE(secondary.count(), 1);
    QTRY_COMPARE(scrolled.count(), 1);
    QCOMPARE(scrolled[0][0].toInt(), 1);
    // What it asks for may be the end of the tray.
    connect(&*m_tray, &DesktopTray::commanded, this, [this] { m_tray.reset(); });
    const QDBusMessage clicked =
        m_watcher->call(u"/MenuBar"_s, u"com.canonical.dbusmenu"_s, u"Event"_s,
                        {1, u"clicked"_s, QVariant::fromValue(QDBusVariant(0)), 0U});
    QCOMPARE(clicked.type(), QDBusMessage::ReplyMessage);
    QTRY_VERIFY(!m_tray);
    QCOMPARE(commanded.count(), 1);
    QCOMPARE(commanded[0][0].toString(), u"quit"_s);
}

void tst_DesktopTray::fallsBackToXEmbed()
{
    XEmbedManager manager;
    m_tray.emplace(TrayPictures{&drawn, {}, {}}, shortGrace);
    QSignalSpy available(&*m_tray, &DesktopTray::available);
    m_tray->show(face(7));
    QCOMPARE(manager.icons(), 0);
    QVERIFY(available.wait());
    QTRY_COMPARE(manager.icons(), 1);
    m_tray.reset();
    QTRY_COMPARE(manager.icons(), 0);
}

void tst_DesktopTray::leavesXEmbedForAHostThatComesLate()
{
    XEmbedManager manager;
    m_tray.emplace(TrayPictures{&drawn, {}, {}}, shortGrace);
    QSignalSpy lost(&*m_tray, &DesktopTray::lost);
    m_tray->show(face(7));
    QTRY_COMPARE(manager.icons(), 1);
    m_tray->show(face(8));
    QVERIFY(m_watcher->start());
    QTRY_COMPARE(m_watcher->registrations, 1);
    QTRY_COMPARE(manager.icons(), 0);
    QTRY_COMPARE(description(), face(8).title);
    QVERIFY(m_tray->isAvailable());
    QVERIFY(lost.isEmpty());
}

void tst_DesktopTray::returnsToXEmbedWhenTheHostGoes()
{
    XEmbedManager manager;
    QVERIFY(m_watcher->start());
    m_tray.emplace(TrayPictures{&drawn, {}, {}}, shortGrace);
    m_tray->show(face(7));
    for (int round = 0; round < 3; ++round) {
        QTRY_VERIFY(!m_watcher->items().isEmpty());
        QTRY_VERIFY(m_tray->isAvailable());
        QTRY_COMPARE(manager.icons(), 0);
        m_watcher->stop();
        QTRY_COMPARE(manager.icons(), 1);
        QVERIFY(m_tray->isAvailable());
        QVERIFY(m_watcher->start());
    }
}

void tst_DesktopTray::hidesInXEmbed()
{
    XEmbedManager manager;
    m_tray.emplace(TrayPictures{&drawn, {}, {}}, 0ms);
    m_tray->show(face(7));
    QTRY_COMPARE(manager.icons(), 1);
    TrayFace hidden = face(0);
    hidden.isHidden = true;
    m_tray->show(hidden);
    QTRY_COMPARE(manager.icons(), 0);
    m_tray->show(face(1));
    QTRY_COMPARE(manager.icons(), 1);
}

void tst_DesktopTray::survivesWithoutATray_data()
{
    QTest::addColumn<QString>("platform");
    QTest::addColumn<QString>("bus");
    const QString bus = qEnvironmentVariable("DBUS_SESSION_BUS_ADDRESS");
    QTest::newRow("no bus, X11") << u"xcb"_s << u"unix:path=/nonexistent"_s;
    QTest::newRow("no bus, offscreen") << u"offscreen"_s << u"unix:path=/nonexistent"_s;
    QTest::newRow("bus, X11") << u"xcb"_s << bus;
    QTest::newRow("bus, offscreen") << u"offscreen"_s << bus;
}

void tst_DesktopTray::survivesWithoutATray()
{
    QFETCH(QString, platform);
    QFETCH(QString, bus);
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"QT_QPA_PLATFORM"_s, platform);
    environment.insert(u"DBUS_SESSION_BUS_ADDRESS"_s, bus);
    process.setProcessEnvironment(environment);
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(QCoreApplication::applicationFilePath(), {u"showsNothingWhereThereIsNothing"_s});
    QVERIFY(process.waitForFinished());
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QVERIFY2(process.exitCode() == 0, process.readAll().constData());
}

void tst_DesktopTray::showsNothingWhereThereIsNothing()
{
    m_tray.emplace(TrayPictures{&drawn, {}, {}}, 0ms);
    QSignalSpy available(&*m_tray, &DesktopTray::available);
    for (int count = 0; count < 3; ++count) {
        m_tray->show(face(count));
        QVERIFY(!available.wait(50));
    }
    QVERIFY(!m_tray->isAvailable());
}

QTEST_MAIN(tst_DesktopTray)
#include "tst_desktoptray.moc"
