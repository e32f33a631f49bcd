// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "core/countmodel.h"
#include "core/feed/feed.h"
#include "core/feed/network.h"
#include "core/leaving/farewell.h"
#include "core/secrets/secretstore.h"
#include "core/source/sourcereader.h"
#include "hotel.h"
#include <sselib/testkit/sseserver.h>

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QUuid>

#include <algorithm>
#include <functional>
#include <optional>

using namespace std::chrono_literals;
using namespace Qt::Literals;
using Harness::Exchange;
using Occasion = Session::Occasion;
using Status = CountModel::Status;

namespace {

constexpr auto password = "pass-word-of-mia";

// Its close request uses all that a request can: token, cookies, what an event and what a login gave.
constexpr auto description = R"({
    "schema": 1, "title": "Work",
    "vars": {"base": "http://127.0.0.1", "user": "mia", "password": {"type": "secret"}},
    "http": {"auth": "bearer", "cookies": "session"},
    "login": [
        {"name": "login", "method": "POST", "url": "${base}/login", "auth": "none",
         "body": {"json": {"password": "${password}"}},
         "extract": {"token": {"pointer": "/token"}, "expiresIn": {"pointer": "/expires_in"},
                     "csrf": {"pointer": "/csrf"}}}
    ],
    "token": {"var": "token", "expiresInVar": "expiresIn"},
    "permissions": [{"name": "permissions", "url": "${base}/permissions"}],
    "snapshot": [{"name": "count", "url": "${base}/count", "count": {"pointer": "/count"}}],
    "stream": {"url": "${base}/stream"},
    "rules": [
        {"event": "hello", "do": "capture", "extract": {"connection": {"pointer": "/id"}}},
        {"event": "other", "do": "capture", "extract": {"unused": {"pointer": "/id"}}},
        {"event": "count", "do": "set", "pointer": "/count"},
        {"event": "again", "do": "refetch", "debounceMs": 0},
        {"event": "out", "do": "expired"}
    ],
    "close": {
        "on": ["quit", "logout", "suspend"],
        "steps": [
            {"name": "disconnect", "method": "POST", "url": "${base}/disconnect",
             "body": {"form": {"id": "${connection}", "why": "${occasion}"}}},
            {"name": "close", "method": "POST", "url": "${base}/close",
             "headers": {"X-Csrf": "${csrf}"}, "body": {"text": "${occasion}"}}
        ]
    }
})";

/*! A server, and the feed that watches it. */
class Fixture
{
public:
    explicit Fixture(const std::function<void(Source &)> &change = {})
        : secrets({{u"work"_s, {{u"password"_s, QLatin1String(password)}}}})
    {
        const SourceResult result = readSource(description, u"work.json"_s);
        if (!result.source)
            qFatal("%s", qPrintable(result.error));
        source = *result.source;
        source.path = u"/home/mia/work.json"_s;
        source.variables[u"base"_s] = server.url("").toString();
        if (change)
            change(source);
        server.handle("/login", [this](Exchange *login) { grant(login); });
        server.handle("/permissions", [](Exchange *permissions) { permissions->answer(200); });
        server.handle("/count", [](Exchange *count) { count->answerJson(200, {{u"count"_s, 3}}); });
        server.handle("/stream", [](Exchange *stream) { stream->startStream(); });
        server.handle("/disconnect", [](Exchange *close) { close->answer(204); });
        server.handle("/close", [](Exchange *close) { close->answer(204); });
        restart();
    }

    /*! Answers \a login with the next session: "token-1" is the token of the first. */
    void grant(Exchange *login)
    {
        const QString number = QString::number(++logins);
        login->answerJson(200,
                          {{u"token"_s, u"token-"_s + number},
                           {u"expires_in"_s, lifetime},
                           {u"csrf"_s, u"csrf-"_s + number}},
                          {{"Set-Cookie", "sid=cookie-" + number.toLatin1()}});
    }

    /*! Another feed of the same source: the next start of the app. */
    void restart()
    {
        feed.emplace(source, &model, &secrets, nullptr);
        feed->setFarewellFolder(folder.filePath(u"state/farewell"_s), 50ms);
    }

    void goLive()
    {
        feed->start();
        QTRY_COMPARE(model.status(), Status::Live);
        QTRY_COMPARE(model.freshness(), CountModel::Freshness::Fresh);
    }

    /*! Another session takes the place of the first, with which the stream goes on. */
    void goLiveAndRenew()
    {
        lifetime = 2;
        goLive();
        lifetime = 3600;
        QTRY_COMPARE(logins, 2);
    }

    /*! An event of the stream with an id; when it returns, what it does is done. */
    void say(const QByteArray &event, const QByteArray &id)
    {
        const int mark = model.count().value_or(0) + 1;
        last("/stream")->write("event: " + event + "\ndata: {\"id\":\"" + id
                               + "\"}\n\nevent: count\ndata: {\"count\":" + QByteArray::number(mark)
                               + "}\n\n");
        QTRY_COMPARE(model.count(), mark);
    }

    void stop(Occasion occasion)
    {
        QSignalSpy left(&*feed, &Feed::left);
        feed->stop(occasion);
        QVERIFY(!left.isEmpty() || left.wait());
    }

    Exchange *last(const QByteArray &path) { return server.exchanges(path).constLast(); }

    /*! What the requests for \a path had as their token, sorted. */
    [[nodiscard]] QByteArrayList tokensOf(const QByteArray &path) const
    {
        QByteArrayList tokens;
        const QList<Exchange *> exchanges = server.exchanges(path);
        for (const Exchange *exchange : exchanges)
            tokens.append(exchange->header("Authorization").mid(qstrlen("Bearer ")));
        std::sort(tokens.begin(), tokens.end());
        return tokens;
    }

    [[nodiscard]] QStringList kept() const
    {
        return QDir(folder.filePath(u"state/farewell"_s)).entryList(QDir::Files);
    }

    Harness::SseServer server;
    QTemporaryDir folder;
    KnownSecrets secrets;
    Source source;
    CountModel model{u"work"_s, u"Work"_s};
    int logins = 0;
    int lifetime = 3600;
    std::optional<Feed> feed; // the first to go
};

/*! A keyring whose answer the test gives. */
class LateSecrets : public SecretStore
{
public:
    void read(const SecretRequest &, QObject *, const Answer &asked) override { answer = asked; }
    void refuse(const SecretRequest &) override {}

    Answer answer;
};

QJsonObject read(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QJsonDocument::fromJson(file.readAll()).object()
                                          : QJsonObject();
}

void write(const QString &path, const QByteArray &content)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(content), content.size());
}

} // namespace

/*! The close request, however a session ends. A feed that is destroyed stands for a process that is. */
class tst_Leaving : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isHeldBeforeTheTokenIsUsed();
    void isHeldFromTheStepOnThatGivesTheToken();
    void isHeldFromTheStreamOnWithoutALogin();
    void sendsWhatHoldsAtTheMoment();
    void closesTheSessionOfEachLogin();
    void closesAtOnceASessionThatTheStreamNeverUsed();
    void isNotHeldOnceTheServerEndedTheSession();
    void isNotHeldWhereTheSourceDoesNotWantIt();
    void tellsTheOccasion_data();
    void tellsTheOccasion();
    void endsTheSessionThatCameBefore();
    void leavesOutWhatHasNoValueYet();
    void sleepsOnlyWhereTheSourceWantsIt();
    void keepsTheSessionWhileTheStreamIsReopened();
    void closesALostConnectionOnce();
    void closesASessionThatAWebPageHid_data();
    void closesASessionThatAWebPageHid();
    void closesAllSessionsThatAWebPageHid();
    void closesWhatIsNotTheStreamsWhenThatExpires();
    void closesALoginThatFailedOnceTheServerIsThere();
    void keepsTheSessionOfTheStreamThatOpensLate();
    void keepsTheSessionWhoseRenewalFailed();
    void forgetsTheConnectionOfTheSessionBefore();
    void hasAnotherIdInEachSession();
    void doesNotLogInOnceItHasLeft();
    void arrivesOnceAlthoughTheConnectionDrops();
    void keepsWhatMayNotGetThrough();
    void keepsNothing_data();
    void keepsNothing();
    void forgetsWhatIsKeptWithTheSession();
    void sendsWhatIsKeptInTheNextSession();
    void leavesAloneWhatIsOnItsWay();
    void dropsWhatIsPointless_data();
    void dropsWhatIsPointless();
    void goesOnWithoutAPlaceToKeepAnything();
    void goesTheWayOfTheSource_data();
    void goesTheWayOfTheSource();
};

void tst_Leaving::isHeldBeforeTheTokenIsUsed()
{
    Fixture f;
    QList<bool> held;
    QObject::connect(&f.model, &CountModel::statusChanged, &f.model, [&] {
        if (f.model.status() == Status::LoggingIn || f.model.status() == Status::Authorizing)
            held.append(f.feed->isHeld());
    });
    f.server.handle("/permissions", [](Exchange *) {});
    f.feed->start();
    QTRY_COMPARE(f.server.requestCount("/permissions"), 1);
    QCOMPARE(held, (QList<bool>{false, true})); // the next request goes out after that
    f.feed.reset();
    QTRY_COMPARE(f.server.requestCount("/close"), 1);
    QCOMPARE(f.last("/close")->method(), "POST");
    QCOMPARE(f.last("/close")->body(), "quit");
    QCOMPARE(f.last("/close")->header("Authorization"), "Bearer token-1");
    QCOMPARE(f.last("/close")->header("Cookie"), "sid=cookie-1");
    QCOMPARE(f.last("/close")->header("X-Csrf"), "csrf-1");
    QCOMPARE(f.last("/close")->header("Content-Type"), "text/plain; charset=utf-8");
    QVERIFY(f.last("/close")->header("User-Agent").startsWith("Tallybell/"));
    QVERIFY(!f.last("/close")->header("Idempotency-Key").isEmpty());
    QVERIFY(!f.server.nextExchange(200ms));
    QCOMPARE(f.server.requestCount("/close"), 1);
}

void tst_Leaving::isHeldFromTheStepOnThatGivesTheToken()
{
    Fixture f([](Source &source) {
        Step second;
        second.name = u"who"_s;
        second.url = Template(u"${base}/who"_s);
        source.login.append(second);
    });
    f.feed->start();
    Exchange *const second = f.server.nextExchange();
    QVERIFY(second);
    QCOMPARE(second->path(), "/who");
    QVERIFY(f.feed->isHeld());
    f.feed.reset();
    QTRY_COMPARE(f.server.requestCount("/close"), 1);
    QCOMPARE(f.last("/close")->header("Authorization"), "Bearer token-1");
}

void tst_Leaving::isHeldFromTheStreamOnWithoutALogin()
{
    Fixture f([](Source &source) {
        source.login.clear();
        source.tokenVariable = u"password"_s;
        source.close.removeFirst();
        source.close.first().headers.clear();
    });
    f.server.handleNext("/count", [](Exchange *) {});
    f.feed->start();
    QTRY_COMPARE(f.server.requestCount("/count"), 1);
    QVERIFY(!f.feed->isHeld());
    f.server.exchanges("/count").constFirst()->answerJson(200, {{u"count"_s, 3}});
    QTRY_VERIFY(f.feed->isHeld());
    QCOMPARE(f.server.requestCount("/stream"), 1);
    f.feed.reset();
    QTRY_COMPARE(f.server.requestCount("/close"), 1);
    QCOMPARE(f.last("/close")->header("Authorization"), QByteArray("Bearer ") + password);
}

void tst_Leaving::sendsWhatHoldsAtTheMoment()
{
    Fixture f;
    f.lifetime = 2;
    f.goLive();
    f.say("hello", "connection-1");
    f.lifetime = 3600;
    QTRY_COMPARE(f.logins, 2); // the renewal
    f.say("hello", "connection-2");
    f.say("other", "connection-3");
    QVERIFY(!f.server.nextExchange(300ms));
    QCOMPARE(f.server.requestCount("/close"), 0);
    f.server.handle("/count", [](Exchange *count) {
        count->answerJson(200, {{u"count"_s, 99}}, {{"Set-Cookie", "seen=yes; Path=/"}});
    });
    f.last("/stream")->write("event: again\ndata: x\n\n");
    QTRY_COMPARE(f.model.count(), 99);
    f.feed.reset();
    QTRY_COMPARE(f.server.requestCount("/close"), 2); // of the first login, too
    QTRY_COMPARE(f.server.requestCount("/disconnect"), 1);
    QCOMPARE(f.last("/disconnect")->body(), "id=connection-2&why=quit");
    const QList<Exchange *> closes = f.server.exchanges("/close");
    const auto close = std::find_if(closes.begin(), closes.end(), [](const Exchange *exchange) {
        return exchange->header("X-Csrf") == "csrf-2";
    });
    QVERIFY(close != closes.end());
    for (const Exchange *exchange : {f.last("/disconnect"), *close}) {
        QCOMPARE(exchange->header("Authorization"), "Bearer token-2");
        QList<QByteArray> cookies = exchange->header("Cookie").split(';');
        for (QByteArray &cookie : cookies)
            cookie = cookie.trimmed();
        std::sort(cookies.begin(), cookies.end());
        QCOMPARE(cookies, (QList<QByteArray>{"seen=yes", "sid=cookie-2"}));
    }
    QVERIFY((*close)->header("Idempotency-Key")
            != f.last("/disconnect")->header("Idempotency-Key"));
    QVERIFY(!f.server.nextExchange(300ms));
    QCOMPARE(f.server.requestCount("/close"), 2);
    QCOMPARE(f.server.requestCount("/disconnect"), 1);
}

// A renewal by the login makes another session, and the stream goes on with the first.
void tst_Leaving::closesTheSessionOfEachLogin()
{
    Fixture f;
    f.lifetime = 2;
    f.goLive();
    f.say("hello", "connection-1");
    f.lifetime = 3600;
    QTRY_COMPARE(f.logins, 2);
    QVERIFY(!f.server.nextExchange(300ms));
    QCOMPARE(f.server.requestCount("/close"), 0);
    f.last("/stream")->cut();
    QTRY_COMPARE(f.server.requestCount("/close"), 1);
    QCOMPARE(f.server.requestCount("/stream"), 2);
    QCOMPARE(f.last("/close")->header("Authorization"), "Bearer token-1");
    QCOMPARE(f.last("/close")->header("Cookie"), "sid=cookie-1");
    const QByteArray firstKey = f.last("/close")->header("Idempotency-Key");

    QTRY_COMPARE(f.model.status(), Status::Live);
    f.stop(Occasion::Quit);
    QCOMPARE(f.server.requestCount("/close"), 2);
    QCOMPARE(f.last("/close")->header("Authorization"), "Bearer token-2");
    QVERIFY(f.last("/close")->header("Idempotency-Key") != firstKey);
    QCOMPARE(f.server.requestCount("/disconnect"), 1); // there is but one connection
}

void tst_Leaving::closesAtOnceASessionThatTheStreamNeverUsed()
{
    Fixture f;
    CookieJar cookies(Source::Cookies::Never);
    Farewell farewell(f.source, &cookies);
    Variables variables = f.source.variables;
    variables.insert({{u"token"_s, u"token-1"_s}, {u"csrf"_s, u"csrf-1"_s}});
    farewell.open(variables);
    farewell.expectReplacement();
    farewell.update({{u"token"_s, u"token-2"_s}, {u"csrf"_s, u"csrf-2"_s}});
    farewell.expectReplacement();
    QVERIFY(!f.server.nextExchange(300ms));
    QCOMPARE(f.server.requestCount("/close"), 0);
    farewell.update({{u"token"_s, u"token-3"_s}, {u"csrf"_s, u"csrf-3"_s}});
    QTRY_COMPARE(f.server.requestCount("/close"), 1);
    QCOMPARE(f.last("/close")->header("Authorization"), "Bearer token-2");
    QCOMPARE(f.last("/close")->header("X-Csrf"), "csrf-2");
    QVERIFY(!f.server.nextExchange(300ms));
    QCOMPARE(f.server.requestCount("/close"), 1);
    farewell.release(); // the server ended the third; of the first it said nothing
    QTRY_COMPARE(f.server.requestCount("/close"), 2);
    QCOMPARE(f.last("/close")->header("Authorization"), "Bearer token-1");
}

void tst_Leaving::isNotHeldOnceTheServerEndedTheSession()
{
    Fixture f;
    f.goLive();
    QVERIFY(f.feed->isHeld());
    f.server.handle("/login", [](Exchange *) {});
    f.last("/stream")->write("event: out\ndata: x\n\n");
    QTRY_COMPARE(f.server.requestCount("/login"), 2);
    QVERIFY(!f.feed->isHeld());
    f.feed.reset();
    QVERIFY(!f.server.nextExchange(300ms));
    QCOMPARE(f.server.requestCount("/close"), 0);
}

void tst_Leaving::isNotHeldWhereTheSourceDoesNotWantIt()
{
    Fixture f([](Source &source) { source.closesOnQuit = false; });
    f.goLive();
    QVERIFY(!f.feed->isHeld());
    f.feed.reset();
    QVERIFY(!f.server.nextExchange(300ms));
    QCOMPARE(f.server.requestCount("/close"), 0);
}

void tst_Leaving::tellsTheOccasion_data()
{
    QTest::addColumn<Occasion>("occasion");
    QTest::addColumn<bool>("isWanted");
    QTest::addColumn<QByteArray>("said");
    QTest::newRow("quit") << Occasion::Quit << true << QByteArray("quit");
    QTest::newRow("logout") << Occasion::Logout << true << QByteArray("logout");
    QTest::newRow("suspend") << Occasion::Suspend << true << QByteArray("suspend");
    QTest::newRow("quit, unwanted") << Occasion::Quit << false << QByteArray();
    QTest::newRow("logout, unwanted") << Occasion::Logout << false << QByteArray();
}

void tst_Leaving::tellsTheOccasion()
{
    QFETCH(Occasion, occasion);
    QFETCH(bool, isWanted);
    QFETCH(QByteArray, said);
    Fixture f([&](Source &source) {
        if (occasion == Occasion::Quit)
            source.closesOnQuit = isWanted;
        else
            source.closesOnLogout = isWanted;
    });
    f.goLive();
    f.stop(occasion);
    QVERIFY(!f.feed->isHeld());
    QCOMPARE(f.server.requestCount("/close"), isWanted ? 1 : 0);
    if (isWanted)
        QCOMPARE(f.last("/close")->body(), said);
    f.feed.reset(); // and that sends nothing more
    QVERIFY(!f.server.nextExchange(200ms));
    QCOMPARE(f.server.requestCount("/close"), isWanted ? 1 : 0);
}

// The user opens the connection again after a halt, and the server still has the session of before.
void tst_Leaving::endsTheSessionThatCameBefore()
{
    Fixture f;
    f.server.handleNext("/permissions", [](Exchange *permissions) { permissions->answer(403); });
    f.feed->start();
    QTRY_COMPARE(f.model.status(), Status::NotPermitted);
    QVERIFY(f.feed->isHeld());
    f.goLive();
    QTRY_COMPARE(f.server.requestCount("/close"), 1);
    QCOMPARE(f.last("/close")->header("Authorization"), "Bearer token-1");
    QVERIFY(f.feed->isHeld()); // the new one
    f.stop(Occasion::Quit);
    QVERIFY(!f.server.nextExchange(300ms));
    QCOMPARE(f.server.requestCount("/close"), 2);
    QCOMPARE(f.last("/close")->header("Authorization"), "Bearer token-2");
}

void tst_Leaving::leavesOutWhatHasNoValueYet()
{
    Fixture f;
    f.goLive();
    f.stop(Occasion::Quit);
    QCOMPARE(f.server.requestCount("/disconnect"), 0);
    QCOMPARE(f.server.requestCount("/close"), 1);
}

void tst_Leaving::sleepsOnlyWhereTheSourceWantsIt()
{
    Fixture f;
    f.goLive();
    f.stop(Occasion::Suspend);
    QCOMPARE(f.model.status(), Status::Off);
    QCOMPARE(f.model.detail(), u"The computer sleeps."_s);
    QCOMPARE(f.model.freshness(), CountModel::Freshness::Stale);
    QCOMPARE(f.server.requestCount("/close"), 1);
    f.goLive();
    QCOMPARE(f.logins, 2);
    // Elsewhere the session survives the night.
    f.source.closesOnSuspend = false;
    f.stop(Occasion::Quit);
    f.restart();
    f.goLive();
    f.stop(Occasion::Suspend);
    QVERIFY(!f.server.nextExchange(300ms));
    QCOMPARE(f.model.status(), Status::Live);
    QVERIFY(f.feed->isHeld());
    QCOMPARE(f.server.requestCount("/close"), 2);
}

void tst_Leaving::keepsTheSessionWhileTheStreamIsReopened()
{
    Fixture f([](Source &source) { source.closesBeforeReopening = true; });
    f.goLive();
    f.last("/stream")->write("retry: 100\n\n");
    f.last("/stream")->end();
    QTRY_COMPARE(f.server.requestCount("/stream"), 2);
    QCOMPARE(f.server.requestCount("/close"), 1);
    QCOMPARE(f.last("/close")->body(), "beforeReopen");
    const QByteArray key = f.last("/close")->header("Idempotency-Key");
    QVERIFY(f.feed->isHeld());
    f.feed.reset();
    QTRY_COMPARE(f.server.requestCount("/close"), 2);
    QCOMPARE(f.last("/close")->body(), "quit");
    QVERIFY(f.last("/close")->header("Idempotency-Key") != key); // else it would be one to a server
    QVERIFY(!f.server.nextExchange(300ms));
    QCOMPARE(f.server.requestCount("/close"), 2);
}

void tst_Leaving::closesALostConnectionOnce()
{
    Fixture f([](Source &source) { source.closesBeforeReopening = true; });
    f.goLive();
    int refusals = 2;
    f.server.handle("/stream", [&refusals](Exchange *stream) {
        if (refusals-- > 0)
            stream->answer(503);
        else
            stream->startStream();
    });
    f.last("/stream")->write("retry: 100\n\n");
    f.last("/stream")->end();
    QTRY_COMPARE_WITH_TIMEOUT(f.server.requestCount("/stream"), 4, 20000);
    QTRY_COMPARE(f.model.status(), Status::Live);
    QCOMPARE(f.server.requestCount("/close"), 1);
    f.server.exchanges("/stream").constLast()->end();
    QTRY_COMPARE_WITH_TIMEOUT(f.server.requestCount("/close"), 2, 20000); // the next one
}

void tst_Leaving::closesASessionThatAWebPageHid_data()
{
    using Change = std::function<void(Source &)>;
    QTest::addColumn<Change>("change");
    QTest::addColumn<QByteArray>("path"); // of what the page stands in for
    const Change asItIs = [](Source &) {};
    QTest::newRow("the count") << asItIs << QByteArray("/count");
    QTest::newRow("the stream") << asItIs << QByteArray("/stream");
    const Change meansExpired = [](Source &source) {
        ErrorClass page;
        page.contentType = QRegularExpression(u"^text/html"_s);
        page.meaning = ErrorClass::Meaning::Expired;
        source.errors.append(page);
    };
    QTest::newRow("the count, where the source has its login page in mind")
        << meansExpired << QByteArray("/count");
    QTest::newRow("the stream, where the source has its login page in mind")
        << meansExpired << QByteArray("/stream");
}

// A hotel's network, for instance: it says nothing of the session, and the server cannot be told now.
void tst_Leaving::closesASessionThatAWebPageHid()
{
    QFETCH(std::function<void(Source &)>, change);
    QFETCH(QByteArray, path);
    Fixture f(change);
    f.feed->setFarewellFolder(f.folder.filePath(u"state/farewell"_s), 5s); // it sends it by itself
    f.goLive();
    f.say("hello", "connection-0");
    f.say("hello", "connection-1");
    f.server.handleNext(path, &welcomeToOurHotel);
    f.server.handle("/login", [](Exchange *login) { login->answer(503); });
    if (path == "/stream") {
        f.last("/stream")->write("retry: 100\n\n");
        f.last("/stream")->cut();
    } else {
        f.last("/stream")->write("event: again\ndata: x\n\n");
    }
    QTRY_COMPARE(f.server.requestCount("/login"), 2);
    f.server.handle("/login", [](Exchange *) {}); // it takes its time
    QTRY_COMPARE_WITH_TIMEOUT(f.server.requestCount("/login"), 3, 20000);
    QVERIFY(!f.server.nextExchange(300ms));
    QCOMPARE(f.server.requestCount("/close"), 0);
    QCOMPARE(f.kept().size(), 1);
    const QString record = f.folder.filePath(u"state/farewell/"_s + f.kept().constFirst());
    QCOMPARE(read(record)["variables"_L1]["connection"_L1].toString(), u"connection-1"_s);
    f.grant(f.last("/login"));
    QTRY_COMPARE(f.server.requestCount("/close"), 1);
    QCOMPARE(f.last("/close")->header("Authorization"), "Bearer token-1");
    QCOMPARE(f.last("/disconnect")->body(), "id=connection-1&why=quit");
    QTRY_COMPARE(f.kept(), QStringList());
    QTRY_COMPARE(f.model.status(), Status::Live);
    f.stop(Occasion::Quit);
    QCOMPARE(f.server.requestCount("/close"), 2);
    QCOMPARE(f.last("/close")->header("Authorization"), "Bearer token-2");
    QCOMPARE(f.server.requestCount("/disconnect"), 1);
}

// That of the stream, too, which the renewal by the login has left behind.
void tst_Leaving::closesAllSessionsThatAWebPageHid()
{
    Fixture f;
    f.goLiveAndRenew();
    f.server.handleNext("/count", &welcomeToOurHotel);
    f.server.handle("/login", [](Exchange *) {});
    f.last("/stream")->write("event: again\ndata: x\n\n");
    QTRY_COMPARE(f.server.requestCount("/login"), 3);
    QVERIFY(!f.server.nextExchange(300ms));
    QCOMPARE(f.server.requestCount("/close"), 0);
    f.grant(f.last("/login"));
    QTRY_COMPARE(f.server.requestCount("/close"), 2);
    QCOMPARE(f.tokensOf("/close"), (QByteArrayList{"token-1", "token-2"}));
    QTRY_COMPARE(f.model.status(), Status::Live);
    f.stop(Occasion::Quit);
    QCOMPARE(f.tokensOf("/close"), (QByteArrayList{"token-1", "token-2", "token-3"}));
}

// It speaks of the session that the stream was opened with, and there is another one by now.
void tst_Leaving::closesWhatIsNotTheStreamsWhenThatExpires()
{
    Fixture f;
    f.goLiveAndRenew();
    f.last("/stream")->write("event: out\ndata: x\n\n");
    QTRY_COMPARE(f.server.requestCount("/stream"), 2);
    QTRY_COMPARE(f.model.status(), Status::Live);
    f.stop(Occasion::Quit);
    QTRY_COMPARE(f.tokensOf("/close"), (QByteArrayList{"token-1", "token-2", "token-3"}));
}

// The network goes in the middle of a login, and comes back.
void tst_Leaving::closesALoginThatFailedOnceTheServerIsThere()
{
    Fixture f([](Source &source) {
        Step second;
        second.name = u"who"_s;
        second.url = Template(u"${base}/who"_s);
        source.login.append(second);
    });
    f.server.handle("/who", [](Exchange *) {});
    f.feed->start();
    QTRY_COMPARE(f.server.requestCount("/who"), 1);
    QVERIFY(f.feed->isHeld());
    f.server.stop();
    QTRY_VERIFY(!f.feed->isHeld()); // the next attempt has begun
    QVERIFY(!f.server.nextExchange(300ms));
    f.server.handle("/who", [](Exchange *who) { who->answer(200); });
    f.server.start();
    QTRY_COMPARE_WITH_TIMEOUT(f.model.status(), Status::Live, 20000);
    QTRY_COMPARE(f.tokensOf("/close"), QByteArrayList{"token-1"});
    f.stop(Occasion::Quit);
    QCOMPARE(f.tokensOf("/close"), (QByteArrayList{"token-1", "token-2"}));
}

// It was asked for before the renewal by the login, and would end with the session of then.
void tst_Leaving::keepsTheSessionOfTheStreamThatOpensLate()
{
    Fixture f;
    f.lifetime = 2;
    f.server.handleNext("/stream", [](Exchange *) {});
    f.feed->start();
    QTRY_COMPARE(f.server.requestCount("/stream"), 1);
    f.lifetime = 3600;
    QTRY_COMPARE(f.logins, 2);
    f.last("/stream")->startStream();
    QTRY_COMPARE(f.model.status(), Status::Live);
    QVERIFY(!f.server.nextExchange(300ms));
    QCOMPARE(f.server.requestCount("/close"), 0);
    f.last("/stream")->write("retry: 100\n\n");
    f.last("/stream")->cut();
    QTRY_COMPARE(f.server.requestCount("/stream"), 2);
    QTRY_COMPARE(f.tokensOf("/close"), QByteArrayList{"token-1"});
    f.stop(Occasion::Quit);
    QCOMPARE(f.tokensOf("/close"), (QByteArrayList{"token-1", "token-2"}));
}

// Its token is another one afterwards, as with servers that give one in each answer.
void tst_Leaving::keepsTheSessionWhoseRenewalFailed()
{
    Fixture f([](Source &source) {
        Extraction token;
        token.header = "X-Token";
        token.fallback = u"${token}"_s;
        source.snapshot.first().extractions[u"token"_s] = token;
    });
    f.lifetime = 2;
    f.goLive();
    f.server.handle("/login", [](Exchange *login) { login->answer(503); });
    QTRY_COMPARE(f.server.requestCount("/login"), 2);
    f.server.handle("/count", [](Exchange *count) {
        count->answerJson(200, {{u"count"_s, 99}}, {{"X-Token", "token-1b"}});
    });
    f.last("/stream")->write("event: again\ndata: x\n\n");
    QTRY_COMPARE(f.model.count(), 99);
    f.last("/stream")->write("retry: 100\n\n");
    f.last("/stream")->cut();
    QTRY_COMPARE(f.server.requestCount("/stream"), 2);
    QTRY_COMPARE(f.model.status(), Status::Live);
    QVERIFY(!f.server.nextExchange(300ms));
    QCOMPARE(f.server.requestCount("/close"), 0);
    f.stop(Occasion::Quit);
    QCOMPARE(f.tokensOf("/close"), QByteArrayList{"token-1b"});
}

void tst_Leaving::forgetsTheConnectionOfTheSessionBefore()
{
    Fixture f;
    f.goLive();
    f.say("hello", "connection-1");
    f.last("/stream")->write("event: out\ndata: x\n\n");
    QTRY_COMPARE(f.server.requestCount("/stream"), 2);
    QTRY_COMPARE(f.model.status(), Status::Live);
    QCOMPARE(f.kept(), QStringList());
    f.stop(Occasion::Quit);
    QCOMPARE(f.tokensOf("/close"), QByteArrayList{"token-2"});
    QCOMPARE(f.server.requestCount("/disconnect"), 0);
}

// Else the close request of the one before would end it.
void tst_Leaving::hasAnotherIdInEachSession()
{
    Fixture f([](Source &source) {
        source.close.removeFirst();
        source.close.first().headers[u"X-Client"_s] = Template(u"${uuid}"_s);
        source.stream.headers[u"X-Client"_s] = Template(u"${uuid}"_s);
    });
    f.goLive();
    f.server.handleNext("/count", &welcomeToOurHotel);
    f.last("/stream")->write("event: again\ndata: x\n\n");
    QTRY_COMPARE(f.server.requestCount("/close"), 1);
    QTRY_COMPARE(f.server.requestCount("/stream"), 2);
    QTRY_COMPARE(f.model.status(), Status::Live);
    f.stop(Occasion::Quit);
    QCOMPARE(f.server.requestCount("/close"), 2);
    QList<QByteArray> closed;
    QList<QByteArray> opened;
    const QList<Exchange *> closes = f.server.exchanges("/close");
    for (const Exchange *close : closes)
        closed.append(close->header("X-Client"));
    const QList<Exchange *> streams = f.server.exchanges("/stream");
    for (const Exchange *stream : streams)
        opened.append(stream->header("X-Client"));
    QCOMPARE(closed, opened);
    QVERIFY(closed.at(0) != closed.at(1));
}

// A keyring may have its answer on the way already.
void tst_Leaving::doesNotLogInOnceItHasLeft()
{
    Fixture f;
    LateSecrets secrets;
    f.feed.emplace(f.source, &f.model, &secrets, nullptr);
    f.feed->start();
    QVERIFY(secrets.answer);
    f.stop(Occasion::Quit);
    secrets.answer({SecretAnswer::Kind::Found, QLatin1String(password), {}});
    QVERIFY(!f.server.nextExchange(300ms));
    QCOMPARE(f.server.requestCount("/login"), 0);
    QCOMPARE(f.model.status(), Status::Off);
}

void tst_Leaving::arrivesOnceAlthoughTheConnectionDrops()
{
    Fixture f([](Source &source) { source.close.removeFirst(); });
    f.server.handle("/close", [](Exchange *close) { close->cut(); });
    f.goLive();
    f.stop(Occasion::Quit);
    QVERIFY(!f.server.nextExchange(300ms));
    QCOMPARE(f.server.requestCount("/close"), 1);
}

void tst_Leaving::keepsWhatMayNotGetThrough()
{
    Fixture f;
    f.goLive();
    QCOMPARE(f.kept(), QStringList()); // without what an event gives it would end any session
    f.say("hello", "connection-1");
    QCOMPARE(f.kept().size(), 1);
    const QDir folder(f.folder.filePath(u"state/farewell"_s));
    const QString path = folder.filePath(f.kept().constFirst());
    QVERIFY(f.kept().constFirst().startsWith("work-"_L1));
    constexpr QFile::Permissions group = QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup
        | QFile::ReadOther | QFile::WriteOther | QFile::ExeOther;
    QVERIFY(!(QFile::permissions(path) & (group | QFile::ExeOwner)));
    QVERIFY(!(QFile::permissions(folder.path()) & group));

    QJsonObject record = read(path);
    const QDateTime time = QDateTime::fromString(record.take("time"_L1).toString(), Qt::ISODate);
    QVERIFY(std::abs(time.secsTo(QDateTime::currentDateTimeUtc())) < 10);
    QVERIFY(!QUuid(record.take("key"_L1).toString()).isNull());
    QCOMPARE(record,
             (QJsonObject{{u"schema"_s, 1},
                          {u"source"_s, u"work"_s},
                          {u"occasion"_s, u"quit"_s},
                          {u"server"_s, f.server.url("").toString()},
                          {u"variables"_s, QJsonObject{{u"connection"_s, u"connection-1"_s}}}}));

    // It is written anew only when something in it changes.
    QVERIFY(QFile::remove(path));
    f.say("hello", "connection-1");
    f.say("other", "connection-2");
    QVERIFY(!f.server.nextExchange(1200ms)); // events in a burst write one file
    QCOMPARE(f.kept(), QStringList());
    f.say("hello", "connection-3");
    QTRY_COMPARE(read(path)["variables"_L1]["connection"_L1].toString(), u"connection-3"_s);

    // And it goes when the server knows.
    f.feed.reset();
    QTRY_COMPARE(f.kept(), QStringList());
    QCOMPARE(f.last("/disconnect")->body(), "id=connection-3&why=quit");
}

void tst_Leaving::keepsNothing_data()
{
    QTest::addColumn<std::function<void(Source &)>>("change");
    using Change = std::function<void(Source &)>;
    QTest::newRow("of a source that says so")
        << Change([](Source &source) { source.closeKeep = 0s; });
    QTest::newRow("of a source without a file, as that of the demo")
        << Change([](Source &source) { source.path.clear(); });
    QTest::newRow("of a source that does not want to hear of it")
        << Change([](Source &source) { source.closesOnQuit = false; });
}

void tst_Leaving::keepsNothing()
{
    QFETCH(std::function<void(Source &)>, change);
    Fixture f(change);
    f.goLive();
    f.say("hello", "connection-1");
    QCOMPARE(f.kept(), QStringList());
}

void tst_Leaving::forgetsWhatIsKeptWithTheSession()
{
    Fixture f;
    f.goLive();
    f.say("hello", "connection-1");
    QCOMPARE(f.kept().size(), 1);
    f.say("hello", "connection-2"); // would be written a moment later
    f.server.handle("/login", [](Exchange *) {});
    f.last("/stream")->write("event: out\ndata: x\n\n");
    QTRY_COMPARE(f.server.requestCount("/login"), 2);
    QCOMPARE(f.kept(), QStringList());
    QVERIFY(!f.server.nextExchange(1200ms));
    QCOMPARE(f.kept(), QStringList());
    QCOMPARE(f.server.requestCount("/disconnect"), 0);
}

void tst_Leaving::sendsWhatIsKeptInTheNextSession()
{
    Fixture f;
    f.goLive();
    f.say("hello", "connection-1");
    f.server.handle("/disconnect", [](Exchange *close) { close->answer(503); });
    f.stop(Occasion::Logout);
    QCOMPARE(f.server.requestCount("/disconnect"), 1);
    const QByteArray key = f.last("/disconnect")->header("Idempotency-Key");
    QCOMPARE(f.kept().size(), 1);

    f.server.stop(); // and now nothing at all gets through
    f.restart();
    f.feed->start();
    QTRY_COMPARE(f.model.status(), Status::Reconnecting);
    f.stop(Occasion::Quit);
    QCOMPARE(f.kept().size(), 1);

    f.server.start();
    f.server.handle("/disconnect", [](Exchange *close) { close->answer(204); });
    const qsizetype closed = f.server.requestCount("/close");
    f.restart();
    f.goLive();
    QTRY_COMPARE(f.server.requestCount("/disconnect"), 2);
    QCOMPARE(f.last("/disconnect")->body(), "id=connection-1&why=logout");
    QCOMPARE(f.last("/disconnect")->header("Authorization"), "Bearer token-2");
    QCOMPARE(f.last("/disconnect")->header("Idempotency-Key"), key);
    QTRY_COMPARE(f.kept(), QStringList());
    QCOMPARE(f.server.requestCount("/close"), closed); // which would have closed the new session
    // The new session keeps its own.
    f.say("hello", "connection-2");
    QCOMPARE(f.kept().size(), 1);
    f.stop(Occasion::Quit);
    QTRY_COMPARE(f.kept(), QStringList());
    QCOMPARE(f.last("/disconnect")->body(), "id=connection-2&why=quit");
    QCOMPARE(f.server.requestCount("/disconnect"), 3);
}

// The end of a process and the next start may be close together, and the keeper takes its time.
void tst_Leaving::leavesAloneWhatIsOnItsWay()
{
    Fixture f;
    f.goLive();
    f.say("hello", "connection-1");
    f.feed.reset();
    f.restart();
    f.feed->setFarewellFolder(f.folder.filePath(u"state/farewell"_s), 600ms);
    f.goLive();
    QTRY_COMPARE(f.kept(), QStringList());
    QVERIFY(!f.server.nextExchange(900ms));
    QCOMPARE(f.server.requestCount("/disconnect"), 1);
}

void tst_Leaving::dropsWhatIsPointless_data()
{
    QTest::addColumn<std::function<void(Source &)>>("source");
    QTest::addColumn<std::function<void(QJsonObject &)>>("record"); // empties it: it is no JSON
    using ChangeSource = std::function<void(Source &)>;
    using ChangeRecord = std::function<void(QJsonObject &)>;
    const ChangeSource sameSource = [](Source &) {};
    const ChangeRecord sameRecord = [](QJsonObject &) {};
    const auto ofAge = [](std::chrono::seconds age) -> ChangeRecord {
        return [age](QJsonObject &record) {
            record["time"_L1] =
                QDateTime::currentDateTimeUtc().addSecs(-age.count()).toString(Qt::ISODate);
        };
    };
    QTest::newRow("too old") << sameSource << ofAge(24h + 5min);
    QTest::newRow("of a clock that was wrong") << sameSource << ofAge(-25h);
    QTest::newRow("too old for the source")
        << ChangeSource([](Source &source) { source.closeKeep = 60s; }) << ofAge(2min);
    QTest::newRow("of no use to the source")
        << ChangeSource([](Source &source) { source.closeKeep = 0s; }) << sameRecord;
    QTest::newRow("no JSON") << sameSource
                             << ChangeRecord([](QJsonObject &record) { record = {}; });
    QTest::newRow("of another version")
        << sameSource << ChangeRecord([](QJsonObject &record) { record["schema"_L1] = 2; });
    QTest::newRow("of another server")
        << sameSource
        << ChangeRecord([](QJsonObject &record) { record["server"_L1] = u"http://127.0.0.1:1"_s; });
    QTest::newRow("with a variable that the close request does not use")
        << ChangeSource([](Source &source) { source.close.removeFirst(); }) << sameRecord;
    QTest::newRow("with a variable that no event gives")
        << sameSource << ChangeRecord([](QJsonObject &record) {
               record["variables"_L1] = QJsonObject{{u"csrf"_s, u"mine"_s}};
           });
}

void tst_Leaving::dropsWhatIsPointless()
{
    QFETCH(std::function<void(Source &)>, source);
    QFETCH(std::function<void(QJsonObject &)>, record);
    Fixture f;
    f.goLive();
    f.say("hello", "connection-1");
    f.server.handle("/disconnect", [](Exchange *close) { close->answer(503); });
    f.stop(Occasion::Quit);
    QCOMPARE(f.kept().size(), 1);
    const QString path = f.folder.filePath(u"state/farewell/"_s + f.kept().constFirst());
    QJsonObject content = read(path);
    record(content);
    write(path, content.isEmpty() ? "{oops" : QJsonDocument(content).toJson());
    source(f.source);
    const qsizetype closed = f.server.requestCount("/close");
    f.restart();
    f.feed->setFarewellFolder(f.folder.filePath(u"state/farewell"_s), 500ms);
    f.goLive();
    f.say("hello", "connection-2"); // of the new session, which must not stand in for the old
    QTRY_VERIFY(!QFile::exists(path));
    QVERIFY(!f.server.nextExchange(200ms));
    QCOMPARE(f.server.requestCount("/disconnect"), 1);
    QCOMPARE(f.server.requestCount("/close"), closed);
}

void tst_Leaving::goesOnWithoutAPlaceToKeepAnything()
{
    Fixture f;
    write(f.folder.filePath(u"state"_s), "a file where the folder would be");
    QTest::ignoreMessage(QtWarningMsg,
                         QRegularExpression(u"work keeps no close request: .*farewell"_s));
    f.goLive();
    f.say("hello", "connection-1");
    f.say("hello", "connection-2"); // says so once
    f.stop(Occasion::Quit);
    QCOMPARE(f.server.requestCount("/disconnect"), 1);
    QCOMPARE(f.last("/disconnect")->body(), "id=connection-2&why=quit");
}

void tst_Leaving::goesTheWayOfTheSource_data()
{
    QTest::addColumn<QString>("proxy");
    QTest::addColumn<QNetworkProxy>("way");
    QTest::newRow("the system's") << u"system"_s << QNetworkProxy(QNetworkProxy::DefaultProxy);
    QTest::newRow("straight") << u"none"_s << QNetworkProxy(QNetworkProxy::NoProxy);
    QTest::newRow("a proxy") << u"http://proxy.example"_s
                             << QNetworkProxy(QNetworkProxy::HttpProxy, u"proxy.example"_s, 3128);
    QTest::newRow("a SOCKS proxy")
        << u"socks5://proxy.example:99"_s
        << QNetworkProxy(QNetworkProxy::Socks5Proxy, u"proxy.example"_s, 99);
}

void tst_Leaving::goesTheWayOfTheSource()
{
    QFETCH(QString, proxy);
    Source source = *readSource(description, u"work.json"_s).source;
    source.proxy = proxy;
    source.close.first().timeout = 700ms;
    source.close.last().expectedStatus = {302};
    Network network(source);
    CloseRequestMaker maker(source, network.cookies());
    const Variables variables{{u"base"_s, u"https://a.example"_s},
                              {u"token"_s, u"t"_s},
                              {u"csrf"_s, u"c"_s},
                              {u"connection"_s, u"7"_s},
                              {u"occasion"_s, u"quit"_s}};
    const CloseRequest request = maker.make(source.close, variables, QUuid::createUuid());
    QCOMPARE(request.flaw, QString());
    QCOMPARE(request.requests.size(), 2);
    QCOMPARE(request.origin(), u"https://a.example"_s);
    for (const Sse::BeaconRequest &beacon : request.requests)
        QTEST(beacon.proxy, "way");
    const QNetworkRequest first = request.requests.constFirst().request;
    const QNetworkRequest second = request.requests.constLast().request;
    const auto policy = QNetworkRequest::RedirectPolicyAttribute;
    QCOMPARE(first.transferTimeout(), 700);
    QCOMPARE(first.attribute(policy).toInt(), int(QNetworkRequest::SameOriginRedirectPolicy));
    QCOMPARE(second.attribute(policy).toInt(), int(QNetworkRequest::ManualRedirectPolicy));
}

QTEST_GUILESS_MAIN(tst_Leaving)
#include "tst_leaving.moc"
