// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "faultyportal.h"
#include "pulse.h"

#include <QJsonDocument>
#include <QTest>

#include <functional>
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

/*! A person who reads a code from a device: each is another one. */
class Person : public Prompter
{
public:
    void ask(const PromptQuestion &, QObject *context, const Answer &answer) override
    {
        const QString code = QString::number(++codes);
        QMetaObject::invokeMethod(
            context, [answer, code] { answer(code); }, Qt::QueuedConnection);
    }

    int codes = 0;
};

// The login sends \a value, too.
void sendWithLogin(Source &source, const QString &value)
{
    QJsonObject body = source.login.constLast().body.toObject();
    body[u"code"_s] = value;
    source.login.last().body = body;
}

void askForACode(Source &source)
{
    Step question;
    question.name = u"one-time code"_s;
    question.prompt =
        Step::Prompt{u"code"_s, u"One-time code"_s, PromptQuestion::Kind::OneTimeCode, {}};
    source.login.prepend(question);
    sendWithLogin(source, u"${code}"_s);
}

QJsonObject bodyOf(const Exchange *exchange)
{
    return QJsonDocument::fromJson(exchange->body()).object();
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
    void tellsWhenItAttemptsAgain();
    void asksAgainForWhatIsOnItsWay();
    void spendsNothingTwice_data();
    void spendsNothingTwice();
    void asksForAnotherCodeWhereTheAnswerIsLost();
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
    connect(&portal, &FaultyPortal::computed, this, [&] {
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

// The back-off of an hour is not what it waits for.
void tst_Awaken::tellsWhenItAttemptsAgain()
{
    FaultyPortal portal(&m_pulse, takeEndlessTime);
    portal.feed()->start();
    QTRY_VERIFY(portal.isRight());
    waitForCalm();
    portal.cable()->unplug();
    QTRY_COMPARE(portal.summary().status, Status::Reconnecting);
    QTRY_VERIFY(portal.model()->nextAttempt().isValid());
    QVERIFY(portal.model()->nextAttempt() > QDateTime::currentDateTime().addSecs(600));
    portal.feed()->awaken();
    QVERIFY(!portal.model()->nextAttempt().isValid()); // now
    QTRY_VERIFY(portal.model()->nextAttempt().isValid()); // the first attempt failed
    QVERIFY(portal.model()->nextAttempt() < QDateTime::currentDateTime().addSecs(10));
    // And when nothing hurries any more, it says so.
    QTRY_VERIFY_WITH_TIMEOUT(
        portal.model()->nextAttempt() > QDateTime::currentDateTime().addSecs(600), 30000);
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

void tst_Awaken::spendsNothingTwice_data()
{
    using Change = std::function<void(Source &)>;
    QTest::addColumn<Change>("change");
    QTest::newRow("a code that a person typed") << Change(askForACode);
    QTest::newRow("a code of an earlier answer") << Change([](Source &source) {
        Step step;
        step.name = u"code"_s;
        step.url = Template(u"${base}/code"_s);
        step.extractions.insert(u"code"_s, {u"/code"_s, {}, {}, {}, {}});
        source.login.prepend(step);
        sendWithLogin(source, u"${code}"_s);
    });
    QTest::newRow("a token that its answer replaces") << Change([](Source &source) {
        source.variables[u"refreshToken"_s] = u"R1"_s;
        source.login.last().extractions.insert(
            u"refreshToken"_s, {u"/refresh_token"_s, {}, {}, {}, u"${refreshToken}"_s});
        sendWithLogin(source, u"${refreshToken}"_s);
    });
}

// Whether the server has used it up by now, only its answer can tell.
void tst_Awaken::spendsNothingTwice()
{
    using Change = std::function<void(Source &)>;
    QFETCH(Change, change);
    Person person;
    FaultyPortal portal(
        &m_pulse,
        [&change](Source &source) {
            takeEndlessTime(source);
            change(source);
        },
        &person);
    portal.server()->handle("/code", [](Exchange *code) {
        code->answerJson(200, {{u"code"_s, u"1"_s}});
    });
    Exchange *login = nullptr;
    portal.server()->handleNext("/login", [&login](Exchange *first) { login = first; });
    portal.feed()->start();
    QTRY_VERIFY(login);
    waitForCalm();
    portal.feed()->awaken();
    QCOMPARE(portal.summary().status, Status::LoggingIn);
    portal.grant(login);
    QTRY_VERIFY(portal.isRight());
    QCOMPARE(portal.server()->requestCount("/login"), 1);
    QVERIFY(person.codes <= 1);
}

void tst_Awaken::asksForAnotherCodeWhereTheAnswerIsLost()
{
    Person person;
    FaultyPortal portal(
        &m_pulse,
        [](Source &source) {
            askForACode(source);
            source.timeout = 2s;
        },
        &person);
    portal.server()->handleNext("/login", [](Exchange *) {}); // never answered
    portal.feed()->start();
    QTRY_COMPARE(portal.server()->requestCount("/login"), 1);
    waitForCalm();
    portal.feed()->awaken();
    QTRY_VERIFY(portal.isRight());
    QCOMPARE(person.codes, 2);
    const QList<Exchange *> logins = portal.server()->exchanges("/login");
    QCOMPARE(logins.size(), 2);
    QCOMPARE(bodyOf(logins.at(0))[u"code"_s], u"1"_s);
    QCOMPARE(bodyOf(logins.at(1))[u"code"_s], u"2"_s);
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
    FaultyPortal portal(&m_pulse, [](Source &source) { source.stream.idleTimeout = 1h; });
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
