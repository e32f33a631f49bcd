// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "core/feedlist.h"
#include "core/seen/keptstate.h"
#include "core/seen/seenmark.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <optional>

using namespace Qt::Literals;

class tst_Seen : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void countsWhatIsNewSinceTheMark();
    void marksOneSource();
    void takesTheLastMarkBack();
    void takesNothingBackThatTheServerChanged();
    void keepsTheLastMarkWhereNothingIsNew();
    void saysNothingWhereNothingChanges();
    void takesUpWhatWasSeenBefore();
    void forgetsWhatFellWithTheCount();
    void keepsUntilWhenToBeQuiet();
    void beginsAnewWithABrokenFile();
};

void tst_Seen::countsWhatIsNewSinceTheMark()
{
    FeedList feeds;
    CountModel *const work = feeds.add(u"work"_s, u"Work"_s);
    CountModel *const alerts = feeds.add(u"alerts"_s, u"Alerts"_s);
    SeenMark mark(&feeds);
    work->setCount(595);
    QCOMPARE(feeds.summary().newCount, 595);
    QVERIFY(mark.canMark());
    mark.markAll();
    QCOMPARE(feeds.summary().newCount, 0);
    QVERIFY(!mark.canMark());
    work->setCount(599);
    alerts->setCount(2);
    QCOMPARE(work->newCount(), 4);
    QCOMPARE(feeds.summary().newCount, 6);
    QCOMPARE(feeds.summary().count, 601);
    work->setCount(590); // some of what was seen is done
    QCOMPARE(work->newCount(), 0);
    work->setCount(591);
    QCOMPARE(work->newCount(), 1);
}

void tst_Seen::marksOneSource()
{
    FeedList feeds;
    feeds.add(u"work"_s, u"Work"_s)->setCount(3);
    feeds.add(u"alerts"_s, u"Alerts"_s)->setCount(2);
    SeenMark mark(&feeds);
    mark.mark(u"work"_s);
    QCOMPARE(feeds.summary().newCount, 2);
    mark.mark(u"nobody"_s);
    QCOMPARE(feeds.summary().newCount, 2);
}

void tst_Seen::takesTheLastMarkBack()
{
    FeedList feeds;
    CountModel *const work = feeds.add(u"work"_s, u"Work"_s);
    SeenMark mark(&feeds);
    QVERIFY(!mark.canUndo());
    work->setCount(3);
    mark.markAll();
    work->setCount(5);
    mark.markAll();
    QVERIFY(mark.canUndo());
    work->setCount(6);
    mark.undo();
    QCOMPARE(work->seen(), 3);
    QCOMPARE(feeds.summary().newCount, 3);
    QVERIFY(!mark.canUndo()); // the last one only
    mark.undo();
    QCOMPARE(work->seen(), 3);
}

void tst_Seen::takesNothingBackThatTheServerChanged()
{
    FeedList feeds;
    CountModel *const work = feeds.add(u"work"_s, u"Work"_s);
    SeenMark mark(&feeds);
    work->setCount(3);
    mark.markAll();
    work->setCount(1); // what was seen fell with it
    QVERIFY(!mark.canUndo());
    mark.undo();
    QCOMPARE(work->seen(), 1);
}

void tst_Seen::keepsTheLastMarkWhereNothingIsNew()
{
    FeedList feeds;
    feeds.add(u"work"_s, u"Work"_s)->setCount(3);
    SeenMark mark(&feeds);
    mark.markAll();
    mark.markAll(); // a second click
    QVERIFY(mark.canUndo());
    mark.undo();
    QCOMPARE(feeds.summary().newCount, 3);
}

void tst_Seen::saysNothingWhereNothingChanges()
{
    FeedList feeds;
    CountModel *const work = feeds.add(u"work"_s, u"Work"_s);
    const QSignalSpy changed(work, &CountModel::seenChanged);
    SeenMark mark(&feeds);
    mark.markAll(); // no number is known
    work->setCount(0);
    mark.markAll();
    QCOMPARE(changed.count(), 0);
    work->setCount(3);
    mark.markAll();
    mark.markAll();
    QCOMPARE(changed.count(), 1);
}

void tst_Seen::takesUpWhatWasSeenBefore()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"state/tallybell/state.json"_s);
    {
        FeedList feeds;
        CountModel *const work = feeds.add(u"work"_s, u"Work"_s);
        const KeptState state(&feeds, path);
        CountModel *const later = feeds.add(u"later"_s, u"Later"_s);
        work->setCount(5);
        later->setCount(7);
        SeenMark(&feeds).markAll();
    }
    FeedList feeds;
    CountModel *const work = feeds.add(u"work"_s, u"Work"_s);
    const KeptState state(&feeds, path);
    CountModel *const later = feeds.add(u"later"_s, u"Later"_s);
    QCOMPARE(work->newCount(), 0); // the number is not known yet
    work->setCount(6);
    later->setCount(2);
    QCOMPARE(work->newCount(), 1);
    QCOMPARE(later->newCount(), 0);
}

void tst_Seen::forgetsWhatFellWithTheCount()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"state.json"_s);
    {
        FeedList feeds;
        CountModel *const work = feeds.add(u"work"_s, u"Work"_s);
        const KeptState state(&feeds, path);
        work->setCount(5);
        SeenMark(&feeds).markAll();
        QTRY_VERIFY(QFile::exists(path)); // it may be killed at any time
        work->setCount(0);
        work->setCount(3);
    }
    FeedList feeds;
    CountModel *const work = feeds.add(u"work"_s, u"Work"_s);
    const KeptState state(&feeds, path);
    work->setCount(3);
    QCOMPARE(work->newCount(), 3);
}

void tst_Seen::keepsUntilWhenToBeQuiet()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"state.json"_s);
    FeedList feeds;
    const QDateTime until = QDateTime::currentDateTime().addSecs(3600);
    {
        KeptState state(&feeds, path);
        QVERIFY(!state.snoozedUntil().isValid());
        state.setSnoozedUntil(until);
    }
    QCOMPARE(KeptState(&feeds, path).snoozedUntil(), until);
}

void tst_Seen::beginsAnewWithABrokenFile()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"state.json"_s);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("{\"seen\": [");
    file.close();
    FeedList feeds;
    CountModel *const work = feeds.add(u"work"_s, u"Work"_s);
    std::optional<KeptState> state(std::in_place, &feeds, path);
    work->setCount(2);
    QCOMPARE(work->newCount(), 2);
    SeenMark(&feeds).markAll();
    state.reset();
    FeedList next;
    CountModel *const again = next.add(u"work"_s, u"Work"_s);
    state.emplace(&next, path);
    again->setCount(2);
    QCOMPARE(again->newCount(), 0);
}

QTEST_GUILESS_MAIN(tst_Seen)
#include "tst_seen.moc"
