// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include <sselib/beacon.h>
#include <sselib/beaconkeeper.h>
#include <sselib/testkit/exchange.h>
#include <sselib/testkit/httpserver.h>

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <csignal>
#include <unistd.h>

using namespace std::chrono_literals;
using namespace Qt::Literals;
using Sse::Beacon;
using Sse::BeaconKeeper;
using Sse::BeaconRequest;
using Sse::BeaconResult;

namespace {

constexpr int quietTime = 300; // milliseconds in which a second arrival would have come

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool isSanitized = true;
constexpr qint64 longestWay = 5000; // they write their report before the process ends
#else
constexpr bool isSanitized = false;
constexpr qint64 longestWay = 1000; // milliseconds from the end of the process to the server
#endif

// Takes every request in, and answers as it was told.
class Server : public QObject
{
public:
    enum class Manner {
        Answer,
        Drop,
        Reset,
        StaySilent
    };

    explicit Server(Manner manner = Manner::Answer, int status = 204)
    {
        connect(&m_http, &Harness::HttpServer::requestReceived, this,
                [this, manner, status](Harness::Exchange *exchange) {
                    requests.append(exchange->request());
                    sinceEnding.append(m_ending.isValid() ? m_ending.elapsed() : -1);
                    if (redirects.contains(exchange->path()))
                        exchange->redirect(307, redirects.value(exchange->path()));
                    else if (manner == Manner::Answer)
                        exchange->answer(status);
                    else if (manner == Manner::Drop)
                        exchange->cut();
                    else if (manner == Manner::Reset)
                        exchange->reset();
                });
        if (!m_http.listen(QHostAddress::LocalHost, 0))
            qFatal("no free port on 127.0.0.1");
    }

    [[nodiscard]] QUrl url(const QByteArray &path = "/close") const { return m_http.url(path); }
    void stopListening() { m_http.stopListening(); }
    void startWatch() { m_ending.start(); }

    [[nodiscard]] QList<QByteArray> bodies() const
    {
        QList<QByteArray> all;
        for (const Harness::HttpRequest &request : requests)
            all.append(request.body);
        std::sort(all.begin(), all.end());
        return all;
    }

    QList<Harness::HttpRequest> requests;
    QList<qint64> sinceEnding; // of each request, milliseconds
    QHash<QByteArray, QByteArray> redirects;

private:
    Harness::HttpServer m_http;
    QElapsedTimer m_ending;
};

BeaconRequest requestTo(const QUrl &url, const QByteArray &body = "goodbye")
{
    BeaconRequest beacon;
    beacon.request.setUrl(url);
    beacon.request.setRawHeader("Content-Type", "text/plain");
    beacon.body = body;
    return beacon;
}

bool waitForEndOf(QProcess &process)
{
    return process.state() == QProcess::NotRunning || process.waitForFinished();
}

// The program leaver, ready to leave.
class Leaver
{
public:
    bool start(const QUrl &url, const QString &ending, int count = 1)
    {
        const QString program = QDir(QCoreApplication::applicationDirPath()).filePath(u"leaver"_s);
        m_process.start(program, {url.toString(), ending, QString::number(count)});
        return waitForKeeper();
    }

    // It says whenever it has another one.
    bool waitForKeeper()
    {
        const qint64 before = keeper;
        while (keeper == before || keeper == 0) {
            if (!m_process.canReadLine() && !m_process.waitForReadyRead())
                return false;
            if (m_process.canReadLine())
                keeper = m_process.readLine().mid(qstrlen("keeper ")).trimmed().toLongLong();
        }
        return true;
    }

    void leave() { m_process.closeWriteChannel(); }
    bool waitForEnd()
    {
        const bool hasEnded = waitForEndOf(m_process);
        output += m_process.readAllStandardOutput();
        return hasEnded;
    }
    [[nodiscard]] qint64 processId() const { return m_process.processId(); }

    qint64 keeper = 0;
    QByteArray output;

private:
    QProcess m_process;
};

QByteArray procFile(qint64 process, const QString &name)
{
    QFile file(u"/proc/%1/%2"_s.arg(QString::number(process), name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

bool isAlive(qint64 process)
{
    return ::kill(pid_t(process), 0) == 0 && !procFile(process, u"stat"_s).contains(") Z ");
}

// All that a process can write to; empty where we may not look.
QByteArray writableMemory(qint64 process)
{
    QByteArray memory;
    QFile file(u"/proc/%1/mem"_s.arg(process));
    if (!file.open(QIODevice::ReadOnly | QIODevice::Unbuffered))
        return {};
    const QList<QByteArray> lines = procFile(process, u"maps"_s).split('\n');
    for (const QByteArray &line : lines) {
        const QList<QByteArray> range = line.left(line.indexOf(' ')).split('-');
        if (!line.contains(" rw") || range.size() != 2)
            continue;
        const qint64 from = range.at(0).toLongLong(nullptr, 16);
        const qint64 size = range.at(1).toLongLong(nullptr, 16) - from;
        constexpr qint64 largest = 64 * 1024 * 1024; // what a sanitizer reserves is larger
        if (size <= largest && file.seek(from))
            memory += file.read(size);
    }
    return memory;
}

} // namespace

class tst_Beacon : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();

    void sendsWhatItHoldsAndTellsWhatBecameOfIt_data();
    void sendsWhatItHoldsAndTellsWhatBecameOfIt();
    void sendsItsRequestsOneAfterTheOther();
    void carriesHeadersAndAnIdempotencyKey();
    void keepsAnIdempotencyKeyThatItWasGiven();
    void isSentOnceAlthoughTheConnectionDrops_data();
    void isSentOnceAlthoughTheConnectionDrops();
    void givesUpAtItsDeadline();
    void followsARedirectOnlyToTheSameOrigin();
    void removesItsReminderOnceItMayHaveArrived_data();
    void removesItsReminderOnceItMayHaveArrived();
    void refusesMoreThanItsSize();
    void holdsOnlyTheLast();
    void sendsNothingOnceReleased();
    void isDoneAtOnceWithNothingToSend();
    void goesThroughItsProxy();
    void namesItselfToProxyAndServerBeforehand();

    void reachesTheServerHoweverTheProcessEnds_data();
    void reachesTheServerHoweverTheProcessEnds();
    void takesOrdersInThoughAReportWasNeverRead();
    void saysNothingAfterAnOrderlyEnd();
    void survivesThatItsProgramsAreReplaced();
    void hasAnotherKeeperWhenOneDies();
    void isSentByTheProcessItselfWithoutAKeeper();

    void keeperCostsNextToNothing();
    void keeperStandsApart();
    void keeperKeepsSecrets();
};

void tst_Beacon::initTestCase()
{
    BeaconKeeper *const keeper = BeaconKeeper::instance();
    keeper->start();
    QTRY_VERIFY2(keeper->isOnDuty(), qPrintable(keeper->errorString()));
}

void tst_Beacon::sendsWhatItHoldsAndTellsWhatBecameOfIt_data()
{
    QTest::addColumn<int>("answer");
    QTest::addColumn<bool>("isDelivered");
    QTest::newRow("204") << 204 << true;
    QTest::newRow("200") << 200 << true;
    QTest::newRow("302, an answer like any other") << 302 << true;
    QTest::newRow("401: the server knows it") << 401 << true;
    QTest::newRow("404") << 404 << true;
    QTest::newRow("429: perhaps only a proxy knows it") << 429 << false;
    QTest::newRow("502: perhaps only a proxy knows it") << 502 << false;
    QTest::newRow("no server") << 0 << false;
}

void tst_Beacon::sendsWhatItHoldsAndTellsWhatBecameOfIt()
{
    QFETCH(int, answer);
    QFETCH(bool, isDelivered);
    Server server(Server::Manner::Answer, answer);
    const QUrl url = server.url();
    if (answer == 0)
        server.stopListening();
    Beacon beacon;
    QSignalSpy finished(&beacon, &Beacon::finished);
    QVERIFY(beacon.hold({requestTo(url)}));
    QVERIFY(beacon.isHolding());
    QVERIFY(!beacon.isSending());
    beacon.send();
    QVERIFY(!beacon.isHolding());
    QVERIFY(beacon.isSending());
    QVERIFY(finished.wait());
    QVERIFY(!beacon.isSending());
    const auto result = finished.at(0).at(0).value<BeaconResult>();
    QCOMPARE(result.status, answer);
    QCOMPARE(result.isDelivered, isDelivered);
    QCOMPARE(result.errorString.isEmpty(), answer != 0);
    QCOMPARE(server.requests.size(), answer == 0 ? 0 : 1);
}

void tst_Beacon::sendsItsRequestsOneAfterTheOther()
{
    Server server(Server::Manner::Answer, 500);
    Beacon beacon;
    QSignalSpy finished(&beacon, &Beacon::finished);
    BeaconRequest get = requestTo(server.url("/first"), {});
    get.method = "GET";
    QVERIFY(beacon.hold(
        {get, requestTo(server.url("/second"), "two"), requestTo(server.url("/third"), "three")}));
    beacon.send();
    QVERIFY(finished.wait());
    QCOMPARE(server.requests.size(), 3); // what one was answered does not stop the next
    QCOMPARE(server.requests.at(0).method, "GET");
    QCOMPARE(server.requests.at(0).path, "/first");
    QCOMPARE(server.requests.at(1).method, "POST");
    QCOMPARE(server.requests.at(1).body, "two");
    QCOMPARE(server.requests.at(2).body, "three");
}

void tst_Beacon::carriesHeadersAndAnIdempotencyKey()
{
    Server server;
    Beacon beacon;
    QSignalSpy finished(&beacon, &Beacon::finished);
    BeaconRequest request = requestTo(server.url("/close?why=quit%20it"), QByteArray("a\0b", 3));
    request.request.setRawHeader("Authorization", "Bearer canary-4711");
    request.request.setRawHeader("Cookie", "id=7");
    QVERIFY(beacon.hold({request}));
    beacon.send();
    QVERIFY(finished.wait());
    const Harness::HttpRequest &seen = server.requests.constFirst();
    QCOMPARE(seen.target, "/close?why=quit%20it");
    QCOMPARE(seen.header("authorization"), "Bearer canary-4711");
    QCOMPARE(seen.header("cookie"), "id=7");
    QCOMPARE(seen.header("content-type"), "text/plain");
    QCOMPARE(seen.header("content-length"), "3");
    QCOMPARE(seen.body, QByteArray("a\0b", 3));
    QVERIFY(!seen.header("idempotency-key").isEmpty());
}

void tst_Beacon::keepsAnIdempotencyKeyThatItWasGiven()
{
    Server server;
    Beacon beacon;
    QSignalSpy finished(&beacon, &Beacon::finished);
    BeaconRequest request = requestTo(server.url());
    request.request.setRawHeader("Idempotency-Key", "mine");
    QVERIFY(beacon.hold({request}));
    beacon.send();
    QVERIFY(finished.wait());
    QCOMPARE(server.requests.constFirst().header("idempotency-key"), "mine");
}

void tst_Beacon::isSentOnceAlthoughTheConnectionDrops_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<bool>("isReset");
    for (const char *const method : {"POST", "GET", "DELETE"}) {
        for (const bool isReset : {false, true}) {
            QTest::addRow("%s, %s", method, isReset ? "RST" : "FIN")
                << QByteArray(method) << QByteArray() << isReset;
            QTest::addRow("%s with a body, %s", method, isReset ? "RST" : "FIN")
                << QByteArray(method) << QByteArray("goodbye") << isReset;
        }
    }
}

// QNetworkAccessManager would send it twice.
void tst_Beacon::isSentOnceAlthoughTheConnectionDrops()
{
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, body);
    QFETCH(bool, isReset);
    Server server(isReset ? Server::Manner::Reset : Server::Manner::Drop);
    Beacon beacon;
    QSignalSpy finished(&beacon, &Beacon::finished);
    BeaconRequest request = requestTo(server.url(), body);
    request.method = method;
    QVERIFY(beacon.hold({request}));
    beacon.send();
    QVERIFY(finished.wait());
    const auto result = finished.at(0).at(0).value<BeaconResult>();
    QVERIFY(!result.isDelivered);
    QCOMPARE(result.errorString, u"Connection closed"_s);
    QTest::qWait(quietTime);
    QCOMPARE(server.requests.size(), 1);
}

void tst_Beacon::givesUpAtItsDeadline()
{
    Server server(Server::Manner::StaySilent);
    Beacon beacon;
    beacon.setDeadline(300ms);
    QSignalSpy finished(&beacon, &Beacon::finished);
    QVERIFY(beacon.hold({requestTo(server.url())}));
    QElapsedTimer elapsed;
    elapsed.start();
    beacon.send();
    QVERIFY(finished.wait());
    QVERIFY2(elapsed.elapsed() >= 290 && elapsed.elapsed() < 2000,
             qPrintable(QString::number(elapsed.elapsed())));
    const auto result = finished.at(0).at(0).value<BeaconResult>();
    QVERIFY(!result.isDelivered);
    QCOMPARE(result.errorString, u"No answer in time"_s);
}

void tst_Beacon::followsARedirectOnlyToTheSameOrigin()
{
    Server other;
    Server server;
    server.redirects["/here"] = "/there";
    server.redirects["/away"] = other.url("/elsewhere").toEncoded();
    Beacon beacon;
    QSignalSpy finished(&beacon, &Beacon::finished);
    QVERIFY(beacon.hold({requestTo(server.url("/here"))}));
    beacon.send();
    QVERIFY(finished.wait());
    QCOMPARE(server.requests.size(), 2);
    QCOMPARE(server.requests.at(1).path, "/there");
    QCOMPARE(server.requests.at(1).method, "POST");
    QCOMPARE(server.requests.at(1).body, "goodbye");
    QVERIFY(finished.at(0).at(0).value<BeaconResult>().isDelivered);

    QVERIFY(beacon.hold({requestTo(server.url("/away"))}));
    beacon.send();
    QVERIFY(finished.wait());
    QVERIFY(!finished.at(1).at(0).value<BeaconResult>().isDelivered);
    QCOMPARE(finished.at(1).at(0).value<BeaconResult>().status, 307);
    QCOMPARE(other.requests.size(), 0);
}

void tst_Beacon::removesItsReminderOnceItMayHaveArrived_data()
{
    QTest::addColumn<int>("answer");
    QTest::addColumn<bool>("isThere");
    QTest::newRow("answered") << 204 << false;
    QTest::newRow("refused") << 403 << false;
    QTest::newRow("in trouble") << 503 << true;
    QTest::newRow("not there") << 0 << true;
    QTest::newRow("dropped after it was read: it may have arrived") << -1 << false;
    QTest::newRow("silent after it was read: it may have arrived") << -2 << false;
}

void tst_Beacon::removesItsReminderOnceItMayHaveArrived()
{
    QFETCH(int, answer);
    QFETCH(bool, isThere);
    QTemporaryDir folder;
    const QString path = folder.filePath(u"reminder"_s);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.close();
    Server server(answer == -1       ? Server::Manner::Drop
                      : answer == -2 ? Server::Manner::StaySilent
                                     : Server::Manner::Answer,
                  answer);
    const QUrl url = server.url();
    if (answer == 0)
        server.stopListening();
    Beacon beacon;
    beacon.setDeadline(500ms);
    beacon.setReminder(path);
    QSignalSpy finished(&beacon, &Beacon::finished);
    QVERIFY(beacon.hold({requestTo(url)}));
    QVERIFY(QFile::exists(path));
    beacon.send();
    QVERIFY(finished.wait());
    QCOMPARE(QFile::exists(path), isThere);
}

void tst_Beacon::refusesMoreThanItsSize()
{
    Server server;
    Beacon beacon;
    QSignalSpy finished(&beacon, &Beacon::finished);
    const QByteArray half(Beacon::maximumSize / 2, 'x');
    QVERIFY(beacon.hold({requestTo(server.url(), half), requestTo(server.url(), half)}));
    QVERIFY(!beacon.hold({requestTo(server.url(), half), requestTo(server.url(), half + 'x')}));
    QVERIFY(beacon.isHolding());
    beacon.send();
    QVERIFY(finished.wait());
    QCOMPARE(server.bodies(), QByteArrayList({half, half}));
}

void tst_Beacon::holdsOnlyTheLast()
{
    Server server;
    Beacon beacon;
    QSignalSpy finished(&beacon, &Beacon::finished);
    for (const char *const body : {"one", "two", "three"})
        QVERIFY(beacon.hold({requestTo(server.url(), body)}));
    beacon.send();
    QVERIFY(finished.wait());
    QTest::qWait(quietTime);
    QCOMPARE(server.bodies(), QByteArrayList{"three"});
}

void tst_Beacon::sendsNothingOnceReleased()
{
    Server server;
    {
        Beacon beacon;
        QVERIFY(beacon.hold({requestTo(server.url(), "released")}));
        beacon.release();
        QVERIFY(!beacon.isHolding());
    }
    Beacon last;
    QSignalSpy finished(&last, &Beacon::finished);
    QVERIFY(last.hold({requestTo(server.url(), "last")}));
    last.send();
    QVERIFY(finished.wait());
    QTest::qWait(quietTime);
    QCOMPARE(server.bodies(), QByteArrayList{"last"});
}

void tst_Beacon::isDoneAtOnceWithNothingToSend()
{
    Beacon beacon;
    QSignalSpy finished(&beacon, &Beacon::finished);
    beacon.send();
    QCOMPARE(finished.size(), 0);
    QVERIFY(finished.wait());
    QVERIFY(finished.at(0).at(0).value<BeaconResult>().isDelivered);
}

void tst_Beacon::namesItselfToProxyAndServerBeforehand()
{
    Server proxy;
    Beacon beacon;
    QSignalSpy finished(&beacon, &Beacon::finished);
    BeaconRequest request = requestTo(QUrl(u"http://mia:word@portal.test/close"_s));
    request.proxy = QNetworkProxy(QNetworkProxy::HttpProxy, u"127.0.0.1"_s,
                                  quint16(proxy.url().port()), u"gate"_s, u"keeper"_s);
    QVERIFY(beacon.hold({request}));
    beacon.send();
    QVERIFY(finished.wait());
    QCOMPARE(proxy.requests.size(), 1);
    const Harness::HttpRequest &seen = proxy.requests.constFirst();
    QCOMPARE(seen.header("authorization"), "Basic " + QByteArray("mia:word").toBase64());
    QCOMPARE(seen.header("proxy-authorization"), "Basic " + QByteArray("gate:keeper").toBase64());
}

void tst_Beacon::goesThroughItsProxy()
{
    Server proxy;
    Beacon beacon;
    QSignalSpy finished(&beacon, &Beacon::finished);
    BeaconRequest request = requestTo(QUrl(u"http://portal.test/close"_s));
    request.proxy =
        QNetworkProxy(QNetworkProxy::HttpProxy, u"127.0.0.1"_s, quint16(proxy.url().port()));
    QVERIFY(beacon.hold({request}));
    beacon.send();
    QVERIFY(finished.wait());
    QCOMPARE(proxy.requests.size(), 1);
    QCOMPARE(proxy.requests.constFirst().header("host"), "portal.test");
}

void tst_Beacon::reachesTheServerHoweverTheProcessEnds_data()
{
    QTest::addColumn<QString>("ending");
    QTest::addColumn<int>("count");
    for (const char *const ending :
         {"kill", "kill the group", "abort", "segmentation fault", "stack overflow", "exit",
          "_exit", "destroy", "send and be killed", "send and wait", "return from main"}) {
        QTest::addRow("%s", ending) << QString::fromLatin1(ending) << 1;
        QTest::addRow("%s, ten beacons", ending) << QString::fromLatin1(ending) << 10;
    }
}

void tst_Beacon::reachesTheServerHoweverTheProcessEnds()
{
    QFETCH(QString, ending);
    QFETCH(int, count);
    Server server;
    Leaver leaver;
    QVERIFY(leaver.start(server.url(), ending, count));
    QCOMPARE(server.requests.size(), 0);
    server.startWatch();
    leaver.leave();
    QTRY_COMPARE(server.requests.size(), count);
    QVERIFY2(server.sinceEnding.constLast() < longestWay,
             qPrintable(QString::number(server.sinceEnding.constLast())));
    QVERIFY(leaver.waitForEnd());
    QTRY_VERIFY(!isAlive(leaver.keeper));
    QTest::qWait(quietTime);
    QList<QByteArray> expected;
    for (int number = 0; number < count; ++number)
        expected.append("goodbye " + QByteArray::number(number));
    QCOMPARE(server.bodies(), expected);
    for (const Harness::HttpRequest &request : server.requests)
        QCOMPARE(request.header("authorization"), "Bearer canary-4711");
    if (ending == "send and wait"_L1)
        QCOMPARE(leaver.output.count("finished 1 204"), count);
}

// The kernel then tells the keeper of the end before it hands out what still waits for it.
void tst_Beacon::takesOrdersInThoughAReportWasNeverRead()
{
    for (int round = 0; round < 3; ++round) {
        Server server;
        QProcess process;
        process.start(QDir(QCoreApplication::applicationDirPath()).filePath(u"leaver"_s),
                      {server.url().toString(), u"leave a report unread"_s});
        QTRY_COMPARE(server.bodies(), (QByteArrayList{"goodbye 0", "goodbye 1"}));
        QVERIFY(waitForEndOf(process));
        QTest::qWait(quietTime);
        QCOMPARE(server.requests.size(), 2);
    }
}

void tst_Beacon::saysNothingAfterAnOrderlyEnd()
{
    Server server;
    Leaver leaver;
    QVERIFY(leaver.start(server.url(), u"release"_s, 3));
    leaver.leave();
    QVERIFY(leaver.waitForEnd());
    QTRY_VERIFY(!isAlive(leaver.keeper));
    QTest::qWait(quietTime);
    QCOMPARE(server.requests.size(), 0);

    // The shortest life that there is: nothing but a request.
    QProcess process;
    process.start(QDir(QCoreApplication::applicationDirPath()).filePath(u"leaver"_s),
                  {server.url().toString(), u"send at once"_s});
    QVERIFY(waitForEndOf(process));
    QTRY_COMPARE(server.requests.size(), 1);
    QTest::qWait(quietTime);
    QCOMPARE(server.requests.size(), 1);
}

// As an upgrade of a package does.
void tst_Beacon::survivesThatItsProgramsAreReplaced()
{
    QTemporaryDir folder;
    const QDir here(QCoreApplication::applicationDirPath());
    for (const auto &name : {u"leaver"_s, u"sselib-beacon"_s, u"sselib-beacon-send"_s})
        QVERIFY(QFile::copy(here.filePath(name), folder.filePath(name)));
    Server server;
    QProcess process;
    process.start(folder.filePath(u"leaver"_s), {server.url().toString(), u"kill"_s});
    QVERIFY(process.waitForReadyRead());
    QVERIFY(process.readAllStandardOutput().startsWith("keeper "));
    for (const auto &name : {u"leaver"_s, u"sselib-beacon"_s, u"sselib-beacon-send"_s})
        QVERIFY(QFile::remove(folder.filePath(name)));
    process.closeWriteChannel();
    QTRY_COMPARE(server.requests.size(), 1);
    QVERIFY(waitForEndOf(process));
    QTest::qWait(quietTime);
    QCOMPARE(server.requests.size(), 1);
}

void tst_Beacon::hasAnotherKeeperWhenOneDies()
{
    Server server;
    Leaver leaver;
    QVERIFY(leaver.start(server.url(), u"kill"_s, 2));
    QVERIFY(::kill(pid_t(leaver.keeper), SIGKILL) == 0);
    QVERIFY(leaver.waitForKeeper());
    QVERIFY(isAlive(leaver.keeper));
    leaver.leave();
    QTRY_COMPARE(server.requests.size(), 2);
    QVERIFY(leaver.waitForEnd());
    QTest::qWait(quietTime);
    QCOMPARE(server.requests.size(), 2);
}

void tst_Beacon::isSentByTheProcessItselfWithoutAKeeper()
{
    QTemporaryDir folder; // only the program itself
    QVERIFY(QFile::copy(QDir(QCoreApplication::applicationDirPath()).filePath(u"leaver"_s),
                        folder.filePath(u"leaver"_s)));
    QFile::copy(QDir(QCoreApplication::applicationDirPath()).filePath(u"leaver"_s),
                folder.filePath(u"sselib-beacon"_s)); // something that does not serve
    QFile(folder.filePath(u"sselib-beacon"_s)).setPermissions(QFile::ReadOwner);
    Server server;
    QProcess process;
    process.start(folder.filePath(u"leaver"_s), {server.url().toString(), u"send and wait"_s});
    process.closeWriteChannel();
    QTRY_COMPARE(server.requests.size(), 1);
    QVERIFY(waitForEndOf(process));
    QCOMPARE(server.requests.size(), 1);
    QVERIFY(process.readAllStandardOutput().contains("finished 1 204"));
    QVERIFY(process.readAllStandardError().contains("sselib-beacon"));
}

void tst_Beacon::keeperCostsNextToNothing()
{
    if (isSanitized)
        QSKIP("sanitizers cost a lot");
    Server server;
    Leaver leaver;
    QVERIFY(leaver.start(server.url(), u"release"_s, 10));
    qint64 kilobytes = 0;
    const QList<QByteArray> lines = procFile(leaver.keeper, u"smaps_rollup"_s).split('\n');
    for (const QByteArray &line : lines) {
        if (line.startsWith("Private_"))
            kilobytes += line.mid(line.indexOf(':') + 1).chopped(2).trimmed().toLongLong();
    }
    if (kilobytes == 0) // whoever is not root may not look into it, and that is well so
        QSKIP("only root may look into the keeper");
    QVERIFY2(kilobytes <= 1024, qPrintable(QString::number(kilobytes)));
    const auto switches = [&leaver] {
        const QByteArray status = procFile(leaver.keeper, u"status"_s);
        const qsizetype line = status.indexOf("\nvoluntary_ctxt_switches");
        return status.mid(line, status.indexOf('\n', line + 1) - line);
    };
    QTest::qWait(quietTime); // it has taken in what it holds
    const QByteArray before = switches();
    QVERIFY(!before.isEmpty());
    QTest::qWait(1000);
    QCOMPARE(switches(), before);
    leaver.leave();
    QVERIFY(leaver.waitForEnd());
}

void tst_Beacon::keeperStandsApart()
{
    Server server;
    Leaver leaver;
    QVERIFY(leaver.start(server.url(), u"release"_s));
    QVERIFY(::getsid(pid_t(leaver.keeper)) != ::getsid(pid_t(leaver.processId())));
    QVERIFY(::getpgid(pid_t(leaver.keeper)) != ::getpgid(pid_t(leaver.processId())));
    QVERIFY(!procFile(leaver.keeper, u"status"_s)
                 .contains("PPid:\t" + QByteArray::number(leaver.processId()) + '\n'));
    // Nor does the process have a child that is a zombie.
    const QString children = QString::number(leaver.processId());
    QCOMPARE(procFile(leaver.processId(), u"task/%1/children"_s.arg(children)), QByteArray());
    for (const int number : {SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGALRM, SIGTSTP})
        QVERIFY(::kill(pid_t(leaver.keeper), number) == 0);
    leaver.leave();
    QVERIFY(leaver.waitForEnd());
    QTRY_VERIFY(!isAlive(leaver.keeper)); // with the process that it served, though
}

void tst_Beacon::keeperKeepsSecrets()
{
    Server server;
    Leaver leaver;
    QVERIFY(leaver.start(server.url(), u"kill"_s));
    QVERIFY(!procFile(leaver.keeper, u"cmdline"_s).contains("canary"));
    QVERIFY(!procFile(leaver.keeper, u"environ"_s).contains("canary"));
    const QByteArray limits = procFile(leaver.keeper, u"limits"_s);
    if (!limits.isEmpty()) {
        const qsizetype line = limits.indexOf("Max core file size");
        QCOMPARE(limits.mid(line, limits.indexOf('\n', line) - line).simplified(),
                 "Max core file size 0 0 bytes");
    }
    QVERIFY(!writableMemory(leaver.keeper).contains("canary"));
    QVERIFY(writableMemory(leaver.processId()).contains("canary") || ::geteuid() != 0);
    leaver.leave();
    QTRY_COMPARE(server.requests.size(), 1);
    QVERIFY(leaver.waitForEnd());
}

QTEST_GUILESS_MAIN(tst_Beacon)
#include "tst_beacon.moc"
