// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "bystander.h"
#include "desktop/tray/notifier/statusnotifieritem.h"
#include "desktop/tray/notifier/traytypes.h"
#include "desktop/tray/wheel.h"
#include "notifierwatcher.h"

#include <QDBusConnectionInterface>
#include <QDBusObjectPath>
#include <QElapsedTimer>
#include <QGuiApplication>
#include <QRegularExpression>
#include <QScopeGuard>
#include <QSignalSpy>
#include <QTest>

#include <functional>
#include <optional>
#include <utility>

using namespace std::chrono_literals;
using namespace Qt::Literals;

namespace {

constexpr auto itemPath = "/StatusNotifierItem"_L1;
constexpr auto itemInterface = "org.kde.StatusNotifierItem"_L1;
constexpr auto propertiesInterface = "org.freedesktop.DBus.Properties"_L1;
constexpr auto watcherService = "org.kde.StatusNotifierWatcher"_L1;
constexpr int patience = 15'000; // ms; less than the bus waits for an answer
constexpr qsizetype mostBytes = 4096; // of a change, with all that a host reads after it

// A badge is told by its colour here; how one looks is not the item's business.
QImage drawn(const Badge &badge, int size)
{
    QImage image(size, size, QImage::Format_ARGB32_Premultiplied);
    image.fill(qRgba(badge.text.toInt(), 2, 3, 255));
    image.setPixelColor(0, 0, QColor(255, 0, 0, 128));
    return image;
}

TrayPictures pictures()
{
    return {&drawn, {}, {}};
}

TrayPictures themed()
{
    const auto name = [](const Badge &badge) {
        return badge.text == u"99+" ? QString() : u"tallybell-count-%1-symbolic"_s.arg(badge.text);
    };
    return {&drawn, name, u"/usr/share/tallybell/icons"_s};
}

// As long as they come: a name and a state in each line.
TrayFace face(int count)
{
    TrayFace face;
    face.badge = {QString::number(count), Badge::State::Live};
    face.title = u"Tallybell – %1 waiting"_s.arg(count);
    face.toolTip =
        face.title + u"\nWork & home: 4, live since 14:02\n<Ops>: reconnecting in 12 s"_s;
    face.label = QString::number(count);
    MenuEntry quit;
    quit.command = u"quit"_s;
    quit.text = u"Quit"_s;
    face.menu = {quit};
    return face;
}

// Registered just now, and this computer may be busy.
void expectNoMoreThanASecondAfter(const Harness::Bystander &bystander)
{
    const std::chrono::milliseconds took = bystander.now();
    QTRY_VERIFY_WITH_TIMEOUT(bystander.lateness(), patience);
    qInfo("registered after %d ms; a bystander was late by %d ms", int(took.count()),
          int(bystander.lateness()->count()));
    QVERIFY(took <= 1s + *bystander.lateness());
}

} // namespace

class tst_StatusNotifierItem : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void registersUnderANameOfItsOwn();
    void registersNothingBeforeTheFirstFace();
    void registersWithAWatcherThatComesLate();
    void registersWithAWatcherThatIsNotCompleteYet_data();
    void registersWithAWatcherThatIsNotCompleteYet();
    void registersWithAWatcherThatRefusesAtFirst_data();
    void registersWithAWatcherThatRefusesAtFirst();
    void registersWithAWatcherThatTakesThePlaceOfOneThatHangs_data();
    void registersWithAWatcherThatTakesThePlaceOfOneThatHangs();
    void registersAgainWhenTheWatcherRestarts();
    void comesBackByItsUniqueNameWhereItIsDropped();
    void knowsItselfInWhatTheWatcherDropped_data();
    void knowsItselfInWhatTheWatcherDropped();
    void leavesTheWatcherAloneThatAlwaysDropsIt();
    void registersByItsNameWhereTheWatcherLeavesAfterDroppingIt();
    void doesNotMindWhatOthersLose_data();
    void doesNotMindWhatOthersLose();
    void staysAwayWhenItLeftAfterItWasDropped();
    void leavesTheBus();
    void tellsWhatItIs();
    void sendsPicturesInNetworkOrder();
    void sendsNamesInsteadOfPictures();
    void sendsPicturesWhereTheThemeHasNone();
    void sendsNoNamesOutOfASandbox();
    void tellsPlasmaByItsTitle();
    void announcesWhatChanged_data();
    void announcesWhatChanged();
    void isSilentWhenNothingChanged();
    void fillsTheIconOfAttention();
    void costsFewBytes_data();
    void costsFewBytes();
    void passesOnClicks();
    void passesOnTheTokenOnce();
    void countsNotches_data();
    void countsNotches();
    void countsTheStepsOfATouchpadOnceAWhile_data();
    void countsTheStepsOfATouchpadOnceAWhile();
    void spinsNothingByATouchpad();
    void answersNonsenseWithAnError_data();
    void answersNonsenseWithAnError();

private:
    void show(const TrayFace &face);
    void meet(const std::function<bool()> &watcher);
    [[nodiscard]] QVariant property(const QString &name);
    [[nodiscard]] QDBusMessage call(const QString &method, const QVariantList &arguments);

    std::optional<Harness::NotifierWatcher> m_watcher;
    std::unique_ptr<StatusNotifierItem> m_item;
};

void tst_StatusNotifierItem::initTestCase()
{
    registerTrayTypes();
}

void tst_StatusNotifierItem::init()
{
    m_watcher.emplace(u"watcher"_s);
    m_item = StatusNotifierItem::create(pictures());
    QVERIFY(m_item);
}

void tst_StatusNotifierItem::cleanup()
{
    m_item.reset();
    m_watcher.reset();
}

// The item is known to the watcher from now on.
void tst_StatusNotifierItem::show(const TrayFace &face)
{
    QVERIFY(m_watcher->start());
    m_item->show(face);
    QTRY_COMPARE(m_watcher->registrations, 1);
}

// The item has a face and the watcher starts; which is first, the row says.
void tst_StatusNotifierItem::meet(const std::function<bool()> &watcher)
{
    QFETCH(bool, wasThereBefore);
    if (wasThereBefore) {
        QVERIFY(watcher());
        m_item = StatusNotifierItem::create(pictures());
    }
    m_item->show(face(7));
    if (!wasThereBefore)
        QVERIFY(watcher());
}

QVariant tst_StatusNotifierItem::property(const QString &name)
{
    const QDBusMessage answer =
        m_watcher->call(itemPath, propertiesInterface, u"Get"_s, {QString(itemInterface), name});
    if (answer.type() != QDBusMessage::ReplyMessage)
        return {};
    return answer.arguments().at(0).value<QDBusVariant>().variant();
}

QDBusMessage tst_StatusNotifierItem::call(const QString &method, const QVariantList &arguments)
{
    return m_watcher->call(itemPath, itemInterface, method, arguments);
}

void tst_StatusNotifierItem::registersUnderANameOfItsOwn()
{
    show(face(7));
    const QString name = m_watcher->items().constLast();
    QVERIFY(name.startsWith(
        u"org.kde.StatusNotifierItem-%1-"_s.arg(QCoreApplication::applicationPid())));
    QVERIFY(!name.contains(u'/')); // Waybar takes no path
    const auto other = StatusNotifierItem::create(pictures());
    other->show(face(8));
    QTRY_COMPARE(m_watcher->registrations, 2);
    QVERIFY(m_watcher->items().constLast() != name);
    QCOMPARE(property(u"IconAccessibleDesc"_s).toString(), face(8).title);
}

void tst_StatusNotifierItem::registersNothingBeforeTheFirstFace()
{
    QVERIFY(m_watcher->start());
    QSignalSpy registered(&*m_watcher, &Harness::NotifierWatcher::StatusNotifierItemRegistered);
    QVERIFY(!registered.wait(100));
    m_item->show(face(7));
    QVERIFY(registered.wait());
}

void tst_StatusNotifierItem::registersWithAWatcherThatComesLate()
{
    m_item->show(face(7));
    QSignalSpy registered(&*m_watcher, &Harness::NotifierWatcher::StatusNotifierItemRegistered);
    QVERIFY(!registered.wait(50));
    Harness::Bystander bystander(watcherService);
    QVERIFY(m_watcher->start());
    QVERIFY(registered.wait(patience));
    expectNoMoreThanASecondAfter(bystander);
}

// Who watches the bus is told of a name that comes, and of one that is there already only when asked.
void tst_StatusNotifierItem::registersWithAWatcherThatIsNotCompleteYet_data()
{
    QTest::addColumn<bool>("wasThereBefore");
    QTest::newRow("it comes later") << false;
    QTest::newRow("it was there before") << true;
}

void tst_StatusNotifierItem::registersWithAWatcherThatIsNotCompleteYet()
{
    QSignalSpy registered(&*m_watcher, &Harness::NotifierWatcher::StatusNotifierItemRegistered);
    meet([this] { return m_watcher->startWithoutObject(); });
    QVERIFY(!registered.wait(150)); // and the first retry fails, too
    Harness::Bystander bystander(watcherService);
    bystander.callAfter(500ms);
    QVERIFY(m_watcher->start());
    QVERIFY(registered.wait(patience));
    expectNoMoreThanASecondAfter(bystander);
    QVERIFY(!registered.wait(300)); // one is enough
}

void tst_StatusNotifierItem::registersWithAWatcherThatRefusesAtFirst_data()
{
    registersWithAWatcherThatIsNotCompleteYet_data();
}

void tst_StatusNotifierItem::registersWithAWatcherThatRefusesAtFirst()
{
    m_watcher->refuse(3);
    QSignalSpy registered(&*m_watcher, &Harness::NotifierWatcher::StatusNotifierItemRegistered);
    meet([this] { return m_watcher->start(); });
    QVERIFY(registered.wait(patience));
    QCOMPARE(m_watcher->questions, 4);
}

void tst_StatusNotifierItem::registersWithAWatcherThatTakesThePlaceOfOneThatHangs_data()
{
    registersWithAWatcherThatIsNotCompleteYet_data();
}

void tst_StatusNotifierItem::registersWithAWatcherThatTakesThePlaceOfOneThatHangs()
{
    m_watcher->hang();
    meet([this] { return m_watcher->start(); });
    QTRY_COMPARE(m_watcher->questions, 1);
    Harness::NotifierWatcher other(u"other watcher"_s);
    QSignalSpy registered(&other, &Harness::NotifierWatcher::StatusNotifierItemRegistered);
    QVERIFY(other.replace());
    QVERIFY(registered.wait(patience));
    QCOMPARE(m_watcher->registrations, 0);
}

void tst_StatusNotifierItem::registersAgainWhenTheWatcherRestarts()
{
    show(face(7));
    QSignalSpy registered(&*m_watcher, &Harness::NotifierWatcher::StatusNotifierItemRegistered);
    for (int restart = 1; restart <= 100; ++restart) {
        m_watcher->stop();
        QVERIFY(m_watcher->start());
        QVERIFY(registered.wait()); // faster than QTRY_, and there are many
        QCOMPARE(m_watcher->registrations, 1 + restart);
        QCOMPARE(m_watcher->items().size(), 1);
    }
    QCOMPARE(property(u"IconAccessibleDesc"_s).toString(), face(7).title);
}

// GNOME's extension takes an item, says so, and drops it at times; one that came by its unique name
// it keeps.
void tst_StatusNotifierItem::comesBackByItsUniqueNameWhereItIsDropped()
{
    m_watcher->setDrops(Harness::NotifierWatcher::Drops::Named);
    QVERIFY(m_watcher->start());
    m_item->show(face(7));
    QTRY_COMPARE(m_watcher->registrations, 2);
    QCOMPARE(m_watcher->items().size(), 1);
    const QString unique = m_watcher->items().constLast();
    QVERIFY(unique.startsWith(u':'));
    QCOMPARE(property(u"IconAccessibleDesc"_s).toString(), face(7).title);
    Q_EMIT m_watcher->StatusNotifierItemUnregistered(unique);
    QTRY_COMPARE(m_watcher->registrations, 3);
    QCOMPARE(m_watcher->items().constLast(), unique);
}

void tst_StatusNotifierItem::knowsItselfInWhatTheWatcherDropped_data()
{
    QTest::addColumn<bool>("isUnique");
    QTest::addColumn<QString>("end");
    QTest::addColumn<bool>("isHidden");
    QTest::newRow("its name") << false << QString() << false;
    QTest::newRow("its name and path") << false << u"/StatusNotifierItem"_s << false;
    QTest::newRow("its unique name") << true << QString() << false;
    QTest::newRow("its unique name and path") << true << u"/StatusNotifierItem"_s << false;
    QTest::newRow("as GNOME writes it") << true << u"@/StatusNotifierItem"_s << false;
    QTest::newRow("hidden, for it may be shown later") << false << QString() << true;
}

void tst_StatusNotifierItem::knowsItselfInWhatTheWatcherDropped()
{
    QFETCH(bool, isUnique);
    QFETCH(QString, end);
    QFETCH(bool, isHidden);
    TrayFace shown = face(7);
    shown.isHidden = isHidden;
    show(shown);
    const QString name = m_watcher->items().constLast();
    const QString unique = QDBusConnection::sessionBus().interface()->serviceOwner(name);
    Q_EMIT m_watcher->StatusNotifierItemUnregistered((isUnique ? unique : name) + end);
    QTRY_COMPARE(m_watcher->registrations, 2);
    QCOMPARE(m_watcher->items().constLast(), unique);
}

void tst_StatusNotifierItem::leavesTheWatcherAloneThatAlwaysDropsIt()
{
    m_watcher->setDrops(Harness::NotifierWatcher::Drops::All);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"panel.*dropped.*4 times"_s));
    QVERIFY(m_watcher->start());
    m_item->show(face(7));
    QTRY_COMPARE(m_watcher->registrations, 4);
    QSignalSpy registered(&*m_watcher, &Harness::NotifierWatcher::StatusNotifierItemRegistered);
    QVERIFY(!registered.wait(1000));

    m_watcher->stop(); // and the next one has its chances, too
    QVERIFY(m_watcher->start());
    QTRY_VERIFY(registered.size() >= 2);
    QVERIFY(registered[0][0].toString().startsWith(u"org.kde.StatusNotifierItem-"));
    QVERIFY(registered[1][0].toString().startsWith(u':'));
}

// So does an extension of GNOME that is turned off, when the screen is locked for instance.
void tst_StatusNotifierItem::registersByItsNameWhereTheWatcherLeavesAfterDroppingIt()
{
    show(face(7));
    const QString name = m_watcher->items().constLast();
    Q_EMIT m_watcher->StatusNotifierItemUnregistered(name);
    m_watcher->stop();
    QSignalSpy registered(&*m_watcher, &Harness::NotifierWatcher::StatusNotifierItemRegistered);
    QVERIFY(!registered.wait(500));
    QCOMPARE(m_watcher->questions, 1);
    QVERIFY(m_watcher->start());
    QVERIFY(registered.wait(patience));
    QCOMPARE(m_watcher->items(), QStringList{name});
    QVERIFY(!registered.wait(500));
}

void tst_StatusNotifierItem::doesNotMindWhatOthersLose_data()
{
    QTest::addColumn<QString>("item");
    QTest::addColumn<bool>("isOfTheWatcher");
    QTest::newRow("another item") << u"org.kde.StatusNotifierItem-1-1"_s << true;
    QTest::newRow("a longer name") << u"%10"_s << true;
    QTest::newRow("another path") << u"%1/org/example/Item"_s << true;
    QTest::newRow("nothing") << QString() << true;
    QTest::newRow("somebody who is not the watcher") << u"%1"_s << false;
}

void tst_StatusNotifierItem::doesNotMindWhatOthersLose()
{
    QFETCH(QString, item);
    QFETCH(bool, isOfTheWatcher);
    show(face(7));
    Harness::NotifierWatcher other(u"other watcher"_s);
    QVERIFY(!other.start()); // the name is taken
    QSignalSpy registered(&*m_watcher, &Harness::NotifierWatcher::StatusNotifierItemRegistered);
    item.replace(u"%1"_s, m_watcher->items().constLast());
    Q_EMIT(isOfTheWatcher ? *m_watcher : other).StatusNotifierItemUnregistered(item);
    QVERIFY(!registered.wait(1000));
}

void tst_StatusNotifierItem::staysAwayWhenItLeftAfterItWasDropped()
{
    show(face(7));
    Q_EMIT m_watcher->StatusNotifierItemUnregistered(m_watcher->items().constLast());
    QVERIFY(property(u"Title"_s).isValid()); // whose answer comes after it knows
    m_item.reset();
    QVERIFY(!property(u"Title"_s).isValid()); // after all that it had asked
    QSignalSpy registered(&*m_watcher, &Harness::NotifierWatcher::StatusNotifierItemRegistered);
    QVERIFY(!registered.wait(500));
}

void tst_StatusNotifierItem::leavesTheBus()
{
    show(face(7));
    m_item.reset();
    QVERIFY(!property(u"Title"_s).isValid());
}

void tst_StatusNotifierItem::tellsWhatItIs()
{
    show(face(7));
    const QDBusMessage answer =
        m_watcher->call(itemPath, propertiesInterface, u"GetAll"_s, {QString(itemInterface)});
    const auto all = qdbus_cast<QVariantMap>(answer.arguments().at(0));
    QCOMPARE(all[u"Category"_s], u"Communications"_s);
    QCOMPARE(all[u"Id"_s], u"tallybell"_s);
    QCOMPARE(all[u"Title"_s], u"Tallybell"_s);
    QCOMPARE(all[u"Status"_s], u"Active"_s);
    QCOMPARE(all[u"IconName"_s], QString());
    QCOMPARE(all[u"IconThemePath"_s], QString());
    QCOMPARE(all[u"IconAccessibleDesc"_s], u"Tallybell – 7 waiting"_s);
    QCOMPARE(all[u"Menu"_s].value<QDBusObjectPath>().path(), u"/MenuBar"_s);
    QCOMPARE(all[u"ItemIsMenu"_s], false);
    QCOMPARE(all[u"XAyatanaLabel"_s], u"7"_s);
    QCOMPARE(all[u"XAyatanaLabelGuide"_s], u"999+"_s);
    const auto toolTip = qdbus_cast<BusToolTip>(all[u"ToolTip"_s]);
    QCOMPARE(toolTip.title, u"Tallybell – 7 waiting"_s);
    QCOMPARE(toolTip.text,
             u"Work &amp; home: 4, live since 14:02\n"
             "&lt;Ops&gt;: reconnecting in 12 s"_s);
    for (auto one = all.cbegin(); one != all.cend(); ++one)
        QVERIFY2(property(one.key()).isValid(), qPrintable(one.key()));
}

void tst_StatusNotifierItem::sendsPicturesInNetworkOrder()
{
    show(face(7));
    const auto pixmaps = qdbus_cast<BusPixmaps>(property(u"IconPixmap"_s));
    QCOMPARE(pixmaps.size(), 1);
    QCOMPARE(pixmaps[0].width, 22);
    QCOMPARE(pixmaps[0].height, 22);
    QCOMPARE(pixmaps[0].bytes.size(), 22 * 22 * 4);
    QCOMPARE(pixmaps[0].bytes.first(8).toHex(), "80ff0000ff070203"_ba); // alpha, red, green, blue
}

void tst_StatusNotifierItem::sendsNamesInsteadOfPictures()
{
    m_item = StatusNotifierItem::create(themed());
    show(face(7));
    QCOMPARE(property(u"IconName"_s), u"tallybell-count-7-symbolic"_s);
    QCOMPARE(property(u"IconThemePath"_s), themed().themePath);
    QVERIFY(qdbus_cast<BusPixmaps>(property(u"IconPixmap"_s)).isEmpty());
}

void tst_StatusNotifierItem::sendsPicturesWhereTheThemeHasNone()
{
    m_item = StatusNotifierItem::create(themed());
    TrayFace many = face(7);
    many.badge.text = u"99+"_s;
    show(many);
    QCOMPARE(property(u"IconName"_s), QString());
    QCOMPARE(qdbus_cast<BusPixmaps>(property(u"IconPixmap"_s)).size(), 1);
    m_watcher->forgetAnnouncements();
    m_item->show(face(7));
    QTRY_VERIFY(m_watcher->announcements().contains(u"NewIcon"_s));
    QCOMPARE(property(u"IconName"_s), u"tallybell-count-7-symbolic"_s);
    QVERIFY(qdbus_cast<BusPixmaps>(property(u"IconPixmap"_s)).isEmpty());
}

void tst_StatusNotifierItem::sendsNoNamesOutOfASandbox()
{
    qputenv("SNAP", "/snap/tallybell/1");
    m_item = StatusNotifierItem::create(themed());
    qunsetenv("SNAP");
    show(face(7));
    QCOMPARE(property(u"IconName"_s), QString());
    QCOMPARE(property(u"IconThemePath"_s), QString());
    QCOMPARE(qdbus_cast<BusPixmaps>(property(u"IconPixmap"_s)).size(), 1);
}

// Whose screen readers know of no description.
void tst_StatusNotifierItem::tellsPlasmaByItsTitle()
{
    qputenv("XDG_CURRENT_DESKTOP", "KDE");
    const auto isKde = qScopeGuard([] { qunsetenv("XDG_CURRENT_DESKTOP"); });
    show(face(7));
    QCOMPARE(property(u"Title"_s).toString(), face(7).title);
    m_watcher->forgetAnnouncements();
    m_item->show(face(8));
    QCOMPARE(property(u"Title"_s).toString(), face(8).title);
    QVERIFY(m_watcher->announcements().contains(u"NewTitle"_s));
}

void tst_StatusNotifierItem::announcesWhatChanged_data()
{
    using Change = std::function<void(TrayFace &)>;
    QTest::addColumn<Change>("change");
    QTest::addColumn<QStringList>("announcements");
    QTest::newRow("number") << Change([](TrayFace &face) { face.badge.text = u"8"_s; })
                            << QStringList{u"NewIcon"_s};
    QTest::newRow("state") << Change([](TrayFace &face) { face.badge.state = Badge::State::Stale; })
                           << QStringList{u"NewIcon"_s};
    QTest::newRow("title") << Change([](TrayFace &face) { face.title = u"Tallybell"_s; })
                           << QStringList{}; // but on Plasma
    QTest::newRow("first line of the tooltip")
        << Change([](TrayFace &face) { face.toolTip.replace(u"7 waiting"_s, u"7 wait"_s); })
        << QStringList{u"NewIcon"_s, u"NewToolTip"_s}; // of the icon it is the description
    QTest::newRow("tooltip") << Change([](TrayFace &face) { face.toolTip += u" ago"_s; })
                             << QStringList{u"NewToolTip"_s};
    QTest::newRow("label") << Change([](TrayFace &face) { face.label = u"8"_s; })
                           << QStringList{u"XAyatanaNewLabel 8 999+"_s};
    QTest::newRow("no label") << Change([](TrayFace &face) { face.label.clear(); })
                              << QStringList{u"XAyatanaNewLabel  "_s};
    QTest::newRow("attention") << Change([](TrayFace &face) { face.needsAttention = true; })
                               << QStringList{u"NewAttentionIcon"_s, u"NewStatus NeedsAttention"_s};
    QTest::newRow("hidden") << Change([](TrayFace &face) { face.isHidden = true; })
                            << QStringList{u"NewStatus Passive"_s};
    QTest::newRow("menu") << Change([](TrayFace &face) { face.menu[0].text = u"Leave"_s; })
                          << QStringList{u"ItemsPropertiesUpdated"_s};
}

void tst_StatusNotifierItem::announcesWhatChanged()
{
    using Change = std::function<void(TrayFace &)>;
    QFETCH(Change, change);
    QFETCH(QStringList, announcements);
    show(face(7));
    m_watcher->forgetAnnouncements(); // of the menu
    TrayFace changed = face(7);
    change(changed);
    m_item->show(changed);
    QVERIFY(property(u"Title"_s).isValid()); // whose answer comes after all signals
    QCOMPARE(m_watcher->announcements(), announcements);
}

void tst_StatusNotifierItem::isSilentWhenNothingChanged()
{
    show(face(7));
    QVERIFY(property(u"Title"_s).isValid());
    m_watcher->forgetAnnouncements();
    for (int i = 0; i < 100; ++i)
        m_item->show(face(7));
    QVERIFY(property(u"Title"_s).isValid());
    QCOMPARE(m_watcher->announcements(), QStringList());
}

void tst_StatusNotifierItem::fillsTheIconOfAttention()
{
    TrayFace login = face(7);
    login.needsAttention = true;
    show(login);
    QCOMPARE(property(u"Status"_s), u"NeedsAttention"_s);
    QCOMPARE(property(u"AttentionAccessibleDesc"_s), login.title);
    QCOMPARE(qdbus_cast<BusPixmaps>(property(u"AttentionIconPixmap"_s)),
             BusPixmaps{BusPixmap::fromImage(drawn(login.badge, 16))});
    QCOMPARE(qdbus_cast<BusPixmaps>(property(u"IconPixmap"_s)).size(), 1); // Waybar's choice

    m_item = StatusNotifierItem::create(themed());
    m_item->show(login);
    QTRY_COMPARE(m_watcher->registrations, 2);
    QCOMPARE(property(u"AttentionIconName"_s), u"tallybell-count-7-symbolic"_s);
    QVERIFY(qdbus_cast<BusPixmaps>(property(u"AttentionIconPixmap"_s)).isEmpty());
}

void tst_StatusNotifierItem::costsFewBytes_data()
{
    using Reads = Harness::NotifierWatcher::Reads;
    QTest::addColumn<bool>("hasNames");
    QTest::addColumn<bool>("needsAttention");
    QTest::addColumn<Reads>("reads");
    QTest::addColumn<qsizetype>("limit");
    QTest::newRow("pictures") << false << false << Reads::Soon << mostBytes;
    QTest::newRow("pictures, attention") << false << true << Reads::Soon << mostBytes;
    QTest::newRow("names") << true << false << Reads::Soon << qsizetype(3072);
    QTest::newRow("names, attention") << true << true << Reads::Soon << qsizetype(3072);
    QTest::newRow("names, Xfce") << true << false << Reads::ForEach << mostBytes;
}

void tst_StatusNotifierItem::costsFewBytes()
{
    QFETCH(bool, hasNames);
    QFETCH(bool, needsAttention);
    QFETCH(Harness::NotifierWatcher::Reads, reads);
    QFETCH(qsizetype, limit);
    m_item = StatusNotifierItem::create(hasNames ? themed() : pictures());
    show(face(7));
    QVERIFY(property(u"Title"_s).isValid());
    m_watcher->forgetAnnouncements();
    m_watcher->setReads(reads);
    TrayFace next = face(8); // another picture, title, tooltip and label
    next.needsAttention = needsAttention;
    for (int source = 0; source < 20; ++source)
        next.toolTip += u"\nSource %1: 4, live since 14:02"_s.arg(source);
    m_item->show(next);
    QTRY_VERIFY(m_watcher->properties().value(u"XAyatanaLabel"_s) == u"8"_s);
    QVERIFY(property(u"Title"_s).isValid()); // all signals have come
    QTRY_VERIFY(!m_watcher->isReading());
    qInfo("%lld bytes, of them %lld of %lld signals", qlonglong(m_watcher->bytes()),
          qlonglong(m_watcher->bytesOfSignals()), qlonglong(m_watcher->announcements().size()));
    QCOMPARE(m_watcher->readings(), reads == Harness::NotifierWatcher::Reads::Soon ? 1 : 2);
    QVERIFY2(m_watcher->bytes() <= limit, qPrintable(QString::number(m_watcher->bytes())));
}

void tst_StatusNotifierItem::passesOnClicks()
{
    show(face(7));
    QSignalSpy activated(m_item.get(), &TrayPlace::activated);
    QSignalSpy secondary(m_item.get(), &TrayPlace::secondaryActivated);
    QSignalSpy scrolled(m_item.get(), &TrayPlace::scrolled);
    using Place = std::optional<QPoint>;
    QCOMPARE(call(u"Activate"_s, {30, 40}).type(), QDBusMessage::ReplyMessage);
    QTRY_COMPARE(activated.count(), 1);
    QCOMPARE(activated[0][0].value<Place>(), Place(QPoint(30, 40)));
    QCOMPARE(call(u"Activate"_s, {0, 0}).type(), QDBusMessage::ReplyMessage);
    QTRY_COMPARE(activated.count(), 2);
    QCOMPARE(activated[1][0].value<Place>(), Place());
    QCOMPARE(call(u"SecondaryActivate"_s, {-5000, 40}).type(), QDBusMessage::ReplyMessage);
    QTRY_COMPARE(secondary.count(), 1);
    QCOMPARE(secondary[0][0].value<Place>(), Place()); // no screen has it
    QCOMPARE(call(u"ContextMenu"_s, {30, 40}).type(), QDBusMessage::ReplyMessage);
    QCOMPARE(activated.count() + secondary.count() + scrolled.count(), 3);
}

void tst_StatusNotifierItem::passesOnTheTokenOnce()
{
    show(face(7));
    QSignalSpy activated(m_item.get(), &TrayPlace::activated);
    QSignalSpy commanded(m_item.get(), &TrayPlace::commanded);
    const auto provide = [this](const QString &token) {
        return call(u"ProvideXdgActivationToken"_s, {token}).type();
    };
    QCOMPARE(provide(u"token-1"_s), QDBusMessage::ReplyMessage);
    for (int click = 0; click < 2; ++click)
        QCOMPARE(call(u"Activate"_s, {1, 1}).type(), QDBusMessage::ReplyMessage);
    QTRY_COMPARE(activated.count(), 2);
    QCOMPARE(activated[0][1].toString(), u"token-1"_s);
    QCOMPARE(activated[1][1].toString(), QString());

    QCOMPARE(provide(u"token-2"_s), QDBusMessage::ReplyMessage);
    const QDBusMessage clicked =
        m_watcher->call(u"/MenuBar"_s, u"com.canonical.dbusmenu"_s, u"Event"_s,
                        {1, u"clicked"_s, QVariant::fromValue(QDBusVariant(0)), 0U});
    QCOMPARE(clicked.type(), QDBusMessage::ReplyMessage);
    QTRY_COMPARE(commanded.count(), 1);
    QCOMPARE(commanded[0][0].toString(), u"quit"_s);
    QCOMPARE(commanded[0][1].toString(), u"token-2"_s);
}

void tst_StatusNotifierItem::countsNotches_data()
{
    QTest::addColumn<QList<int>>("deltas");
    QTest::addColumn<QList<int>>("notches");
    QTest::newRow("GTK, down") << QList{1} << QList{1};
    QTest::newRow("GTK, up") << QList{-1} << QList{-1};
    QTest::newRow("Qt, down") << QList{-120} << QList{1};
    QTest::newRow("Qt, up twice") << QList{240} << QList{-2};
    QTest::newRow("Qt, a touchpad") << QList{-40, -40, -40, -40} << QList{1};
    QTest::newRow("Qt, there and back") << QList{-100, 100, -100, 120} << QList{-1};
    QTest::newRow("nothing") << QList{0} << QList<int>{};
    QTest::newRow("much") << QList{std::numeric_limits<int>::min()} << QList{10};
    QTest::newRow("much more") << QList{std::numeric_limits<int>::max()} << QList{-10};
}

void tst_StatusNotifierItem::countsNotches()
{
    QFETCH(QList<int>, deltas);
    QFETCH(QList<int>, notches);
    show(face(7));
    QList<int> counted;
    connect(m_item.get(), &TrayPlace::scrolled, this,
            [&counted](int steps) { counted.append(steps); });
    for (const int delta : deltas)
        QCOMPARE(call(u"Scroll"_s, {delta, u"vertical"_s}).type(), QDBusMessage::ReplyMessage);
    QCOMPARE(call(u"Scroll"_s, {1, u"Horizontal"_s}).type(), QDBusMessage::ReplyMessage);
    QVERIFY(property(u"Title"_s).isValid());
    QTRY_COMPARE(counted, notches);
    disconnect(m_item.get(), &TrayPlace::scrolled, this, nullptr);
}

// GNOME's extension rounds each small step of a touchpad down: up is -1, down 0.
void tst_StatusNotifierItem::countsTheStepsOfATouchpadOnceAWhile_data()
{
    using Steps = QList<std::pair<int, int>>;
    QTest::addColumn<Steps>("steps"); // when in ms, and which way
    QTest::addColumn<QList<int>>("notches");
    QTest::newRow("one") << Steps{{0, -1}} << QList{-1};
    QTest::newRow("a few at once") << Steps{{0, -1}, {8, -1}, {16, -1}} << QList{-1, 0, 0};
    QTest::newRow("a gesture") << Steps{{0, -1},   {60, -1},  {99, -1},
                                        {100, -1}, {150, -1}, {200, -1}}
                               << QList{-1, 0, 0, -1, 0, -1};
    QTest::newRow("a wheel") << Steps{{0, 1}, {150, 1}, {300, 1}} << QList{1, 1, 1};
    QTest::newRow("the other way") << Steps{{0, -1}, {8, 1}, {16, 1}} << QList{-1, 1, 0};
    QTest::newRow("a larger step") << Steps{{0, -3}, {8, -2}, {200, 14}} << QList{-1, 0, 1};
    QTest::newRow("none between") << Steps{{0, -1}, {8, 0}, {16, -1}} << QList{-1, 0, 0};
}

void tst_StatusNotifierItem::countsTheStepsOfATouchpadOnceAWhile()
{
    using Steps = QList<std::pair<int, int>>;
    QFETCH(Steps, steps);
    QFETCH(QList<int>, notches);
    Wheel wheel;
    QList<int> counted;
    for (const auto &[when, step] : steps)
        counted.append(wheel.step(step, Wheel::Clock::time_point(std::chrono::milliseconds(when))));
    QCOMPARE(counted, notches);
}

void tst_StatusNotifierItem::spinsNothingByATouchpad()
{
    show(face(7));
    QSignalSpy scrolled(m_item.get(), &TrayPlace::scrolled);
    QElapsedTimer gesture;
    gesture.start();
    for (int step = 0; step < 100; ++step)
        QCOMPARE(call(u"Scroll"_s, {-1, u"vertical"_s}).type(), QDBusMessage::ReplyMessage);
    QVERIFY(property(u"Title"_s).isValid());
    const qint64 took = gesture.elapsed();
    QTRY_VERIFY(!scrolled.isEmpty());
    QVERIFY2(scrolled.count() <= 1 + took / 100, qPrintable(QString::number(scrolled.count())));
    QCOMPARE(scrolled[0][0].toInt(), -1);
}

void tst_StatusNotifierItem::answersNonsenseWithAnError_data()
{
    QTest::addColumn<QString>("interface");
    QTest::addColumn<QString>("method");
    QTest::addColumn<QVariantList>("arguments");
    QTest::addColumn<QDBusError::ErrorType>("error");
    const QString item = itemInterface;
    const QString properties = propertiesInterface;
    QTest::newRow("orientation") << item << u"Scroll"_s << QVariantList{1, u"diagonal"_s}
                                 << QDBusError::InvalidArgs;
    QTest::newRow("place of text")
        << item << u"Activate"_s << QVariantList{u"1"_s, u"2"_s} << QDBusError::InvalidArgs;
    QTest::newRow("no place") << item << u"Activate"_s << QVariantList{} << QDBusError::InvalidArgs;
    QTest::newRow("long token") << item << u"ProvideXdgActivationToken"_s
                                << QVariantList{QString(100'000, u'x')} << QDBusError::InvalidArgs;
    QTest::newRow("method") << item << u"Explode"_s << QVariantList{1} << QDBusError::UnknownMethod;
    QTest::newRow("property") << properties << u"Get"_s << QVariantList{item, u"Colour"_s}
                              << QDBusError::UnknownProperty;
    QTest::newRow("write") << properties << u"Set"_s
                           << QVariantList{item, u"Title"_s,
                                           QVariant::fromValue(QDBusVariant(u"Mine"_s))}
                           << QDBusError::PropertyReadOnly;
    QTest::newRow("properties of another interface")
        << properties << u"GetAll"_s << QVariantList{u"org.example.Other"_s}
        << QDBusError::UnknownInterface;
    QTest::newRow("half a question")
        << properties << u"Get"_s << QVariantList{item} << QDBusError::InvalidArgs;
    QTest::newRow("another interface") << u"org.example.Other"_s << u"Activate"_s
                                       << QVariantList{1, 1} << QDBusError::UnknownInterface;
}

void tst_StatusNotifierItem::answersNonsenseWithAnError()
{
    QFETCH(QString, interface);
    QFETCH(QString, method);
    QFETCH(QVariantList, arguments);
    QFETCH(QDBusError::ErrorType, error);
    show(face(7));
    QSignalSpy activated(m_item.get(), &TrayPlace::activated);
    const QDBusMessage answer = m_watcher->call(itemPath, interface, method, arguments);
    QCOMPARE(answer.type(), QDBusMessage::ErrorMessage);
    QCOMPARE(QDBusError(answer).type(), error);
    QCOMPARE(property(u"IconAccessibleDesc"_s).toString(), face(7).title);
    QVERIFY(activated.isEmpty());
}

QTEST_MAIN(tst_StatusNotifierItem)
#include "tst_statusnotifieritem.moc"
