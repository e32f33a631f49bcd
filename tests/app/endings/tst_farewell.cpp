// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "offspring.h"

#include "app/standinportal.h"
#include "app/tallybellprocess.h"
#include "harness/ssekitprocess.h"
#include <sselib/testkit/sseserver.h>

#include <QDirIterator>
#include <QElapsedTimer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTest>

#include <algorithm>
#include <csignal>
#include <sys/resource.h>

using namespace Qt::Literals;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool isSanitized = true;
#elif defined(__has_feature)
constexpr bool isSanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
constexpr bool isSanitized = false;
#endif

constexpr auto password = "tallybell"; // the portal's
constexpr int quietTime = 400; // ms, in which a second close request would come
constexpr int longPatience = 15'000; // ms

// Of the kernel's 15 characters.
constexpr auto keeperName = "sselib-beacon";
constexpr auto senderName = "sselib-beacon-s";

/*! A portal that writes down what happens. */
class Portal : public Harness::SsekitProcess
{
public:
    bool open(const QStringList &options = {})
    {
        return serve(QStringList{u"portal"_s, u"--log=-"_s} + options);
    }

    [[nodiscard]] qsizetype closeRequestCount() const { return facts(u"close request"_s).size(); }
    [[nodiscard]] QJsonObject closeRequest() const { return facts(u"close request"_s).value(0); }
    [[nodiscard]] bool getsAnotherCloseRequest() const
    {
        return QTest::qWaitFor([this] { return closeRequestCount() > 1; }, quietTime);
    }
};

/*! The app with one source, whose close request says why. */
class App : public TallybellProcess
{
public:
    explicit App(const QUrl &base)
    {
        QFile preset(QStringLiteral(PRESETS "/portal.json"));
        if (!preset.open(QIODevice::ReadOnly))
            qFatal("no preset");
        m_source = QJsonDocument::fromJson(preset.readAll()).object();
        change(u"vars"_s, u"base"_s, base.toString(QUrl::StripTrailingSlash));
        standApart();
    }

    /*! Sets \a name in the object \a key of the source. */
    void change(const QString &key, const QString &name, const QJsonValue &value)
    {
        QJsonObject object = m_source[key].toObject();
        object.insert(name, value);
        m_source.insert(key, object);
    }

    void changeAll(const QString &key, const QJsonValue &value) { m_source.insert(key, value); }

    void open(const QByteArray &secret = password, const QStringList &arguments = {u"--headless"_s})
    {
        addSourceFile(u"work.json"_s, QJsonDocument(m_source).toJson());
        (void)addSecrets(u"work"_s, secret);
        startConfigured(arguments);
    }

    /*! Its stream is open. Also a windowed one says so in its log. */
    [[nodiscard]] bool isLive() const { return errors().contains("Connection open"); }

private:
    QJsonObject m_source;
};

// All files below \a folder.
QStringList filesIn(const QString &folder)
{
    QStringList files;
    QDirIterator all(folder, QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot,
                     QDirIterator::Subdirectories);
    while (all.hasNext()) {
        all.next();
        if (!all.fileInfo().isDir() || all.fileInfo().isSymLink())
            files.append(QDir(folder).relativeFilePath(all.filePath()));
    }
    files.sort();
    return files;
}

bool isMissing(const QString &program)
{
    return QStandardPaths::findExecutable(program).isEmpty();
}

} // namespace

/*! What the close request is worth when the app is killed, and what it costs. */
class tst_Farewell : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void arrivesWithinASecond();
    void arrivesHoweverTheAppIsEnded_data();
    void arrivesHoweverTheAppIsEnded();
    void arrivesWhenTheStackOverflows();
    void arrivesWhenTheDisplayGoes();
    void arrivesAlthoughTheProgramsAreReplaced_data();
    void arrivesAlthoughTheProgramsAreReplaced();
    void arrivesWhenTheKeeperDiedBefore();
    void arrivesFromAnOrderlyEndWithoutAKeeper();
    void arrivesAfterTheNextStart_data();
    void arrivesAfterTheNextStart();
    void arrivesOnceWhateverTheServerDoes_data();
    void arrivesOnceWhateverTheServerDoes();
    void goesToAServerWithAPrivateAuthority();
    void goesThroughTheProxyOfTheSource();
    void hasTheTokenOfTheRenewal();
    void hasTheHeadersOfTheSource();
    void leavesNothingBehind_data();
    void leavesNothingBehind();
    void showsSecretsNowhere();
    void costsNextToNothing();

private:
    /*! Those that have detached themselves: what starts one has the same name for a moment. */
    [[nodiscard]] QList<ProcessView> keepers() const
    {
        QList<ProcessView> detached = m_offspring.named(keeperName);
        detached.removeIf([](const ProcessView &one) {
            return one.number("status", "PPid:") != QCoreApplication::applicationPid();
        });
        return detached;
    }
    [[nodiscard]] QList<ProcessView> senders() const { return m_offspring.named(senderName); }
    /*! The keeper, which nothing but the app's end makes go; id 0 if there is none. */
    [[nodiscard]] ProcessView keeper() const
    {
        const auto all = keepers();
        return all.isEmpty() ? ProcessView(0) : all.constFirst();
    }

    Offspring m_offspring;
};

void tst_Farewell::arrivesWithinASecond()
{
    constexpr int rounds = 12;
    Portal portal;
    QVERIFY(portal.open());
    QList<qint64> times;
    for (int round = 1; round <= rounds; ++round) {
        App app(portal.url());
        app.open();
        QTRY_VERIFY_WITH_TIMEOUT(app.isLive(), longPatience);
        QElapsedTimer elapsed;
        elapsed.start();
        QSignalSpy lines(&portal, &Harness::SsekitProcess::lineReceived);
        app.send(SIGKILL);
        while (portal.closeRequestCount() < round && elapsed.elapsed() < longPatience)
            lines.wait(100);
        times.append(elapsed.elapsed());
        QCOMPARE(portal.closeRequestCount(), round);
        QCOMPARE(portal.facts(u"close request"_s).constLast()[u"token"], u"current"_s);
    }
    std::sort(times.begin(), times.end());
    qInfo("after SIGKILL the close request arrives within %lld ms (median of %d), %lld at most",
          times.at(rounds / 2), rounds, times.constLast());
    QVERIFY2(isSanitized || times.constLast() < 1000,
             qPrintable(QString::number(times.constLast())));
}

void tst_Farewell::arrivesHoweverTheAppIsEnded_data()
{
    QTest::addColumn<int>("number");
    QTest::addColumn<bool>("isGroup");
    QTest::newRow("SIGKILL") << SIGKILL << false;
    QTest::newRow("abort()") << SIGABRT << false;
    QTest::newRow("SIGSEGV") << SIGSEGV << false;
    QTest::newRow("SIGBUS") << SIGBUS << false;
    QTest::newRow("SIGILL") << SIGILL << false;
    QTest::newRow("SIGFPE") << SIGFPE << false;
    QTest::newRow("SIGQUIT") << SIGQUIT << false;
    QTest::newRow("SIGALRM") << SIGALRM << false;
    QTest::newRow("SIGTERM") << SIGTERM << false;
    QTest::newRow("SIGKILL of the process group") << SIGKILL << true;
    QTest::newRow("SIGTERM of the process group") << SIGTERM << true;
    QTest::newRow("SIGHUP of the process group") << SIGHUP << true;
}

void tst_Farewell::arrivesHoweverTheAppIsEnded()
{
    QFETCH(int, number);
    QFETCH(bool, isGroup);
    Portal portal;
    QVERIFY(portal.open());
    App app(portal.url());
    app.open();
    QTRY_VERIFY_WITH_TIMEOUT(app.isLive(), longPatience);
    const auto id = pid_t(app.processId());
    QCOMPARE(::getpgid(id), id);
    QCOMPARE(::kill(isGroup ? -id : id, number), 0);
    QTRY_COMPARE(portal.closeRequestCount(), 1);
    QCOMPARE(portal.closeRequest()[u"session"], u"s1"_s);
    QCOMPARE(portal.closeRequest()[u"token"], u"current"_s);
    QVERIFY(!portal.closeRequest()[u"idempotencyKey"].toString().isEmpty());
    QVERIFY(!portal.getsAnotherCloseRequest());
    QTRY_VERIFY(!app.isRunning());
}

// The stack may not grow any more, and an event comes that needs more of it than all before.
void tst_Farewell::arrivesWhenTheStackOverflows()
{
    if (isSanitized)
        QSKIP("sanitizers have a stack of their own, and take the overflow for a finding");
    Harness::SseServer portal;
    serveAsPortal(&portal, "t");
    portal.handle("/close", [](Harness::Exchange *close) { close->answer(204); });
    App app(portal.url());
    app.open();
    QTRY_VERIFY_WITH_TIMEOUT(app.isLive(), longPatience);
    const rlimit small{4096, RLIM_INFINITY};
    if (::prlimit(pid_t(app.processId()), RLIMIT_STACK, &small, nullptr) != 0)
        QSKIP("another process may not be given less of a stack here");
    constexpr qsizetype deep = 1000;
    portal.exchanges("/stream").constLast()->write("event: count\ndata: {\"count\":"
                                                   + QByteArray(deep, '[') + QByteArray(deep, ']')
                                                   + "}\n\n");
    QTRY_VERIFY2(!app.isRunning(), "the stack did not overflow");
    QVERIFY(!app.waitForExit().has_value()); // it crashed
    QTRY_COMPARE(portal.requestCount("/close"), 1);
    QVERIFY(!QTest::qWaitFor([&portal] { return portal.requestCount("/close") > 1; }, quietTime));
}

void tst_Farewell::arrivesWhenTheDisplayGoes()
{
    if (isMissing(u"Xvfb"_s))
        QSKIP("Xvfb is missing");
    QProcess display;
    display.start(u"Xvfb"_s,
                  {u"-displayfd"_s, u"1"_s, u"-screen"_s, u"0"_s, u"640x480x24"_s, u"-nolisten"_s,
                   u"tcp"_s, u"-noreset"_s});
    QVERIFY(display.waitForReadyRead());
    const QString number = QString::fromLatin1(display.readLine().trimmed());
    Portal portal;
    QVERIFY(portal.open());
    App app(portal.url());
    app.setEnvironment(u"DISPLAY"_s, u':' + number);
    app.setEnvironment(u"QT_QPA_PLATFORM"_s, u"xcb"_s);
    app.setEnvironment(u"DBUS_SESSION_BUS_ADDRESS"_s, u"unix:path=/nowhere"_s);
    app.open(password, {});
    QTRY_VERIFY_WITH_TIMEOUT(app.isLive(), longPatience);
    display.kill();
    QVERIFY(display.waitForFinished());
    QTRY_COMPARE(portal.closeRequestCount(), 1);
    QTRY_VERIFY(!app.isRunning());
    QVERIFY(!portal.getsAnotherCloseRequest());
}

void tst_Farewell::arrivesAlthoughTheProgramsAreReplaced_data()
{
    QTest::addColumn<bool>("isReplaced");
    QTest::newRow("by others, as an upgrade does") << true;
    QTest::newRow("by nothing") << false;
}

void tst_Farewell::arrivesAlthoughTheProgramsAreReplaced()
{
    QFETCH(bool, isReplaced);
    const QTemporaryDir folder;
    const QStringList names{u"tallybell"_s, u"sselib-beacon"_s, u"sselib-beacon-send"_s};
    for (const QString &name : names)
        QVERIFY2(QFile::copy(QCoreApplication::applicationDirPath() + u'/' + name,
                             folder.filePath(name)),
                 qPrintable(name));
    Portal portal;
    QVERIFY(portal.open());
    App app(portal.url());
    app.setProgram(folder.filePath(names.constFirst()));
    app.open();
    QTRY_VERIFY_WITH_TIMEOUT(app.isLive(), longPatience);
    for (const QString &name : names) {
        QVERIFY(QFile::remove(folder.filePath(name)));
        if (isReplaced)
            QVERIFY(QFile::copy(u"/bin/false"_s, folder.filePath(name)));
    }
    app.send(SIGKILL);
    QTRY_COMPARE(portal.closeRequestCount(), 1);
    QVERIFY(!portal.getsAnotherCloseRequest());
}

void tst_Farewell::arrivesFromAnOrderlyEndWithoutAKeeper()
{
    const QTemporaryDir folder;
    QVERIFY(QFile::copy(QCoreApplication::applicationDirPath() + u"/tallybell"_s,
                        folder.filePath(u"tallybell"_s)));
    Portal portal;
    QVERIFY(portal.open());
    App app(portal.url());
    app.setProgram(folder.filePath(u"tallybell"_s));
    app.open();
    QTRY_VERIFY_WITH_TIMEOUT(app.isLive(), longPatience);
    app.send(SIGTERM);
    QCOMPARE(app.waitForExit(), 0);
    QTRY_COMPARE(portal.closeRequestCount(), 1);
    QVERIFY(!portal.getsAnotherCloseRequest());
}

void tst_Farewell::arrivesWhenTheKeeperDiedBefore()
{
    Portal portal;
    QVERIFY(portal.open());
    App app(portal.url());
    app.open();
    QTRY_VERIFY_WITH_TIMEOUT(app.isLive(), longPatience);
    QCOMPARE(keepers().size(), 1);
    const qint64 first = keeper().id();
    QCOMPARE(::kill(pid_t(first), SIGKILL), 0);
    // Looked at once for each answer: while children come and go, /proc may leave one out.
    QVERIFY(QTest::qWaitFor(
        [this, first] {
            const qint64 now = keeper().id();
            return now != 0 && now != first;
        },
        longPatience));
    QCOMPARE(portal.closeRequestCount(), 0);
    app.send(SIGKILL);
    QTRY_COMPARE(portal.closeRequestCount(), 1);
    QVERIFY(!portal.getsAnotherCloseRequest());
}

void tst_Farewell::arrivesAfterTheNextStart_data()
{
    QTest::addColumn<bool>("isServerAway");
    QTest::newRow("the server was away") << true;
    QTest::newRow("the keeper was killed, too") << false;
}

void tst_Farewell::arrivesAfterTheNextStart()
{
    QFETCH(bool, isServerAway);
    Harness::SseServer portal;
    serveAsPortal(&portal, "first");
    portal.handle("/close", [](Harness::Exchange *close) { close->answer(204); });
    App app(portal.url());
    const QJsonObject body{{u"client"_s, u"${uuid}"_s}};
    app.change(u"close"_s, u"steps"_s,
               QJsonArray{QJsonObject{{u"name"_s, u"close"_s},
                                      {u"method"_s, u"POST"_s},
                                      {u"url"_s, u"${base}/close"_s},
                                      {u"body"_s, QJsonObject{{u"json"_s, body}}}}});
    app.open();
    QTRY_VERIFY_WITH_TIMEOUT(app.isLive(), longPatience);
    QCOMPARE(keepers().size(), 1);
    if (isServerAway) {
        portal.stop();
    } else {
        // Both at once, as far as that can be.
        app.send(SIGSTOP);
        QCOMPARE(::kill(pid_t(keeper().id()), SIGKILL), 0);
    }
    app.send(SIGKILL);
    QTRY_VERIFY(!app.isRunning());
    QTRY_VERIFY_WITH_TIMEOUT(keepers().isEmpty() && senders().isEmpty(), longPatience);
    QVERIFY(!portal.nextExchange(std::chrono::milliseconds(quietTime)));
    QCOMPARE(portal.requestCount("/close"), 0);
    QVERIFY(!filesIn(app.configDirectory() + u"/state"_s).isEmpty());

    if (isServerAway)
        portal.start();
    serveAsPortal(&portal, "second");
    app.open();
    QTRY_COMPARE_WITH_TIMEOUT(portal.requestCount("/close"), 1, longPatience);
    const Harness::Exchange *const late = portal.exchanges("/close").constFirst();
    QCOMPARE(late->header("Authorization"), "Bearer second");
    QVERIFY(!late->header("Idempotency-Key").isEmpty());
    app.send(SIGTERM);
    QCOMPARE(app.waitForExit(), 0);
    QTRY_COMPARE(portal.requestCount("/close"), 2); // that of the second session
    const Harness::Exchange *const own = portal.exchanges("/close").constLast();
    QVERIFY(own->body() != late->body());
    QVERIFY(own->header("Idempotency-Key") != late->header("Idempotency-Key"));
    QTRY_COMPARE(filesIn(app.configDirectory() + u"/state"_s), QStringList());
    QVERIFY(!portal.nextExchange(std::chrono::milliseconds(quietTime)));
    QCOMPARE(portal.requestCount("/close"), 2);
}

void tst_Farewell::arrivesOnceWhateverTheServerDoes_data()
{
    QTest::addColumn<QString>("what");
    QTest::addColumn<int>("number");
    for (const char *what : {"answer", "silence", "error", "drop"}) {
        QTest::addRow("%s, SIGTERM", what) << QString::fromLatin1(what) << SIGTERM;
        QTest::addRow("%s, SIGKILL", what) << QString::fromLatin1(what) << SIGKILL;
    }
}

void tst_Farewell::arrivesOnceWhateverTheServerDoes()
{
    QFETCH(QString, what);
    QFETCH(int, number);
    Portal portal;
    QVERIFY(portal.open({u"--at-close"_s, what}));
    App app(portal.url());
    app.open();
    QTRY_VERIFY_WITH_TIMEOUT(app.isLive(), longPatience);
    QElapsedTimer elapsed;
    elapsed.start();
    app.send(number);
    QTRY_VERIFY(!app.isRunning());
    QVERIFY2(elapsed.elapsed() < 2500, qPrintable(QString::number(elapsed.elapsed())));
    if (number == SIGTERM)
        QCOMPARE(app.waitForExit(), 0);
    QTRY_COMPARE(portal.closeRequestCount(), 1);
    // What sends it does not stay for ever either; then nothing can come any more.
    QTRY_VERIFY_WITH_TIMEOUT(senders().isEmpty() && keepers().isEmpty(), longPatience);
    QVERIFY(!portal.getsAnotherCloseRequest());
}

void tst_Farewell::goesToAServerWithAPrivateAuthority()
{
    Portal portal;
    QVERIFY(portal.open({u"--tls"_s}));
    QTRY_VERIFY(portal.lines().size() >= 3);
    const QByteArray line = portal.lines().at(2); // "the authority of its certificate is in FILE"
    const QString authority = QString::fromUtf8(line.mid(line.indexOf('/')));
    App app(portal.url());
    app.change(u"http"_s, u"tls"_s, QJsonObject{{u"caFile"_s, authority}});
    app.open();
    QTRY_VERIFY_WITH_TIMEOUT(app.isLive(), longPatience);
    app.send(SIGKILL);
    QTRY_COMPARE(portal.closeRequestCount(), 1);
    QCOMPARE(portal.closeRequest()[u"token"], u"current"_s);
}

// The server's name means nothing to anybody but the proxy, which answers for it.
void tst_Farewell::goesThroughTheProxyOfTheSource()
{
    const QByteArray base = "http://portal.invalid";
    Harness::SseServer proxy;
    serveAsPortal(&proxy, "t", base);
    App app(QUrl(QString::fromLatin1(base)));
    app.change(u"http"_s, u"proxy"_s, proxy.url("").toString());
    app.open();
    QTRY_VERIFY_WITH_TIMEOUT(app.isLive(), longPatience);
    app.send(SIGKILL);
    QTRY_COMPARE(proxy.requestCount(base + "/close"), 1);
}

void tst_Farewell::hasTheTokenOfTheRenewal()
{
    Portal portal;
    QVERIFY(portal.open({u"--token-lifetime"_s, u"4"_s}));
    App app(portal.url());
    app.change(u"token"_s, u"skewS"_s, 3);
    app.changeAll(
        u"refresh"_s,
        QJsonArray{QJsonObject{
            {u"name"_s, u"refresh"_s},
            {u"method"_s, u"POST"_s},
            {u"url"_s, u"${base}/refresh"_s},
            {u"extract"_s, QJsonObject{{u"token"_s, QJsonObject{{u"pointer"_s, u"/token"_s}}}}},
        }});
    app.change(u"count"_s, u"reconcileS"_s, 1); // asks for the count, with the new token
    app.open();
    QTRY_COMPARE_WITH_TIMEOUT(portal.facts(u"renewed"_s).size(), 1, longPatience);
    const auto isUsed = [&portal] { // the log is in order
        bool isRenewed = false;
        const QByteArrayList lines = portal.lines();
        return std::any_of(lines.begin(), lines.end(), [&isRenewed](const QByteArray &line) {
            isRenewed = isRenewed || line.contains(R"("type":"renewed")");
            return isRenewed && line.contains(R"("path":"/count")")
                && line.contains(R"("token":"current")");
        });
    };
    QTRY_VERIFY_WITH_TIMEOUT(isUsed(), longPatience);
    app.send(SIGKILL);
    QTRY_COMPARE(portal.closeRequestCount(), 1);
    QCOMPARE(portal.closeRequest()[u"token"], u"current"_s);
}

void tst_Farewell::hasTheHeadersOfTheSource()
{
    Harness::SseServer portal;
    serveAsPortal(&portal, "t-4711");
    App app(portal.url());
    app.change(u"http"_s, u"headers"_s, QJsonObject{{u"X-Tenant"_s, u"acme"_s}});
    app.open();
    QTRY_VERIFY_WITH_TIMEOUT(app.isLive(), longPatience);
    app.send(SIGKILL);
    QTRY_COMPARE(portal.requestCount("/close"), 1);
    const Harness::Exchange *const close = portal.exchanges("/close").constFirst();
    QCOMPARE(close->method(), "POST");
    QCOMPARE(close->header("X-Tenant"), "acme");
    QCOMPARE(close->header("Authorization"), "Bearer t-4711");
    QCOMPARE(close->header("Content-Type"), "application/json");
    QCOMPARE(close->header("User-Agent"),
             portal.exchanges("/count").constFirst()->header("User-Agent"));
    QCOMPARE(close->body(), R"({"reason":"quit"})");
}

void tst_Farewell::leavesNothingBehind_data()
{
    QTest::addColumn<int>("number");
    QTest::newRow("SIGTERM") << SIGTERM;
    QTest::newRow("SIGKILL") << SIGKILL;
}

void tst_Farewell::leavesNothingBehind()
{
    QFETCH(int, number);
    QTRY_VERIFY_WITH_TIMEOUT(keepers().isEmpty() && senders().isEmpty(), longPatience);
    Portal portal;
    QVERIFY(portal.open());
    App app(portal.url());
    app.open();
    QTRY_VERIFY_WITH_TIMEOUT(app.isLive(), longPatience);
    QCOMPARE(keepers().size(), 1);
    const auto children = ProcessView(app.processId()).children();
    for (const ProcessView &child : children)
        QVERIFY2(!child.isZombie(), child.name().constData());
    app.send(number);
    QTRY_COMPARE(portal.closeRequestCount(), 1);
    QTRY_VERIFY(!app.isRunning());
    QTRY_VERIFY_WITH_TIMEOUT(keepers().isEmpty() && senders().isEmpty(), longPatience);
    QStringList files = filesIn(app.configDirectory());
    // Taking away a lock that others may be about to take would be a race; and after SIGKILL nobody is
    // left to take the socket away: the next start does.
    files.removeIf([number](const QString &file) {
        return file.startsWith("runtime/"_L1)
            && (file.endsWith(".lock"_L1) || (number == SIGKILL && file.endsWith(".socket"_L1)));
    });
    const QStringList ours{u"secrets.json"_s, u"sources/work.json"_s};
    QCOMPARE(files, ours);
}

void tst_Farewell::showsSecretsNowhere()
{
    Harness::SseServer portal;
    const QByteArray token = "token-0815-0815";
    serveAsPortal(&portal, token);
    App app(portal.url());
    app.open(TallybellProcess::canary);
    QTRY_VERIFY_WITH_TIMEOUT(app.isLive(), longPatience);
    QVERIFY(portal.exchanges("/login").constFirst()->body().contains(TallybellProcess::canary));

    const auto isClean = [&token](const ProcessView &process) {
        for (const char *file : {"cmdline", "environ", "comm"}) {
            const QByteArray content = process.read(file);
            if (content.contains(TallybellProcess::canary) || content.contains(token))
                return false;
        }
        return true;
    };
    const auto cannotBeDumped = [](const ProcessView &process) {
        return process.number("limits", "Max core file size") == 0;
    };
    QVERIFY(isClean(ProcessView(app.processId())));
    QCOMPARE(keepers().size(), 1);
    QVERIFY(isClean(keeper()));
    QVERIFY(cannotBeDumped(keeper()));
    app.send(SIGKILL);
    QTRY_COMPARE(portal.requestCount("/close"), 1); // not answered: the sender waits
    QCOMPARE(portal.exchanges("/close").constFirst()->header("Authorization"), "Bearer " + token);
    QCOMPARE(senders().size(), 1);
    QVERIFY(isClean(senders().constFirst()));
    QVERIFY(cannotBeDumped(senders().constFirst()));
    const QStringList files = filesIn(app.configDirectory());
    for (const QString &name : files) {
        QFile file(app.configDirectory() + u'/' + name);
        if (name != u"secrets.json"_s && file.open(QIODevice::ReadOnly)) {
            const QByteArray content = file.readAll();
            QVERIFY2(!content.contains(TallybellProcess::canary) && !content.contains(token),
                     qPrintable(name));
        }
    }
    portal.exchanges("/close").constFirst()->answer(204);
    QTRY_VERIFY(senders().isEmpty());
}

void tst_Farewell::costsNextToNothing()
{
    QTRY_VERIFY_WITH_TIMEOUT(keepers().isEmpty(), longPatience);
    Portal portal;
    QVERIFY(portal.open());
    App app(portal.url());
    app.open();
    QTRY_VERIFY_WITH_TIMEOUT(app.isLive(), longPatience);
    QCOMPARE(keepers().size(), 1);
    const ProcessView process = keeper();

    // Nothing that it could wake up for happens.
    const qint64 before = process.number("status", "voluntary_ctxt_switches:");
    QVERIFY(before > 0);
    QVERIFY(!QSignalSpy(&app, &TallybellProcess::ended).wait(2000));
    QCOMPARE(process.number("status", "voluntary_ctxt_switches:"), before);

    if (isSanitized)
        QSKIP("sanitizers cost a lot of memory");
    const qint64 dirty = process.number("smaps_rollup", "Private_Dirty:");
    if (dirty < 0)
        QSKIP("only root may look into the keeper's memory");
    const qint64 memory = dirty + process.number("smaps_rollup", "Private_Clean:");
    qInfo("the keeper has %lld KB of its own", memory);
    QVERIFY2(memory <= 1024, qPrintable(QString::number(memory)));
    app.send(SIGTERM);
    QCOMPARE(app.waitForExit(), 0);
}

QTEST_GUILESS_MAIN(tst_Farewell)
#include "tst_farewell.moc"
