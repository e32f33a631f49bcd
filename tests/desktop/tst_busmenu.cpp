// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "desktop/tray/notifier/busmenu.h"
#include "notifierwatcher.h"

#include <QGuiApplication>
#include <QRandomGenerator>
#include <QSignalSpy>
#include <QTest>

#include <limits>
#include <optional>

using namespace Qt::Literals;

namespace {

constexpr auto interface = "com.canonical.dbusmenu"_L1;

MenuEntry line(const QString &command, const QString &text)
{
    MenuEntry entry;
    entry.command = command;
    entry.text = text;
    return entry;
}

MenuEntry separator()
{
    MenuEntry entry;
    entry.isSeparator = true;
    return entry;
}

QList<MenuEntry> menu()
{
    MenuEntry header = line({}, u"7 waiting"_s);
    header.isEnabled = false;
    MenuEntry snooze = line({}, u"Snooze"_s);
    snooze.children = {line(u"snooze/15"_s, u"15 minutes"_s), line(u"snooze/60"_s, u"1 hour"_s)};
    MenuEntry pause = line(u"pause"_s, u"Pause"_s);
    pause.isCheckable = true;
    return {header, separator(), line(u"open/1"_s, u"a_b & <c>"_s), snooze,
            pause,  separator(), line(u"quit"_s, u"Quit"_s)};
}

// Ids of the lines of a menu, by their texts.
QHash<QString, int> idsOf(const BusMenuLayout &layout)
{
    QHash<QString, int> ids{{layout.properties.value(u"label"_s).toString(), layout.id}};
    for (const BusMenuLayout &child : layout.children)
        ids.insert(idsOf(child));
    return ids;
}

QList<int> idsInOrder(const BusMenuLayout &layout)
{
    QList<int> ids;
    for (const BusMenuLayout &child : layout.children)
        ids.append(child.id);
    return ids;
}

} // namespace

class tst_BusMenu : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void laysOutTheMenu();
    void laysOutAsDeepAsAsked();
    void sendsThePropertiesAskedFor();
    void tellsProperties();
    void announcesTextsAndStatesAlone();
    void announcesAPropertyThatIsGone();
    void announcesLinesThatComeAndGo();
    void announcesBothWhereBothChanged();
    void isSilentWhenNothingChanged();
    void keepsTheIdsOfWhatStaysBeforeAndBehindAChange();
    void readsNoLayoutAnewForLinesInTheirSlots();
    void movesNoLine();
    void givesNoIdToAnotherLine();
    void survivesCommandsThatAreThereTwice();
    void passesOnClicks();
    void passesOnNoClickOnADeadLine_data();
    void passesOnNoClickOnADeadLine();
    void asksForTheMenuBeforeItAnswers();
    void answersNonsenseWithAnError_data();
    void answersNonsenseWithAnError();
    void survivesAMenuThatGoesWhileItIsAsked();

private:
    [[nodiscard]] QDBusMessage call(const QString &method, const QVariantList &arguments);
    [[nodiscard]] BusMenuLayout layout();
    [[nodiscard]] QDBusMessage click(int id);

    std::optional<QDBusConnection> m_bus;
    std::optional<Harness::NotifierWatcher> m_watcher;
    std::unique_ptr<BusMenu> m_menu;
};

void tst_BusMenu::init()
{
    m_bus = QDBusConnection::connectToBus(QDBusConnection::SessionBus, u"menu"_s);
    QVERIFY(m_bus->isConnected());
    m_watcher.emplace(u"watcher"_s);
    m_watcher->RegisterStatusNotifierItem(m_bus->baseService());
    m_menu = std::make_unique<BusMenu>(*m_bus);
    m_menu->show(menu());
    QCOMPARE(layout().id, 0); // whose answer comes after all signals
    m_watcher->forgetAnnouncements();
}

void tst_BusMenu::cleanup()
{
    m_menu.reset();
    m_watcher.reset();
    m_bus.reset();
    QDBusConnection::disconnectFromBus(u"menu"_s);
}

QDBusMessage tst_BusMenu::call(const QString &method, const QVariantList &arguments)
{
    return m_watcher->call(BusMenu::path, interface, method, arguments);
}

BusMenuLayout tst_BusMenu::layout()
{
    const QDBusMessage answer = call(u"GetLayout"_s, {0, -1, QStringList()});
    if (answer.type() != QDBusMessage::ReplyMessage)
        return {-1, {}, {}};
    return qdbus_cast<BusMenuLayout>(answer.arguments().at(1));
}

QDBusMessage tst_BusMenu::click(int id)
{
    return call(u"Event"_s, {id, u"clicked"_s, QVariant::fromValue(QDBusVariant(0)), 0U});
}

void tst_BusMenu::laysOutTheMenu()
{
    const BusMenuLayout root = layout();
    QCOMPARE(root.properties, (QVariantMap{{u"children-display"_s, u"submenu"_s}}));
    const QList<QVariantMap> expected{
        {{u"label"_s, u"7 waiting"_s}, {u"enabled"_s, false}},
        {{u"type"_s, u"separator"_s}},
        {{u"label"_s, u"a__b & <c>"_s}},
        {{u"label"_s, u"Snooze"_s}, {u"children-display"_s, u"submenu"_s}},
        {{u"label"_s, u"Pause"_s}, {u"toggle-type"_s, u"checkmark"_s}, {u"toggle-state"_s, 0}},
        {{u"type"_s, u"separator"_s}},
        {{u"label"_s, u"Quit"_s}},
    };
    QCOMPARE(root.children.size(), expected.size());
    for (qsizetype i = 0; i < expected.size(); ++i)
        QCOMPARE(root.children[i].properties, expected[i]);
    QCOMPARE(root.children[3].children.size(), 2);
    QCOMPARE(root.children[3].children[1].properties.value(u"label"_s), u"1 hour"_s);
    QCOMPARE(idsOf(root).size(), 8); // all different, but for the two separators and the root
}

void tst_BusMenu::laysOutAsDeepAsAsked()
{
    const auto laidOut = [this](int id, int depth) {
        return qdbus_cast<BusMenuLayout>(
            call(u"GetLayout"_s, {id, depth, QStringList()}).arguments().at(1));
    };
    QCOMPARE(laidOut(0, 0).children.size(), 0);
    QCOMPARE(laidOut(0, 1).children.size(), 7);
    QCOMPARE(laidOut(0, 1).children[3].children.size(), 0);
    QCOMPARE(laidOut(0, std::numeric_limits<int>::max()).children[3].children.size(), 2);
    const int snooze = idsOf(layout()).value(u"Snooze"_s);
    QCOMPARE(laidOut(snooze, -1).id, snooze);
    QCOMPARE(laidOut(snooze, -1).children.size(), 2);
}

void tst_BusMenu::sendsThePropertiesAskedFor()
{
    const int header = idsOf(layout()).value(u"7 waiting"_s);
    const QDBusMessage some =
        call(u"GetGroupProperties"_s,
             {QVariant::fromValue(QList{header, header, 4711}), QStringList{u"enabled"_s}});
    const auto lines = qdbus_cast<BusMenuLines>(some.arguments().at(0));
    QCOMPARE(lines.size(), 1);
    QCOMPARE(lines[0].id, header);
    QCOMPARE(lines[0].properties, (QVariantMap{{u"enabled"_s, false}}));
    const QDBusMessage all =
        call(u"GetGroupProperties"_s, {QVariant::fromValue(QList<int>()), QStringList()});
    QCOMPARE(qdbus_cast<BusMenuLines>(all.arguments().at(0)).size(), 10);

    const auto one = [&](const QString &name) {
        return call(u"GetProperty"_s, {header, name})
            .arguments()
            .at(0)
            .value<QDBusVariant>()
            .variant();
    };
    QCOMPARE(one(u"label"_s), u"7 waiting"_s);
    QCOMPARE(one(u"visible"_s), true); // though it is not sent with the others
}

void tst_BusMenu::tellsProperties()
{
    const QDBusMessage answer = m_watcher->call(BusMenu::path, u"org.freedesktop.DBus.Properties"_s,
                                                u"GetAll"_s, {QString(interface)});
    QCOMPARE(qdbus_cast<QVariantMap>(answer.arguments().at(0)),
             (QVariantMap{{u"Version"_s, 3U},
                          {u"TextDirection"_s, u"ltr"_s},
                          {u"Status"_s, u"normal"_s},
                          {u"IconThemePath"_s, QStringList()}}));
}

void tst_BusMenu::announcesTextsAndStatesAlone()
{
    QList<MenuEntry> changed = menu();
    changed[0].text = u"8 waiting"_s;
    changed[4].isChecked = true;
    m_menu->show(changed);
    QCOMPARE(layout().children[0].properties.value(u"label"_s), u"8 waiting"_s);
    QCOMPARE(m_watcher->announcements(), QStringList{u"ItemsPropertiesUpdated"_s});
    QCOMPARE(layout().children[4].properties.value(u"toggle-state"_s), 1);
}

void tst_BusMenu::announcesAPropertyThatIsGone()
{
    BusMenuRemovals removals;
    QList<MenuEntry> changed = menu();
    changed[0].isEnabled = true;
    m_menu->show(changed);
    const int header = layout().children[0].id;
    QCOMPARE(m_watcher->announcements(), QStringList{u"ItemsPropertiesUpdated"_s});
    removals = qdbus_cast<BusMenuRemovals>(m_watcher->lastSignal().arguments().at(1));
    QCOMPARE(removals.size(), 1);
    QCOMPARE(removals[0].id, header);
    QCOMPARE(removals[0].properties, QStringList{u"enabled"_s});
}

void tst_BusMenu::announcesLinesThatComeAndGo()
{
    QList<MenuEntry> changed = menu();
    changed.insert(3, line(u"open/2"_s, u"Another"_s));
    m_menu->show(changed);
    QCOMPARE(layout().children.size(), 8);
    QCOMPARE(m_watcher->announcements(), QStringList{u"LayoutUpdated 3 0"_s});
    m_menu->show(menu());
    QCOMPARE(layout().children.size(), 7);
    QCOMPARE(m_watcher->announcements().constLast(), u"LayoutUpdated 4 0"_s);
    changed = menu();
    changed.swapItemsAt(2, 4);
    m_menu->show(changed);
    QCOMPARE(layout().children.size(), 7);
    QCOMPARE(m_watcher->announcements().constLast(), u"LayoutUpdated 5 0"_s);
    QCOMPARE(m_watcher->announcements().size(), 3);
}

void tst_BusMenu::announcesBothWhereBothChanged()
{
    QList<MenuEntry> changed = menu();
    changed[0].text = u"8 waiting"_s;
    changed.removeAt(2);
    m_menu->show(changed);
    QCOMPARE(layout().children.size(), 6);
    QCOMPARE(m_watcher->announcements(),
             (QStringList{u"LayoutUpdated 3 0"_s, u"ItemsPropertiesUpdated"_s}));
}

void tst_BusMenu::isSilentWhenNothingChanged()
{
    m_menu->show(menu());
    QCOMPARE(layout().children.size(), 7);
    QVERIFY(m_watcher->announcements().isEmpty());
}

void tst_BusMenu::keepsTheIdsOfWhatStaysBeforeAndBehindAChange()
{
    const QHash<QString, int> before = idsOf(layout());
    QList<MenuEntry> changed = menu();
    changed.insert(2, line(u"open/2"_s, u"Another"_s));
    m_menu->show(changed);
    QHash<QString, int> after = idsOf(layout());
    QVERIFY(after.remove(u"Another"_s));
    QCOMPARE(after, before);
}

void tst_BusMenu::readsNoLayoutAnewForLinesInTheirSlots()
{
    QList<MenuEntry> changed = menu();
    changed[2].slot = u"recent/0"_s;
    m_menu->show(changed);
    const QHash<QString, int> before = idsOf(layout());
    m_watcher->forgetAnnouncements();
    changed[2].command = u"open/2"_s;
    changed[2].text = u"Another"_s;
    m_menu->show(changed);
    const int id = idsOf(layout()).value(u"Another"_s);
    QCOMPARE(id, before.value(u"a__b & <c>"_s));
    QCOMPARE(m_watcher->announcements(), QStringList{u"ItemsPropertiesUpdated"_s});
    QSignalSpy commanded(m_menu.get(), &BusMenu::commanded);
    QCOMPARE(click(id).type(), QDBusMessage::ReplyMessage);
    QTRY_COMPARE(commanded.count(), 1);
    QCOMPARE(commanded[0][0].toString(), u"open/2"_s);
}

// What GNOME's panel needs, see MenuLines. Menus as ours, with groups that come and go.
void tst_BusMenu::movesNoLine()
{
    QRandomGenerator random(7);
    QList<int> before = idsInOrder(layout());
    QSet<int> gone;
    for (int round = 0; round < 2000; ++round) {
        QList<MenuEntry> changed;
        for (int number = 0; number < 12; ++number) {
            if (random.bounded(3) == 0)
                changed.append(separator());
            if (random.bounded(3) > 0)
                changed.append(line(u"line/%1"_s.arg(number), QString::number(round)));
        }
        if (random.bounded(4) == 0 && changed.size() > 2)
            changed.move(0, changed.size() - 1);
        m_menu->show(changed);
        const QList<int> now = idsInOrder(layout());
        QCOMPARE(now.size(), changed.size());
        const qsizetype shared = qMin(now.size(), before.size());
        qsizetype first = 0;
        while (first < shared && now.at(first) == before.at(first))
            ++first;
        qsizetype last = 0;
        while (last < shared - first
               && now.at(now.size() - 1 - last) == before.at(before.size() - 1 - last))
            ++last;
        gone.unite({before.begin() + first, before.end() - last});
        for (qsizetype place = first; place < now.size() - last; ++place)
            QVERIFY2(!gone.contains(now.at(place)), qPrintable(QString::number(round)));
        before = now;
    }
}

void tst_BusMenu::givesNoIdToAnotherLine()
{
    const int quit = idsOf(layout()).value(u"Quit"_s);
    m_menu->show({line(u"open/9"_s, u"Late"_s)});
    QSignalSpy commanded(m_menu.get(), &BusMenu::commanded);
    QCOMPARE(click(quit).type(), QDBusMessage::ErrorMessage);
    QCOMPARE(click(layout().children[0].id).type(), QDBusMessage::ReplyMessage);
    QTRY_COMPARE(commanded.count(), 1);
    QCOMPARE(commanded[0][0].toString(), u"open/9"_s);
}

void tst_BusMenu::survivesCommandsThatAreThereTwice()
{
    m_menu->show({line(u"open"_s, u"One"_s), line(u"open"_s, u"Two"_s), line({}, u"Three"_s)});
    const QHash<QString, int> ids = idsOf(layout());
    QCOMPARE(ids.size(), 4);
    QCOMPARE(QSet<int>(ids.cbegin(), ids.cend()).size(), 4);
}

void tst_BusMenu::passesOnClicks()
{
    QSignalSpy commanded(m_menu.get(), &BusMenu::commanded);
    const QHash<QString, int> ids = idsOf(layout());
    QCOMPARE(click(ids.value(u"1 hour"_s)).type(), QDBusMessage::ReplyMessage);
    QTRY_COMPARE(commanded.count(), 1);
    QCOMPARE(commanded[0][0].toString(), u"snooze/60"_s);

    const QDBusVariant nothing(0);
    const BusMenuEvents events{{ids.value(u"Quit"_s), u"hovered"_s, nothing, 1},
                               {4711, u"clicked"_s, nothing, 1},
                               {ids.value(u"Pause"_s), u"clicked"_s, nothing, 1}};
    const QDBusMessage answer = call(u"EventGroup"_s, {QVariant::fromValue(events)});
    QCOMPARE(qdbus_cast<QList<int>>(answer.arguments().at(0)), QList{4711});
    QTRY_COMPARE(commanded.count(), 2);
    QCOMPARE(commanded[1][0].toString(), u"pause"_s);
}

void tst_BusMenu::passesOnNoClickOnADeadLine_data()
{
    QTest::addColumn<MenuEntry>("entry");
    MenuEntry disabled = line(u"open"_s, u"Open"_s);
    disabled.isEnabled = false;
    MenuEntry rule = separator();
    rule.command = u"open"_s;
    QTest::newRow("disabled") << disabled;
    QTest::newRow("separator") << rule;
    QTest::newRow("no command") << line({}, u"Open"_s);
}

void tst_BusMenu::passesOnNoClickOnADeadLine()
{
    QFETCH(MenuEntry, entry);
    m_menu->show({entry, line(u"quit"_s, u"Quit"_s)});
    QSignalSpy commanded(m_menu.get(), &BusMenu::commanded);
    const BusMenuLayout root = layout();
    QCOMPARE(click(root.children[0].id).type(), QDBusMessage::ReplyMessage);
    QCOMPARE(click(root.children[1].id).type(), QDBusMessage::ReplyMessage);
    QTRY_VERIFY(!commanded.isEmpty());
    QCOMPARE(commanded.count(), 1);
    QCOMPARE(commanded[0][0].toString(), u"quit"_s);
}

void tst_BusMenu::asksForTheMenuBeforeItAnswers()
{
    QCOMPARE(call(u"AboutToShow"_s, {0}).arguments(), QVariantList{false});
    connect(m_menu.get(), &BusMenu::menuRequested, this, [this] {
        QList<MenuEntry> changed = menu();
        changed.append(line(u"late"_s, u"Since a moment"_s));
        m_menu->show(changed);
    });
    QCOMPARE(call(u"AboutToShow"_s, {0}).arguments(), QVariantList{true});
    QCOMPARE(m_watcher->announcements(), QStringList{u"LayoutUpdated 3 0"_s}); // before the answer
    QCOMPARE(call(u"AboutToShow"_s, {0}).arguments(), QVariantList{false});
    m_menu->show(menu());
    const QDBusMessage group =
        call(u"AboutToShowGroup"_s, {QVariant::fromValue(QList{0, 4711, -1})});
    QCOMPARE(qdbus_cast<QList<int>>(group.arguments().at(0)), QList{0});
    QCOMPARE(qdbus_cast<QList<int>>(group.arguments().at(1)), (QList{4711, -1}));
}

void tst_BusMenu::answersNonsenseWithAnError_data()
{
    QTest::addColumn<QString>("method");
    QTest::addColumn<QVariantList>("arguments");
    const QVariant nothing = QVariant::fromValue(QDBusVariant(0));
    const QVariant unknown = QVariant::fromValue(QList{4711, -4711});
    QTest::newRow("layout of nobody") << u"GetLayout"_s << QVariantList{4711, -1, QStringList()};
    QTest::newRow("negative") << u"GetLayout"_s << QVariantList{-1, -1, QStringList()};
    QTest::newRow("least") << u"GetLayout"_s
                           << QVariantList{std::numeric_limits<int>::min(), 1, QStringList()};
    QTest::newRow("negative depth")
        << u"GetLayout"_s << QVariantList{0, std::numeric_limits<int>::min(), QStringList()};
    QTest::newRow("no arguments") << u"GetLayout"_s << QVariantList{};
    QTest::newRow("other arguments") << u"GetLayout"_s << QVariantList{u"0"_s, 1, 2};
    QTest::newRow("property of nobody") << u"GetProperty"_s << QVariantList{4711, u"label"_s};
    QTest::newRow("unknown property") << u"GetProperty"_s << QVariantList{0, u"colour"_s};
    QTest::newRow("properties of nobody")
        << u"GetGroupProperties"_s << QVariantList{unknown, QStringList()};
    QTest::newRow("event of nobody") << u"Event"_s << QVariantList{4711, u"clicked"_s, nothing, 0U};
    QTest::newRow("events of nobody")
        << u"EventGroup"_s
        << QVariantList{QVariant::fromValue(BusMenuEvents{{-7, u"clicked"_s, QDBusVariant(0), 0}})};
    QTest::newRow("nobody is about to show") << u"AboutToShow"_s << QVariantList{-1};
    QTest::newRow("a group of nobody") << u"AboutToShowGroup"_s << QVariantList{unknown};
    QTest::newRow("method") << u"Explode"_s << QVariantList{};
}

void tst_BusMenu::answersNonsenseWithAnError()
{
    QFETCH(QString, method);
    QFETCH(QVariantList, arguments);
    QSignalSpy requested(m_menu.get(), &BusMenu::menuRequested);
    QCOMPARE(call(method, arguments).type(), QDBusMessage::ErrorMessage);
    QCOMPARE(layout().children.size(), 7);
    QVERIFY(requested.isEmpty());
}

void tst_BusMenu::survivesAMenuThatGoesWhileItIsAsked()
{
    connect(m_menu.get(), &BusMenu::menuRequested, this, [this] { m_menu->show({}); });
    const int snooze = idsOf(layout()).value(u"Snooze"_s);
    QCOMPARE(call(u"AboutToShow"_s, {snooze}).arguments(), QVariantList{true});
    QCOMPARE(call(u"AboutToShow"_s, {snooze}).type(), QDBusMessage::ErrorMessage);
}

QTEST_MAIN(tst_BusMenu)
#include "tst_busmenu.moc"
