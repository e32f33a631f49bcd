// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "core/feedlist.h"
#include "core/journal.h"
#include "core/notices/quiet.h"
#include "core/seen/seenmark.h"
#include "core/settings.h"
#include "ui/tray/traycommand.h"
#include "ui/tray/trayview.h"
#include "ui/wording.h"

#include <QSignalSpy>
#include <QTest>

#include <optional>

using namespace std::chrono_literals;
using namespace Qt::Literals;
using State = Badge::State;
using Status = CountModel::Status;

namespace {

/*! Two sources at most, and what the tray says of them. */
class Fixture
{
public:
    explicit Fixture(int sources = 1)
    {
        work = feeds.add(u"work"_s, u"Work"_s);
        work->setHomepage(QUrl(u"http://127.0.0.1/"_s));
        if (sources > 1)
            alerts = feeds.add(u"alerts"_s, u"Alerts"_s);
        view.emplace(TrayView::Sources{&feeds, &journal, &settings, &quiet, &seen});
    }

    const TrayFace &face()
    {
        view->refresh(); // the watch would wait a moment
        return view->face();
    }

    /*! The texts of the menu; separators are "-", a disabled line stands in brackets. */
    QStringList texts()
    {
        QStringList texts;
        for (const MenuEntry &entry : face().menu)
            texts.append(entry.isSeparator     ? u"-"_s
                             : entry.isEnabled ? entry.text
                                               : u"[%1]"_s.arg(entry.text));
        return texts;
    }

    const MenuEntry *entry(QAnyStringView command)
    {
        for (const MenuEntry &entry : face().menu) {
            if (entry.command == command)
                return &entry;
        }
        return nullptr;
    }

    FeedList feeds;
    Journal journal{&feeds};
    Settings settings;
    Quiet quiet;
    SeenMark seen{&feeds};
    CountModel *work = nullptr;
    CountModel *alerts = nullptr;
    std::optional<TrayView> view;
};

} // namespace

class tst_TrayView : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsCountAndStateAndSinceWhen();
    void tellsWhatIsNewBesideWhatWaits();
    void doubtsWhatMayBeOutOfDate();
    void isCompleteInItsMenu();
    void offersToReconnectOnlyWhileNotConnected();
    void takesTheMarkBack();
    void showsTheLastFiveItems();
    void showsChangesWhereEventsNameNoItems();
    void listsEachSourceWithItsState();
    void snoozesAndEndsIt();
    void hidesWhileNothingWaitsWhereTheUserWantsIt();
    void goesThroughTheSourcesWithTheWheel();
    void givesTheLauncherOnlyANumberThatIsSure();
    void saysNothingWhileNothingChanged();
    void showsTheFirstChangeAtOnceAndTheLastOneAlways();
};

void tst_TrayView::tellsCountAndStateAndSinceWhen()
{
    Fixture f;
    f.work->setCount(3);
    f.work->setStatus(Status::Live);
    const QString since = whenText(f.work->statusSince());
    QCOMPARE(f.face().toolTip, u"Tallybell: 3 waiting – Connected since "_s + since);
    QCOMPARE(f.face().title, u"Tallybell – 3 waiting – Connected"_s);
    QCOMPARE(f.texts().constFirst(), u"[3 waiting – Connected since %1]"_s.arg(since));
    QCOMPARE(f.face().label, u"3"_s);
    QVERIFY(!f.face().needsAttention);
    QCOMPARE(f.face().badge.state, State::Live);
}

void tst_TrayView::tellsWhatIsNewBesideWhatWaits()
{
    Fixture f;
    f.work->setCount(595);
    f.work->setStatus(Status::Live);
    f.seen.markAll();
    QVERIFY(f.face().toolTip.startsWith(u"Tallybell: 595 waiting, nothing new – "_s));
    f.work->setCount(599);
    QVERIFY(f.face().toolTip.startsWith(u"Tallybell: 4 new, 599 in all – "_s));
    QVERIFY(f.texts().constFirst().contains(u"4 new, 599 in all"_s));
    QCOMPARE(f.face().badge.text, u"99+"_s);
    Choices choices;
    choices.counting = Choices::Counting::New;
    f.settings.set(choices);
    QCOMPARE(f.view->face().badge.text, u"4"_s); // at once
    QCOMPARE(f.view->face().label, u"4"_s);
}

void tst_TrayView::doubtsWhatMayBeOutOfDate()
{
    Fixture f;
    f.work->setCount(3);
    f.work->setStatus(Status::Live);
    f.work->setStale();
    f.work->setStatus(Status::Reconnecting, u"The server is gone."_s);
    QCOMPARE(f.face().label, u"3?"_s);
    QVERIFY2(f.face().toolTip.contains(u"as of"_s), qPrintable(f.face().toolTip));
    QVERIFY(f.face().toolTip.endsWith(u"\nThe server is gone."_s));
    QCOMPARE(f.texts().at(1), u"[The server is gone.]"_s);
    f.work->setStatus(Status::LoginNeeded);
    QVERIFY(f.face().needsAttention);
}

void tst_TrayView::isCompleteInItsMenu()
{
    Fixture f;
    f.work->setCount(3);
    f.work->setStatus(Status::Live);
    QStringList texts = f.texts().mid(1);
    QVERIFY2(texts.at(1).endsWith(u"  3 waiting"_s), qPrintable(texts.at(1))); // with its time
    texts.removeAt(1);
    QCOMPARE(texts,
             (QStringList{u"-"_s, u"-"_s, u"Mark seen"_s, u"Open"_s, u"Show window"_s, u"-"_s,
                          u"Snooze"_s, u"Pause"_s, u"-"_s, u"Settings…"_s, u"Quit"_s}));
    f.work->setStatus(Status::Paused);
    QVERIFY(f.entry(TrayCommand::resume));
    QVERIFY(!f.entry(TrayCommand::pause));
    QSet<QString> commands;
    for (const MenuEntry &entry : f.face().menu) {
        if (entry.isSeparator || entry.command.isEmpty())
            continue;
        QVERIFY2(!commands.contains(entry.command), qPrintable(entry.command));
        commands.insert(entry.command);
    }
}

void tst_TrayView::offersToReconnectOnlyWhileNotConnected()
{
    Fixture f;
    f.work->setStatus(Status::Live);
    QVERIFY(!f.entry(TrayCommand::reconnect));
    f.work->setStatus(Status::Reconnecting);
    QCOMPARE(f.entry(TrayCommand::reconnect)->text, u"Reconnect now"_s);
    f.work->setNextAttempt(QDateTime(QDate(2026, 11, 25), QTime(14, 2, 31)));
    QCOMPARE(f.entry(TrayCommand::reconnect)->text, u"Reconnect now (next attempt at 14:02:31)"_s);
    f.work->setStatus(Status::Live);
    QVERIFY(!f.entry(TrayCommand::reconnect));
}

void tst_TrayView::takesTheMarkBack()
{
    Fixture f;
    QVERIFY(!f.entry(TrayCommand::markSeen)->isEnabled);
    f.work->setCount(3);
    QVERIFY(f.entry(TrayCommand::markSeen)->isEnabled);
    QVERIFY(!f.entry(TrayCommand::undoSeen));
    f.seen.markAll();
    QVERIFY(!f.entry(TrayCommand::markSeen)->isEnabled);
    QVERIFY(f.entry(TrayCommand::undoSeen));
    f.seen.undo();
    QVERIFY(!f.entry(TrayCommand::undoSeen));
}

void tst_TrayView::showsTheLastFiveItems()
{
    Fixture f;
    f.work->setCount(7);
    const QDateTime morning(QDate::currentDate(), QTime(9, 0));
    for (int i = 1; i <= 7; ++i)
        f.work->addItem({u"k%1"_s.arg(i), u"Approve %1"_s.arg(i), {}, {}, morning.addSecs(60 * i)});
    f.work->addItem({{}, QString(200, u'x'), {}, {}, morning.addSecs(3600)});
    const QStringList texts = f.texts();
    const auto first = texts.indexOf(u"-"_s) + 1;
    QCOMPARE(texts.at(first + 5), u"-"_s);
    QVERIFY(texts.at(first).size() < 80);
    QVERIFY(texts.at(first).endsWith(u'…'));
    QCOMPARE(texts.at(first + 1), whenText(morning.addSecs(420)) + u"  Approve 7"_s);
    QCOMPARE(f.face().menu.at(first + 1).command, u"item/work/k7"_s);
    QVERIFY(f.face().menu.at(first).command.startsWith(u"item/work/@"_s));
    f.work->removeItem(u"k7"_s);
    QCOMPARE(f.texts().at(first + 1), whenText(morning.addSecs(360)) + u"  Approve 6"_s);
}

void tst_TrayView::showsChangesWhereEventsNameNoItems()
{
    Fixture f(2);
    f.work->setCount(3);
    f.work->setCount(5);
    f.alerts->setCount(1);
    f.alerts->addItem({u"a"_s, u"Disk full"_s, {}, {}, QDateTime::currentDateTime().addSecs(60)});
    QStringList lines;
    for (const MenuEntry &entry : f.face().menu) {
        if (entry.command.startsWith(u"item/"_s))
            lines.append(entry.text.section(u"  "_s, 1));
    }
    QCOMPARE(
        lines,
        (QStringList{u"Alerts: Disk full"_s, u"Work: 5 waiting (+2)"_s, u"Work: 3 waiting"_s}));
}

void tst_TrayView::listsEachSourceWithItsState()
{
    Fixture f(2);
    f.work->setCount(3);
    f.work->setStatus(Status::Live);
    f.alerts->setStatus(Status::LoginNeeded);
    QCOMPARE(f.entry(u"source/work")->text, u"Work: 3 – Connected"_s);
    QVERIFY(f.entry(u"source/work")->isEnabled);
    QCOMPARE(f.entry(u"source/alerts")->text, u"Alerts: Login needed"_s);
    QVERIFY(!f.entry(u"source/alerts")->isEnabled); // it has no home page
    QVERIFY(f.face().toolTip.endsWith(u"\nWork: 3 – Connected\nAlerts: Login needed"_s));
}

void tst_TrayView::snoozesAndEndsIt()
{
    Fixture f;
    f.work->setCount(3);
    f.work->setStatus(Status::Live);
    QCOMPARE(f.entry(TrayCommand::snooze)->text, u"Snooze"_s);
    QVERIFY(f.entry(TrayCommand::snooze)->children.size() >= 3);
    f.quiet.snoozeFor(60min);
    QCOMPARE(f.view->face().badge.state, State::Snoozed); // at once
    const QString until = whenText(f.quiet.snoozedUntil());
    QCOMPARE(f.entry(TrayCommand::snooze)->text, u"Snoozed until "_s + until);
    QCOMPARE(f.entry(TrayCommand::snooze)->children.constFirst().command, TrayCommand::wake);
    QVERIFY(f.face().toolTip.contains(u"Snoozed until "_s + until));
    f.quiet.wake();
    QCOMPARE(f.view->face().badge.state, State::Live);
}

void tst_TrayView::hidesWhileNothingWaitsWhereTheUserWantsIt()
{
    Fixture f;
    f.work->setCount(0);
    f.work->setStatus(Status::Live);
    QVERIFY(!f.face().isHidden);
    Choices choices;
    choices.hideWhenZero = true;
    f.settings.set(choices);
    QVERIFY(f.face().isHidden);
    f.work->setStale();
    QVERIFY(!f.face().isHidden); // nobody knows whether nothing waits
    f.work->setCount(1);
    QVERIFY(!f.face().isHidden);
}

void tst_TrayView::goesThroughTheSourcesWithTheWheel()
{
    Fixture f(2);
    f.work->setCount(3);
    f.alerts->setCount(40);
    f.work->setStatus(Status::Live);
    f.alerts->setStatus(Status::Live);
    QCOMPARE(f.face().badge.text, u"43"_s);
    f.view->scroll(1);
    QCOMPARE(f.view->face().badge.text, u"3"_s);
    QVERIFY(f.view->face().toolTip.startsWith(u"Work: 3"_s));
    f.view->scroll(1);
    QCOMPARE(f.view->face().badge.text, u"40"_s);
    f.view->scroll(1);
    QCOMPARE(f.view->face().badge.text, u"43"_s);
    f.view->scroll(-1);
    QCOMPARE(f.view->face().badge.text, u"40"_s);
    f.view->scroll(-301); // hostile numbers go round, too
    f.view->scroll(std::numeric_limits<int>::min());
    f.view->scroll(std::numeric_limits<int>::max());

    Fixture alone;
    alone.work->setCount(3);
    alone.view->scroll(1);
    QVERIFY(alone.face().toolTip.startsWith(u"Tallybell: "_s));
}

void tst_TrayView::givesTheLauncherOnlyANumberThatIsSure()
{
    Fixture f;
    f.work->setCount(350);
    f.work->setStatus(Status::Live);
    QCOMPARE(f.face().number, 350);
    f.work->setStale();
    QCOMPARE(f.face().number, 0);
}

void tst_TrayView::saysNothingWhileNothingChanged()
{
    Fixture f;
    f.work->setCount(130);
    f.work->setStatus(Status::Live);
    Q_UNUSED(f.face());
    const QSignalSpy changed(&*f.view, &TrayView::faceChanged);
    f.view->refresh();
    f.view->setPanelIsDark(true); // which colours do not care for
    f.quiet.wake();
    QCOMPARE(changed.count(), 0);
}

void tst_TrayView::showsTheFirstChangeAtOnceAndTheLastOneAlways()
{
    Fixture f;
    f.work->setStatus(Status::Live);
    f.view.emplace(TrayView::Sources{&f.feeds, &f.journal, &f.settings, &f.quiet, &f.seen});
    const QSignalSpy changed(&*f.view, &TrayView::faceChanged);
    f.work->setCount(1);
    QCOMPARE(changed.count(), 1);
    QCOMPARE(f.view->face().badge.text, u"1"_s);
    for (int count = 2; count <= 50; ++count)
        f.work->setCount(count);
    QCOMPARE(changed.count(), 1);
    QTRY_COMPARE(f.view->face().badge.text, u"50"_s);
    QCOMPARE(changed.count(), 2);
}

QTEST_GUILESS_MAIN(tst_TrayView)
#include "tst_trayview.moc"
