// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "faultyportal.h"
#include "pulse.h"

#include <QTest>

#include <map>
#include <memory>

using namespace std::chrono_literals;
using namespace Qt::Literals;
using Harness::Exchange;
using Status = CountModel::Status;
using Trouble = FaultyPortal::Trouble;

namespace {

// So that no time-out and no back-off does what an awakening should.
void takeEndlessTime(Source &source)
{
    source.timeout = 1h;
    source.stream.idleTimeout = 1h;
    source.stream.openTimeout = 1h;
    source.stream.initialRetry = 1h;
    source.stream.maximumRetry = 1h;
    source.stream.retryJitter = 0;
    source.streamPause = 1h;
    source.pollInterval = 1h;
}

} // namespace

class tst_Awaken : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void beginsAnewAtOnceAndGoesOnFromTheLastEvent();
    void usesNoConnectionOfBefore();
    void takesABurstForOneAwakening();
    void attemptsAtOnceBetweenAttempts();
    void attemptsAgainSoonWhereTheNetworkComesLater();
    void asksAgainForWhatIsOnItsWay();
    void asksForTheCountAtOnceWhereItPolls();
    void leavesAloneWhatWaitsForItsUser();
    void doesNotTrustACountFromBeforeTheStream();

private:
    // An awakening within a second of the last, or of the start, is put off.
    void waitForCalm()
    {
        const std::chrono::milliseconds start = m_pulse.now();
        QTRY_VERIFY(m_pulse.now() - start > 1s);
    }

    Pulse m_pulse;
};

void tst_Awaken::beginsAnewAtOnceAndGoesOnFromTheLastEvent()
{
    FaultyPortal portal(&m_pulse, takeEndlessTime);
    portal.setNumber(3);
    portal.feed()->start();
    QTRY_VERIFY(portal.isRight());
    portal.server()->exchanges("/stream").constLast()->write("id: e7\ndata: x\n\n");
    waitForCalm();
    QStringList facts;
    connect(portal.model(), &CountModel::closed, this, [&] { facts += u"closed"_s; });
    connect(portal.model(), &CountModel::opened, this, [&] { facts += u"opened"_s; });
    connect(&portal, &FaultyPortal::shown, this, [&] {
        const FeedList::Summary &summary = portal.summary();
        facts += QString::number(summary.count.value_or(-1))
            + (summary.freshness == CountModel::Freshness::Fresh ? u" "_s : u"? "_s)
            + statusWord(summary.status);
    });
    portal.cable()->strand();
    portal.setNumber(5); // of which the stream says nothing any more
    portal.feed()->awaken();
    QCOMPARE(facts, (QStringList{u"closed"_s, u"3? live"_s, u"3? reconnecting"_s}));
    QTRY_VERIFY(portal.isRight());
    QCOMPARE(facts,
             (QStringList{u"closed"_s, u"3? live"_s, u"3? reconnecting"_s, u"3? live"_s,
                          u"opened"_s, u"5 live"_s}));
    QCOMPARE(portal.server()->requestCount("/stream"), 2);
    QCOMPARE(portal.server()->exchanges("/stream").constLast()->header("Last-Event-ID"), "e7");
    QCOMPARE(portal.server()->requestCount("/login"), 1);
}

// One that is kept from an earlier step would wait without end.
void tst_Awaken::usesNoConnectionOfBefore()
{
    FaultyPortal portal(&m_pulse, takeEndlessTime);
    portal.feed()->start();
    QTRY_VERIFY(portal.isRight());
    waitForCalm();
    for (int number = 2; number < 5; ++number) {
        portal.cable()->strand();
        portal.setNumber(number);
        portal.feed()->awaken();
        QTRY_VERIFY(portal.isRight());
    }
}

void tst_Awaken::takesABurstForOneAwakening()
{
    FaultyPortal portal(&m_pulse, takeEndlessTime);
    portal.feed()->start();
    QTRY_VERIFY(portal.isRight());
    waitForCalm();
    for (int i = 0; i < 10; ++i)
        portal.feed()->awaken();
    QTRY_VERIFY(portal.isRight());
    QCOMPARE(portal.server()->requestCount("/stream"), 2); // which opened after all of them
    for (int i = 0; i < 10; ++i) {
        portal.feed()->awaken();
        QVERIFY(!portal.showsALiveNumber()); // but what it knows shows at once
    }
    QTRY_COMPARE(portal.server()->requestCount("/stream"), 3);
    QTRY_VERIFY(portal.isRight());
    waitForCalm();
    QCOMPARE(portal.server()->requestCount("/stream"), 3);
}

void tst_Awaken::attemptsAtOnceBetweenAttempts()
{
    FaultyPortal portal(&m_pulse, takeEndlessTime);
    portal.setTrouble(Trouble::StreamIsBadGateway);
    portal.feed()->start();
    QTRY_COMPARE(portal.summary().status, Status::Reconnecting);
    portal.setTrouble(Trouble::None);
    portal.feed()->awaken();
    QTRY_VERIFY(portal.isRight());
    QCOMPARE(portal.server()->requestCount("/stream"), 2);
}

void tst_Awaken::attemptsAgainSoonWhereTheNetworkComesLater()
{
    FaultyPortal portal(&m_pulse, takeEndlessTime);
    portal.feed()->start();
    QTRY_VERIFY(portal.isRight());
    waitForCalm();
    portal.cable()->unplug();
    QTRY_COMPARE(portal.summary().status, Status::Reconnecting);
    portal.feed()->awaken();
    const QString reason = portal.summary().detail;
    QTRY_VERIFY(portal.summary().detail != reason); // the first attempt failed
    QVERIFY(!portal.showsALiveNumber());
    portal.cable()->plugIn();
    QTRY_VERIFY(portal.isRight());
}

void tst_Awaken::asksAgainForWhatIsOnItsWay()
{
    const QByteArrayList paths = {"/login", "/permissions", "/count", "/stream"};
    std::map<QByteArray, std::unique_ptr<FaultyPortal>> portals; // at the same time
    for (const QByteArray &path : paths) {
        auto &portal = portals[path] = std::make_unique<FaultyPortal>(&m_pulse, takeEndlessTime);
        portal->server()->handleNext(path, [](Exchange *) {}); // held back for ever
        portal->feed()->start();
    }
    for (const auto &[path, portal] : portals)
        QTRY_COMPARE(portal->server()->requestCount(path), 1);
    for (const auto &[path, portal] : portals)
        portal->feed()->awaken(); // perhaps less than a second after the start
    for (const auto &[path, portal] : portals) {
        QTRY_VERIFY2(portal->isRight(), path.constData());
        const QList<Exchange *> requests = portal->server()->exchanges(path);
        QCOMPARE(requests.at(1)->header("Idempotency-Key"),
                 requests.at(0)->header("Idempotency-Key"));
    }
}

void tst_Awaken::asksForTheCountAtOnceWhereItPolls()
{
    FaultyPortal portal(&m_pulse, takeEndlessTime);
    portal.setTrouble(Trouble::StreamIsNoStream);
    portal.setNumber(4);
    portal.feed()->start();
    QTRY_COMPARE(portal.summary().status, Status::Polling);
    QTRY_VERIFY(portal.showsALiveNumber());
    waitForCalm();
    portal.setNumber(6);
    portal.feed()->awaken();
    QVERIFY(!portal.showsALiveNumber());
    QTRY_VERIFY(portal.showsALiveNumber());
    QCOMPARE(portal.summary().count, 6);
    QTRY_COMPARE(portal.server()->requestCount("/stream"), 2); // it may be another proxy's doing
    QCOMPARE(portal.summary().status, Status::Polling);
    waitForCalm();
    portal.setTrouble(Trouble::None);
    portal.feed()->awaken();
    QTRY_VERIFY(portal.isRight());
}

void tst_Awaken::leavesAloneWhatWaitsForItsUser()
{
    FaultyPortal portal(&m_pulse, takeEndlessTime);
    portal.feed()->awaken();
    QCOMPARE(portal.summary().status, Status::Off);
    portal.setTrouble(Trouble::LoginIsRefused);
    portal.feed()->start();
    QTRY_COMPARE(portal.summary().status, Status::LoginNeeded);
    portal.setTrouble(Trouble::None);
    portal.feed()->awaken();
    QCOMPARE(portal.summary().status, Status::LoginNeeded);
    QVERIFY(!portal.feed()->isRunning());
    QCOMPARE(portal.server()->exchanges().size(), 1);
}

// Between the first count and the stream anything may have happened.
void tst_Awaken::doesNotTrustACountFromBeforeTheStream()
{
    FaultyPortal portal(&m_pulse);
    portal.setNumber(3);
    portal.server()->handleNext("/count", [&](Exchange *first) {
        first->answerJson(200, {{u"count"_s, 3}});
        portal.setNumber(8);
        portal.setTrouble(Trouble::SnapshotIsBadGateway);
    });
    portal.feed()->start();
    QTRY_VERIFY(portal.summary().detail.contains(u"/count answered 502"_s));
    QCOMPARE(portal.summary().status, Status::Live);
    QVERIFY(!portal.showsALiveNumber());
    portal.setTrouble(Trouble::None);
    QTRY_VERIFY(portal.isRight());
}

QTEST_GUILESS_MAIN(tst_Awaken)
#include "tst_awaken.moc"
