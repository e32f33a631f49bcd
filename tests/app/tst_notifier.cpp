// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "core/feed/tally.h"
#include "core/feedlist.h"
#include "core/notices/notifier.h"
#include "core/notices/quiet.h"

#include <sselib/testkit/virtualclock.h>

#include <QTest>

#include <ctime>

using namespace std::chrono_literals;
using namespace Qt::Literals;
using Status = CountModel::Status;
using Urgency = Notice::Urgency;

namespace {

/*! Two sources, a notifier that follows them, and what it told, as lines: "~" corrects, "-" withdraws. */
class Scene
{
public:
    Scene()
    {
        clock.sleep(36h); // 2 January, noon
        QObject::connect(&notifier, &Notifier::noticeRequested, &notifier,
                         [this](const Notice &notice, bool withSound) {
                             notices.append(notice);
                             told.append(u"%1 [%2]%3"_s.arg(notice.key, notice.title,
                                                            withSound ? u" ♪"_s : QString()));
                         });
        QObject::connect(&notifier, &Notifier::noticeCorrected, &notifier,
                         [this](const Notice &notice) {
                             notices.append(notice);
                             told.append(u"~%1 [%2]"_s.arg(notice.key, notice.title));
                         });
        QObject::connect(&notifier, &Notifier::withdrawn, &notifier,
                         [this](const QString &key) { told.append(u"-"_s + key); });
        work->setHomepage(QUrl(u"https://work.example/"_s));
    }

    /*! The event loop turns. */
    void turn() { clock.advance(0ms); }

    /*! What was told since the last call. */
    [[nodiscard]] QStringList said()
    {
        turn();
        return std::exchange(told, {});
    }

    /*! Both have a count that is no news, and there was calm since. */
    void begin(int first, int second = 0)
    {
        work->setCount(first);
        alerts->setCount(second);
        clock.advance(1min);
        told.clear();
    }

    void arrive(CountModel *model, const QString &key, const QString &title)
    {
        model->changeCountBy(1);
        model->addItem({key, title, {}, {}, QDateTime::currentDateTime()});
    }

    Harness::VirtualClock clock;
    FeedList feeds;
    CountModel *const work = feeds.add(u"work"_s, u"Work"_s);
    CountModel *const alerts = feeds.add(u"alerts"_s, u"Alerts"_s);
    Quiet quiet{&clock};
    Notifier notifier{&feeds, &quiet, &clock};
    QList<Notice> notices;
    QStringList told;
};

} // namespace

class tst_Notifier : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isSilentOnWhatWasThereAtTheStart();
    void tellsOfAnItemThatArrives();
    void tellsAnItemWithoutAKey();
    void isSilentOnAnItemThatTheCountDidNotGrowFor();
    void tellsOnlyTheNewestItemsThatTheCountGrewFor();
    void tellsHowManyAreNewWhereNoItemsAre();
    void tellsTheRestAsANumber();
    void replacesTheNoticeOfASource();
    void putsANoticeRightWhenSomeWaitNoMore();
    void withdrawsANoticeWhenAllOfItWaitNoMore();
    void withdrawsAnItemThatWasReadElsewhere();
    void withdrawsAnItemWithoutAKeyThatWasReadElsewhere();
    void withdrawsAllOfASourceThatWasSeen();
    void replacesAnItemOfTheSameKey();
    void judgesATurnOfTheEventLoopTogether();
    void beginsAnewAfterANoticeWasPutAway();

    void isSilentWhileItReconnects();
    void tellsOnceWhatCameInAGap();
    void isSilentOnAGapInWhichNothingCame();
    void takesAReplayAfterAGapForAPartOfIt();
    void namesTheDayOfALongGap();
    void countsAGapFromWhatWasSeen();
    void followsASourceThroughAReconnection();

    void makesAStormOneNotice();
    void countsAStormInASingleTurn();
    void tellsAStormThatATextEnds();
    void isNoStormWhereNoticesComeSlowly();
    void updatesASummaryOnceASecond();
    void endsAStormAfterFiveSecondsOfCalm();
    void keepsASummaryRight();
    void keepsASummaryRightThatReplacedANoticeTwice();
    void namesTheSourceOfASummaryOfOne();
    void makesGapsOfAllSourcesOneSummary();
    void isCalmUnderAFlood();

    void tellsWhatNeedsTheUser_data();
    void tellsWhatNeedsTheUser();
    void tellsAgainWhenALoginFailedAgain();
    void doesNotCountTroubleAsAStorm();

    void showsNothingWhileSilenced_data();
    void showsNothingWhileSilenced();
    void tellsAfterwardsOnlyWhatStillWaits();
    void tellsAfterwardsWhatNeedsTheUser();
    void withdrawsWhileSilenced();
    void keepsWhatIsLeftOfANoticeForAfterwards();
    void addsWhatIsLeftOfANoticeToWhatCame();
    void keepsWhatIsLeftOfASummaryForAfterwards();
    void tellsAfterwardsOfOtherTroubleThanBefore();

    void soundsOnlyForNewsAndIfTheUserWants();
    void wakesUpForNothing();
    void mayGoWhileItSpeaks();
    void livesByTheClockOfTheComputer();
};

void tst_Notifier::isSilentOnWhatWasThereAtTheStart()
{
    Scene scene;
    scene.work->setCount(5);
    scene.arrive(scene.work, u"1"_s, u"A mail"_s); // in the same breath
    QVERIFY(scene.said().isEmpty());
    scene.work->setCount(6);
    scene.work->setStatus(Status::Live);
    QVERIFY(scene.said().isEmpty());

    CountModel *const late = scene.feeds.add(u"late"_s, u"Late"_s);
    late->setCount(3);
    QVERIFY(scene.said().isEmpty());
    late->setCount(4);
    QCOMPARE(scene.said(), QStringList{u"late [Late: 1 new, 4 waiting]"_s});
}

void tst_Notifier::tellsOfAnItemThatArrives()
{
    Scene scene;
    scene.begin(2);
    scene.work->changeCountBy(1);
    scene.work->addItem({u"7"_s, u"Disk %1 full"_s, u"sda1"_s, QUrl(u"https://a.example/7"_s), {}});
    QCOMPARE(scene.said(), QStringList{u"work/7 [Disk %1 full]"_s});
    Notice expected;
    expected.key = u"work/7"_s;
    expected.source = u"work"_s;
    expected.sourceTitle = u"Work"_s;
    expected.title = u"Disk %1 full"_s;
    expected.body = u"sda1"_s;
    expected.url = QUrl(u"https://a.example/7"_s);
    QCOMPARE(scene.notices.constLast(), expected);
    scene.clock.advance(1min);
    scene.arrive(scene.work, u"8"_s, u"Disk gone"_s);
    scene.turn();
    QCOMPARE(scene.notices.constLast().url, QUrl(u"https://work.example/"_s));
}

void tst_Notifier::tellsAnItemWithoutAKey()
{
    Scene scene;
    scene.begin(2);
    for (int item = 0; item < 2; ++item) {
        scene.arrive(scene.work, {}, u"A mail"_s);
        QCOMPARE(scene.said().size(), 1);
    }
    QVERIFY(scene.notices.at(0).key != scene.notices.at(1).key);
}

void tst_Notifier::isSilentOnAnItemThatTheCountDidNotGrowFor()
{
    Scene scene;
    scene.begin(2);
    scene.work->addItem({u"7"_s, u"An old mail"_s, {}, {}, {}});
    QVERIFY(scene.said().isEmpty());
}

void tst_Notifier::tellsOnlyTheNewestItemsThatTheCountGrewFor()
{
    Scene scene;
    scene.begin(2);
    for (const QString &key : {u"1"_s, u"2"_s, u"3"_s})
        scene.work->addItem({key, u"Mail "_s + key, {}, {}, {}});
    scene.work->changeCountBy(2);
    QCOMPARE(scene.said(), (QStringList{u"work/2 [Mail 2]"_s, u"work/3 [Mail 3]"_s}));
}

void tst_Notifier::tellsHowManyAreNewWhereNoItemsAre()
{
    Scene scene;
    scene.begin(4);
    scene.work->setCount(7);
    QCOMPARE(scene.said(), QStringList{u"work [Work: 3 new, 7 waiting]"_s});
    QCOMPARE(scene.notices.constLast().url, QUrl(u"https://work.example/"_s));
    QCOMPARE(scene.notices.constLast().source, u"work"_s);
    QCOMPARE(scene.notices.constLast().urgency, Urgency::Normal);
    QVERIFY(scene.notices.constLast().canBeSeen);
}

void tst_Notifier::tellsTheRestAsANumber()
{
    Scene scene;
    scene.begin(4);
    scene.work->setCount(7);
    scene.work->addItem({u"7"_s, u"A mail"_s, {}, {}, {}});
    QCOMPARE(scene.said(), (QStringList{u"work [Work: 2 new, 7 waiting]"_s, u"work/7 [A mail]"_s}));
}

void tst_Notifier::replacesTheNoticeOfASource()
{
    Scene scene;
    scene.begin(4);
    scene.work->setCount(5);
    QCOMPARE(scene.said(), QStringList{u"work [Work: 1 new, 5 waiting]"_s});
    scene.clock.advance(1min);
    scene.work->setCount(7);
    QCOMPARE(scene.said(), QStringList{u"work [Work: 3 new, 7 waiting]"_s});
}

void tst_Notifier::putsANoticeRightWhenSomeWaitNoMore()
{
    Scene scene;
    scene.begin(4);
    scene.work->setCount(7);
    QCOMPARE(scene.said().size(), 1);
    scene.work->setCount(6);
    QCOMPARE(scene.said(), QStringList{u"~work [Work: 2 new, 6 waiting]"_s});
    QCOMPARE(scene.notices.constLast().urgency, Urgency::Low);
    scene.work->setCount(7);
    QCOMPARE(scene.said(), QStringList{u"work [Work: 3 new, 7 waiting]"_s});
    QCOMPARE(scene.notices.constLast().urgency, Urgency::Normal);
}

void tst_Notifier::withdrawsANoticeWhenAllOfItWaitNoMore()
{
    Scene scene;
    scene.begin(4);
    for (const int left : {4, 3}) {
        const int before = *scene.work->count();
        scene.clock.advance(1min);
        scene.work->setCount(before + 2);
        QCOMPARE(scene.said().size(), 1);
        scene.work->setCount(left);
        QCOMPARE(scene.said(), QStringList{u"-work"_s});
    }
    scene.work->setCount(0);
    QVERIFY(scene.said().isEmpty());
    scene.clock.advance(1min);
    scene.work->setCount(1); // from there on
    QCOMPARE(scene.said(), QStringList{u"work [Work: 1 new, 1 waiting]"_s});
}

void tst_Notifier::withdrawsAnItemThatWasReadElsewhere()
{
    Scene scene;
    scene.begin(4);
    scene.arrive(scene.work, u"1"_s, u"A mail"_s);
    scene.arrive(scene.work, u"2"_s, u"A mail"_s);
    QCOMPARE(scene.said().size(), 2);
    scene.work->removeItem(u"1"_s);
    scene.work->changeCountBy(-1);
    QCOMPARE(scene.said(), QStringList{u"-work/1"_s});
    scene.work->setCount(0);
    scene.work->clearItems();
    QCOMPARE(scene.said(), QStringList{u"-work/2"_s});
}

void tst_Notifier::withdrawsAnItemWithoutAKeyThatWasReadElsewhere()
{
    Scene scene;
    scene.begin(0);
    scene.arrive(scene.work, {}, u"One"_s);
    scene.turn();
    scene.arrive(scene.work, {}, u"Two"_s);
    QCOMPARE(scene.said().size(), 2);
    scene.work->setCount(1);
    scene.work->limitItems(1);
    QCOMPARE(scene.said(), QStringList{u"-"_s + scene.notices.at(0).key});
}

void tst_Notifier::withdrawsAllOfASourceThatWasSeen()
{
    Scene scene;
    scene.begin(4);
    scene.arrive(scene.work, u"1"_s, u"A mail"_s);
    scene.alerts->setCount(1);
    QCOMPARE(scene.said().size(), 2);
    scene.clock.advance(10s);
    scene.work->setCount(6);
    scene.work->setStatus(Status::LoginNeeded);
    QCOMPARE(scene.said().size(), 2);
    scene.work->setSeen(5); // not all of it
    QVERIFY(scene.said().isEmpty());
    scene.work->setSeen(6);
    QCOMPARE(scene.said(), (QStringList{u"-work/1"_s, u"-work"_s}));
    scene.alerts->setSeen(1);
    QCOMPARE(scene.said(), QStringList{u"-alerts"_s});

    scene.clock.advance(10s);
    scene.work->setCount(7);
    scene.work->setSeen(7); // at once
    QVERIFY(scene.said().isEmpty());
    scene.work->setSeen(0); // it was a mistake, and no news
    QVERIFY(scene.said().isEmpty());
}

void tst_Notifier::replacesAnItemOfTheSameKey()
{
    Scene scene;
    scene.begin(4);
    scene.arrive(scene.work, u"1"_s, u"50 %"_s);
    QCOMPARE(scene.said(), QStringList{u"work/1 [50 %]"_s});
    scene.work->addItem({u"1"_s, u"60 %"_s, {}, {}, {}});
    QCOMPARE(scene.said(), QStringList{u"work/1 [60 %]"_s});
    for (int replay = 0; replay < 5; ++replay) {
        scene.work->addItem({u"1"_s, u"60 %"_s, {}, {}, QDateTime::currentDateTime()});
        QVERIFY(scene.said().isEmpty());
    }
    scene.arrive(scene.work, u"1"_s, u"70 %"_s); // one more, of the same name
    QCOMPARE(scene.said().size(), 2); // the third: a storm, but with a summary of what counts
    QCOMPARE(scene.notices.constLast().title, u"Work: 2 new, 6 waiting"_s);
}

void tst_Notifier::judgesATurnOfTheEventLoopTogether()
{
    Scene scene;
    scene.begin(4);
    scene.work->setCount(5);
    scene.work->setCount(4);
    scene.arrive(scene.alerts, u"1"_s, u"An alert"_s);
    scene.alerts->removeItem(u"1"_s);
    scene.alerts->changeCountBy(-1);
    QVERIFY(scene.said().isEmpty());
    scene.work->setCount(2);
    scene.work->setCount(3);
    QVERIFY(scene.said().isEmpty()); // one less than before
    scene.work->setCount(2);
    scene.arrive(scene.work, u"2"_s, u"A mail"_s);
    QCOMPARE(scene.said(), QStringList{u"work/2 [A mail]"_s}); // though no more wait than before
}

void tst_Notifier::beginsAnewAfterANoticeWasPutAway()
{
    Scene scene;
    scene.begin(4);
    scene.work->setCount(6);
    scene.arrive(scene.alerts, u"1"_s, u"An alert"_s);
    QCOMPARE(scene.said().size(), 2);
    for (const QString &key : {u"work"_s, u"alerts/1"_s, u"unknown"_s})
        scene.notifier.forget(key);
    scene.clock.advance(10s);
    scene.alerts->removeItem(u"1"_s);
    scene.work->setCount(7);
    QCOMPARE(scene.said(), QStringList{u"work [Work: 1 new, 7 waiting]"_s});
}

void tst_Notifier::isSilentWhileItReconnects()
{
    Scene scene;
    scene.begin(4);
    for (const Status status :
         {Status::Reconnecting, Status::Offline, Status::LoggingIn, Status::Connecting,
          Status::Live, Status::Polling, Status::Paused, Status::WaitingForKeyring, Status::Off}) {
        scene.work->setStatus(status, u"A sentence."_s);
        scene.work->setStale();
        QVERIFY(scene.said().isEmpty());
    }
}

void tst_Notifier::tellsOnceWhatCameInAGap()
{
    Scene scene;
    scene.begin(4);
    scene.clock.advance(5h + 40min - 1min);
    scene.work->setStale(); // 17:40
    scene.clock.advance(1h);
    scene.work->setCount(46);
    scene.work->addItem({u"1"_s, u"A mail"_s, {}, {}, {}});
    QVERIFY(scene.said().isEmpty()); // more may follow
    scene.clock.advance(1s);
    scene.arrive(scene.work, u"2"_s, u"A mail"_s);
    scene.clock.advance(1s - 1ms);
    QVERIFY(scene.said().isEmpty());
    scene.clock.advance(1ms);
    QCOMPARE(scene.said(), QStringList{u"work [Work: 43 new since 17:40, 47 waiting]"_s});
    scene.clock.advance(10s);
    scene.arrive(scene.work, u"3"_s, u"A mail"_s); // as ever
    QCOMPARE(scene.said(), QStringList{u"work/3 [A mail]"_s});
    scene.work->setCount(4);
    scene.work->limitItems(0);
    QCOMPARE(scene.said(), (QStringList{u"-work/3"_s, u"-work"_s}));
}

void tst_Notifier::isSilentOnAGapInWhichNothingCame()
{
    Scene scene;
    scene.begin(4);
    for (const int count : {4, 2}) {
        scene.work->setStale();
        scene.clock.advance(1h);
        scene.work->setCount(count);
        scene.clock.advance(1min);
        QVERIFY(scene.said().isEmpty());
    }
    scene.work->setCount(3); // news as ever
    QCOMPARE(scene.said(), QStringList{u"work [Work: 1 new, 3 waiting]"_s});
}

// A source that counts from zero tells everything anew; and a link may be lost again and again.
void tst_Notifier::takesAReplayAfterAGapForAPartOfIt()
{
    Scene scene;
    scene.begin(4);
    scene.work->setStale();
    scene.clock.advance(1h);
    scene.work->setCount(0);
    scene.turn();
    for (int item = 0; item < 3; ++item) {
        scene.arrive(scene.work, QString::number(item), u"A mail"_s);
        scene.turn();
    }
    scene.clock.advance(1s);
    scene.work->setStale(); // lost before it was settled
    scene.clock.advance(1h);
    QVERIFY(scene.said().isEmpty());
    scene.work->setCount(0);
    scene.turn();
    for (int item = 0; item < 5; ++item) {
        scene.arrive(scene.work, QString::number(item), u"A mail"_s);
        scene.turn();
    }
    scene.clock.advance(2s);
    QCOMPARE(scene.said(), QStringList{u"work [Work: 1 new since 12:01, 5 waiting]"_s});
}

void tst_Notifier::namesTheDayOfALongGap()
{
    Scene scene;
    scene.begin(4);
    scene.work->setStale();
    scene.clock.advance(72h);
    scene.work->setCount(5);
    scene.clock.advance(2s);
    const QString when =
        QLocale().toString(QDateTime(QDate(2026, 1, 2), QTime(12, 1)), QLocale::ShortFormat);
    QCOMPARE(scene.said(), QStringList{u"work [Work: 1 new since %1, 5 waiting]"_s.arg(when)});
}

void tst_Notifier::countsAGapFromWhatWasSeen()
{
    Scene scene;
    scene.begin(4);
    scene.work->setStale();
    scene.clock.advance(1h);
    scene.work->setCount(9);
    scene.work->setSeen(9);
    scene.clock.advance(1s);
    scene.work->setCount(10);
    scene.clock.advance(1s);
    QCOMPARE(scene.said(), QStringList{u"work [Work: 1 new since 12:01, 10 waiting]"_s});
}

// As a feed has it: each opening asks for the count, and the server sends again what it said.
void tst_Notifier::followsASourceThroughAReconnection()
{
    Scene scene;
    Rule come;
    come.events = {u"come"_s};
    come.action = Rule::Action::KeyAdd;
    come.keys = {u"/id"_s};
    come.item = ItemDescription{{u"/title"_s}, {}, {}, false};
    Rule gone = come;
    gone.events = {u"gone"_s};
    gone.action = Rule::Action::KeyRemove;
    gone.item.reset();
    Tally tally({come, gone}, scene.work);
    tally.beginSnapshot();
    tally.finishSnapshot(FoundCount{1, QSet<QString>{u"a"_s}});
    QVERIFY(scene.said().isEmpty());
    tally.streamOpened();
    tally.beginSnapshot();
    tally.take("come", R"({"id":"a","title":"Mail a"})");
    tally.take("come", R"({"id":"b","title":"Mail b"})");
    QVERIFY(scene.said().isEmpty());
    tally.finishSnapshot(FoundCount{2, QSet<QString>{u"a"_s, u"b"_s}});
    QCOMPARE(scene.said(), QStringList{u"work/b [Mail b]"_s});

    tally.reset();
    scene.work->setStale();
    scene.clock.advance(1h);
    tally.streamOpened();
    tally.beginSnapshot();
    tally.take("come", R"({"id":"b","title":"Mail b"})");
    tally.take("come", R"({"id":"c","title":"Mail c"})");
    tally.finishSnapshot(FoundCount{3, QSet<QString>{u"a"_s, u"b"_s, u"c"_s}});
    scene.clock.advance(10s);
    QCOMPARE(scene.said(), QStringList{u"work [Work: 1 new since 12:00, 3 waiting]"_s});
    tally.take("come", R"({"id":"d","title":"Mail d"})");
    QCOMPARE(scene.said(), QStringList{u"work/d [Mail d]"_s});
    for (const char *read : {R"({"id":"b"})", R"({"id":"c"})"})
        tally.take("gone", read);
    QCOMPARE(scene.said(), (QStringList{u"-work/b"_s, u"-work"_s}));
    QCOMPARE(scene.work->count(), 2);
}

void tst_Notifier::makesAStormOneNotice()
{
    Scene scene;
    scene.begin(4, 1);
    scene.arrive(scene.work, u"1"_s, u"A mail"_s);
    QCOMPARE(scene.said(), QStringList{u"work/1 [A mail]"_s});
    scene.clock.advance(2s);
    scene.alerts->setCount(3);
    QCOMPARE(scene.said(), QStringList{u"alerts [Alerts: 2 new, 3 waiting]"_s});
    scene.clock.advance(3s - 1ms);
    scene.arrive(scene.work, u"2"_s, u"A mail"_s);
    scene.arrive(scene.work, u"3"_s, u"A mail"_s);
    QCOMPARE(scene.said(), (QStringList{u"-work/1"_s, u"-alerts"_s, u"/summary [5 new]"_s}));
    const Notice &summary = scene.notices.constLast();
    QCOMPARE(summary.body, u"Work 3, Alerts 2"_s);
    QVERIFY(summary.source.isEmpty());
    QVERIFY(summary.url.isEmpty());
    QCOMPARE(summary.urgency, Urgency::Normal);
}

void tst_Notifier::countsAStormInASingleTurn()
{
    Scene scene;
    scene.begin(0);
    for (int item = 0; item < 3; ++item)
        scene.arrive(scene.work, QString::number(item), u"A mail"_s);
    QCOMPARE(scene.said(), QStringList{u"/summary [Work: 3 new, 3 waiting]"_s});
}

// What it replaces is withdrawn, so it has to be seen.
void tst_Notifier::tellsAStormThatATextEnds()
{
    Scene scene;
    scene.begin(0);
    scene.arrive(scene.work, u"1"_s, u"50 %"_s);
    scene.turn();
    scene.arrive(scene.work, u"2"_s, u"A mail"_s);
    QCOMPARE(scene.said().size(), 2);
    scene.work->addItem({u"1"_s, u"60 %"_s, {}, {}, {}});
    QCOMPARE(scene.said(),
             (QStringList{u"-work/1"_s, u"-work/2"_s, u"/summary [Work: 2 new, 2 waiting]"_s}));
    QCOMPARE(scene.notices.constLast().urgency, Urgency::Normal);
}

void tst_Notifier::isNoStormWhereNoticesComeSlowly()
{
    Scene scene;
    scene.begin(0);
    for (int item = 0; item < 6; ++item) {
        scene.arrive(scene.work, QString::number(item), u"A mail"_s);
        QCOMPARE(scene.said(), QStringList{u"work/%1 [A mail]"_s.arg(item)});
        scene.clock.advance(2500ms);
    }
}

void tst_Notifier::updatesASummaryOnceASecond()
{
    Scene scene;
    scene.begin(0);
    scene.work->setCount(1);
    for (int item = 0; item < 2; ++item) {
        scene.turn();
        scene.arrive(scene.alerts, QString::number(item), u"An alert"_s);
    }
    QCOMPARE(scene.said().constLast(), u"/summary [3 new]"_s);
    for (int item = 2; item < 20; ++item) { // within 900 ms
        scene.clock.advance(50ms);
        scene.arrive(scene.alerts, QString::number(item), u"An alert"_s);
    }
    QVERIFY(scene.said().isEmpty());
    scene.clock.advance(100ms - 1ms);
    QVERIFY(scene.said().isEmpty());
    scene.clock.advance(1ms);
    QCOMPARE(scene.said(), QStringList{u"/summary [21 new]"_s}); // the last one wins
    QCOMPARE(scene.notices.constLast().body, u"Work 1, Alerts 20"_s);
    QCOMPARE(scene.clock.activeTimers(), 0);
}

void tst_Notifier::endsAStormAfterFiveSecondsOfCalm()
{
    Scene scene;
    scene.begin(0);
    scene.work->setCount(1);
    for (int item = 0; item < 2; ++item) {
        scene.turn();
        scene.arrive(scene.alerts, QString::number(item), u"An alert"_s);
    }
    scene.turn();
    scene.told.clear();
    for (int item = 2; item < 5; ++item) {
        scene.clock.advance(5s - 1ms);
        scene.arrive(scene.alerts, QString::number(item), u"An alert"_s);
        QCOMPARE(scene.said(), QStringList{u"/summary [%1 new]"_s.arg(item + 2)});
    }
    scene.clock.advance(5s);
    scene.arrive(scene.alerts, u"5"_s, u"An alert"_s);
    QCOMPARE(scene.said(), QStringList{u"alerts/5 [An alert]"_s});
}

void tst_Notifier::keepsASummaryRight()
{
    Scene scene;
    scene.begin(4);
    scene.work->setCount(6);
    for (int item = 0; item < 3; ++item)
        scene.arrive(scene.alerts, QString::number(item), u"An alert"_s);
    QCOMPARE(scene.said(), QStringList{u"/summary [5 new]"_s});
    scene.clock.advance(1min);
    scene.work->setCount(5);
    QCOMPARE(scene.said(), QStringList{u"~/summary [4 new]"_s});
    QCOMPARE(scene.notices.constLast().body, u"Work 1, Alerts 3"_s);
    QCOMPARE(scene.notices.constLast().urgency, Urgency::Low);
    scene.clock.advance(1min);
    scene.alerts->setSeen(3);
    QCOMPARE(scene.said(), QStringList{u"~/summary [Work: 1 new, 5 waiting]"_s});
    scene.work->setCount(2);
    QCOMPARE(scene.said(), QStringList{u"-/summary"_s}); // at once
    scene.clock.advance(1min);
    QVERIFY(scene.said().isEmpty());
}

// The number of the source was told twice before the third made it a storm.
void tst_Notifier::keepsASummaryRightThatReplacedANoticeTwice()
{
    Scene scene;
    scene.begin(3);
    for (const int count : {4, 5, 7}) {
        scene.work->setCount(count);
        scene.clock.advance(2s);
    }
    QCOMPARE(scene.said().constLast(), u"/summary [Work: 4 new, 7 waiting]"_s);
    scene.work->setCount(6);
    scene.clock.advance(2s);
    QCOMPARE(scene.said(), QStringList{u"~/summary [Work: 3 new, 6 waiting]"_s});
    scene.work->setCount(3);
    QCOMPARE(scene.said(), QStringList{u"-/summary"_s});
}

void tst_Notifier::namesTheSourceOfASummaryOfOne()
{
    Scene scene;
    scene.begin(4);
    for (int item = 0; item < 3; ++item)
        scene.arrive(scene.work, QString::number(item), u"A mail"_s);
    QCOMPARE(scene.said(), QStringList{u"/summary [Work: 3 new, 7 waiting]"_s});
    QCOMPARE(scene.notices.constLast().source, u"work"_s);
    QCOMPARE(scene.notices.constLast().url, QUrl(u"https://work.example/"_s));
}

void tst_Notifier::makesGapsOfAllSourcesOneSummary()
{
    Scene scene;
    CountModel *const third = scene.feeds.add(u"third"_s, u"Third"_s);
    third->setCount(0);
    scene.begin(4);
    const QList<CountModel *> all{scene.work, scene.alerts, third};
    for (CountModel *model : all)
        model->setStale();
    scene.clock.advance(8h);
    for (CountModel *model : all)
        model->setCount(*model->count() + 2);
    scene.clock.advance(2s);
    QCOMPARE(scene.said(), QStringList{u"/summary [6 new]"_s});
    QCOMPARE(scene.notices.constLast().body, u"Work 2, Alerts 2, Third 2"_s);
}

void tst_Notifier::isCalmUnderAFlood()
{
    Scene scene;
    scene.begin(0);
    for (int millisecond = 0; millisecond < 10'000; ++millisecond) {
        scene.arrive(scene.work, QString::number(millisecond), u"A mail"_s);
        scene.clock.advance(1ms);
    }
    scene.clock.advance(1min);
    QCOMPARE(scene.notices.constLast().title,
             u"Work: %1 new, %1 waiting"_s.arg(QLocale().toString(10'000)));
    // Two that became a summary, and that one from then on.
    QVERIFY2(scene.notices.size() <= 14, qPrintable(scene.told.join(u'\n')));
    QCOMPARE(scene.clock.activeTimers(), 0);
}

void tst_Notifier::tellsWhatNeedsTheUser_data()
{
    QTest::addColumn<Status>("status");
    QTest::addColumn<QString>("title");
    QTest::addColumn<Urgency>("urgency");
    QTest::newRow("login needed") << Status::LoginNeeded << u"Work: Login needed"_s
                                  << Urgency::Critical;
    QTest::newRow("not permitted")
        << Status::NotPermitted << u"Work: Not permitted"_s << Urgency::Normal;
    QTest::newRow("failed") << Status::Failed << u"Work: Failed"_s << Urgency::Normal;
}

void tst_Notifier::tellsWhatNeedsTheUser()
{
    QFETCH(Status, status);
    QFETCH(QString, title);
    Scene scene;
    scene.work->setStatus(status, u"Because of %1."_s);
    QCOMPARE(scene.said(), QStringList{u"/status/work [%1]"_s.arg(title)});
    const Notice notice = scene.notices.constLast();
    QCOMPARE(notice.body, u"Because of %1."_s);
    QTEST(notice.urgency, "urgency");
    QVERIFY(notice.url.isEmpty());
    QVERIFY(!notice.canBeSeen);
    QCOMPARE(notice.source, u"work"_s);
    scene.work->setStatus(status, u"Because."_s);
    QCOMPARE(scene.said(), QStringList{u"/status/work [%1]"_s.arg(title)});
    scene.work->setCount(1);
    scene.work->setSeen(1);
    QVERIFY(scene.said().isEmpty()); // that solves nothing
    scene.work->setStatus(Status::LoggingIn);
    QCOMPARE(scene.said(), QStringList{u"-/status/work"_s});
}

void tst_Notifier::tellsAgainWhenALoginFailedAgain()
{
    Scene scene;
    scene.work->setStatus(Status::LoginNeeded);
    QCOMPARE(scene.said().size(), 1);
    scene.notifier.forget(u"/status/work"_s); // put away, and not forgotten
    scene.work->setStatus(Status::LoginNeeded);
    scene.notifier.setInhibited(true);
    scene.turn();
    scene.notifier.setInhibited(false);
    QVERIFY(scene.said().isEmpty());
    scene.work->setStatus(Status::LoggingIn);
    QVERIFY(scene.said().isEmpty());
    scene.work->setStatus(Status::LoginNeeded);
    QCOMPARE(scene.said(), QStringList{u"/status/work [Work: Login needed]"_s});
}

void tst_Notifier::doesNotCountTroubleAsAStorm()
{
    Scene scene;
    scene.begin(0);
    scene.work->setStatus(Status::LoginNeeded);
    scene.alerts->setStatus(Status::Failed);
    scene.turn();
    scene.work->setCount(1);
    QCOMPARE(scene.said().constLast(), u"work [Work: 1 new, 1 waiting]"_s);
}

enum class Silence {
    Snooze,
    Inhibited,
    Unwanted,
};

void tst_Notifier::showsNothingWhileSilenced_data()
{
    QTest::addColumn<int>("silence");
    QTest::newRow("snoozed") << int(Silence::Snooze);
    QTest::newRow("as the desktop wants it") << int(Silence::Inhibited);
    QTest::newRow("as the settings want it") << int(Silence::Unwanted);
}

void tst_Notifier::showsNothingWhileSilenced()
{
    QFETCH(int, silence);
    Scene scene;
    scene.begin(4);
    const auto setSilent = [&](bool isSilent) {
        Choices choices;
        choices.notifies = silence != int(Silence::Unwanted) || !isSilent;
        scene.notifier.setChoices(choices);
        scene.notifier.setInhibited(silence == int(Silence::Inhibited) && isSilent);
        if (silence == int(Silence::Snooze) && isSilent)
            scene.quiet.snoozeFor(60min);
        else
            scene.quiet.wake();
    };
    setSilent(true);
    QVERIFY(scene.notifier.isSilenced());
    scene.arrive(scene.work, u"1"_s, u"A mail"_s);
    scene.clock.advance(10min);
    scene.work->setCount(7);
    scene.alerts->setCount(1);
    scene.work->setStatus(Status::Failed);
    scene.clock.advance(1min);
    scene.work->setStatus(Status::Live);
    QVERIFY(scene.said().isEmpty());
    setSilent(false);
    QVERIFY(!scene.notifier.isSilenced());
    QCOMPARE(scene.said(), QStringList{u"/summary [4 new]"_s});
    QCOMPARE(scene.notices.constLast().body, u"Work 3, Alerts 1"_s);
    setSilent(true);
    scene.turn();
    setSilent(false);
    QVERIFY(scene.said().isEmpty()); // nothing came since
}

void tst_Notifier::tellsAfterwardsOnlyWhatStillWaits()
{
    Scene scene;
    scene.begin(4);
    scene.quiet.snoozeFor(15min);
    scene.work->setCount(7);
    scene.alerts->setCount(5);
    scene.turn();
    scene.work->setCount(4);
    scene.alerts->setCount(2);
    scene.turn();
    scene.work->setStale();
    scene.turn();
    scene.work->setCount(5);
    scene.clock.advance(15min - 1ms);
    QVERIFY(scene.said().isEmpty());
    scene.clock.advance(1ms);
    QCOMPARE(scene.said(), QStringList{u"/summary [3 new]"_s});
    QCOMPARE(scene.notices.constLast().body, u"Work 1, Alerts 2"_s);

    scene.quiet.snoozeFor(15min);
    scene.work->setSeen(5);
    scene.alerts->setCount(0);
    QCOMPARE(scene.said(), QStringList{u"-/summary"_s}); // also while snoozed
    scene.work->setCount(6);
    scene.turn();
    scene.work->setSeen(6);
    scene.clock.advance(15min);
    QVERIFY(scene.said().isEmpty());
}

void tst_Notifier::tellsAfterwardsWhatNeedsTheUser()
{
    Scene scene;
    scene.quiet.snoozeFor(15min);
    scene.work->setStatus(Status::LoginNeeded);
    scene.alerts->setStatus(Status::Failed);
    QVERIFY(scene.said().isEmpty());
    scene.alerts->setStatus(Status::Live);
    scene.clock.advance(15min);
    QCOMPARE(scene.said(), QStringList{u"/status/work [Work: Login needed]"_s});
}

void tst_Notifier::withdrawsWhileSilenced()
{
    Scene scene;
    scene.begin(4);
    scene.work->setStatus(Status::LoginNeeded);
    scene.arrive(scene.work, u"1"_s, u"A mail"_s);
    scene.alerts->setCount(1);
    QCOMPARE(scene.said().size(), 3);
    scene.notifier.setInhibited(true);
    scene.work->setStatus(Status::Live);
    scene.work->removeItem(u"1"_s);
    scene.work->changeCountBy(-1);
    scene.alerts->setCount(0);
    QCOMPARE(scene.said(), (QStringList{u"-work/1"_s, u"-/status/work"_s, u"-alerts"_s}));
    scene.notifier.setInhibited(false);
    QVERIFY(scene.said().isEmpty());
}

// Neither wrong on the screen, nor forgotten.
void tst_Notifier::keepsWhatIsLeftOfANoticeForAfterwards()
{
    Scene scene;
    scene.begin(4);
    scene.work->setCount(7);
    scene.alerts->setCount(2);
    QCOMPARE(scene.said().size(), 2);
    scene.quiet.snoozeFor(15min);
    scene.work->setCount(6);
    QCOMPARE(scene.said(), QStringList{u"-work"_s});
    scene.work->setCount(5);
    QVERIFY(scene.said().isEmpty());
    scene.clock.advance(15min);
    QCOMPARE(scene.said(), QStringList{u"/summary [Work: 1 new, 5 waiting]"_s});
    QCOMPARE(scene.notices.constLast().urgency, Urgency::Low); // told before, if not like this
    scene.work->setCount(4);
    QCOMPARE(scene.said(), QStringList{u"-/summary"_s});
    scene.alerts->setCount(0);
    QCOMPARE(scene.said(), QStringList{u"-alerts"_s});
}

void tst_Notifier::addsWhatIsLeftOfANoticeToWhatCame()
{
    Scene scene;
    scene.begin(4);
    scene.work->setCount(7);
    QCOMPARE(scene.said().size(), 1);
    scene.notifier.setInhibited(true);
    scene.work->setCount(6);
    scene.turn();
    scene.work->setCount(8);
    scene.alerts->setCount(1);
    QCOMPARE(scene.said(), QStringList{u"-work"_s});
    scene.notifier.setInhibited(false);
    QCOMPARE(scene.said(), QStringList{u"/summary [5 new]"_s});
    QCOMPARE(scene.notices.constLast().body, u"Work 4, Alerts 1"_s);
    QCOMPARE(scene.notices.constLast().urgency, Urgency::Normal);
}

void tst_Notifier::keepsWhatIsLeftOfASummaryForAfterwards()
{
    Scene scene;
    scene.begin(4);
    scene.work->setCount(6);
    for (int item = 0; item < 3; ++item)
        scene.arrive(scene.alerts, QString::number(item), u"An alert"_s);
    QCOMPARE(scene.said(), QStringList{u"/summary [5 new]"_s});
    scene.clock.advance(1min);
    scene.notifier.setInhibited(true);
    scene.work->setCount(7); // what it tells still waits
    QVERIFY(scene.said().isEmpty());
    scene.alerts->setSeen(3);
    QCOMPARE(scene.said(), QStringList{u"-/summary"_s});
    scene.notifier.setInhibited(false);
    QCOMPARE(scene.said(), QStringList{u"/summary [Work: 3 new, 7 waiting]"_s});
}

void tst_Notifier::tellsAfterwardsOfOtherTroubleThanBefore()
{
    Scene scene;
    scene.work->setStatus(Status::LoginNeeded);
    QCOMPARE(scene.said(), QStringList{u"/status/work [Work: Login needed]"_s});
    scene.quiet.snoozeFor(15min);
    scene.work->setStatus(Status::Failed, u"Why?"_s);
    QCOMPARE(scene.said(), QStringList{u"-/status/work"_s});
    scene.clock.advance(15min);
    QCOMPARE(scene.said(), QStringList{u"/status/work [Work: Failed]"_s});
}

void tst_Notifier::soundsOnlyForNewsAndIfTheUserWants()
{
    Scene scene;
    Choices choices;
    choices.sounds = true;
    scene.notifier.setChoices(choices);
    scene.begin(4);
    scene.work->setCount(6);
    QCOMPARE(scene.said(), QStringList{u"work [Work: 2 new, 6 waiting] ♪"_s});
    scene.work->setCount(5);
    QCOMPARE(scene.said(), QStringList{u"~work [Work: 1 new, 5 waiting]"_s});
    scene.arrive(scene.alerts, u"1"_s, u"An alert"_s);
    QCOMPARE(scene.said(), QStringList{u"alerts/1 [An alert] ♪"_s});
    scene.work->setCount(6);
    QCOMPARE(scene.said().constLast(), u"/summary [3 new] ♪"_s);
    scene.clock.advance(1s);
    scene.work->setCount(7);
    QCOMPARE(scene.said(), QStringList{u"/summary [4 new]"_s}); // one sound for a storm
    scene.work->setStatus(Status::LoginNeeded, u"Why?"_s);
    QCOMPARE(scene.said(), QStringList{u"/status/work [Work: Login needed] ♪"_s});
    scene.work->setStatus(Status::LoginNeeded, u"Why not?"_s);
    QCOMPARE(scene.said(), QStringList{u"/status/work [Work: Login needed]"_s});
    scene.quiet.snoozeFor(15min);
    scene.work->setCount(8);
    scene.clock.advance(15min);
    QCOMPARE(scene.said(), QStringList{u"/summary [5 new] ♪"_s});
}

void tst_Notifier::wakesUpForNothing()
{
    Scene scene;
    scene.begin(4);
    QCOMPARE(scene.clock.activeTimers(), 0);
    scene.arrive(scene.work, u"1"_s, u"A mail"_s);
    scene.work->setStatus(Status::Failed);
    scene.turn();
    QCOMPARE(scene.clock.activeTimers(), 0);
    scene.work->setStale();
    scene.turn();
    QCOMPARE(scene.clock.activeTimers(), 0); // a gap may last
    scene.notifier.setInhibited(true);
    scene.work->setCount(9);
    scene.clock.advance(2s);
    QCOMPARE(scene.clock.activeTimers(), 0); // and so may a silence
}

void tst_Notifier::mayGoWhileItSpeaks()
{
    Harness::VirtualClock clock;
    FeedList feeds;
    CountModel *const work = feeds.add(u"work"_s, u"Work"_s);
    CountModel *const alerts = feeds.add(u"alerts"_s, u"Alerts"_s);
    Quiet quiet(&clock);
    auto *const notifier = new Notifier(&feeds, &quiet, &clock);
    int told = 0;
    connect(notifier, &Notifier::noticeRequested, &clock, [&told, notifier] {
        ++told;
        delete notifier;
    });
    work->setStatus(Status::Failed);
    alerts->setStatus(Status::Failed);
    clock.advance(0ms);
    QCOMPARE(told, 1);
}

void tst_Notifier::livesByTheClockOfTheComputer()
{
    FeedList feeds;
    CountModel *const work = feeds.add(u"work"_s, u"Work"_s);
    Quiet quiet;
    Notifier notifier(&feeds, &quiet);
    QStringList told;
    connect(&notifier, &Notifier::noticeRequested, &notifier,
            [&told](const Notice &notice) { told.append(notice.title); });
    work->setStatus(Status::LoginNeeded);
    QVERIFY(told.isEmpty()); // at the end of the turn
    QTRY_COMPARE(told, QStringList{u"Work: Login needed"_s});
}

int main(int argc, char *argv[])
{
    qputenv("TZ", "UTC0"); // before anything reads the time zone
    qputenv("LC_ALL", "C");
    ::tzset();
    const QCoreApplication app(argc, argv);
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedKingdom));
    tst_Notifier test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_notifier.moc"
