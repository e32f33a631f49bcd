// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "core/countmodel.h"
#include "core/feedlist.h"
#include "core/journal.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::Literals;

class tst_CountModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void knowsNoNumberAtFirst()
    {
        const CountModel model(u"work"_s, u"Work"_s);
        QVERIFY(!model.count());
        QCOMPARE(model.freshness(), CountModel::Freshness::Unknown);
        QCOMPARE(model.newCount(), 0);
    }

    void signalsACountOnlyWhenItOrItsFreshnessChanged()
    {
        CountModel model(u"work"_s, u"Work"_s);
        const QSignalSpy changed(&model, &CountModel::countChanged);
        model.setStale();
        QCOMPARE(changed.count(), 0); // unknown stays unknown
        model.setCount(0);
        QCOMPARE(changed.count(), 1);
        model.setCount(0);
        QCOMPARE(changed.count(), 1);
        model.setStale();
        model.setStale();
        QCOMPARE(changed.count(), 2);
        QCOMPARE(model.count(), 0);
        model.setCount(0);
        QCOMPARE(changed.count(), 3);
        QCOMPARE(model.freshness(), CountModel::Freshness::Fresh);
    }

    void takesALessThanEmptyCountAsZero()
    {
        CountModel model(u"work"_s, u"Work"_s);
        model.setCount(-5);
        QCOMPARE(model.count(), 0);
    }

    void signalsAStatusOnlyWhenItOrItsDetailChanged()
    {
        CountModel model(u"work"_s, u"Work"_s);
        const QSignalSpy changed(&model, &CountModel::statusChanged);
        model.setStatus(CountModel::Status::Off);
        QCOMPARE(changed.count(), 0);
        model.setStatus(CountModel::Status::Failed, u"No."_s);
        model.setStatus(CountModel::Status::Failed, u"No."_s);
        QCOMPARE(changed.count(), 1);
        model.setStatus(CountModel::Status::Failed, u"Never."_s);
        QCOMPARE(changed.count(), 2);
    }

    void namesEachStatusForPrograms_data()
    {
        QTest::addColumn<CountModel::Status>("status");
        QTest::addColumn<QString>("word");
        QTest::newRow("off") << CountModel::Status::Off << u"off"_s;
        QTest::newRow("paused") << CountModel::Status::Paused << u"paused"_s;
        QTest::newRow("logging in") << CountModel::Status::LoggingIn << u"loggingIn"_s;
        QTest::newRow("not permitted") << CountModel::Status::NotPermitted << u"notPermitted"_s;
    }

    void namesEachStatusForPrograms()
    {
        QFETCH(CountModel::Status, status);
        QTEST(statusWord(status), "word");
        QVERIFY(!statusText(status).isEmpty());
    }

    void sumsWhatIsKnownAndTrustsTheLeastFresh()
    {
        FeedList feeds;
        const QSignalSpy changed(&feeds, &FeedList::summaryChanged);
        CountModel *const first = feeds.add(u"first"_s, u"First"_s);
        CountModel *const second = feeds.add(u"second"_s, u"Second"_s);
        QVERIFY(!feeds.summary().count);
        first->setCount(3);
        QCOMPARE(feeds.summary().count, 3);
        second->setCount(4);
        QCOMPARE(feeds.summary().count, 7);
        second->setStale();
        QCOMPARE(feeds.summary().freshness, CountModel::Freshness::Stale);
        QCOMPARE(changed.count(), 3);
    }

    void showsTheStatusThatMostNeedsTheEye()
    {
        FeedList feeds;
        CountModel *const first = feeds.add(u"first"_s, u"First"_s);
        CountModel *const second = feeds.add(u"second"_s, u"Second"_s);
        first->setStatus(CountModel::Status::Live);
        second->setStatus(CountModel::Status::LoginNeeded, u"Which password?"_s);
        QCOMPARE(feeds.summary().status, CountModel::Status::LoginNeeded);
        QCOMPARE(feeds.summary().detail, u"Which password?"_s);
        second->setStatus(CountModel::Status::Live);
        QCOMPARE(feeds.summary().status, CountModel::Status::Live);
        QVERIFY(feeds.summary().detail.isEmpty());
    }

    void keepsTheNewestItems()
    {
        CountModel model(u"work"_s, u"Work"_s);
        QSignalSpy added(&model, &CountModel::itemAdded);
        QSignalSpy removed(&model, &CountModel::itemRemoved);
        for (qsizetype number = 0; number <= CountModel::maximumItems; ++number)
            model.addItem({QString::number(number), u"A mail"_s, {}, {}, {}});
        QCOMPARE(model.items().size(), CountModel::maximumItems);
        QCOMPARE(model.items().constFirst().key, QString::number(CountModel::maximumItems));
        QCOMPARE(model.items().constLast().key, u"1"_s);
        QCOMPARE(added.count(), CountModel::maximumItems + 1);
        QCOMPARE(removed.count(), 0);
    }

    void replacesAnItemWithTheSameKey()
    {
        CountModel model(u"work"_s, u"Work"_s);
        QSignalSpy removed(&model, &CountModel::itemRemoved);
        for (const QString &key : {u"1"_s, u"2"_s, u"1"_s, QString(), QString()})
            model.addItem({key, u"A mail"_s, {}, {}, {}});
        QCOMPARE(model.items().size(), 4);
        QCOMPARE(model.items().at(2).key, u"1"_s);
        QCOMPARE(removed.count(), 0);
    }

    void tellsWhichItemsDoNotWaitAnyMore()
    {
        CountModel model(u"work"_s, u"Work"_s);
        QSignalSpy removed(&model, &CountModel::itemRemoved);
        for (const QString &key : {u"1"_s, u"2"_s, u"3"_s, u"4"_s})
            model.addItem({key, u"A mail"_s, {}, {}, {}});
        model.removeItem(u"2"_s);
        model.removeItem(u"2"_s);
        model.removeItem({});
        model.limitItems(3);
        QCOMPARE(removed.count(), 1);
        model.limitItems(2);
        model.limitItems(2);
        QCOMPARE(removed.count(), 2);
        QCOMPARE(removed.constLast().constFirst(), u"1"_s); // the oldest
        model.clearItems();
        QCOMPARE(removed.count(), 4);
        QVERIFY(model.items().isEmpty());
    }

    void writesOpeningChangesAndClosingNewestFirst()
    {
        FeedList feeds;
        Journal journal(&feeds);
        const QAbstractItemModelTester tester(&journal);
        CountModel *const model = feeds.add(u"work"_s, u"Work"_s);
        model->reportOpened();
        model->setCount(3);
        model->setCount(5);
        model->setStale();
        model->setCount(5); // fresh again: the number did not change
        model->setCount(1);
        model->setStatus(CountModel::Status::Reconnecting, u"The server went away."_s);
        model->reportClosed();
        QStringList texts;
        for (int row = 0; row < journal.rowCount(); ++row)
            texts.prepend(journal.index(row).data().toString());
        QCOMPARE(
            texts,
            (QStringList{u"Connection open"_s, u"3 waiting"_s, u"5 waiting (+2)"_s,
                         u"1 waiting (−4)"_s, u"The server went away."_s, u"Connection closed"_s}));
    }

    void forgetsTheOldestEntries()
    {
        FeedList feeds;
        Journal journal(&feeds);
        const QAbstractItemModelTester tester(&journal);
        CountModel *const model = feeds.add(u"work"_s, u"Work"_s);
        for (int count = 0; count <= Journal::capacity; ++count)
            model->setCount(count);
        QCOMPARE(journal.rowCount(), Journal::capacity);
        QCOMPARE(journal.index(0).data().toString(), u"%1 waiting (+1)"_s.arg(Journal::capacity));
        QCOMPARE(journal.index(Journal::capacity - 1).data().toString(), u"1 waiting (+1)"_s);
    }
};

QTEST_GUILESS_MAIN(tst_CountModel)
#include "tst_countmodel.moc"
