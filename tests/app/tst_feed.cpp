// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "core/countmodel.h"
#include "core/feed/feed.h"
#include "core/secrets/secretstore.h"
#include "core/source/sourcereader.h"
#include "hotel.h"
#include <sselib/testkit/sseserver.h>
#include <sselib/testkit/virtualclock.h>

#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSignalSpy>
#include <QTest>
#include <QTimer>

#include <functional>
#include <optional>

using namespace std::chrono_literals;
using namespace Qt::Literals;
using Harness::Exchange;
using Status = CountModel::Status;
using Freshness = CountModel::Freshness;

namespace {

QByteArray countEvent(int count)
{
    return "event: count\ndata: {\"count\":" + QByteArray::number(count) + "}\n\n";
}

Rule ruleFor(const QString &event, Rule::Action action, const std::optional<QString> &pointer = {})
{
    Rule rule;
    rule.events = {event};
    rule.action = action;
    rule.pointer = pointer;
    return rule;
}

/*! A portal whose count the test sets, and the feed that watches it. */
class Fixture
{
public:
    explicit Fixture(const QString &password = u"right"_s,
                     const std::function<void(Source &)> &change = {})
        : secrets({{u"work"_s, {{u"password"_s, password}}}})
    {
        QFile preset(QStringLiteral(PRESETS "/portal.json"));
        if (!preset.open(QIODevice::ReadOnly))
            qFatal("no preset");
        source = *readSource(preset.readAll(), u"work.json"_s).source;
        source.variables[u"base"_s] = server.url("").toString();
        if (change)
            change(source);

        server.handle("/login", [this](Exchange *login) {
            if (QJsonDocument::fromJson(login->body())["password"_L1].toString() == u"right"_s)
                login->answerJson(
                    200, {{u"token"_s, u"T%1"_s.arg(++tokens)}, {u"expires_in"_s, lifetime}});
            else
                login->answerJson(401, {{u"error"_s, u"no"_s}});
        });
        server.handle("/permissions", [this](Exchange *permissions) {
            permissions->answerJson(200, {{u"permissions"_s, granted}});
        });
        server.handle("/count", [this](Exchange *answer) {
            answer->answerJson(200, {{u"count"_s, count}});
        });
        server.handle("/stream", [](Exchange *stream) { stream->startStream(); });
        server.handle("/close", [](Exchange *close) { close->answer(204); });

        QObject::connect(&model, &CountModel::statusChanged, &model,
                         [this] { facts.append(statusWord(model.status())); });
        QObject::connect(&model, &CountModel::opened, &model, [this] { facts += u"open"_s; });
        QObject::connect(&model, &CountModel::closed, &model, [this] { facts += u"closed"_s; });
        QObject::connect(&model, &CountModel::countChanged, &model, [this] {
            facts.append(QString::number(*model.count())
                         + (model.freshness() == Freshness::Stale ? u"?"_s : QString()));
        });
        feed.emplace(source, &model, &secrets, nullptr);
    }

    Exchange *stream() { return server.exchanges("/stream").constLast(); }

    Harness::SseServer server;
    KnownSecrets secrets;
    Source source;
    CountModel model{u"work"_s, u"Work"_s};
    QStringList facts;
    int count = 3;
    int tokens = 0;
    int lifetime = 3600;
    QJsonArray granted{u"counter.read"_s};
    std::optional<Feed> feed; // the first to go
};

} // namespace

class tst_Feed : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void goesFromLoginToLiveAndFollowsTheCount();
    void tellsTheServerThatItLeaves();
    void tellsNobodyThatItLeavesWithoutASession();
    void leavesInTimeWhenTheServerDoesNotAnswer();
    void leavesInTheMiddleOfAnything_data();
    void leavesInTheMiddleOfAnything();
    void neverLetsASnapshotUndoANewerEvent();
    void turnsStaleWithTheStreamAndFreshWithTheNext();
    void turnsStaleWhenTheComputerSleptAndFreshWithTheNextStream();
    void hidesSecretsInThePathOfTheStream();
    void asksOnceForAPasswordThatIsRefused();
    void namesThePasswordThatIsMissing();
    void logsInAgainOnceWhenTheSessionEnded();
    void renewsATokenBeforeItEnds();
    void takesATokenThatNeedsNoLogin();
    void staysOutWithoutThePermission();
    void saysWhatIsWrong_data();
    void saysWhatIsWrong();
    void comesBackWhenTheServerDoes();
    void comesBackFromBehindAWebPage();
    void beginsInAnotherNetworkWhereAWebPageEndedIt();
    void staysLiveWhenOnlyTheSnapshotFails();
    void isNotLiveBecauseASnapshotSucceedsWithoutAStream();
    void countsUpAndDownAndAsksWhereItMust();
    void reportsAnEventWithoutANumberOnce();
    void opensAgainAfterItWasClosed();
    void pollsWhereThereIsNoStream_data();
    void pollsWhereThereIsNoStream();
    void pollsWithEntityTags();
    void triesTheStreamAgainWhilePolling();
    void blamesNoProxyWhereNothingElseWorksEither();
    void failsWithoutStreamWhereItMayNotPoll();
    void showsNothingOfAnEndThatWasExpected();
    void countsAnewWhenAStreamOpensDuringASnapshot();
    void renewsTheSessionBeforeItLogsInAgain();
    void asksAPersonWhenSessionsEndAsSoonAsTheyBegin();
    void offersNoSecretAgainThatARenewalFoundRefused();
    void staysLiveThroughAnOddAnswer();
    void hasPatienceWithASilentStreamWhereNothingElseCanBeAsked();
    void offersNoRefusedSecretAgain();
    void waitsForALockedKeyring();
    void asksForWhatALoginWantsToKnow();
    void cannotAskWithoutAPerson();
    void subscribesOnceTheStreamSaidWhatItNeeds();
    void obeysEvents_data();
    void obeysEvents();
    void goesOnFromTheIdInsideAnEvent();
    void tellsTheOccasionOfTheCloseRequest_data();
    void tellsTheOccasionOfTheCloseRequest();
    void countsTheCorrectionsOfItsChecks();
};

void tst_Feed::goesFromLoginToLiveAndFollowsTheCount()
{
    Fixture f;
    f.feed->start();
    QTRY_COMPARE(f.server.requestCount("/count"), 2);
    QTRY_COMPARE(f.facts,
                 (QStringList{u"loggingIn"_s, u"authorizing"_s, u"counting"_s, u"3"_s,
                              u"connecting"_s, u"live"_s, u"open"_s}));
    QCOMPARE(f.model.freshness(), Freshness::Fresh);
    for (const char *path : {"/permissions", "/count", "/stream"})
        QCOMPARE(f.server.exchanges(path).constFirst()->header("Authorization"), "Bearer T1");
    QVERIFY(!f.server.exchanges("/login").constFirst()->request().hasHeader("Authorization"));
    f.facts.clear();
    f.stream()->write(countEvent(4));
    f.stream()->write(countEvent(4));
    f.stream()->write("event: weather\ndata: {\"count\":9}\n\n");
    f.stream()->write(countEvent(0));
    QTRY_COMPARE(f.facts, (QStringList{u"4"_s, u"0"_s}));
}

void tst_Feed::tellsTheServerThatItLeaves()
{
    Fixture f;
    f.feed->start();
    QTRY_COMPARE(f.model.status(), Status::Live);
    f.facts.clear();
    const QSignalSpy left(&*f.feed, &Feed::left);
    f.feed->stop(Feed::Occasion::Quit);
    QVERIFY(f.feed->isLeaving());
    QTRY_COMPARE(left.count(), 1);
    QVERIFY(!f.feed->isLeaving());
    QCOMPARE(f.server.requestCount("/close"), 1);
    const Exchange *const close = f.server.exchanges("/close").constFirst();
    QCOMPARE(close->method(), "POST");
    QCOMPARE(close->header("Authorization"), "Bearer T1");
    QCOMPARE(close->body(), "{\"reason\":\"quit\"}");
    QVERIFY(!close->header("Idempotency-Key").isEmpty());
    QCOMPARE(f.facts, (QStringList{u"closed"_s, u"3?"_s, u"off"_s}));
    QTRY_VERIFY(f.stream()->wasClosedByPeer());
}

void tst_Feed::tellsNobodyThatItLeavesWithoutASession()
{
    Fixture f(u"wrong"_s);
    f.feed->stop(Feed::Occasion::Quit);
    QVERIFY(!f.feed->isLeaving());
    f.feed->start();
    QTRY_COMPARE(f.model.status(), Status::LoginNeeded);
    const QSignalSpy left(&*f.feed, &Feed::left);
    f.feed->stop(Feed::Occasion::Quit);
    QCOMPARE(left.count(), 1);
    QVERIFY(!f.server.nextExchange(100ms));
    QCOMPARE(f.server.requestCount("/close"), 0);
}

void tst_Feed::leavesInTimeWhenTheServerDoesNotAnswer()
{
    Fixture f(u"right"_s, [](Source &source) { source.closeBudget = 200ms; });
    f.server.handle("/close", [](Exchange *) {});
    f.feed->start();
    QTRY_COMPARE(f.model.status(), Status::Live);
    QSignalSpy left(&*f.feed, &Feed::left);
    QElapsedTimer elapsed;
    QTimer bystander; // as late as this computer makes a timer of that length
    bystander.setSingleShot(true);
    qint64 yardstick = 0;
    connect(&bystander, &QTimer::timeout, this, [&] { yardstick = elapsed.elapsed(); });
    elapsed.start();
    bystander.start(200ms);
    f.feed->stop(Feed::Occasion::Quit);
    QVERIFY(left.wait(30'000));
    const qint64 took = elapsed.elapsed();
    QTRY_VERIFY(yardstick > 0);
    QVERIFY2(took < 800 + yardstick, qPrintable(u"%1, %2"_s.arg(took).arg(yardstick)));
    QTRY_COMPARE(f.server.requestCount("/close"), 1);
}

void tst_Feed::leavesInTheMiddleOfAnything_data()
{
    QTest::addColumn<QByteArray>("held");
    QTest::addColumn<int>("closeRequests");
    QTest::newRow("login") << QByteArray("/login") << 0;
    QTest::newRow("permissions") << QByteArray("/permissions") << 1;
    QTest::newRow("first count") << QByteArray("/count") << 1;
    QTest::newRow("stream") << QByteArray("/stream") << 1;
}

void tst_Feed::leavesInTheMiddleOfAnything()
{
    QFETCH(QByteArray, held);
    Fixture f;
    f.server.handle(held, [](Exchange *) {});
    f.feed->start();
    QTRY_COMPARE(f.server.requestCount(held), 1);
    const QSignalSpy left(&*f.feed, &Feed::left);
    f.feed->stop(Feed::Occasion::Quit);
    QTRY_COMPARE(left.count(), 1);
    QCOMPARE(f.model.status(), Status::Off);
    QVERIFY(!f.server.nextExchange(200ms));
    QTEST(int(f.server.requestCount("/close")), "closeRequests");
}

void tst_Feed::neverLetsASnapshotUndoANewerEvent()
{
    Fixture f;
    Exchange *snapshot = nullptr;
    f.server.handleNext("/count", [](Exchange *first) {
        first->answerJson(200, {{u"count"_s, 3}});
    });
    f.server.handleNext("/count", [&snapshot](Exchange *second) { snapshot = second; });
    f.feed->start();
    QTRY_VERIFY(snapshot);
    // The server counted 5 for the snapshot, then sent 7, and the event is faster. That it is here
    // shows in what is said of the one behind it, which has no number.
    f.stream()->write(countEvent(7));
    f.stream()->write(countEvent(8));
    f.stream()->write("event: count\ndata: {}\n\n");
    QTRY_VERIFY(!f.model.detail().isEmpty());
    QCOMPARE(f.model.count(), 3);
    f.facts.clear();
    snapshot->answerJson(200, {{u"count"_s, 5}});
    QTRY_COMPARE(f.facts, (QStringList{u"5"_s, u"8"_s, u"live"_s}));
}

void tst_Feed::turnsStaleWithTheStreamAndFreshWithTheNext()
{
    Fixture f;
    f.feed->start();
    QTRY_COMPARE(f.server.requestCount("/count"), 2);
    QTRY_COMPARE(f.model.status(), Status::Live);
    f.facts.clear();
    QString reason; // for a tenth of a second
    QObject::connect(&f.model, &CountModel::statusChanged, &f.model, [&] {
        if (f.model.status() == Status::Reconnecting)
            reason = f.model.detail();
    });
    f.stream()->write("retry: 100\n\n");
    f.stream()->end();
    QTRY_COMPARE(
        f.facts,
        (QStringList{u"closed"_s, u"3?"_s, u"reconnecting"_s, u"live"_s, u"open"_s, u"3"_s}));
    QVERIFY2(reason.contains(u"ended the stream"_s), qPrintable(reason));
    QVERIFY(f.model.detail().isEmpty());
    QCOMPARE(f.server.requestCount("/login"), 1);
}

void tst_Feed::turnsStaleWhenTheComputerSleptAndFreshWithTheNextStream()
{
    Harness::VirtualClock clock;
    Fixture f;
    f.feed->setClock(&clock);
    f.feed->start();
    QTRY_COMPARE(f.model.status(), Status::Live);
    QTRY_COMPARE(f.model.freshness(), Freshness::Fresh);
    f.count = 5;
    f.facts.clear();
    clock.sleep(1h);
    QCOMPARE(f.model.status(), Status::Reconnecting);
    QCOMPARE(f.model.freshness(), Freshness::Stale);
    if (clock.untilNextTimer()) // no two attempts within a moment
        clock.advance(*clock.untilNextTimer());
    QTRY_COMPARE(f.model.status(), Status::Live);
    QTRY_COMPARE(
        f.facts,
        (QStringList{u"closed"_s, u"3?"_s, u"reconnecting"_s, u"live"_s, u"open"_s, u"5"_s}));
    QCOMPARE(f.server.requestCount("/stream"), 2);
}

void tst_Feed::hidesSecretsInThePathOfTheStream()
{
    Fixture f(u"right"_s, [](Source &source) {
        source.stream.url = Template(u"${base}/stream/${password}"_s);
    });
    f.server.handle("/stream/right", [](Exchange *stream) { stream->answer(502); });
    f.feed->start();
    QTRY_COMPARE(f.model.status(), Status::Reconnecting);
    QVERIFY2(f.model.detail().contains(u"502"_s), qPrintable(f.model.detail()));
    QVERIFY2(f.model.detail().contains(u"/stream/…"_s), qPrintable(f.model.detail()));
    QVERIFY2(!f.model.detail().contains(u"right"_s), qPrintable(f.model.detail()));
}

void tst_Feed::asksOnceForAPasswordThatIsRefused()
{
    Fixture f(u"wrong"_s);
    f.feed->start();
    QTRY_COMPARE(f.model.status(), Status::LoginNeeded);
    QVERIFY(f.model.detail().contains(u"/login answered 401"_s));
    QVERIFY(!f.model.detail().contains(u"wrong"_s));
    QVERIFY(!f.server.nextExchange(300ms));
    QCOMPARE(f.server.requestCount("/login"), 1);
}

void tst_Feed::namesThePasswordThatIsMissing()
{
    Fixture f(u"right"_s, [](Source &source) { source.name = u"other"_s; });
    f.feed->start();
    QCOMPARE(f.model.status(), Status::LoginNeeded);
    QVERIFY2(f.model.detail().contains(u"“Password” is not known"_s), qPrintable(f.model.detail()));
    QVERIFY(f.server.exchanges().isEmpty());
}

void tst_Feed::logsInAgainOnceWhenTheSessionEnded()
{
    Fixture f;
    f.server.handleNext("/stream", [](Exchange *stream) { stream->answer(401); });
    f.feed->start();
    QTRY_COMPARE(f.model.status(), Status::Live);
    QCOMPARE(f.server.requestCount("/login"), 2);
    QCOMPARE(f.stream()->header("Authorization"), "Bearer T2");
    f.stream()->write(countEvent(9));
    QTRY_COMPARE(f.model.count(), 9); // so the snapshot is in, too
    // And when the new session does not count either, it asks instead of knocking on.
    f.server.handle("/stream", [](Exchange *stream) { stream->answer(401); });
    f.stream()->end();
    QTRY_COMPARE(f.model.status(), Status::LoginNeeded);
    QCOMPARE(f.server.requestCount("/login"), 3);
    QVERIFY(!f.server.nextExchange(200ms));
    QCOMPARE(f.server.requestCount("/login"), 3);
    QCOMPARE(f.model.freshness(), Freshness::Stale);
}

void tst_Feed::renewsATokenBeforeItEnds()
{
    Fixture f(u"right"_s, [](Source &source) { source.tokenSkew = 60s; });
    f.lifetime = 2; // less than the skew: half of it passes
    f.feed->start();
    QTRY_COMPARE(f.model.status(), Status::Live);
    f.facts.clear();
    QTRY_VERIFY(f.tokens >= 2);
    f.lifetime = 3600;
    f.stream()->write("retry: 100\n\n");
    f.stream()->end();
    QTRY_COMPARE(f.server.requestCount("/stream"), 2);
    QVERIFY(f.stream()->header("Authorization") != "Bearer T1");
    QVERIFY(!f.facts.contains(u"loggingIn"_s));
}

void tst_Feed::takesATokenThatNeedsNoLogin()
{
    Fixture f(u"right"_s, [](Source &source) {
        source.login.clear();
        source.tokenVariable = u"password"_s;
        source.tokenExpiresInVariable.clear();
    });
    f.feed->start();
    QTRY_COMPARE(f.model.status(), Status::Live);
    QCOMPARE(f.stream()->header("Authorization"), "Bearer right");
    QCOMPARE(f.server.requestCount("/login"), 0);
    f.feed->stop(Feed::Occasion::Quit);
    QTRY_COMPARE(f.server.requestCount("/close"), 1);
}

void tst_Feed::staysOutWithoutThePermission()
{
    Fixture f;
    f.granted = {u"something.else"_s};
    f.feed->start();
    QTRY_COMPARE(f.model.status(), Status::NotPermitted);
    QVERIFY2(f.model.detail().contains(u"counter.read"_s), qPrintable(f.model.detail()));
    QVERIFY(!f.server.nextExchange(100ms));
    QCOMPARE(f.server.requestCount("/stream"), 0);
    QCOMPARE(f.server.requestCount("/count"), 0);
    // The user asks again, after somebody granted it.
    f.granted = {u"counter.read"_s};
    f.feed->start();
    QTRY_COMPARE(f.model.status(), Status::Live);
}

void tst_Feed::saysWhatIsWrong_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<int>("httpStatus");
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<Status>("status");
    QTest::addColumn<QString>("said");
    const QByteArray json("application/json");
    const QByteArray html("text/html");
    QTest::newRow("login 404") << u"/login"_s << 404 << html << Status::Failed
                               << u"/login answered 404 Not Found. Check the address"_s;
    QTest::newRow("login is a web page")
        << u"/login"_s << 200 << html << Status::Failed << u"It is text/html"_s;
    QTest::newRow("login 503") << u"/login"_s << 503 << html << Status::Reconnecting
                               << u"/login answered 503"_s;
    QTest::newRow("permissions 403") << u"/permissions"_s << 403 << json << Status::NotPermitted
                                     << u"/permissions answered 403"_s;
    QTest::newRow("count is no number")
        << u"/count"_s << 200 << json << Status::Failed << u"no number at “/count”"_s;
    QTest::newRow("stream 404") << u"/stream"_s << 404 << html << Status::Polling
                                << u"/stream answered 404 Not Found. Check the address"_s;
    QTest::newRow("stream is a web page") << u"/stream"_s << 200 << html << Status::LoginNeeded
                                          << u"text/html instead of text/event-stream"_s;
    QTest::newRow("stream 403") << u"/stream"_s << 403 << html << Status::NotPermitted
                                << u"/stream answered 403"_s;
    QTest::newRow("stream 502") << u"/stream"_s << 502 << html << Status::Reconnecting
                                << u"/stream answered 502"_s;
    QTest::newRow("stream 204") << u"/stream"_s << 204 << QByteArray() << Status::Polling
                                << u"not to come again"_s;
}

void tst_Feed::saysWhatIsWrong()
{
    QFETCH(QString, path);
    QFETCH(int, httpStatus);
    QFETCH(QByteArray, type);
    Fixture f;
    f.server.handle(path.toLatin1(), [&](Exchange *exchange) {
        exchange->answer(httpStatus, httpStatus == 204 ? "" : "{}", {{"Content-Type", type}});
    });
    f.feed->start();
    QFETCH(Status, status);
    QTRY_COMPARE(f.model.status(), status);
    QFETCH(QString, said);
    QVERIFY2(f.model.detail().contains(said), qPrintable(f.model.detail()));
}

void tst_Feed::comesBackWhenTheServerDoes()
{
    Fixture f;
    f.server.stop();
    f.feed->start();
    QTRY_COMPARE(f.model.status(), Status::Reconnecting);
    QVERIFY2(f.model.detail().contains(u"Connection refused"_s), qPrintable(f.model.detail()));
    QVERIFY(!f.model.count());
    QVERIFY(f.model.nextAttempt() > f.model.statusSince());
    f.server.start();
    QTRY_COMPARE(f.model.status(), Status::Live);
    QCOMPARE(f.model.count(), 3);
    QVERIFY(!f.model.nextAttempt().isValid());

    f.server.stop();
    QTRY_COMPARE(f.model.status(), Status::Reconnecting);
    QTRY_VERIFY(f.model.nextAttempt() >= f.model.statusSince());
}

// That of a hotel's network, after sleep.
void tst_Feed::comesBackFromBehindAWebPage()
{
    Fixture f;
    f.feed->start();
    QTRY_COMPARE(f.model.status(), Status::Live);
    QStringList reasons;
    QObject::connect(&f.model, &CountModel::statusChanged, &f.model, [&] {
        if (f.model.status() == Status::Reconnecting)
            reasons.append(f.model.detail());
    });
    for (const char *path : {"/stream", "/login", "/login"})
        f.server.handleNext(path, &welcomeToOurHotel);
    f.stream()->write("retry: 100\n\n");
    f.stream()->cut();
    QTRY_COMPARE(f.server.requestCount("/login"), 4); // the last one is let through
    QTRY_COMPARE(f.model.status(), Status::Live);
    QTRY_COMPARE(f.model.freshness(), Freshness::Fresh);
    QVERIFY2(!reasons.filter(u"Perhaps the network wants you to log in"_s).isEmpty(),
             qPrintable(reasons.join(u'\n')));
}

void tst_Feed::beginsInAnotherNetworkWhereAWebPageEndedIt()
{
    Fixture f;
    f.server.handleNext("/login", &welcomeToOurHotel);
    f.feed->start();
    QTRY_COMPARE(f.model.status(), Status::Failed);
    QVERIFY(!f.feed->isRunning());
    f.feed->awaken();
    QTRY_COMPARE(f.model.status(), Status::Live);

    f.feed->stop(Feed::Occasion::Quit);
    QTRY_VERIFY(!f.feed->isLeaving());
    f.server.handleNext("/login", &welcomeToOurHotel);
    f.feed->start();
    QTRY_COMPARE(f.model.status(), Status::Failed);
    f.feed->stop(Feed::Occasion::Quit); // its user wants none of it any more
    f.feed->awaken();
    QVERIFY(!f.server.nextExchange(300ms));
    QCOMPARE(f.model.status(), Status::Off);
}

void tst_Feed::staysLiveWhenOnlyTheSnapshotFails()
{
    Fixture f;
    f.server.handleNext("/count", [](Exchange *first) {
        first->answerJson(200, {{u"count"_s, 3}});
    });
    f.server.handleNext("/count", [](Exchange *second) { second->answer(503); });
    f.server.handleNext("/count", [](Exchange *third) {
        third->answerJson(200, {{u"count"_s, 6}});
    });
    f.feed->start();
    QTRY_COMPARE(f.model.count(), 6);
    QCOMPARE(f.model.status(), Status::Live);
    QVERIFY(f.model.detail().isEmpty());
    QCOMPARE(f.server.requestCount("/stream"), 1);
}

void tst_Feed::isNotLiveBecauseASnapshotSucceedsWithoutAStream()
{
    Fixture f;
    f.server.handleNext("/count", [](Exchange *first) {
        first->answerJson(200, {{u"count"_s, 3}});
    });
    f.server.handleNext("/count", [](Exchange *second) { second->answer(503); });
    f.feed->start();
    QTRY_VERIFY(f.model.detail().contains(u"/count answered 503"_s));
    f.stream()->write("retry: 60000\n\n");
    f.stream()->end();
    QTRY_COMPARE(f.model.status(), Status::Reconnecting);
    QVERIFY(!f.server.nextExchange(1500ms)); // longer than the first wait for a snapshot
    QCOMPARE(f.model.status(), Status::Reconnecting);
    QCOMPARE(f.model.freshness(), Freshness::Stale);
    QCOMPARE(f.server.requestCount("/count"), 2);
}

void tst_Feed::countsUpAndDownAndAsksWhereItMust()
{
    Fixture f(u"right"_s, [](Source &source) {
        source.rules = {ruleFor(u"new"_s, Rule::Action::Add, u"/n"_s),
                        ruleFor(u"done"_s, Rule::Action::Sub),
                        ruleFor(u"changed"_s, Rule::Action::Refetch)};
    });
    f.feed->start();
    QTRY_COMPARE(f.server.requestCount("/count"), 2);
    f.count = 40;
    f.stream()->write("event: new\ndata: {\"n\":2}\n\nevent: done\ndata\n\n");
    QTRY_COMPARE(f.model.count(), 4);
    f.stream()->write("event: changed\ndata\n\nevent: changed\ndata\n\n");
    QTRY_COMPARE(f.model.count(), 40);
}

void tst_Feed::reportsAnEventWithoutANumberOnce()
{
    Fixture f;
    f.feed->start();
    QTRY_COMPARE(f.server.requestCount("/count"), 2);
    QTRY_COMPARE(f.model.status(), Status::Live);
    f.facts.clear();
    f.stream()->write("event: count\ndata: {\"count\":\"many\"}\n\n");
    f.stream()->write("event: count\ndata: oops\n\n");
    f.stream()->write(countEvent(5));
    QTRY_COMPARE(f.facts, (QStringList{u"live"_s, u"5"_s}));
    QVERIFY2(f.model.detail().contains(u"no number at “/count”"_s), qPrintable(f.model.detail()));
}

void tst_Feed::opensAgainAfterItWasClosed()
{
    Fixture f;
    f.feed->start();
    QTRY_COMPARE(f.model.status(), Status::Live);
    f.feed->stop(Feed::Occasion::Quit);
    f.feed->start(); // while the close request is on its way
    QTRY_COMPARE(f.model.status(), Status::Live);
    QCOMPARE(f.server.requestCount("/close"), 1);
    QCOMPARE(f.server.requestCount("/login"), 2);
    QCOMPARE(f.stream()->header("Authorization"), "Bearer T2");
    QTRY_COMPARE(f.model.freshness(), Freshness::Fresh);
    QVERIFY(!f.server.nextExchange(200ms));
    QCOMPARE(f.server.requestCount("/close"), 1);
}

void tst_Feed::pollsWhereThereIsNoStream_data()
{
    QTest::addColumn<std::function<void(Exchange *)>>("answer");
    QTest::addColumn<QString>("said");
    QTest::addColumn<std::chrono::milliseconds>("patience");
    using Answer = std::function<void(Exchange *)>;
    const std::chrono::milliseconds endless = 1h;
    const std::chrono::milliseconds little = 300ms;
    QTest::newRow("there is none")
        << Answer([](Exchange *stream) { stream->answer(404); }) << u"answered 404"_s << endless;
    QTest::newRow("the server asks not to come again")
        << Answer([](Exchange *stream) { stream->answer(204); }) << u"answered 204"_s << endless;
    QTest::newRow("it is something else")
        << Answer([](Exchange *stream) { stream->answerJson(200, {}); }) << u"application/json"_s
        << endless;
    QTest::newRow("a proxy holds the head back")
        << Answer([](Exchange *) {}) << u"a proxy holds the stream back"_s << little;
    QTest::newRow("a proxy holds the greeting back")
        << Answer([](Exchange *stream) { stream->startStream(); })
        << u"a proxy holds the stream back"_s << little;
}

void tst_Feed::pollsWhereThereIsNoStream()
{
    QFETCH(std::function<void(Exchange *)>, answer);
    QFETCH(QString, said);
    QFETCH(std::chrono::milliseconds, patience);
    Fixture f(u"right"_s, [patience](Source &source) {
        source.pollInterval = 1s;
        source.stream.openTimeout = source.stream.firstByteTimeout = patience;
    });
    f.server.handle("/stream", answer);
    f.feed->start();
    QTRY_COMPARE(f.model.status(), Status::Polling);
    QVERIFY2(f.model.detail().contains(said), qPrintable(f.model.detail()));
    QTRY_COMPARE(f.model.freshness(), Freshness::Fresh);
    f.count = 8;
    QTRY_COMPARE(f.model.count(), 8);
    QCOMPARE(f.model.status(), Status::Polling);
    QCOMPARE(f.server.requestCount("/stream"), 1);
    f.feed->stop(Feed::Occasion::Quit);
    QTRY_COMPARE(f.server.requestCount("/close"), 1);
}

void tst_Feed::pollsWithEntityTags()
{
    Fixture f(u"right"_s, [](Source &source) {
        source.pollWhen = Source::PollWhen::Always;
        source.pollInterval = 1s;
    });
    f.server.handle("/count", [](Exchange *count) {
        if (count->header("If-None-Match") == "\"a\"")
            count->answer(304);
        else
            count->answer(200, "{\"count\":6}", {{"ETag", "\"a\""}});
    });
    f.feed->start();
    QTRY_COMPARE(f.model.count(), 6);
    QTRY_VERIFY(f.server.requestCount("/count") >= 3);
    QCOMPARE(f.server.exchanges("/count").at(1)->header("If-None-Match"), "\"a\"");
    QCOMPARE(f.model.status(), Status::Polling);
    QCOMPARE(f.model.count(), 6);
    QCOMPARE(f.server.requestCount("/stream"), 0);
}

void tst_Feed::triesTheStreamAgainWhilePolling()
{
    Fixture f(u"right"_s, [](Source &source) { source.streamPause = 1s; });
    f.server.handleNext("/stream", [](Exchange *stream) { stream->answer(404); });
    f.feed->start();
    QTRY_COMPARE(f.model.status(), Status::Live);
    QVERIFY(f.facts.contains(u"polling"_s)); // for a second
    f.stream()->write(countEvent(12));
    QTRY_COMPARE(f.model.count(), 12);
    QCOMPARE(f.model.freshness(), Freshness::Fresh);
}

void tst_Feed::blamesNoProxyWhereNothingElseWorksEither()
{
    // Far more than the second stream, which is answered, takes to open on a busy machine.
    Fixture f(u"right"_s, [](Source &source) { source.stream.openTimeout = 2s; });
    f.server.handleNext("/stream", [](Exchange *) {});
    f.server.handleNext("/count", [](Exchange *count) {
        count->answerJson(200, {{u"count"_s, 3}});
    });
    f.server.handleNext("/count", [](Exchange *count) { count->answer(503); });
    f.feed->start();
    QTRY_COMPARE(f.model.status(), Status::Live);
    QVERIFY(f.facts.contains(u"reconnecting"_s));
    QVERIFY(!f.facts.contains(u"polling"_s));
    QCOMPARE(f.server.requestCount("/stream"), 2);
}

void tst_Feed::failsWithoutStreamWhereItMayNotPoll()
{
    Fixture f(u"right"_s, [](Source &source) { source.pollWhen = Source::PollWhen::Never; });
    f.server.handle("/stream", [](Exchange *stream) { stream->answer(404); });
    f.feed->start();
    QTRY_COMPARE(f.model.status(), Status::Failed);
    QVERIFY(f.model.detail().contains("404"_L1));
}

void tst_Feed::showsNothingOfAnEndThatWasExpected()
{
    Fixture f(u"right"_s, [](Source &source) { source.stream.expectedAge = 300ms; });
    QElapsedTimer age;
    f.feed->start();
    QTRY_COMPARE(f.facts.last(), u"open"_s);
    age.start();
    f.stream()->write(countEvent(4));
    QTRY_COMPARE(f.model.count(), 4);
    QTRY_COMPARE(f.server.requestCount("/count"), 2);
    f.count = 4;
    f.facts.clear();
    QTRY_VERIFY(age.elapsed() > 330);
    f.stream()->end();
    QTRY_COMPARE(f.server.requestCount("/stream"), 2);
    QTRY_COMPARE(f.server.requestCount("/count"), 3);
    f.stream()->write(countEvent(5));
    QTRY_COMPARE(f.model.count(), 5);
    QCOMPARE(f.facts, QStringList{u"5"_s});
}

void tst_Feed::countsAnewWhenAStreamOpensDuringASnapshot()
{
    Fixture f(u"right"_s, [](Source &source) {
        source.stream.expectedAge = 300ms;
        source.reconcile = 1s;
    });
    f.feed->start();
    QTRY_COMPARE(f.server.requestCount("/count"), 2);
    f.server.handleNext("/count", [](Exchange *) {}); // a check that hangs
    QTRY_COMPARE(f.server.requestCount("/count"), 3);
    f.count = 9; // after it was counted, and before there is a stream to say so
    f.stream()->end();
    QTRY_COMPARE(f.model.count(), 9);
}

void tst_Feed::renewsTheSessionBeforeItLogsInAgain()
{
    Fixture f(u"right"_s, [](Source &source) {
        Step refresh;
        refresh.name = u"refresh"_s;
        refresh.method = "POST";
        refresh.url = Template(u"${base}/refresh"_s);
        refresh.extractions.insert(u"token"_s, {u"/token"_s, {}, {}, {}, {}});
        source.refresh = {refresh};
    });
    f.server.handle("/refresh", [](Exchange *refresh) {
        refresh->answerJson(200, {{u"token"_s, u"R"_s}});
    });
    const auto refuseOnce = [](Exchange *stream) { stream->answer(401); };
    f.server.handleNext("/stream", refuseOnce);
    f.feed->start();
    QTRY_COMPARE(f.model.status(), Status::Live);
    QCOMPARE(f.server.requestCount("/login"), 1);
    QCOMPARE(f.stream()->header("Authorization"), "Bearer R");
    // Where renewing is no help, a login is.
    f.stream()->write(countEvent(9));
    QTRY_COMPARE(f.model.count(), 9);
    f.server.handleNext("/stream", refuseOnce);
    f.server.handle("/refresh", [](Exchange *refresh) { refresh->answer(401); });
    f.stream()->end();
    QTRY_COMPARE(f.server.requestCount("/login"), 2);
    QTRY_COMPARE(f.model.status(), Status::Live);
    QCOMPARE(f.server.requestCount("/refresh"), 2);
}

namespace {

/*! A keyring as the test wants it. */
class ScriptedSecrets : public SecretStore
{
public:
    void read(const SecretRequest &, QObject *context, const Answer &answer) override
    {
        reader = context;
        pending = answer;
        if (!first.isEmpty())
            say({SecretAnswer::Kind::Found, first, {}});
    }

    void say(const SecretAnswer &answer)
    {
        if (reader)
            pending(answer);
    }

    void refuse(const SecretRequest &request) override { refused += request.variable; }

    QString first;
    QStringList refused;
    QPointer<QObject> reader;
    Answer pending;
};

/*! A person who answers at once, or goes away. */
class Person : public Prompter
{
public:
    void ask(const PromptQuestion &question, QObject *context, const Answer &answer) override
    {
        asked.append(question);
        QMetaObject::invokeMethod(
            context, [this, answer] { answer(says); }, Qt::QueuedConnection);
    }

    QList<PromptQuestion> asked;
    std::optional<QString> says;
};

void addCaptcha(Source &source)
{
    Step picture;
    picture.name = u"picture"_s;
    picture.url = Template(u"${base}/code"_s);
    picture.extractions.insert(u"image"_s, {u"/img"_s, {}, {}, {}, {}});
    Step question;
    question.name = u"question"_s;
    question.prompt = Step::Prompt{u"code"_s, u"The sum in the picture"_s,
                                   PromptQuestion::Kind::Captcha, Template(u"${image}"_s)};
    source.login.prepend(question);
    source.login.prepend(picture);
    source.login.last().headers.insert(u"X-Code"_s, Template(u"${code}"_s));
}

} // namespace

// Another client with the same account, for instance, which logs us out as we log it out.
void tst_Feed::asksAPersonWhenSessionsEndAsSoonAsTheyBegin()
{
    Fixture f(u"right"_s, [](Source &source) {
        source.rules.append(ruleFor(u"out"_s, Rule::Action::Expired));
    });
    f.server.handle("/stream", [](Exchange *stream) { stream->startStream(); });
    QObject::connect(&f.model, &CountModel::countChanged, &f.model, [&f] {
        if (f.server.requestCount("/stream") > 0 && f.model.freshness() == Freshness::Fresh)
            f.stream()->write("event: out\ndata: x\n\n");
    });
    QObject::connect(&f.model, &CountModel::opened, &f.model, [&f] { ++f.count; });
    f.feed->start();
    QTRY_COMPARE(f.model.status(), Status::LoginNeeded);
    QVERIFY(f.server.requestCount("/login") <= 5);
    QVERIFY(!f.server.nextExchange(200ms));
}

void tst_Feed::offersNoSecretAgainThatARenewalFoundRefused()
{
    Fixture f;
    f.server.handleNext("/login", [](Exchange *login) {
        login->answerJson(200, {{u"token"_s, u"T1"_s}, {u"expires_in"_s, 2}});
    });
    f.server.handle("/login", [](Exchange *login) { login->answer(401); });
    f.feed->start();
    QTRY_COMPARE(f.model.status(), Status::LoginNeeded);
    QVERIFY(f.server.requestCount("/permissions") > 0); // the first one was good
    QCOMPARE(f.server.requestCount("/login"), 2);
    QVERIFY(!f.server.nextExchange(200ms));
}

void tst_Feed::staysLiveThroughAnOddAnswer()
{
    Fixture f(u"right"_s, [](Source &source) { source.reconcile = 1s; });
    f.feed->start();
    QTRY_COMPARE(f.server.requestCount("/count"), 2);
    f.server.handleNext("/count", [](Exchange *count) { count->answer(404); });
    QTRY_VERIFY(f.model.detail().contains("404"_L1));
    QCOMPARE(f.model.status(), Status::Live);
    f.count = 8;
    QTRY_COMPARE(f.model.count(), 8);
    QTRY_VERIFY(f.model.detail().isEmpty());
}

void tst_Feed::hasPatienceWithASilentStreamWhereNothingElseCanBeAsked()
{
    Fixture f(u"right"_s, [](Source &source) {
        source.stream.openTimeout = 300ms;
        source.streamPause = 1s;
        source.snapshot.clear();
    });
    f.server.handleNext("/stream", [](Exchange *) {});
    f.feed->start();
    QTRY_COMPARE(f.model.status(), Status::Live);
    QVERIFY(f.facts.contains(u"reconnecting"_s)); // for a second
}

void tst_Feed::offersNoRefusedSecretAgain()
{
    Fixture f(u"right"_s);
    ScriptedSecrets keyring;
    keyring.first = u"wrong"_s;
    Feed feed(f.source, &f.model, &keyring, nullptr);
    feed.start();
    QTRY_COMPARE(f.model.status(), Status::LoginNeeded);
    QCOMPARE(keyring.refused, QStringList{u"password"_s});
    QCOMPARE(f.server.requestCount("/login"), 1);
    QVERIFY(!f.server.nextExchange(200ms));
}

void tst_Feed::waitsForALockedKeyring()
{
    Fixture f;
    ScriptedSecrets keyring;
    Feed feed(f.source, &f.model, &keyring, nullptr);
    feed.start();
    keyring.say({SecretAnswer::Kind::Locked, {}, u"Unlock the keyring."_s});
    QCOMPARE(f.model.status(), Status::WaitingForKeyring);
    QCOMPARE(f.model.detail(), u"Unlock the keyring."_s);
    keyring.say({SecretAnswer::Kind::Found, u"right"_s, {}});
    QTRY_COMPARE(f.model.status(), Status::Live);
    feed.stop(Feed::Occasion::Quit);
    QTRY_VERIFY(!feed.isLeaving());
    QTRY_VERIFY(!keyring.reader); // the question is taken back
    QCOMPARE(f.model.status(), Status::Off);
}

void tst_Feed::asksForWhatALoginWantsToKnow()
{
    Fixture f(u"right"_s, addCaptcha);
    f.server.handle("/code", [](Exchange *code) {
        code->answerJson(200, {{u"img"_s, u"data:image/png;base64,UE5H"_s}});
    });
    Person person;
    person.says = u"12"_s;
    Feed feed(f.source, &f.model, &f.secrets, &person);
    feed.start();
    QTRY_COMPARE(f.model.status(), Status::Live);
    QCOMPARE(person.asked.size(), 1);
    QCOMPARE(person.asked.constFirst().image, "PNG");
    QCOMPARE(person.asked.constFirst().title, f.source.title);
    QCOMPARE(f.server.exchanges("/login").constFirst()->header("X-Code"), "12");
    // Whoever declines is not asked again, until it opens the connection.
    feed.stop(Feed::Occasion::Quit);
    QTRY_VERIFY(!feed.isLeaving());
    person.says.reset();
    feed.start();
    QTRY_COMPARE(f.model.status(), Status::LoginNeeded);
    QCOMPARE(person.asked.size(), 2);
    QVERIFY(f.model.detail().contains("The sum in the picture"_L1));
}

void tst_Feed::cannotAskWithoutAPerson()
{
    Fixture f(u"right"_s, addCaptcha);
    f.server.handle("/code", [](Exchange *code) { code->answerJson(200, {{u"img"_s, u""_s}}); });
    f.feed->start();
    QTRY_COMPARE(f.model.status(), Status::LoginNeeded);
    QVERIFY(f.model.detail().contains("nobody is there to answer"_L1));
    QCOMPARE(f.server.requestCount("/login"), 0);
}

void tst_Feed::subscribesOnceTheStreamSaidWhatItNeeds()
{
    Fixture f(u"right"_s, [](Source &source) {
        Rule hello = ruleFor(u"hello"_s, Rule::Action::Capture);
        hello.extractions.insert(u"id"_s, {u"/id"_s, {}, {}, {}, {}});
        source.rules.append(hello);
        Step subscribe;
        subscribe.name = u"subscribe"_s;
        subscribe.method = "POST";
        subscribe.url = Template(u"${base}/subscribe/${id}"_s);
        source.afterOpen = {subscribe};
        source.close.first().url = Template(u"${base}/close/${id}"_s);
    });
    f.server.handle("/subscribe/7", [](Exchange *subscribe) { subscribe->answer(204); });
    f.server.handle("/close/7", [](Exchange *close) { close->answer(204); });
    f.feed->start();
    QTRY_COMPARE(f.model.status(), Status::Live);
    f.stream()->write("event: hello\ndata: {\"id\":7}\n\nevent: hello\ndata: {\"id\":7}\n\n");
    f.stream()->write(countEvent(5));
    QTRY_COMPARE(f.model.count(), 5);
    QTRY_COMPARE(f.server.requestCount("/subscribe/7"), 1);
    // The next stream may have another number: what the first one said is not used again.
    f.server.handle("/subscribe/8", [](Exchange *subscribe) { subscribe->answer(204); });
    f.stream()->write("retry: 100\n\n");
    f.stream()->end();
    QTRY_COMPARE(f.server.requestCount("/stream"), 2);
    QTRY_COMPARE(f.model.status(), Status::Live);
    f.stream()->write("event: hello\ndata: {\"id\":8}\n\n");
    QTRY_COMPARE(f.server.requestCount("/subscribe/8"), 1);
    f.stream()->write("event: hello\ndata: {\"id\":7}\n\n"); // for the request on the way out
    f.stream()->write(countEvent(6));
    QTRY_COMPARE(f.model.count(), 6);
    f.feed->stop(Feed::Occasion::Quit);
    QTRY_COMPARE(f.server.requestCount("/close/7"), 1);
    QCOMPARE(f.server.requestCount("/subscribe/7"), 1);
}

void tst_Feed::obeysEvents_data()
{
    QTest::addColumn<Rule::Action>("action");
    QTest::addColumn<Status>("status");
    QTest::addColumn<int>("logins");
    QTest::addColumn<int>("streams");
    QTest::newRow("reconnect") << Rule::Action::Reconnect << Status::Live << 1 << 2;
    QTest::newRow("expired") << Rule::Action::Expired << Status::Live << 2 << 2;
    QTest::newRow("stop") << Rule::Action::Stop << Status::Polling << 1 << 1;
}

void tst_Feed::obeysEvents()
{
    QFETCH(Rule::Action, action);
    QFETCH(Status, status);
    QFETCH(int, logins);
    QFETCH(int, streams);
    Fixture f(u"right"_s,
              [action](Source &source) { source.rules.append(ruleFor(u"order"_s, action)); });
    f.feed->start();
    QTRY_COMPARE(f.facts.last(), u"open"_s);
    f.facts.clear();
    f.stream()->write("event: order\ndata: x\n\n");
    QTRY_VERIFY(f.facts.contains(u"closed"_s));
    QTRY_COMPARE(f.model.status(), status);
    QTRY_COMPARE(f.model.freshness(), Freshness::Fresh);
    QCOMPARE(f.server.requestCount("/login"), logins);
    QCOMPARE(f.server.requestCount("/stream"), streams);
}

// As of a server that has no ids of its own, but takes one in its address.
void tst_Feed::goesOnFromTheIdInsideAnEvent()
{
    Fixture f(u"right"_s, [](Source &source) {
        source.stream.resume = StreamDescription::Resume::Query;
        source.stream.resumeName = u"since"_s;
        source.stream.resumeFrom = {u"/id"_s};
        source.stream.resumeEvents = {u"count"_s};
        source.stream.query.insert(u"since"_s, Template(u"all"_s));
    });
    f.feed->start();
    QTRY_COMPARE(f.model.status(), Status::Live);
    QCOMPARE(f.stream()->request().target, "/stream?since=all");
    f.stream()->write("id: 1\nevent: count\ndata: {\"count\":4,\"id\":\"a b\"}\n\n"
                      "event: keepalive\ndata: {\"id\":\"x\"}\n\nretry: 100\n\n");
    QTRY_COMPARE(f.model.count(), 4);
    f.stream()->end();
    QTRY_COMPARE(f.server.requestCount("/stream"), 2);
    QCOMPARE(f.stream()->request().target, "/stream?since=a%20b");
    QVERIFY(!f.stream()->request().hasHeader("Last-Event-ID"));
}

void tst_Feed::tellsTheOccasionOfTheCloseRequest_data()
{
    QTest::addColumn<Session::Occasion>("occasion");
    QTest::addColumn<QByteArray>("said"); // empty: nothing is sent
    QTest::newRow("the app leaves") << Session::Occasion::Quit << QByteArray("quit");
    QTest::newRow("the user closes, which the source does not want to hear")
        << Session::Occasion::Logout << QByteArray();
    QTest::newRow("the stream is opened anew")
        << Session::Occasion::BeforeReopen << QByteArray("beforeReopen");
}

void tst_Feed::tellsTheOccasionOfTheCloseRequest()
{
    QFETCH(Session::Occasion, occasion);
    QFETCH(QByteArray, said);
    Fixture f(u"right"_s, [](Source &source) {
        source.closesOnLogout = false;
        source.closesBeforeReopening = true;
        source.close.first().bodyKind = Step::Body::Text;
        source.close.first().body = u"${occasion}"_s;
    });
    f.feed->start();
    QTRY_COMPARE(f.model.status(), Status::Live);
    if (occasion == Session::Occasion::BeforeReopen) {
        f.stream()->write("retry: 100\n\n");
        f.stream()->end();
        QTRY_COMPARE(f.server.requestCount("/stream"), 2);
    } else {
        f.feed->stop(occasion);
        QTRY_VERIFY(!f.feed->isLeaving());
    }
    QVERIFY(!f.server.nextExchange(200ms));
    QCOMPARE(f.server.requestCount("/close"), said.isEmpty() ? 0 : 1);
    if (!said.isEmpty())
        QCOMPARE(f.server.exchanges("/close").constFirst()->body(), said);
}

void tst_Feed::countsTheCorrectionsOfItsChecks()
{
    Fixture f(u"right"_s, [](Source &source) { source.reconcile = 1s; });
    QList<int> shown;
    QObject::connect(&f.model, &CountModel::corrected, &f.model,
                     [&shown](int number) { shown.append(number); });
    f.feed->start();
    QTRY_VERIFY(f.server.requestCount("/count") >= 3); // a check that finds nothing
    QCOMPARE(f.model.corrections(), 0);
    f.count = 7; // and the push misses it
    QTRY_COMPARE(f.model.count(), 7);
    QCOMPARE(f.model.corrections(), 1);
    QCOMPARE(shown, QList{3});
}

QTEST_GUILESS_MAIN(tst_Feed)
#include "tst_feed.moc"
