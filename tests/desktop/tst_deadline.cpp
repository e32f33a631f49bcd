// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "app/orderlyend.h"
#include "app/standinportal.h"
#include "app/tallybellprocess.h"
#include "harness/ssekitprocess.h"
#include <sselib/testkit/sseserver.h>

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QTest>

#include <chrono>
#include <csignal>
#include <optional>
#include <sys/resource.h>

using namespace std::chrono_literals;
using namespace Qt::Literals;

namespace {

constexpr auto complaint = "something hangs";
constexpr std::chrono::milliseconds longestEnd =
    2000ms; // beyond an end in good order; 1.5 s are promised

} // namespace

/*! Whatever hangs: the program ends in time. */
class tst_Deadline : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void endsInTimeWhileAnAddressIsLookedUp();
    void endsInTimeWhenTheServerNeverAnswers();
    void endsInTimeWhenAProxySwallowsTheRequest();
    void doesNotDisturbAnEndInGoodOrder();
    void writesNoCoreFile();

private:
    void end(TallybellProcess &app, Harness::SseServer &portal, const QByteArray &close);
    void tellToEnd(TallybellProcess &app);
    void expectTheEndWithin(std::chrono::milliseconds limit);

    std::optional<OrderlyEnd> m_bystander;
    QElapsedTimer m_elapsed;
    std::optional<std::chrono::milliseconds> m_took;
};

void tst_Deadline::init()
{
    m_bystander.emplace();
    QVERIFY(m_bystander->start());
}

void tst_Deadline::tellToEnd(TallybellProcess &app)
{
    m_took.reset();
    connect(&app, &TallybellProcess::ended, this,
            [this] { m_took = std::chrono::milliseconds(m_elapsed.elapsed()); });
    m_elapsed.start();
    m_bystander->end();
    app.send(SIGTERM);
}

// The computer may be busy: later than the bystander by so much.
void tst_Deadline::expectTheEndWithin(std::chrono::milliseconds limit)
{
    QTRY_VERIFY(m_took);
    const std::chrono::milliseconds bystander = m_bystander->took();
    qInfo("ended after %d ms; a bystander after %d ms", int(m_took->count()),
          int(bystander.count()));
    QVERIFY(*m_took < limit + bystander);
}

void tst_Deadline::endsInTimeWhileAnAddressIsLookedUp()
{
    TallybellProcess app;
    const QString mark = QDir(app.configDirectory()).filePath(u"mark"_s);
    app.setEnvironment(u"SLOW_LOOKUP_MARK"_s, mark);
    app.setEnvironment(u"LD_PRELOAD"_s, QStringLiteral(SLOW_LOOKUP));
    // A sanitizer wants to be the first library, and can do without.
    app.setEnvironment(u"ASAN_OPTIONS"_s,
                       qEnvironmentVariable("ASAN_OPTIONS") + u":verify_asan_link_order=0"_s);
    app.addPortal(u"work"_s, QUrl(u"http://slow.test"_s));
    (void)app.addSecrets(u"work"_s, "any");
    app.startConfigured({u"--headless"_s});
    QTRY_COMPARE(app.status(), u"loggingIn"_s);
    QTRY_VERIFY(QFile::exists(mark)); // the lookup has begun, in a thread of its own
    tellToEnd(app);
    expectTheEndWithin(longestEnd);
    QCOMPARE(app.waitForExit(), 0);
    QVERIFY2(app.errors().contains(complaint), app.errors().constData());
}

// With the close request on its way, and nobody to answer it.
void tst_Deadline::end(TallybellProcess &app, Harness::SseServer &portal, const QByteArray &close)
{
    tellToEnd(app);
    QTRY_COMPARE(portal.requestCount(close), 1);
    expectTheEndWithin(longestEnd);
    QVERIFY(*m_took >= 1200ms);
    QCOMPARE(app.waitForExit(), 0);
}

void tst_Deadline::endsInTimeWhenTheServerNeverAnswers()
{
    Harness::SseServer portal;
    serveAsPortal(&portal);
    TallybellProcess app;
    app.addPortal(u"work"_s, portal.url());
    (void)app.addSecrets(u"work"_s, "any");
    app.startConfigured({u"--headless"_s});
    QTRY_COMPARE(app.status(), u"live"_s);
    end(app, portal, "/close");
}

void tst_Deadline::endsInTimeWhenAProxySwallowsTheRequest()
{
    Harness::SseServer proxy;
    serveAsPortal(&proxy, "t", "http://portal.test");
    TallybellProcess app;
    app.setEnvironment(u"http_proxy"_s, proxy.url().toString());
    app.addPortal(u"work"_s, QUrl(u"http://portal.test"_s));
    (void)app.addSecrets(u"work"_s, "any");
    app.startConfigured({u"--headless"_s});
    QTRY_COMPARE(app.status(), u"live"_s);
    end(app, proxy, "http://portal.test/close");
}

void tst_Deadline::doesNotDisturbAnEndInGoodOrder()
{
    Harness::SsekitProcess portal;
    QVERIFY(portal.serve({u"portal"_s, u"--log"_s}));
    TallybellProcess app;
    app.addPortal(u"work"_s, portal.url());
    (void)app.addSecrets(u"work"_s, "tallybell");
    app.startConfigured({u"--headless"_s});
    QTRY_COMPARE(app.status(), u"live"_s);
    tellToEnd(app);
    QCOMPARE(app.waitForExit(), 0);
    expectTheEndWithin(1200ms); // not when its time was over
    QVERIFY2(!app.errors().contains(complaint), app.errors().constData());
    QTRY_COMPARE(portal.facts(u"close request"_s).size(), 1);
}

void tst_Deadline::writesNoCoreFile()
{
    rlimit allowed = {};
    QCOMPARE(::getrlimit(RLIMIT_CORE, &allowed), 0);
    if (allowed.rlim_max == 0)
        QSKIP("Nobody may write core files here");
    allowed.rlim_cur = allowed.rlim_max;
    QCOMPARE(::setrlimit(RLIMIT_CORE, &allowed), 0); // the program inherits it
    TallybellProcess app;
    app.addSourceFile(u"work.json"_s, "{}");
    app.startConfigured({u"--headless"_s});
    QTRY_COMPARE(app.status(), u"failed"_s);
    QFile limits(u"/proc/%1/limits"_s.arg(app.processId()));
    QVERIFY(limits.open(QIODevice::ReadOnly));
    const QString text = QString::fromLatin1(limits.readAll());
    static const QRegularExpression soft(u"Max core file size +1 "_s);
    QVERIFY2(soft.match(text).hasMatch(), qPrintable(text));
}

QTEST_GUILESS_MAIN(tst_Deadline)
#include "tst_deadline.moc"
