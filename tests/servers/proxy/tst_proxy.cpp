// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "servers/headlessapp.h"
#include "servers/nginx.h"
#include "servers/request.h"
#include "servers/serverprogram.h"

#include <sselib/testkit/sseserver.h>

#include <QProcess>
#include <QTest>

using namespace Qt::Literals;
using Harness::Exchange;

namespace {

constexpr int patience = 20'000; // ms

// A portal whose streams wait for what the test sends.
class Portal : public Harness::SseServer
{
public:
    Portal()
    {
        handle("/count", [this](Exchange *snapshot) {
            snapshot->answerJson(200, {{u"count"_s, count}});
        });
        handle("/events", [this](Exchange *stream) { stream->startStream(streamHeaders); });
    }

    // To all who listen.
    void send(int newCount)
    {
        count = newCount;
        const auto streams = exchanges("/events");
        for (Exchange *stream : streams)
            stream->write("event: count\ndata: {\"count\":" + QByteArray::number(count) + "}\n\n");
    }

    int count = 3;
    Harness::Headers streamHeaders;
};

} // namespace

/*! Tallybell behind an nginx that does not mean well. */
class tst_Proxy : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void countsWhatComesThrough_data();
    void countsWhatComesThrough();
    void comesBackWhenASilentStreamIsCut();
    void saysThatTheProxyWaitedInVain();
    void comesBackAfterTheWindowOfBadGateways();
    void staysOpenWhileTheProxyReloads();
    void comesBackWhenTheProxyReloadsAndDoesNotWait();
    void refusesAnAuthorityThatItDoesNotKnow();
    void countsByAPrivateAuthority_data();
    void countsByAPrivateAuthority();
    void asksNowAndThenWhenTheProxyBuffers();

private:
    [[nodiscard]] bool start();
    [[nodiscard]] bool startTls();
    [[nodiscard]] QString authorityFile() const { return m_nginx->folder() + u"/authority.pem"_s; }
    void watch(HeadlessApp &app, const QString &location);

    std::unique_ptr<Portal> m_portal;
    std::unique_ptr<Nginx> m_nginx;
};

void tst_Proxy::initTestCase()
{
    QString missing = Nginx::missing();
    if (missing.isEmpty() && findServer(u"openssl"_s).isEmpty())
        missing = u"no openssl here (Debian: openssl)"_s;
    skipWithout(missing);
}

void tst_Proxy::init()
{
    m_portal = std::make_unique<Portal>();
    m_nginx = std::make_unique<Nginx>();
}

void tst_Proxy::countsWhatComesThrough_data()
{
    QTest::addColumn<QString>("location");
    QTest::addColumn<Harness::Headers>("headers");
    QTest::newRow("unbuffered, HTTP/1.1") << u"/good"_s << Harness::Headers{};
    QTest::newRow("as it comes, and a portal that asks for no buffers")
        << u"/plain"_s << Harness::Headers{{"X-Accel-Buffering", "no"}};
    QTest::newRow("with gzip for whoever wants it") << u"/gzip"_s << Harness::Headers{};
}

void tst_Proxy::countsWhatComesThrough()
{
    QFETCH(QString, location);
    QFETCH(Harness::Headers, headers);
    m_portal->streamHeaders = headers;
    QVERIFY2(start(), m_nginx->complaints().constData());
    OpenRequest browser(m_nginx->url(location + u"/events"_s), {{"Accept-Encoding", "gzip"}});
    HeadlessApp app;
    watch(app, location);
    QTRY_COMPARE_WITH_TIMEOUT(app.status(), u"live"_s, patience);
    QTRY_COMPARE_WITH_TIMEOUT(app.lastCount(), 3, patience);
    for (int count : {4, 5, 0}) {
        m_portal->send(count);
        QTRY_COMPARE_WITH_TIMEOUT(app.lastCount(), count, patience);
    }
    QCOMPARE(app.openings(), 1);
    QTRY_VERIFY(!browser.received().isEmpty());
    QCOMPARE(browser.header("Content-Encoding"), location == "/gzip"_L1 ? "gzip" : "");
}

void tst_Proxy::comesBackWhenASilentStreamIsCut()
{
    QVERIFY2(start(), m_nginx->complaints().constData());
    HeadlessApp app;
    watch(app, u"/idle"_s);
    QTRY_COMPARE_WITH_TIMEOUT(app.status(), u"live"_s, patience);
    m_portal->send(4);
    QTRY_COMPARE_WITH_TIMEOUT(app.lastCount(), 4, patience);
    QVERIFY(app.isFresh());

    m_portal->count = 9; // which nobody tells
    QTRY_VERIFY_WITH_TIMEOUT(app.closings() >= 1, patience);
    QTRY_COMPARE_WITH_TIMEOUT(app.lastCount(), 9, patience);
    QVERIFY(app.openings() >= 2);
    // Between the two streams the 4 was shown as what it was: old.
    const auto facts = app.facts();
    const auto isOldFour = [](const QJsonObject &fact) {
        return fact[u"count"_s].toInt() == 4 && fact[u"fresh"_s] == QJsonValue(false);
    };
    QVERIFY2(std::any_of(facts.begin(), facts.end(), isOldFour), app.story().constData());
    QVERIFY(app.statuses().contains(u"reconnecting"_s));
    QVERIFY(!app.statuses().contains(u"failed"_s));
    QTRY_VERIFY_WITH_TIMEOUT(app.openings() >= 3, patience); // and again
}

void tst_Proxy::saysThatTheProxyWaitedInVain()
{
    m_portal->handle("/events", [](Exchange *) {}); // no answer
    QVERIFY2(start(), m_nginx->complaints().constData());
    HeadlessApp app;
    watch(app, u"/idle"_s);
    QTRY_COMPARE_WITH_TIMEOUT(app.status(), u"reconnecting"_s, patience);
    QVERIFY2(app.detail().contains(u"504"_s), qPrintable(app.detail()));
    QCOMPARE(app.lastCount(), 3);
    QVERIFY(!app.isFresh());
    m_portal->handle("/events", [](Exchange *stream) { stream->startStream(); });
    QTRY_COMPARE_WITH_TIMEOUT(app.status(), u"live"_s, patience);
    QTRY_VERIFY(app.isFresh());
}

void tst_Proxy::comesBackAfterTheWindowOfBadGateways()
{
    QVERIFY2(start(), m_nginx->complaints().constData());
    HeadlessApp app;
    watch(app, u"/pair"_s);
    QTRY_COMPARE_WITH_TIMEOUT(app.status(), u"live"_s, patience);
    m_portal->stop();
    QTRY_VERIFY_WITH_TIMEOUT(app.detail().contains(u"502"_s), patience);
    QCOMPARE(app.status(), u"reconnecting"_s);
    QVERIFY(!app.isFresh());
    const auto isTheWindowOpen = [this] {
        return post(m_nginx->url(u"/pair/count"_s), "") == 502
            && m_nginx->log().contains("no live upstreams");
    };
    QTRY_VERIFY_WITH_TIMEOUT(isTheWindowOpen(), patience);
    m_portal->count = 8;
    m_portal->start();
    QTRY_COMPARE_WITH_TIMEOUT(app.status(), u"live"_s, patience);
    QTRY_COMPARE_WITH_TIMEOUT(app.lastCount(), 8, patience);
    m_portal->send(9);
    QTRY_COMPARE_WITH_TIMEOUT(app.lastCount(), 9, patience);
}

void tst_Proxy::staysOpenWhileTheProxyReloads()
{
    QVERIFY2(start(), m_nginx->complaints().constData());
    HeadlessApp app;
    watch(app, u"/good"_s);
    QTRY_COMPARE_WITH_TIMEOUT(app.status(), u"live"_s, patience);
    QTRY_COMPARE_WITH_TIMEOUT(app.lastCount(), 3, patience);
    m_nginx->reload();
    QTRY_VERIFY_WITH_TIMEOUT(m_nginx->log().contains("gracefully shutting down"), patience);
    m_portal->send(4);
    QTRY_COMPARE_WITH_TIMEOUT(app.lastCount(), 4, patience);
    QCOMPARE(app.openings(), 1);
    QCOMPARE(app.closings(), 0);
}

void tst_Proxy::comesBackWhenTheProxyReloadsAndDoesNotWait()
{
    m_nginx->setGlobalDirectives(u"worker_shutdown_timeout 100ms;"_s);
    QVERIFY2(start(), m_nginx->complaints().constData());
    HeadlessApp app;
    watch(app, u"/good"_s);
    QTRY_COMPARE_WITH_TIMEOUT(app.status(), u"live"_s, patience);
    QTRY_COMPARE_WITH_TIMEOUT(app.lastCount(), 3, patience);
    m_portal->count = 7;
    m_nginx->reload();
    QTRY_COMPARE_WITH_TIMEOUT(app.openings(), 2, patience);
    QTRY_COMPARE_WITH_TIMEOUT(app.lastCount(), 7, patience);
    m_portal->send(4);
    QTRY_COMPARE_WITH_TIMEOUT(app.lastCount(), 4, patience);
    QCOMPARE(app.closings(), 1);
}

void tst_Proxy::refusesAnAuthorityThatItDoesNotKnow()
{
    QVERIFY2(startTls(), m_nginx->complaints().constData());
    HeadlessApp app;
    app.watch(QFINDTESTDATA("portal.json.in"), {{u"BASE"_s, m_nginx->secureUrl().toString()}});
    QTRY_COMPARE_WITH_TIMEOUT(app.status(), u"failed"_s, patience);
    QVERIFY2(app.detail().contains(u"certificate"_s), qPrintable(app.detail()));
    QVERIFY(m_portal->exchanges().isEmpty());
}

void tst_Proxy::countsByAPrivateAuthority_data()
{
    QTest::addColumn<bool>("http2");
    QTest::addColumn<QByteArray>("protocol");
    QTest::newRow("HTTP/2") << true << QByteArray("HTTP/2.0");
    QTest::newRow("HTTP/1.1") << false << QByteArray("HTTP/1.1");
}

void tst_Proxy::countsByAPrivateAuthority()
{
    QFETCH(bool, http2);
    // Over HTTP/2 nginx keeps the head of an answer until something of the body comes.
    m_portal->handle("/events", [](Exchange *stream) {
        stream->startStream();
        stream->write(":\n\n");
    });
    QVERIFY2(startTls(), m_nginx->complaints().constData());
    HeadlessApp app;
    app.watch(QFINDTESTDATA("private.json.in"),
              {{u"BASE"_s, m_nginx->secureUrl().toString()},
               {u"CA_FILE"_s, authorityFile()},
               {u"HTTP2"_s, http2 ? u"true"_s : u"false"_s}});
    QTRY_COMPARE_WITH_TIMEOUT(app.status(), u"live"_s, patience);
    QTRY_COMPARE_WITH_TIMEOUT(app.lastCount(), 3, patience);
    QTEST(m_portal->exchanges("/events").constFirst()->header("X-Client-Protocol"), "protocol");
    for (int count : {4, 5, 0}) {
        m_portal->send(count);
        QTRY_COMPARE_WITH_TIMEOUT(app.lastCount(), count, patience);
    }
    QCOMPARE(app.openings(), 1);

    m_portal->count = 7;
    m_nginx->kill();
    QTRY_COMPARE_WITH_TIMEOUT(app.status(), u"reconnecting"_s, patience);
    QVERIFY(!app.isFresh());
    QVERIFY2(m_nginx->startAgain(), m_nginx->complaints().constData());
    QTRY_COMPARE_WITH_TIMEOUT(app.lastCount(), 7, patience);
    QTRY_COMPARE_WITH_TIMEOUT(app.status(), u"live"_s, patience);
    QTEST(m_portal->exchanges("/events").constLast()->header("X-Client-Protocol"), "protocol");
}

void tst_Proxy::asksNowAndThenWhenTheProxyBuffers()
{
    QVERIFY2(start(), m_nginx->complaints().constData());
    HeadlessApp app;
    app.watch(QFINDTESTDATA("buffered.json.in"),
              {{u"BASE"_s, m_nginx->url(u"/plain"_s).toString()}});
    QTRY_COMPARE_WITH_TIMEOUT(app.status(), u"polling"_s, patience);
    QVERIFY2(app.detail().contains(u"a proxy holds the stream back"_s), qPrintable(app.detail()));
    QVERIFY(m_portal->requestCount("/events") >= 1); // which got there, and was answered
    QCOMPARE(app.openings(), 0);
    for (int count : {4, 12, 0}) {
        m_portal->send(count);
        QTRY_COMPARE_WITH_TIMEOUT(app.lastCount(), count, patience);
        QVERIFY(app.isFresh());
    }
    QCOMPARE(app.status(), u"polling"_s);
}

bool tst_Proxy::start()
{
    return m_nginx->start(QFINDTESTDATA("proxy.conf.in"),
                          {{u"ORIGIN"_s, QString::number(m_portal->port())},
                           {u"NOBODY"_s, QString::number(freePort())}});
}

bool tst_Proxy::startTls()
{
    const QString folder = m_nginx->folder();
    const auto openssl = [&folder](const QString &arguments) {
        QProcess program;
        program.setWorkingDirectory(folder);
        program.start(u"openssl"_s, arguments.split(u' '));
        return program.waitForFinished() && program.exitCode() == 0;
    };
    const QString key = u"req -x509 -days 2 -nodes -newkey ec -pkeyopt ec_paramgen_curve:P-256 "_s;
    return openssl(key + u"-subj /CN=Authority -keyout authority.key -out authority.pem"_s)
        && openssl(key
                   + u"-subj /CN=Portal -addext subjectAltName=IP:127.0.0.1 "
                     "-addext basicConstraints=critical,CA:FALSE -keyout server.key "
                     "-out server.pem -CA authority.pem -CAkey authority.key"_s)
        && m_nginx->start(QFINDTESTDATA("tls.conf.in"),
                          {{u"ORIGIN"_s, QString::number(m_portal->port())}});
}

void tst_Proxy::watch(HeadlessApp &app, const QString &location)
{
    app.watch(QFINDTESTDATA("portal.json.in"), {{u"BASE"_s, m_nginx->url(location).toString()}});
}

QTEST_GUILESS_MAIN(tst_Proxy)
#include "tst_proxy.moc"
