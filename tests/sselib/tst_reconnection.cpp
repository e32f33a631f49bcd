// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include <sselib/eventsource.h>
#include <sselib/testkit/sseserver.h>
#include <sselib/testkit/virtualclock.h>
#include <sselib/testkit/virtualnetwork.h>

#include <QNetworkAccessManager>
#include <QSignalSpy>
#include <QTest>

using namespace std::chrono_literals;
using namespace Qt::Literals;
using Sse::EventSource;
using std::chrono::milliseconds;
using Error = EventSource::Error;
using State = EventSource::State;

namespace {

// A client whose time, network and chance belong to the test. Its host is asked by an address that
// counts as another computer: 127.0.0.1 would be reached without a network.
struct Client
{
    Client()
    {
        source.setClock(&clock);
        source.setNetworkStatus(&network);
        source.setRandom([this] { return random; });
        QObject::connect(&source, &EventSource::retryScheduled, &source,
                         [this](milliseconds delay) { delays.append(delay); });
    }

    void open(const QUrl &url) { source.open(QNetworkRequest(url)); }

    Harness::VirtualClock clock;
    Harness::VirtualNetwork network;
    QNetworkAccessManager manager;
    EventSource source{&manager};
    QList<milliseconds> delays;
    double random = 0.0;
};

void refuse(Harness::Exchange *exchange)
{
    exchange->answer(503);
}

void accept(Harness::Exchange *exchange)
{
    exchange->startStream();
}

// The server as a host that is not this computer, as far as a client can see.
QUrl elsewhere(const Harness::SseServer &server)
{
    QUrl url = server.url();
    url.setHost(u"0.0.0.0"_s); // the kernel connects it to 127.0.0.1
    return url;
}

} // namespace

class tst_Reconnection : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsOfSilences();
    void takesANewIdleTimeoutAtOnce();
    void countsBytesOfTheOpenStream();
    void tellsTheContentTypeOfARefusal();
    void waitsLongerAfterEachFailure();
    void beginsAgainAfterAHealthyStream();
    void attemptsExactlyWhenItSaid();
    void keepsToTheServersRetryWithinBounds_data();
    void keepsToTheServersRetryWithinBounds();
    void keepsToRetryAfter_data();
    void keepsToRetryAfter();
    void neverConnectsMoreThanTenTimesASecond();
    void opensAnewAtOnceAfterAnEndAtTheExpectedAge();
    void waitsAfterAnEndBeforeTheExpectedAge();
    void attemptsAtOnceWhenToldTo();
    void attemptsNothingWhileOffline();
    void attemptsAtOnceWhenTheNetworkIsBack();
    void opensAnewWhenTheNetworkWasAway();
    void asksThisComputerWithoutANetwork();
    void trustsNoStatusThatWasWrong();
    void opensAnewAfterSleep_data();
    void opensAnewAfterSleep();
    void keepsAPaceWhenTheNetworkFlaps();
    void givesUpOnAHookThatDoesNotAnswer();
    void waitsForTheHook();
    void ignoresAHookThatAnswersTooLate();
    void asksWhereTheHookSays();
};

void tst_Reconnection::waitsLongerAfterEachFailure()
{
    Harness::SseServer server;
    server.handle("/", refuse);
    Client client;
    client.random = 1.0; // always the ceiling
    client.open(server.url());
    QList<milliseconds> expected;
    for (const milliseconds delay :
         {1000ms, 2000ms, 4000ms, 8000ms, 16'000ms, 32'000ms, 60'000ms, 60'000ms}) {
        expected.append(delay);
        QTRY_COMPARE(client.delays, expected);
        client.clock.advance(delay);
        QCOMPARE(client.source.state(), State::Connecting);
    }
}

void tst_Reconnection::beginsAgainAfterAHealthyStream()
{
    Harness::SseServer server;
    Client client;
    client.random = 1.0;
    server.handleNext("/", refuse);
    server.handleNext("/", refuse);
    client.open(server.url());
    for (const auto lasted : {29'999ms, 30'000ms}) {
        Harness::Exchange *stream = nullptr;
        while (!stream) {
            QTRY_VERIFY(client.source.state() != State::Connecting || server.requestCount("/") > 2);
            if (client.source.state() == State::Waiting)
                client.clock.advance(client.delays.constLast());
            stream = server.nextExchange(100ms);
        }
        stream->startStream();
        QTRY_COMPARE(client.source.state(), State::Open);
        client.delays.clear();
        client.clock.advance(lasted);
        stream->end();
        QTRY_COMPARE(client.delays.size(), 1);
        QCOMPARE(client.delays.constFirst(), lasted < 30s ? 4000ms : 1000ms);
    }
}

void tst_Reconnection::attemptsExactlyWhenItSaid()
{
    Harness::SseServer server;
    server.handle("/", refuse);
    Client client;
    client.random = 0.37;
    client.open(server.url());
    QTRY_COMPARE(client.delays.size(), 1);
    const milliseconds delay = client.delays.constFirst();
    QCOMPARE(client.clock.untilNextTimer(), delay);
    QCOMPARE(client.clock.activeTimers(), 1); // no other wake-up
    client.clock.advance(delay - 1ms);
    QCOMPARE(client.source.state(), State::Waiting);
    client.clock.advance(1ms);
    QCOMPARE(client.source.state(), State::Connecting);
}

void tst_Reconnection::keepsToTheServersRetryWithinBounds_data()
{
    QTest::addColumn<QByteArray>("retry");
    QTest::addColumn<milliseconds>("least");
    QTest::addColumn<milliseconds>("most");
    QTest::newRow("5 s") << QByteArray("5000") << 5000ms << 7500ms;
    QTest::newRow("zero") << QByteArray("0") << 100ms << 150ms;
    QTest::newRow("below the floor") << QByteArray("99") << 100ms << 150ms;
    QTest::newRow("a day") << QByteArray("86400000") << milliseconds(1h) << milliseconds(90min);
    QTest::newRow("twenty digits")
        << QByteArray("99999999999999999999") << milliseconds(1h) << milliseconds(90min);
    QTest::newRow("not a number") << QByteArray("-1") << 100ms << 1000ms;
}

void tst_Reconnection::keepsToTheServersRetryWithinBounds()
{
    QFETCH(QByteArray, retry);
    for (const double random : {0.0, 1.0}) {
        Harness::SseServer server;
        Client client;
        client.random = random;
        client.open(server.url());
        Harness::Exchange *const stream = server.nextExchange();
        QVERIFY(stream);
        stream->startStream();
        stream->write("retry: " + retry + "\n");
        stream->end();
        QTRY_COMPARE(client.delays.size(), 1);
        QTEST(client.delays.constFirst(), random == 0.0 ? "least" : "most");
    }
}

void tst_Reconnection::keepsToRetryAfter_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("retryAfter");
    QTest::addColumn<milliseconds>("least");
    // The virtual clock begins at 2026-01-01 00:00:00 UTC, a Thursday.
    QTest::newRow("seconds") << 503 << QByteArray("120") << milliseconds(2min);
    QTest::newRow("seconds of a 429") << 429 << QByteArray("7") << 7000ms;
    QTest::newRow("a date") << 503 << QByteArray("Thu, 01 Jan 2026 00:01:30 GMT") << 90'000ms;
    QTest::newRow("a date of RFC 850")
        << 503 << QByteArray("Thursday, 01-Jan-26 00:00:20 GMT") << 20'000ms;
    QTest::newRow("a date of asctime()")
        << 503 << QByteArray("Thu Jan  1 00:00:30 2026") << 30'000ms;
    QTest::newRow("a date that is past")
        << 503 << QByteArray("Wed, 31 Dec 2025 23:59:59 GMT") << 100ms;
    QTest::newRow("a year is too long") << 503 << QByteArray("31536000") << milliseconds(1h);
    QTest::newRow("nonsense") << 503 << QByteArray("soon") << 100ms;
    QTest::newRow("negative") << 503 << QByteArray("-5") << 100ms;
}

void tst_Reconnection::keepsToRetryAfter()
{
    QFETCH(int, status);
    QFETCH(QByteArray, retryAfter);
    Harness::SseServer server;
    server.handle("/", [&](Harness::Exchange *exchange) {
        exchange->answer(status, {}, {{"Retry-After", retryAfter}});
    });
    // A herd that was told the same time spreads out after it.
    Client first;
    Client last;
    last.random = 1.0;
    first.open(server.url());
    last.open(server.url());
    QTRY_COMPARE(first.delays.size(), 1);
    QTRY_COMPARE(last.delays.size(), 1);
    QTEST(first.delays.constFirst(), "least");
    QVERIFY(last.delays.constFirst() >= first.delays.constFirst() * 3 / 2);
}

void tst_Reconnection::neverConnectsMoreThanTenTimesASecond()
{
    Harness::SseServer server;
    server.handle("/", [](Harness::Exchange *stream) {
        stream->startStream();
        stream->write("retry: 0\n\ndata: a\n\n");
        stream->end();
    });
    Client client;
    client.source.setExpectedAge(1ms);
    const QSignalSpy opened(&client.source, &EventSource::opened);
    client.open(server.url());
    std::chrono::nanoseconds begin = client.clock.elapsed();
    for (int attempts = 1; attempts <= 30; ++attempts) {
        QTRY_COMPARE(client.source.state(), State::Waiting);
        QCOMPARE(opened.count(), attempts);
        client.clock.advance(*client.clock.untilNextTimer());
    }
    QVERIFY(client.clock.elapsed() - begin >= 30 * 100ms);
}

void tst_Reconnection::opensAnewAtOnceAfterAnEndAtTheExpectedAge()
{
    Harness::SseServer server;
    Client client;
    client.source.setIdleTimeout(0ms);
    client.source.setExpectedAge(60s);
    const QSignalSpy closed(&client.source, &EventSource::closed);
    const QSignalSpy errors(&client.source, &EventSource::errorOccurred);
    client.open(server.url());
    for (const milliseconds age : {60'000ms, 57'000ms, 61'000ms}) {
        Harness::Exchange *const stream = server.nextExchange(); // without any wait
        QVERIFY(stream);
        stream->startStream();
        QTRY_COMPARE(client.source.state(), State::Open);
        client.clock.advance(age);
        stream->end();
    }
    QVERIFY(server.nextExchange());
    QCOMPARE(closed.count(), 3);
    QCOMPARE(errors.count(), 0);
    QCOMPARE(client.delays.size(), 0);
}

void tst_Reconnection::waitsAfterAnEndBeforeTheExpectedAge()
{
    Harness::SseServer server;
    Client client;
    client.source.setIdleTimeout(0ms);
    client.source.setExpectedAge(60s);
    client.open(server.url());
    Harness::Exchange *const stream = server.nextExchange();
    QVERIFY(stream);
    stream->startStream();
    QTRY_COMPARE(client.source.state(), State::Open);
    client.clock.advance(50s);
    stream->end();
    QTRY_COMPARE(client.source.state(), State::Waiting);
    QCOMPARE(client.source.error(), Error::StreamEnded);
    QCOMPARE(client.delays.size(), 1);
}

void tst_Reconnection::attemptsAtOnceWhenToldTo()
{
    Harness::SseServer server;
    server.handleNext("/", refuse);
    Client client;
    client.open(server.url());
    QTRY_COMPARE(client.source.state(), State::Waiting);
    client.source.retryNow();
    QCOMPARE(client.source.state(), State::Connecting);
    QVERIFY(server.nextExchange());
    client.clock.advance(1h); // the attempt that was scheduled does not follow
    QCOMPARE(client.source.error(), Error::OpenTimeout);
    QCOMPARE(server.requestCount("/"), 2);
}

void tst_Reconnection::attemptsNothingWhileOffline()
{
    Harness::SseServer server;
    server.handle("/", refuse);
    Client client;
    client.network.setOnline(false);
    client.open(elsewhere(server)); // asked for by a person: tried all the same
    QTRY_COMPARE(client.source.state(), State::Waiting);
    QVERIFY(client.source.isWaitingForNetwork());
    QCOMPARE(client.clock.activeTimers(), 0); // no wake-up
    QCOMPARE(client.delays.size(), 0);
    client.clock.advance(24h);
    QCOMPARE(client.source.state(), State::Waiting);
    QCOMPARE(server.requestCount("/"), 1);
    client.source.retryNow();
    QTRY_COMPARE(server.requestCount("/"), 2);
    QTRY_VERIFY(client.source.isWaitingForNetwork());
}

void tst_Reconnection::attemptsAtOnceWhenTheNetworkIsBack()
{
    Harness::SseServer server;
    server.handle("/", refuse);
    Client client;
    client.open(elsewhere(server));
    QTRY_COMPARE(client.source.state(), State::Waiting);
    client.clock.advance(200ms);
    client.network.setOnline(false); // the wait that had begun ends, too
    if (client.source.state() == State::Connecting)
        QTRY_COMPARE(client.source.state(), State::Waiting);
    QVERIFY(client.source.isWaitingForNetwork());
    QCOMPARE(client.clock.activeTimers(), 0);
    client.clock.advance(10min);
    client.network.setOnline(true);
    QCOMPARE(client.source.state(), State::Connecting);
}

void tst_Reconnection::opensAnewWhenTheNetworkWasAway()
{
    Harness::SseServer server;
    server.handle("/", accept);
    Client client;
    const QSignalSpy opened(&client.source, &EventSource::opened);
    client.open(elsewhere(server));
    QTRY_COMPARE(client.source.state(), State::Open);
    client.network.setOnline(false);
    QCOMPARE(client.source.state(), State::Open); // it may be a hiccup, or wrong
    client.clock.advance(1s);
    client.network.setOnline(true);
    QCOMPARE(client.source.state(), State::Connecting);
    QTRY_COMPARE(opened.count(), 2);
}

void tst_Reconnection::asksThisComputerWithoutANetwork()
{
    Harness::SseServer server;
    server.handle("/", refuse);
    Client client;
    client.network.setOnline(false);
    client.open(server.url());
    QTRY_COMPARE(client.delays.size(), 1);
    QVERIFY(!client.source.isWaitingForNetwork());
}

void tst_Reconnection::trustsNoStatusThatWasWrong()
{
    Harness::SseServer server;
    server.handle("/", accept);
    Client client;
    client.network.setOnline(false);
    client.open(elsewhere(server));
    QTRY_COMPARE(client.source.state(), State::Open); // so there is a network
    server.exchanges().constLast()->end();
    QTRY_COMPARE(client.source.state(), State::Waiting);
    QVERIFY(!client.source.isWaitingForNetwork());
    QCOMPARE(client.delays.size(), 1);
}

void tst_Reconnection::opensAnewAfterSleep_data()
{
    QTest::addColumn<State>("state");
    QTest::newRow("while connecting") << State::Connecting;
    QTest::newRow("while open") << State::Open;
    QTest::newRow("while waiting") << State::Waiting;
    QTest::newRow("not while closed") << State::Closed;
}

void tst_Reconnection::opensAnewAfterSleep()
{
    QFETCH(State, state);
    Harness::SseServer server;
    if (state == State::Open)
        server.handle("/", accept);
    else if (state == State::Waiting)
        server.handle("/", refuse);
    Client client;
    client.random = 1.0; // a wait of a second
    client.open(server.url());
    QTRY_COMPARE(server.requestCount("/"), 1);
    if (state == State::Closed)
        client.source.close();
    QTRY_COMPARE(client.source.state(), state);
    client.clock.advance(100ms); // the pace
    client.clock.sleep(8h);
    if (state == State::Closed) {
        QCOMPARE(client.source.state(), State::Closed);
        return;
    }
    QCOMPARE(client.source.state(), State::Connecting);
    QTRY_COMPARE(server.requestCount("/"), 2);
    QTRY_COMPARE(client.source.state(), state);
}

void tst_Reconnection::keepsAPaceWhenTheNetworkFlaps()
{
    Harness::SseServer server;
    server.handle("/", refuse);
    Client client;
    client.open(elsewhere(server));
    QTRY_COMPARE(client.source.state(), State::Waiting);
    for (int flaps = 0; flaps < 50; ++flaps) {
        client.network.setOnline(false);
        client.network.setOnline(true);
        client.clock.advance(1ms);
    }
    QCOMPARE(client.source.state(), State::Waiting);
    QCOMPARE(server.requestCount("/"), 1);
    client.clock.advance(50ms); // 100 ms since the attempt
    QTRY_COMPARE(server.requestCount("/"), 2);
}

void tst_Reconnection::givesUpOnAHookThatDoesNotAnswer()
{
    Client client;
    client.source.setRequestHook([](const QNetworkRequest &, const EventSource::Proceed &) {});
    client.open(QUrl(u"http://127.0.0.1/"_s));
    QCOMPARE(client.source.state(), State::Connecting);
    client.clock.advance(client.source.openTimeout());
    QCOMPARE(client.source.state(), State::Waiting);
    QCOMPARE(client.source.error(), Error::OpenTimeout);
    QVERIFY(client.source.errorString().contains(u"not ready"_s));
}

void tst_Reconnection::waitsForTheHook()
{
    Harness::SseServer server;
    Client client;
    EventSource::Proceed proceed;
    QNetworkRequest request;
    client.source.setRequestHook(
        [&](const QNetworkRequest &wanted, const EventSource::Proceed &go) {
            request = wanted;
            proceed = go;
        });
    client.open(server.url());
    QCOMPARE(client.source.state(), State::Connecting);
    request.setRawHeader("Authorization", "Bearer fresh");
    proceed(request);
    proceed(request); // only the first counts
    Harness::Exchange *const stream = server.nextExchange();
    QVERIFY(stream);
    QCOMPARE(stream->header("Authorization"), "Bearer fresh");
    stream->startStream();
    QTRY_COMPARE(client.source.state(), State::Open);
    proceed(request);
    QCOMPARE(server.requestCount("/"), 1);
}

void tst_Reconnection::ignoresAHookThatAnswersTooLate()
{
    Harness::SseServer server;
    EventSource::Proceed proceed;
    {
        Client client;
        client.source.setRequestHook(
            [&](const QNetworkRequest &, const EventSource::Proceed &go) { proceed = go; });
        client.open(server.url());
        const EventSource::Proceed late = proceed;
        client.source.close();
        late(QNetworkRequest(server.url()));
        QCOMPARE(client.source.state(), State::Closed);
        client.open(server.url());
        late(QNetworkRequest(server.url())); // of the attempt before
        QCOMPARE(client.source.state(), State::Connecting);
    }
    proceed(QNetworkRequest(server.url())); // of a source that is gone
    QVERIFY(!server.nextExchange(100ms));
}

void tst_Reconnection::asksWhereTheHookSays()
{
    Harness::SseServer server;
    server.handle("/moved", [](Harness::Exchange *exchange) { exchange->redirect(301, "/new"); });
    int attempts = 0;
    Client client;
    client.source.setRequestHook([&](QNetworkRequest request, const EventSource::Proceed &proceed) {
        request.setUrl(server.url("/moved?token=" + QByteArray::number(++attempts)));
        proceed(request);
    });
    client.open(server.url("/moved"));
    for (const char *target : {"/moved?token=1", "/moved?token=2"}) {
        Harness::Exchange *const stream = server.nextExchange();
        QVERIFY(stream);
        QCOMPARE(server.exchanges("/moved").constLast()->request().target, target);
        QCOMPARE(stream->path(), "/new");
        stream->startStream();
        QTRY_COMPARE(client.source.state(), State::Open);
        stream->end();
        QTRY_COMPARE(client.source.state(), State::Waiting);
        client.source.retryNow();
    }
}

void tst_Reconnection::tellsOfSilences()
{
    Harness::SseServer server;
    server.handle("/stream", accept);
    Client client;
    QSignalSpy silences(&client.source, &EventSource::silenceEnded);
    QSignalSpy comments(&client.source, &EventSource::commentReceived);
    client.open(server.url("/stream"));
    QTRY_COMPARE(client.source.state(), State::Open);
    Harness::Exchange *const stream = server.exchanges("/stream").constFirst();
    for (const auto silence : {milliseconds(15'000), milliseconds(999), milliseconds(1'000)}) {
        client.clock.advance(silence);
        const auto before = comments.size();
        stream->write(":\n");
        QTRY_COMPARE(comments.size(), before + 1);
    }
    QCOMPARE(silences.size(), 2);
    QCOMPARE(silences.at(0).at(0).value<milliseconds>(), 15s);
    QCOMPARE(silences.at(1).at(0).value<milliseconds>(), 1s);
}

void tst_Reconnection::takesANewIdleTimeoutAtOnce()
{
    Harness::SseServer server;
    server.handle("/stream", accept);
    Client client;
    client.open(server.url("/stream"));
    QTRY_COMPARE(client.source.state(), State::Open);
    client.clock.advance(6s);
    client.source.setIdleTimeout(10s); // of which 6 have passed
    client.clock.advance(3s);
    QCOMPARE(client.source.state(), State::Open);
    client.clock.advance(1050ms); // the next attempt comes 100 ms later
    QCOMPARE(client.source.error(), Error::IdleTimeout);
    QCOMPARE(client.source.state(), State::Waiting);
}

void tst_Reconnection::countsBytesOfTheOpenStream()
{
    Harness::SseServer server;
    server.handle("/stream", accept);
    Client client;
    QCOMPARE(client.source.bytesReceived(), 0);
    client.open(server.url("/stream"));
    QTRY_COMPARE(client.source.state(), State::Open);
    QCOMPARE(client.source.bytesReceived(), 0);
    Harness::Exchange *const stream = server.exchanges("/stream").constFirst();
    stream->write("\n:x\nretry: 5\n"); // nothing that would be an event
    QTRY_COMPARE(client.source.bytesReceived(), 13);
    client.source.close();
    QCOMPARE(client.source.bytesReceived(), 0);
}

void tst_Reconnection::tellsTheContentTypeOfARefusal()
{
    Harness::SseServer server;
    server.handle("/stream", [](Harness::Exchange *stream) {
        stream->answer(200, "<html>", {{"Content-Type", "text/html; charset=utf-8"}});
    });
    Client client;
    client.open(server.url("/stream"));
    QTRY_COMPARE(client.source.error(), Error::ContentType);
    QCOMPARE(client.source.contentType(), "text/html; charset=utf-8");
}

QTEST_GUILESS_MAIN(tst_Reconnection)
#include "tst_reconnection.moc"
