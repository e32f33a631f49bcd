// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "core/countmodel.h"
#include "core/feed/feed.h"
#include "core/secrets/secretstore.h"
#include "core/source/sourcereader.h"
#include <sselib/testkit/sseserver.h>
#include <sselib/testkit/virtualclock.h>

#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSignalSpy>
#include <QTest>

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
        feed.emplace(source, &model, &secrets);
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
    void staysLiveWhenOnlyTheSnapshotFails();
    void isNotLiveBecauseASnapshotSucceedsWithoutAStream();
    void countsUpAndDownAndAsksWhereItMust();
    void reportsAnEventWithoutANumberOnce();
    void opensAgainAfterItWasClosed();
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
    f.feed->stop();
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
    f.feed->stop();
    QVERIFY(!f.feed->isLeaving());
    f.feed->start();
    QTRY_COMPARE(f.model.status(), Status::LoginNeeded);
    const QSignalSpy left(&*f.feed, &Feed::left);
    f.feed->stop();
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
    elapsed.start();
    f.feed->stop();
    QVERIFY(left.wait(1500));
    QVERIFY2(elapsed.elapsed() < 1000, qPrintable(QString::number(elapsed.elapsed())));
    QCOMPARE(f.server.requestCount("/close"), 1);
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
    f.feed->stop();
    QTRY_COMPARE(left.count(), 1);
    QCOMPARE(f.model.status(), Status::Off);
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
    // The server counted 5 for the snapshot, then sent 7, and the event is faster.
    f.stream()->write(countEvent(7));
    f.stream()->write(countEvent(8));
    snapshot->answerJson(200, {{u"count"_s, 5}});
    QTRY_COMPARE(f.model.count(), 8);
    QCOMPARE(f.facts.mid(f.facts.indexOf(u"open"_s)),
             (QStringList{u"open"_s, u"5"_s, u"7"_s, u"8"_s}));
}

void tst_Feed::turnsStaleWithTheStreamAndFreshWithTheNext()
{
    Fixture f;
    f.feed->start();
    QTRY_COMPARE(f.server.requestCount("/count"), 2);
    QTRY_COMPARE(f.model.status(), Status::Live);
    f.facts.clear();
    f.stream()->write("retry: 100\n\n");
    f.stream()->end();
    QTRY_COMPARE(f.model.status(), Status::Reconnecting);
    QVERIFY(f.model.detail().contains(u"ended the stream"_s));
    QTRY_COMPARE(
        f.facts,
        (QStringList{u"closed"_s, u"3?"_s, u"reconnecting"_s, u"live"_s, u"open"_s, u"3"_s}));
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
    Fixture f(u"right"_s,
              [](Source &source) { source.streamUrl = Template(u"${base}/stream/${password}"_s); });
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
    f.lifetime = 61;
    f.feed->start();
    QTRY_COMPARE(f.model.status(), Status::Live);
    f.facts.clear();
    QTRY_COMPARE(f.tokens, 2);
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
    f.feed->stop();
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
    QTest::newRow("stream 404") << u"/stream"_s << 404 << html << Status::Failed
                                << u"/stream answered 404 Not Found. Check the address"_s;
    QTest::newRow("stream is a web page") << u"/stream"_s << 200 << html << Status::Failed
                                          << u"text/html instead of text/event-stream"_s;
    QTest::newRow("stream 403") << u"/stream"_s << 403 << html << Status::NotPermitted
                                << u"/stream answered 403"_s;
    QTest::newRow("stream 502") << u"/stream"_s << 502 << html << Status::Reconnecting
                                << u"/stream answered 502"_s;
    QTest::newRow("stream 204") << u"/stream"_s << 204 << QByteArray() << Status::Failed
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
    f.server.start();
    QTRY_COMPARE_WITH_TIMEOUT(f.model.status(), Status::Live, 15000);
    QCOMPARE(f.model.count(), 3);
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
        source.rules = {{{u"new"_s}, Rule::Action::Add, u"/n"_s, 1},
                        {{u"done"_s}, Rule::Action::Sub, {}, 1},
                        {{u"changed"_s}, Rule::Action::Refetch, {}, 1}};
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
    f.feed->stop();
    f.feed->start(); // while the close request is on its way
    QTRY_COMPARE(f.model.status(), Status::Live);
    QCOMPARE(f.server.requestCount("/close"), 1);
    QCOMPARE(f.server.requestCount("/login"), 2);
    QCOMPARE(f.stream()->header("Authorization"), "Bearer T2");
    QTRY_COMPARE(f.model.freshness(), Freshness::Fresh);
}

QTEST_GUILESS_MAIN(tst_Feed)
#include "tst_feed.moc"
