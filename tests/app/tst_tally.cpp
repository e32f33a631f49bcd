// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "core/countmodel.h"
#include "core/feed/tally.h"

#include <QRandomGenerator>
#include <QTest>

#include <array>

using namespace Qt::Literals;
using Freshness = CountModel::Freshness;

namespace {

constexpr int histories = 10'000; // of each kind of server
constexpr int steps = 40; // of a history, before it becomes quiet

/*! How a server tells of its number. */
enum class Telling {
    Absolute, //!< Each event has the number.
    Difference, //!< Each event has what changed.
    Keys, //!< Each event names an item; so does the snapshot.
    KeysWithNumber, //!< Each event names an item; the snapshot is only a number.
    Hint, //!< Each event only says that something changed.
};

Rule ruleFor(const QString &event, Rule::Action action)
{
    Rule rule;
    rule.events = {event};
    rule.action = action;
    rule.pointer = QString();
    rule.keys = {QString()};
    return rule;
}

QList<Rule> rules()
{
    return {ruleFor(u"set"_s, Rule::Action::Set),        ruleFor(u"add"_s, Rule::Action::Add),
            ruleFor(u"sub"_s, Rule::Action::Sub),        ruleFor(u"come"_s, Rule::Action::KeyAdd),
            ruleFor(u"gone"_s, Rule::Action::KeyRemove), ruleFor(u"hint"_s, Rule::Action::Refetch)};
}

/*! A server, the two connections to it, and a tally that has only these to know of it. */
class History
{
public:
    History(Telling telling, quint32 seed)
        : m_telling(telling)
        , m_random(seed)
    {
        QObject::connect(&m_tally, &Tally::snapshotNeeded, &m_tally, [this] { m_wanted = true; });
        QObject::connect(&m_tally, &Tally::verificationNeeded, &m_tally,
                         [this] { m_verificationWanted = true; });
        m_replays = m_random.bounded(2) == 1;
        for (int item = m_random.bounded(6); item > 0; --item)
            m_items.insert(m_next++);
        open();
    }

    /*! One random thing happens. */
    void step()
    {
        switch (m_random.bounded(12)) {
        case 0:
            cut();
            break;
        case 1:
            if (!m_isOpen)
                open();
            break;
        case 2:
            fail();
            break;
        case 3:
        case 4:
        case 5:
            change();
            break;
        case 6:
        case 7:
        case 8:
            deliver();
            break;
        default:
            goOnWithSnapshot();
            break;
        }
    }

    /*! All that is on its way arrives. */
    void becomeQuiet()
    {
        if (!m_isOpen)
            open();
        do {
            while (!m_onItsWay.isEmpty())
                deliver();
            if (m_snapshot == Snapshot::None && !m_wanted && m_verificationWanted)
                m_wanted = true; // a quiet time has passed
            goOnWithSnapshot();
        } while (m_snapshot != Snapshot::None || m_wanted || m_verificationWanted);
    }

    [[nodiscard]] int count() const { return int(m_items.size()); }
    [[nodiscard]] const CountModel &model() const { return m_model; }

private:
    struct Event
    {
        QByteArray type;
        QByteArray data;
    };

    enum class Snapshot {
        None,
        Asked,
        Answered,
    };

    void change()
    {
        const bool comes = m_items.isEmpty() || m_random.bounded(3) > 0;
        const int item = comes ? m_next++ : *m_items.cbegin();
        if (comes)
            m_items.insert(item);
        else
            m_items.remove(item);
        tell(comes, item);
    }

    void tell(bool comes, int item)
    {
        Event event;
        switch (m_telling) {
        case Telling::Absolute:
            event = {"set", QByteArray::number(count())};
            break;
        case Telling::Difference:
            event = {comes ? "add" : "sub", "1"};
            break;
        case Telling::Keys:
        case Telling::KeysWithNumber:
            event = {comes ? "come" : "gone", QByteArray::number(item)};
            break;
        case Telling::Hint:
            event = {"hint", ""};
            break;
        }
        m_told.append(event);
        if (m_isOpen)
            m_onItsWay.append(event);
    }

    void deliver()
    {
        if (m_onItsWay.isEmpty())
            return;
        const Event event = m_onItsWay.takeFirst();
        m_tally.take(event.type, event.data);
    }

    void open()
    {
        m_isOpen = true;
        // Some servers send again what was said long ago, wherever the client had been.
        if (m_replays && !m_told.isEmpty())
            m_onItsWay = m_told.sliced(m_random.bounded(int(m_told.size())));
        m_tally.streamOpened();
        ask();
    }

    void cut()
    {
        m_isOpen = false;
        m_onItsWay.clear();
        m_snapshot = Snapshot::None;
        m_wanted = m_verificationWanted = false;
        m_tally.reset();
        m_model.setStale();
    }

    void ask()
    {
        m_wanted = m_verificationWanted = false;
        m_snapshot = Snapshot::Asked;
        m_tally.beginSnapshot();
    }

    // The request, the moment at which the server counts, and the answer: each takes its time.
    void goOnWithSnapshot()
    {
        switch (m_snapshot) {
        case Snapshot::None:
            if (m_wanted && m_isOpen)
                ask();
            break;
        case Snapshot::Asked:
            m_snapshot = Snapshot::Answered;
            m_answer.count = count();
            m_answer.keys.reset();
            if (m_telling == Telling::Keys) {
                m_answer.keys.emplace();
                for (const int item : std::as_const(m_items))
                    m_answer.keys->insert(QString::number(item));
            }
            break;
        case Snapshot::Answered:
            m_snapshot = Snapshot::None;
            m_tally.finishSnapshot(m_answer);
            break;
        }
    }

    void fail()
    {
        if (m_snapshot == Snapshot::None)
            return;
        m_snapshot = Snapshot::None;
        m_wanted = true; // it is tried again
        m_tally.finishSnapshot({});
    }

    const Telling m_telling;
    QRandomGenerator m_random;
    CountModel m_model{u"work"_s, u"Work"_s};
    Tally m_tally{rules(), &m_model};
    QSet<int> m_items; // what waits at the server
    QList<Event> m_told; // from the beginning
    QList<Event> m_onItsWay;
    FoundCount m_answer;
    Snapshot m_snapshot = Snapshot::None;
    int m_next = 1;
    bool m_isOpen = false;
    bool m_replays = false;
    bool m_wanted = false;
    bool m_verificationWanted = false;
};

} // namespace

/*! The number is the server's, in whatever order its answers and its events arrive. */
class tst_Tally : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void agreesWithTheServerAfterAQuietTime_data();
    void agreesWithTheServerAfterAQuietTime();
    void countsAKeyOnce();
    void holdsEventsWhileASnapshotIsOnItsWay();
    void asksAgainForADifferenceThatASnapshotMayHold();
    void asksWhenAKeyIsGoneThatItNeverSaw();
    void countsFromZeroWhereTheStreamTellsEverything();
    void saysWhatAnEventWantsOfTheConnection();
    void takesCommentsByTheirOwnRules();
    void addsAnItemWhereTheCountGrows_data();
    void addsAnItemWhereTheCountGrows();
    void removesAnItemWithItsKey();
    void removesItemsThatASnapshotDoesNotHave();
    void listsNoMoreItemsThanWait();
    void waitsWithItemsForTheSnapshot_data();
    void waitsWithItemsForTheSnapshot();
    void forgetsItemsThatTheCountDidNotGrowFor();
    void keepsItemsUntilTheSnapshotThatCanKnowThem();
};

void tst_Tally::agreesWithTheServerAfterAQuietTime_data()
{
    QTest::addColumn<int>("telling");
    QTest::newRow("a server that tells the number") << int(Telling::Absolute);
    QTest::newRow("a server that tells differences") << int(Telling::Difference);
    QTest::newRow("a server that names the items") << int(Telling::Keys);
    QTest::newRow("a server that names the items, and only counts when asked")
        << int(Telling::KeysWithNumber);
    QTest::newRow("a server that hints") << int(Telling::Hint);
}

void tst_Tally::agreesWithTheServerAfterAQuietTime()
{
    QFETCH(int, telling);
    const quint32 first = QRandomGenerator::global()->generate();
    for (quint32 number = 0; number < histories; ++number) {
        const quint32 seed = first + number;
        History history(Telling(telling), seed);
        for (int step = 0; step < steps; ++step)
            history.step();
        history.becomeQuiet();
        QVERIFY2(history.model().count() == history.count(),
                 qPrintable(u"seed %1: %2 instead of %3"_s.arg(seed)
                                .arg(history.model().count().value_or(-1))
                                .arg(history.count())));
        QCOMPARE(history.model().freshness(), Freshness::Fresh);
    }
}

void tst_Tally::countsAKeyOnce()
{
    CountModel model(u"work"_s, u"Work"_s);
    Tally tally(rules(), &model);
    tally.beginSnapshot();
    tally.finishSnapshot(FoundCount{2, QSet<QString>{u"1"_s, u"2"_s}});
    for (const char *key : {"2", "3", "3", "1"})
        tally.take("come", key);
    QCOMPARE(model.count(), 3);
    for (const char *key : {"3", "3", "9"})
        tally.take("gone", key);
    QCOMPARE(model.count(), 2);
}

void tst_Tally::holdsEventsWhileASnapshotIsOnItsWay()
{
    CountModel model(u"work"_s, u"Work"_s);
    Tally tally(rules(), &model);
    tally.beginSnapshot();
    tally.take("set", "7");
    QCOMPARE(model.count(), std::nullopt);
    tally.finishSnapshot(FoundCount{5, {}});
    QCOMPARE(model.count(), 7);
}

void tst_Tally::asksAgainForADifferenceThatASnapshotMayHold()
{
    CountModel model(u"work"_s, u"Work"_s);
    Tally tally(rules(), &model);
    int asked = 0;
    connect(&tally, &Tally::snapshotNeeded, &tally, [&asked] { ++asked; });
    tally.beginSnapshot();
    tally.take("add", "1");
    tally.finishSnapshot(FoundCount{5, {}});
    QCOMPARE(model.count(), 5);
    QCOMPARE(asked, 1);
}

void tst_Tally::asksWhenAKeyIsGoneThatItNeverSaw()
{
    CountModel model(u"work"_s, u"Work"_s);
    Tally tally(rules(), &model);
    int asked = 0;
    connect(&tally, &Tally::snapshotNeeded, &tally, [&asked] { ++asked; });
    tally.beginSnapshot();
    tally.finishSnapshot(FoundCount{5, {}});
    tally.take("gone", "11");
    QCOMPARE(asked, 1);
}

void tst_Tally::countsFromZeroWhereTheStreamTellsEverything()
{
    CountModel model(u"work"_s, u"Work"_s);
    Tally tally(rules(), &model);
    tally.startFromZero();
    tally.take("come", "a");
    tally.take("come", "b");
    tally.take("gone", "a");
    QCOMPARE(model.count(), 1);
    tally.startFromZero();
    tally.take("come", "b");
    QCOMPARE(model.count(), 1);
}

void tst_Tally::saysWhatAnEventWantsOfTheConnection()
{
    CountModel model(u"work"_s, u"Work"_s);
    Rule capture = ruleFor(u"hello"_s, Rule::Action::Capture);
    capture.extractions.insert(u"id"_s, {u"/id"_s, {}, {}, {}, {}});
    Tally tally({ruleFor(u"again"_s, Rule::Action::Reconnect),
                 ruleFor(u"out"_s, Rule::Action::Expired), ruleFor(u"end"_s, Rule::Action::Stop),
                 capture},
                &model);
    QList<StreamCommand> commands;
    Variables variables;
    connect(&tally, &Tally::commanded, &tally,
            [&commands](StreamCommand command) { commands.append(command); });
    connect(&tally, &Tally::captured, &tally,
            [&variables](const Variables &captured) { variables.insert(captured); });
    tally.beginSnapshot(); // what is not about the count does not wait
    for (const char *event : {"again", "out", "end", "other"})
        tally.take(event, "");
    QCOMPARE(commands,
             (QList{StreamCommand::Reconnect, StreamCommand::Expired, StreamCommand::Stop}));
    tally.take("hello", R"({"id": 7})");
    QCOMPARE(variables, (Variables{{u"id"_s, u"7"_s}}));
}

void tst_Tally::takesCommentsByTheirOwnRules()
{
    CountModel model(u"work"_s, u"Work"_s);
    Rule gone = ruleFor({}, Rule::Action::Stop);
    gone.events.clear();
    gone.comment = QRegularExpression(u"^410"_s);
    Tally tally({gone}, &model);
    int stopped = 0;
    connect(&tally, &Tally::commanded, &tally, [&stopped] { ++stopped; });
    tally.take("410", "410");
    tally.takeComment("keepalive");
    QCOMPARE(stopped, 0);
    tally.takeComment("410: 410 Gone");
    QCOMPARE(stopped, 1);
}

namespace {

/*! A tally whose rules have items: the key, or the number, is the title. */
class ItemScene
{
public:
    ItemScene()
    {
        QObject::connect(&tally, &Tally::snapshotNeeded, &tally, [this] { ++asked; });
    }

    void snapshot(int count, const std::optional<QSet<QString>> &keys = {})
    {
        tally.beginSnapshot();
        tally.finishSnapshot(FoundCount{count, keys});
    }

    [[nodiscard]] QStringList titles() const
    {
        QStringList titles;
        for (const Item &item : model.items())
            titles.append(item.title);
        return titles;
    }

    CountModel model{u"work"_s, u"Work"_s};
    Tally tally{withItems(), &model};
    int asked = 0;

private:
    static QList<Rule> withItems()
    {
        QList<Rule> all = rules();
        for (Rule &rule : all) {
            rule.pointer = u"/n"_s;
            rule.keys = {u"/key"_s};
            if (rule.action != Rule::Action::Sub && rule.action != Rule::Action::KeyRemove)
                rule.item = ItemDescription{{u"/title"_s}, {}, {}, false};
        }
        return all;
    }
};

} // namespace

void tst_Tally::addsAnItemWhereTheCountGrows_data()
{
    QTest::addColumn<QByteArray>("event");
    QTest::addColumn<QByteArray>("data");
    QTest::addColumn<QStringList>("titles");
    const auto row = [](const char *name, const char *event, const char *data,
                        const QStringList &titles) {
        QTest::newRow(name) << QByteArray(event) << QByteArray(data) << titles;
    };
    row("set to more", "set", R"({"n":3,"title":"a"})", {u"a"_s});
    row("set to the same", "set", R"({"n":2,"title":"a"})", {});
    row("set to less", "set", R"({"n":1,"title":"a"})", {});
    row("add one", "add", R"({"n":1,"title":"a"})", {u"a"_s});
    row("add nothing", "add", R"({"n":0,"title":"a"})", {});
    row("another key", "come", R"({"key":"k","title":"a"})", {u"a"_s});
    row("a key that is known: what it tells may be new", "come", R"({"key":"known","title":"a"})",
        {u"a"_s});
    row("a hint, which proves nothing yet", "hint", R"({"title":"a"})", {});
}

void tst_Tally::addsAnItemWhereTheCountGrows()
{
    QFETCH(QByteArray, event);
    QFETCH(QByteArray, data);
    ItemScene scene;
    scene.snapshot(2, QSet<QString>{u"known"_s, u"other"_s});
    const QDateTime before = QDateTime::currentDateTime();
    scene.tally.take(event, data);
    QTEST(scene.titles(), "titles");
    if (!scene.model.items().isEmpty())
        QVERIFY(scene.model.items().constFirst().arrivedAt >= before);
}

void tst_Tally::removesAnItemWithItsKey()
{
    ItemScene scene;
    scene.snapshot(1);
    scene.tally.take("come", R"({"key":"1","title":"a"})");
    scene.tally.take("come", R"({"key":"2","title":"b"})");
    scene.tally.take("come", R"({"key":"1","title":"c"})");
    QCOMPARE(scene.titles(), (QStringList{u"c"_s, u"b"_s}));
    QCOMPARE(scene.model.count(), 3);
    scene.tally.take("gone", R"({"key":"1"})");
    QCOMPARE(scene.titles(), QStringList{u"b"_s});
}

void tst_Tally::removesItemsThatASnapshotDoesNotHave()
{
    ItemScene scene;
    scene.snapshot(0, QSet<QString>());
    for (const char *data : {R"({"key":"1","title":"a"})", R"({"key":"2","title":"b"})"})
        scene.tally.take("come", data);
    scene.snapshot(2, QSet<QString>{u"2"_s, u"3"_s});
    QCOMPARE(scene.titles(), QStringList{u"b"_s});
    scene.snapshot(0, QSet<QString>());
    QVERIFY(scene.titles().isEmpty());
}

void tst_Tally::listsNoMoreItemsThanWait()
{
    ItemScene scene;
    scene.snapshot(0);
    for (const char *data : {R"({"n":1,"title":"a"})", R"({"n":2,"title":"b"})"})
        scene.tally.take("set", data);
    scene.tally.take("add", R"({"n":1,"title":"c"})");
    QCOMPARE(scene.titles(), (QStringList{u"c"_s, u"b"_s, u"a"_s}));
    scene.tally.take("sub", R"({"n":1})");
    QCOMPARE(scene.titles(), (QStringList{u"c"_s, u"b"_s}));
    scene.tally.take("set", R"({"n":1})");
    QCOMPARE(scene.titles(), QStringList{u"c"_s});
    scene.snapshot(0);
    QVERIFY(scene.titles().isEmpty());
    scene.tally.take("add", R"({"n":1,"title":"d"})");
    scene.tally.startFromZero();
    QVERIFY(scene.titles().isEmpty());
}

void tst_Tally::waitsWithItemsForTheSnapshot_data()
{
    QTest::addColumn<QByteArray>("event");
    QTest::addColumn<QByteArray>("data");
    QTest::addColumn<int>("snapshot");
    QTest::addColumn<QStringList>("titles");
    const auto row = [](const char *name, const char *event, const char *data, int snapshot,
                        const QStringList &titles) {
        QTest::newRow(name) << QByteArray(event) << QByteArray(data) << snapshot << titles;
    };
    row("a number that the snapshot has", "set", R"({"n":3,"title":"a"})", 3, {u"a"_s});
    row("a number that the snapshot does not have yet", "set", R"({"n":3,"title":"a"})", 2,
        {u"a"_s});
    row("a number that is no news", "set", R"({"n":2,"title":"a"})", 2, {});
    row("a difference that the snapshot has", "add", R"({"n":1,"title":"a"})", 3, {u"a"_s});
    row("a difference that the snapshot may not have", "add", R"({"n":1,"title":"a"})", 2, {});
    row("a key", "come", R"({"key":"k","title":"a"})", 2, {u"a"_s});
    row("a hint, and more wait", "hint", R"({"title":"a"})", 3, {u"a"_s});
    row("a hint, and no more wait", "hint", R"({"title":"a"})", 2, {});
}

void tst_Tally::waitsWithItemsForTheSnapshot()
{
    QFETCH(QByteArray, event);
    QFETCH(QByteArray, data);
    QFETCH(int, snapshot);
    ItemScene scene;
    scene.snapshot(2);
    scene.tally.beginSnapshot();
    scene.tally.take(event, data);
    QVERIFY(scene.titles().isEmpty());
    scene.tally.finishSnapshot(FoundCount{snapshot, {}});
    QTEST(scene.titles(), "titles");
}

void tst_Tally::forgetsItemsThatTheCountDidNotGrowFor()
{
    ItemScene scene;
    scene.snapshot(2);
    for (const char *data : {R"({"title":"a"})", R"({"title":"b"})", R"({"title":"c"})"})
        scene.tally.take("hint", data);
    scene.snapshot(4); // one was read at once
    QCOMPARE(scene.titles(), (QStringList{u"c"_s, u"b"_s}));
    scene.snapshot(5);
    QCOMPARE(scene.titles(), (QStringList{u"c"_s, u"b"_s}));
    scene.tally.take("hint", R"({"title":"d"})");
    scene.tally.reset(); // the stream is gone
    scene.snapshot(6);
    QCOMPARE(scene.titles(), (QStringList{u"c"_s, u"b"_s}));
}

void tst_Tally::keepsItemsUntilTheSnapshotThatCanKnowThem()
{
    ItemScene scene;
    scene.snapshot(2);
    scene.tally.beginSnapshot();
    scene.tally.take("hint", R"({"title":"a"})");
    scene.tally.finishSnapshot(FoundCount{2, {}}); // asked before the event
    QCOMPARE(scene.asked, 1);
    scene.tally.beginSnapshot();
    scene.tally.finishSnapshot({}); // failed
    scene.snapshot(3);
    QCOMPARE(scene.titles(), QStringList{u"a"_s});
}

QTEST_GUILESS_MAIN(tst_Tally)
#include "tst_tally.moc"
