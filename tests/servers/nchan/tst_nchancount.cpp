// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "servers/headlessapp.h"
#include "servers/nginx.h"
#include "servers/request.h"

#include <sselib/testkit/sseserver.h>

#include <QTest>

#include <csignal>

using namespace Qt::Literals;
using Harness::Exchange;

namespace {

constexpr int patience = 20'000; // ms
constexpr auto password = "secret";

bool publish(const QUrl &channel, const QByteArray &event, const QByteArray &data)
{
    const int status = post(channel, data, {{"X-EventSource-Event", event}});
    return status == 201 || status == 202; // nobody listens, somebody does
}

QByteArray countOf(int count)
{
    return R"({"count":)" + QByteArray::number(count) + '}';
}

// The back end of a portal, whose stream is left to Nchan.
class BackEnd : public Harness::SseServer
{
public:
    BackEnd()
    {
        handle("/login", [this](Exchange *login) {
            login->answerJson(200, {{u"token"_s, u"token-%1"_s.arg(requestCount("/login"))}});
        });
        handle("/count", [this](Exchange *snapshot) { snapshot->answer(200, countOf(count)); });
        handle("/authorize", [this](Exchange *question) {
            const bool isGood = question->header("Authorization") == goodAuthorization
                || goodAuthorization.isEmpty();
            question->answer(isGood ? 200 : refusal);
        });
        handle("/subscribed", [](Exchange *news) { news->answer(200); });
        handle("/unsubscribed", [](Exchange *news) { news->answer(200); });
    }

    QHash<QString, QString> siteValues() const
    {
        return {{u"BACK_END"_s, QString::number(port())}};
    }

    int count = 3;
    QByteArray goodAuthorization; // empty: any
    int refusal = 401;
};

} // namespace

/*! Tallybell at an nginx with Nchan, as an operator puts it before a back end. */
class tst_NchanCount : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void countsWhatIsPublished();
    void goesOnWhereItStoodWhenItsServerWasKilled_data();
    void goesOnWhereItStoodWhenItsServerWasKilled();
    void countsAnewWhenItsServerWasKilledAndForgotAll();
    void comesBackAfterAReload();
    void isMissedWhenItQuits();
    void logsInAgainWhenTheStreamIsNotAuthorized();
    void stopsWhenTheStreamIsForbidden();
    void waitsWhileTheAuthorizationIsOutOfOrder();

private:
    [[nodiscard]] bool startSite(Nginx &nginx, const BackEnd &backEnd) const;
    static void watch(HeadlessApp &app, const Nginx &nginx);
};

void tst_NchanCount::initTestCase()
{
    QString missing = Nginx::missingNchan();
    if (missing.isEmpty() && findServer(u"redis-server"_s).isEmpty())
        missing = u"no Redis here (Debian: redis-server)"_s;
    skipWithout(missing);
}

void tst_NchanCount::countsWhatIsPublished()
{
    BackEnd backEnd;
    Nginx nginx;
    QVERIFY2(startSite(nginx, backEnd), nginx.complaints().constData());
    HeadlessApp app;
    watch(app, nginx);
    QTRY_COMPARE_WITH_TIMEOUT(app.status(), u"live"_s, patience);
    QTRY_COMPARE(app.lastCount(), 3);

    QVERIFY(publish(nginx.url(u"/publish/mia"_s), "count", countOf(4)));
    QTRY_COMPARE_WITH_TIMEOUT(app.lastCount(), 4, patience);
    QVERIFY(publish(nginx.url(u"/publish/mia"_s), "count", "{\n\"count\":\n12}")); // in three lines
    QTRY_COMPARE_WITH_TIMEOUT(app.lastCount(), 12, patience);
    QVERIFY(publish(nginx.url(u"/publish/tom"_s), "count", countOf(99)));
    QVERIFY(publish(nginx.url(u"/publish/mia"_s), "count", countOf(0)));
    QTRY_COMPARE_WITH_TIMEOUT(app.lastCount(), 0, patience);
    QCOMPARE(app.counts(), (QList<int>{3, 4, 12, 0}));
    QCOMPARE(app.openings(), 1);
    QCOMPARE(backEnd.exchanges("/subscribed").constFirst()->header("X-Channel-Id"), "mia");
}

void tst_NchanCount::goesOnWhereItStoodWhenItsServerWasKilled_data()
{
    QTest::addColumn<QString>("resume");
    QTest::addColumn<int>("countAfterwards");
    QTest::newRow("with Last-Event-ID") << u"header"_s << 1 + 2 + 30 + 400 + 5000;
    QTest::newRow("without, what was published meanwhile is lost") << u"none"_s << 1 + 2 + 5000;
}

// Redis keeps what is published while the app has no nginx.
void tst_NchanCount::goesOnWhereItStoodWhenItsServerWasKilled()
{
    QFETCH(QString, resume);
    QTemporaryDir folder;
    const quint16 redisPort = freePort();
    ServerProgram redis;
    QVERIFY(fillIn(QFINDTESTDATA("redis.conf.in"), folder.filePath(u"redis.conf"_s),
                   {{u"FOLDER"_s, folder.path()}, {u"REDIS_PORT"_s, QString::number(redisPort)}}));
    QVERIFY2(
        redis.start(findServer(u"redis-server"_s), {folder.filePath(u"redis.conf"_s)}, redisPort),
        redis.output().constData());
    const QHash<QString, QString> values{{u"REDIS_PORT"_s, QString::number(redisPort)}};
    Nginx ours;
    Nginx other;
    QVERIFY2(ours.start(QFINDTESTDATA("shared.conf.in"), values), ours.complaints().constData());
    QVERIFY2(other.start(QFINDTESTDATA("shared.conf.in"), values), other.complaints().constData());
    // An nginx answers with 503 until it has found its Redis.
    QTRY_VERIFY_WITH_TIMEOUT(publish(ours.url(u"/publish/ready"_s), "ready", "1"), patience);
    QTRY_VERIFY_WITH_TIMEOUT(publish(other.url(u"/publish/ready"_s), "ready", "1"), patience);

    HeadlessApp app;
    app.watch(QFINDTESTDATA("news.json.in"),
              {{u"STREAM"_s, ours.url(u"/stream/news"_s).toString()}, {u"RESUME"_s, resume}});
    QTRY_COMPARE_WITH_TIMEOUT(app.status(), u"live"_s, patience);
    const QUrl channel = other.url(u"/publish/news"_s);
    QVERIFY(publish(channel, "count", countOf(1)));
    QTRY_COMPARE_WITH_TIMEOUT(app.lastCount(), 1, patience);
    QVERIFY(publish(channel, "news", R"({"items":2})"));
    QTRY_COMPARE_WITH_TIMEOUT(app.lastCount(), 3, patience);

    ours.kill();
    QTRY_COMPARE_WITH_TIMEOUT(app.status(), u"reconnecting"_s, patience);
    QVERIFY(publish(channel, "news", R"({"items":30})"));
    QVERIFY(publish(channel, "news", R"({"items":400})"));
    QVERIFY2(ours.startAgain(), ours.complaints().constData());
    QTRY_COMPARE_WITH_TIMEOUT(app.status(), u"live"_s, patience);
    QVERIFY(publish(channel, "news", R"({"items":5000})"));
    QTRY_VERIFY_WITH_TIMEOUT(app.lastCount() > 5000, patience);
    QTEST(app.lastCount(), "countAfterwards");
}

void tst_NchanCount::countsAnewWhenItsServerWasKilledAndForgotAll()
{
    BackEnd backEnd;
    Nginx nginx;
    QVERIFY2(startSite(nginx, backEnd), nginx.complaints().constData());
    HeadlessApp app;
    watch(app, nginx);
    QTRY_COMPARE_WITH_TIMEOUT(app.status(), u"live"_s, patience);
    QVERIFY(publish(nginx.url(u"/publish/mia"_s), "count", countOf(4)));
    QTRY_COMPARE_WITH_TIMEOUT(app.lastCount(), 4, patience);

    nginx.kill();
    QTRY_COMPARE_WITH_TIMEOUT(app.status(), u"reconnecting"_s, patience);
    QVERIFY(!app.detail().isEmpty());
    backEnd.count = 9;
    QVERIFY2(nginx.startAgain(), nginx.complaints().constData());
    QTRY_COMPARE_WITH_TIMEOUT(app.lastCount(), 9, patience);
    QTRY_COMPARE_WITH_TIMEOUT(app.status(), u"live"_s, patience);
    QVERIFY(app.detail().isEmpty());
    QVERIFY(publish(nginx.url(u"/publish/mia"_s), "count", countOf(10)));
    QTRY_COMPARE_WITH_TIMEOUT(app.lastCount(), 10, patience);
}

// Nchan ends the streams of a worker that leaves, in good order and with a comment.
void tst_NchanCount::comesBackAfterAReload()
{
    BackEnd backEnd;
    Nginx nginx;
    QVERIFY2(startSite(nginx, backEnd), nginx.complaints().constData());
    HeadlessApp app;
    watch(app, nginx);
    QTRY_COMPARE_WITH_TIMEOUT(app.status(), u"live"_s, patience);
    QTRY_COMPARE(app.lastCount(), 3);
    for (int reload = 1; reload <= 2; ++reload) {
        backEnd.count += 10; // and no one tells the channel
        nginx.reload();
        QTRY_COMPARE_WITH_TIMEOUT(app.openings(), 1 + reload, patience);
        QTRY_COMPARE_WITH_TIMEOUT(app.lastCount(), backEnd.count, patience);
        QCOMPARE(app.closings(), reload);
    }
    QVERIFY(publish(nginx.url(u"/publish/mia"_s), "count", countOf(4)));
    QTRY_COMPARE_WITH_TIMEOUT(app.lastCount(), 4, patience);
    QCOMPARE(app.status(), u"live"_s);
    QCOMPARE(backEnd.requestCount("/login"), 1);
}

void tst_NchanCount::isMissedWhenItQuits()
{
    BackEnd backEnd;
    Nginx nginx;
    QVERIFY2(startSite(nginx, backEnd), nginx.complaints().constData());
    HeadlessApp app;
    watch(app, nginx);
    QTRY_COMPARE_WITH_TIMEOUT(app.status(), u"live"_s, patience);
    QTRY_COMPARE(backEnd.requestCount("/subscribed"), 1);
    QCOMPARE(backEnd.requestCount("/unsubscribed"), 0);
    app.send(SIGTERM);
    QTRY_COMPARE_WITH_TIMEOUT(backEnd.requestCount("/unsubscribed"), 1, patience);
    QCOMPARE(backEnd.exchanges("/unsubscribed").constFirst()->header("X-Channel-Id"), "mia");
    QCOMPARE(app.waitForExit(), 0);
}

void tst_NchanCount::logsInAgainWhenTheStreamIsNotAuthorized()
{
    BackEnd backEnd;
    backEnd.goodAuthorization = "Bearer token-2";
    Nginx nginx;
    QVERIFY2(startSite(nginx, backEnd), nginx.complaints().constData());
    HeadlessApp app;
    watch(app, nginx);
    QTRY_COMPARE_WITH_TIMEOUT(app.status(), u"live"_s, patience);
    QCOMPARE(backEnd.requestCount("/login"), 2);
    QCOMPARE(backEnd.requestCount("/authorize"), 2);
    QVERIFY(publish(nginx.url(u"/publish/mia"_s), "count", countOf(4)));
    QTRY_COMPARE_WITH_TIMEOUT(app.lastCount(), 4, patience);
}

void tst_NchanCount::stopsWhenTheStreamIsForbidden()
{
    BackEnd backEnd;
    backEnd.refusal = 403;
    backEnd.goodAuthorization = "Bearer none";
    Nginx nginx;
    QVERIFY2(startSite(nginx, backEnd), nginx.complaints().constData());
    HeadlessApp app;
    watch(app, nginx);
    QTRY_COMPARE_WITH_TIMEOUT(app.status(), u"notPermitted"_s, patience);
    QVERIFY2(app.detail().contains(u"403"_s), qPrintable(app.detail()));
    QCOMPARE(app.openings(), 0);
    QCOMPARE(backEnd.requestCount("/authorize"), 1);
    QCOMPARE(backEnd.requestCount("/subscribed"), 0);

    backEnd.goodAuthorization.clear();
    app.watchAgain();
    QTRY_COMPARE_WITH_TIMEOUT(app.status(), u"live"_s, patience);
    QCOMPARE(backEnd.requestCount("/authorize"), 2); // it had not gone on asking
    QVERIFY(publish(nginx.url(u"/publish/mia"_s), "count", countOf(4)));
    QTRY_COMPARE_WITH_TIMEOUT(app.lastCount(), 4, patience);
}

void tst_NchanCount::waitsWhileTheAuthorizationIsOutOfOrder()
{
    BackEnd backEnd;
    backEnd.refusal = 503;
    backEnd.goodAuthorization = "Bearer none";
    Nginx nginx;
    QVERIFY2(startSite(nginx, backEnd), nginx.complaints().constData());
    HeadlessApp app;
    watch(app, nginx);
    QTRY_COMPARE_WITH_TIMEOUT(app.status(), u"reconnecting"_s, patience);
    QCOMPARE(app.openings(), 0);
    QCOMPARE(app.lastCount(), 3);
    backEnd.goodAuthorization.clear();
    QTRY_COMPARE_WITH_TIMEOUT(app.status(), u"live"_s, patience);
    QCOMPARE(backEnd.requestCount("/login"), 1);
}

bool tst_NchanCount::startSite(Nginx &nginx, const BackEnd &backEnd) const
{
    return nginx.start(QFINDTESTDATA("channel.conf.in"), backEnd.siteValues());
}

void tst_NchanCount::watch(HeadlessApp &app, const Nginx &nginx)
{
    app.watch(QFINDTESTDATA("portal.json.in"), {{u"BASE"_s, nginx.url().toString()}}, password);
}

QTEST_GUILESS_MAIN(tst_NchanCount)
#include "tst_nchancount.moc"
