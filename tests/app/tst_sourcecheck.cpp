// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "core/check/sourcecheck.h"
#include "core/secrets/redaction.h"
#include "core/secrets/secretstore.h"
#include "core/source/sourcereader.h"
#include <sselib/testkit/sseserver.h>

#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QMap>
#include <QProcess>
#include <QSignalSpy>
#include <QSslConfiguration>
#include <QSslKey>
#include <QSslSocket>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

#include <functional>
#include <optional>

using namespace std::chrono_literals;
using namespace Qt::Literals;
using Harness::Exchange;
using Harness::SseServer;
using End = CheckEnd;
using Stage = CheckStage;
using Verdict = CheckVerdict;

namespace {

constexpr auto password = "s3cret-p4ss/word";
constexpr auto token = "t0ken-of-the-session";

Source portalSource(const QString &base)
{
    QFile preset(QStringLiteral(PRESETS "/portal.json"));
    if (!preset.open(QIODevice::ReadOnly))
        qFatal("no preset");
    Source source = *readSource(preset.readAll(), u"work.json"_s).source;
    source.variables[u"base"_s] = base;
    return source;
}

/*! Answers as the portal does, and greets on the stream. */
void answerAsPortal(Exchange *exchange)
{
    const QByteArray path = exchange->path();
    if (path == "/login") {
        const auto given = QJsonDocument::fromJson(exchange->body())["password"_L1].toString();
        if (given == QLatin1String(password))
            exchange->answerJson(200,
                                 {{u"token"_s, QLatin1String(token)}, {u"expires_in"_s, 3600}});
        else
            exchange->answerJson(401, {{u"error"_s, u"no"_s}});
    } else if (path == "/permissions") {
        exchange->answerJson(200, {{u"permissions"_s, QJsonArray{u"counter.read"_s}}});
    } else if (path == "/count") {
        exchange->answerJson(200, {{u"count"_s, 3}});
    } else if (path == "/stream") {
        exchange->startStream();
        exchange->write("event: count\ndata: {\"count\":3}\n\n");
    } else if (path == "/close") {
        exchange->answer(204);
    }
}

/*! A check of a source, and what it said. */
class Walk
{
public:
    Walk(const Source &source, SecretStore *secrets, std::chrono::milliseconds limit = 10s)
        : check(source, secrets, limit)
    {
        QObject::connect(&check, &SourceCheck::stageDone, &check,
                         [this](const CheckResult &result) { results.append(result); });
        QObject::connect(&check, &SourceCheck::finished, &check, [this](CheckEnd reached) {
            QVERIFY(!end);
            end = reached;
        });
    }

    [[nodiscard]] CheckResult at(Stage stage) const { return results.value(int(stage)); }

    [[nodiscard]] QString verdicts() const
    {
        QString letters;
        for (const CheckResult &result : results)
            letters += checkVerdictWord(result.verdict).left(1);
        return letters;
    }

    [[nodiscard]] QString text() const
    {
        QStringList lines;
        for (const CheckResult &result : results)
            lines << checkStageWord(result.stage) + u' ' + checkVerdictWord(result.verdict)
                    + u": "_s + result.finding + u" -> "_s + result.remedy;
        return lines.join(u'\n');
    }

    SourceCheck check;
    QList<CheckResult> results;
    std::optional<CheckEnd> end;
};

/*! The portal, which a test changes before the walk. */
class Fixture
{
public:
    Fixture()
        : secrets({{u"work"_s, {{u"password"_s, QLatin1String(password)}}}})
        , source(portalSource(server.url("").toString()))
    {
        for (const char *path : {"/login", "/permissions", "/count", "/stream", "/close"})
            server.handle(path, answerAsPortal);
    }

    SseServer server;
    KnownSecrets secrets;
    Source source;
};

using Change = std::function<void(Fixture &f)>;

Change answering(const QByteArray &path, const SseServer::Handler &handler)
{
    return [path, handler](Fixture &f) { f.server.handle(path, handler); };
}

Change answering(const QByteArray &path, int status, const QByteArray &body = {},
                 const QByteArray &type = "application/json")
{
    return answering(path, [status, body, type](Exchange *exchange) {
        exchange->answer(status, body, {{"Content-Type", type}});
    });
}

/*! A store whose answers the test gives. */
class SlowSecrets : public SecretStore
{
public:
    void read(const SecretRequest &, QObject *, const Answer &answer) override { give = answer; }
    void refuse(const SecretRequest &) override { wasRefused = true; }

    Answer give;
    bool wasRefused = false;
};

} // namespace

Q_DECLARE_METATYPE(Change)

class tst_SourceCheck : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanup();
    void walksFromTheAddressToTheCloseRequest();
    void saysWhatIsWrong_data();
    void saysWhatIsWrong();
    void saysWhatElseIsSo_data();
    void saysWhatElseIsSo();
    void skipsWhatTheSourceLacks();
    void tellsTheTimeOfEachStage();
    void listsEachStageOnceWhereverItEnds_data();
    void listsEachStageOnceWhereverItEnds();
    void opensTheStreamOnce();
    void judgesCertificates_data();
    void judgesCertificates();
    void saysThatAPortDoesNotSpeakTls_data();
    void saysThatAPortDoesNotSpeakTls();
    void namesTheProxyThatIsUsed();
    void probesTheHostOfTheLoginWhileTheStreamsIsUnknown();
    void waitsForTheKeyring();
    void endsWhenTheKeyringDoesNotAnswer();
    void tellsTheServerThatItLeavesWhenItIsGone();
    void tellsTheServerThatItLeavesWhenStopped_data();
    void tellsTheServerThatItLeavesWhenStopped();
    void showsNoSecretThatTheServerSendsBack_data();
    void showsNoSecretThatTheServerSendsBack();
    void redacts_data();
    void redacts();

private:
    [[nodiscard]] bool openssl(const QStringList &arguments);
    [[nodiscard]] bool makeCertificate(const QString &name, const QString &host, int days);

    QTemporaryDir m_folder;
    QSslConfiguration m_tlsBefore;
};

bool tst_SourceCheck::openssl(const QStringList &arguments)
{
    QProcess process;
    process.setWorkingDirectory(m_folder.path());
    process.start(u"openssl"_s, arguments);
    return process.waitForFinished(120'000) && process.exitCode() == 0;
}

// Signed by our authority, for as many days from now on.
bool tst_SourceCheck::makeCertificate(const QString &name, const QString &host, int days)
{
    QFile extensions(m_folder.filePath(name + u".ext"_s));
    if (!extensions.open(QIODevice::WriteOnly)
        || extensions.write("subjectAltName=" + host.toLatin1()) < 0)
        return false;
    extensions.close();
    return openssl({u"req"_s, u"-newkey"_s, u"rsa:2048"_s, u"-nodes"_s, u"-keyout"_s,
                    name + u".key"_s, u"-out"_s, name + u".csr"_s, u"-subj"_s, u"/CN="_s + name})
        && openssl({u"x509"_s, u"-req"_s, u"-in"_s, name + u".csr"_s, u"-CA"_s, u"ca.pem"_s,
                    u"-CAkey"_s, u"ca.key"_s, u"-CAcreateserial"_s, u"-out"_s, name + u".pem"_s,
                    u"-days"_s, QString::number(days), u"-extfile"_s, name + u".ext"_s});
}

void tst_SourceCheck::initTestCase()
{
    m_tlsBefore = QSslConfiguration::defaultConfiguration();
    QVERIFY(QSslSocket::supportsSsl());
    QVERIFY(openssl({u"req"_s, u"-x509"_s, u"-newkey"_s, u"rsa:2048"_s, u"-nodes"_s, u"-keyout"_s,
                     u"ca.key"_s, u"-out"_s, u"ca.pem"_s, u"-days"_s, u"400"_s, u"-subj"_s,
                     u"/CN=The Company"_s}));
    QVERIFY(makeCertificate(u"here"_s, u"IP:127.0.0.1"_s, 365));
    QVERIFY(makeCertificate(u"ending"_s, u"IP:127.0.0.1"_s, 5));
    QVERIFY(makeCertificate(u"expired"_s, u"IP:127.0.0.1"_s, -1));
    QVERIFY(makeCertificate(u"elsewhere"_s, u"DNS:elsewhere.example"_s, 365));
}

void tst_SourceCheck::cleanup()
{
    QSslConfiguration::setDefaultConfiguration(m_tlsBefore);
}

void tst_SourceCheck::walksFromTheAddressToTheCloseRequest()
{
    Fixture f;
    Walk walk(f.source, &f.secrets);
    walk.check.start();
    QVERIFY(walk.results.isEmpty());
    QTRY_VERIFY(walk.end);
    QCOMPARE(*walk.end, End::Good);
    QCOMPARE(walk.verdicts(), u"sgsgggggg"_s);
    for (int stage = 0; stage < walk.results.size(); ++stage)
        QCOMPARE(int(walk.results.at(stage).stage), stage);
    const QString port = QString::number(f.server.port());
    QCOMPARE(walk.at(Stage::Dns).finding,
             u"127.0.0.1 is an address already: no name to look up."_s);
    QCOMPARE(walk.at(Stage::Connect).finding,
             u"127.0.0.1 takes connections on port %1."_s.arg(port));
    QCOMPARE(walk.at(Stage::Tls).finding, u"The address begins with http: nothing is encrypted."_s);
    QCOMPARE(walk.at(Stage::Login).finding, u"The server lets you in, and gave a token."_s);
    QCOMPARE(walk.at(Stage::Permissions).finding, u"You may see the count: counter.read."_s);
    QCOMPARE(walk.at(Stage::Snapshot).finding, u"The number is 3."_s);
    QCOMPARE(walk.at(Stage::StreamOpened).finding,
             u"http://127.0.0.1:%1/stream answered 200 with an event stream."_s.arg(port));
    QCOMPARE(walk.at(Stage::FirstByte).finding, u"The first event came, “count”."_s);
    QCOMPARE(walk.at(Stage::Close).finding, u"The server knows that you leave."_s);
    for (const CheckResult &result : std::as_const(walk.results))
        QCOMPARE(result.remedy, QString());

    QCOMPARE(f.server.exchanges().size(), 5);
    Exchange *const stream = f.server.exchanges("/stream").constFirst();
    QTRY_VERIFY(stream->wasClosedByPeer());
    for (const char *path : {"/permissions", "/count", "/stream", "/close"})
        QCOMPARE(f.server.exchanges(path).constFirst()->header("Authorization"),
                 QByteArray("Bearer ") + token);
}

void tst_SourceCheck::saysWhatIsWrong_data()
{
    QTest::addColumn<Change>("change");
    QTest::addColumn<Stage>("stage");
    QTest::addColumn<End>("end");
    QTest::addColumn<QString>("finding");
    QTest::addColumn<QString>("remedy");
    const auto to = [](const QString &base) {
        return Change([base](Fixture &f) { f.source.variables[u"base"_s] = base; });
    };
    const auto add = [](const char *name, const Change &change, Stage stage, End end,
                        const QString &finding, const QString &remedy) {
        QTest::newRow(name) << change << stage << end << finding << remedy;
    };
    add("no address", to(u"htp:/portal"_s), Stage::Dns, End::BadConfiguration,
        u"“htp:/portal/stream” is not an http or https address."_s,
        u"Correct it in the source file."_s);
    add("an unknown host", to(u"http://no-such-host.invalid"_s), Stage::Dns, End::CannotConnect,
        u" address for no-such-host.invalid"_s, u"VPN"_s);
    add("a refused connection", to(u"http://127.0.0.1:1"_s), Stage::Connect, End::CannotConnect,
        u"127.0.0.1 refuses connections on port 1."_s, u"Nothing listens there"_s);
    add(
        "https to a server without",
        [](Fixture &f) { f.source.variables[u"base"_s].replace(u"http:"_s, u"https:"_s); },
        Stage::Tls, End::CannotConnect, u"The secure connection failed: "_s, u"is for https."_s);

    add(
        "a secret that is missing", [](Fixture &f) { f.source.name = u"home"_s; }, Stage::Login,
        End::LoginNeeded, u"“Password” is not known."_s,
        u"Put it into the secrets file under “home”, “password”."_s);
    add(
        "a variable without value", [](Fixture &f) { f.source.variables.remove(u"user"_s); },
        Stage::Login, End::BadConfiguration,
        u"The variable “user” has no value; the source file uses it in “${user}”."_s,
        u"Give it a value in the source file."_s);
    add("a refused password", answering("/login", 401), Stage::Login, End::LoginNeeded,
        u"/login answered 401 Unauthorized."_s, u"Check the user name and the secrets."_s);
    add("a forbidden login", answering("/login", 403), Stage::Login, End::LoginNeeded,
        u"/login answered 403 Forbidden."_s, u"Check the user name and the secrets."_s);
    add("another address of the login", answering("/login", 404), Stage::Login, End::Failed,
        u"/login answered 404 Not Found."_s, u"Check the address in the source file."_s);
    add("a server in trouble", answering("/login", 500), Stage::Login, End::CannotConnect,
        u"/login answered 500 Internal Server Error."_s, u"Try again later"_s);
    add("a login that is a page", answering("/login", 200, "<html>", "text/html"), Stage::Login,
        End::Failed, u"/login is not JSON. It is text/html."_s,
        u"Check the address in the source file."_s);

    add("a permission that is missing", answering("/permissions", 200, R"({"permissions":[]})"),
        Stage::Permissions, End::Failed,
        u"You are not permitted to see this count: “counter.read” is missing."_s,
        u"Ask whoever manages 127.0.0.1."_s);
    add("forbidden permissions", answering("/permissions", 403), Stage::Permissions, End::Failed,
        u"/permissions answered 403 Forbidden."_s, u"Ask whoever manages the server"_s);
    add("a session that does not count", answering("/count", 401), Stage::Snapshot,
        End::LoginNeeded, u"/count answered 401 Unauthorized."_s,
        u"let the source file send what the login gave"_s);
    add("a count without number", answering("/count", 200, R"({"total":3})"), Stage::Snapshot,
        End::Failed, u"/count has no number at “/count”."_s, u"Check the address"_s);

    const auto status = [&add](const char *name, int number, End end, const QString &remedy) {
        add(name, answering("/stream", number), Stage::StreamOpened, end,
            u"/stream answered %1"_s.arg(number), remedy);
    };
    status("204", 204, End::Failed, u"It has no stream at this address, or none for you"_s);
    status("401", 401, End::LoginNeeded, u"The session does not count for the stream"_s);
    status("403", 403, End::Failed, u"permission to see the stream"_s);
    status("404", 404, End::Failed, u"Check the address of the stream"_s);
    status("406", 406, End::Failed, u"does not offer text/event-stream"_s);
    status("418", 418, End::Failed, u"Check the address and the headers"_s);
    status("429", 429, End::Failed, u"Too many requests or streams"_s);
    status("500", 500, End::CannotConnect, u"log of the server"_s);
    status("502", 502, End::CannotConnect, u"A proxy answers instead of the server"_s);
    status("504", 504, End::CannotConnect, u"A proxy answers instead of the server"_s);
    add("a login page", answering("/stream", 200, "<html>", "text/html; charset=utf-8"),
        Stage::StreamOpened, End::Failed,
        u"/stream answered with a web page (text/html), not with an event stream: mostly a login "_s,
        u"The session does not reach the stream"_s);
    add("JSON for a stream", answering("/stream", 200, "{}"), Stage::StreamOpened, End::Failed,
        u"application/json instead of text/event-stream"_s,
        u"The stream must say Content-Type: text/event-stream."_s);
    add("a compressed stream",
        answering("/stream",
                  [](Exchange *stream) {
                      stream->startStream({{"Content-Encoding", "gzip"}});
                  }),
        Stage::StreamOpened, End::Failed, u"compressed the stream (gzip)"_s,
        u"Switch compression off for this path (nginx: `gzip off`)"_s);
    add("a redirect in a circle",
        answering("/stream", [](Exchange *stream) { stream->redirect(302, "/stream"); }),
        Stage::StreamOpened, End::Failed, u"redirects too often"_s,
        u"Put the last address into the source file."_s);
    add("a stream that is cut before the head",
        answering("/stream", [](Exchange *stream) { stream->cut(); }), Stage::StreamOpened,
        End::CannotConnect, u"While other requests are answered, this one is not."_s,
        u"Look into the log"_s);
    add("a proxy that holds the stream back", answering("/stream", [](Exchange *) {}),
        Stage::StreamOpened, End::Failed, u"within 1 s, while other requests are answered."_s,
        u"A proxy holds the stream back: switch off buffering for this path (nginx: "
        "`proxy_buffering off`)."_s);
    add(
        "no answer, where nothing else was asked",
        [](Fixture &f) {
            f.source.login.clear();
            f.source.permissions.clear();
            f.source.snapshot.clear();
            f.source.auth = Auth::Anonymous;
            f.server.handle("/stream", [](Exchange *) {});
        },
        Stage::StreamOpened, End::CannotConnect, u"/stream within 1 s."_s,
        u"If a proxy holds the stream back, switch off buffering"_s);
    add(
        "a variable of the stream without value",
        [](Fixture &f) { f.source.stream.headers.insert(u"X-Room"_s, Template(u"${room}"_s)); },
        Stage::StreamOpened, End::BadConfiguration, u"The variable “room” has no value"_s,
        u"Give it a value in the source file."_s);
    add("a stream that ends at once",
        answering("/stream",
                  [](Exchange *stream) {
                      stream->startStream();
                      stream->end();
                  }),
        Stage::FirstByte, End::Failed, u"The stream was open, and ended before its first byte"_s,
        u"proxy_read_timeout"_s);
    add("a close request that nobody takes", answering("/close", 404), Stage::Close, End::Failed,
        u"/close answered 404."_s, u"Check the address in the source file."_s);
    add("a close request that the server is in no state to take", answering("/close", 503),
        Stage::Close, End::CannotConnect, u"/close answered 503."_s, u"Try again later"_s);
}

void tst_SourceCheck::saysWhatIsWrong()
{
    QFETCH(Change, change);
    QFETCH(Stage, stage);
    Fixture f;
    change(f);
    const bool isHeldBack = QByteArrayView(QTest::currentDataTag()).contains("holds")
        || QByteArrayView(QTest::currentDataTag()).contains("no answer");
    Walk walk(f.source, &f.secrets, isHeldBack ? 1s : 10s);
    walk.check.start();
    QTRY_VERIFY_WITH_TIMEOUT(walk.end, 20'000);
    const QByteArray text = walk.text().toUtf8();
    const CheckResult result = walk.at(stage);
    QVERIFY2(result.verdict == Verdict::Bad, text.constData());
    QFETCH(QString, finding);
    QVERIFY2(result.finding.contains(finding), text.constData());
    QFETCH(QString, remedy);
    QVERIFY2(result.remedy.contains(remedy), text.constData());
    QTEST(*walk.end, "end");

    // Those before are not bad, those after are not reached.
    QCOMPARE(walk.results.size(), int(Stage::Close) + 1);
    for (const CheckResult &other : std::as_const(walk.results)) {
        if (other.stage < stage)
            QVERIFY2(other.verdict != Verdict::Bad, text.constData());
        else if (other.stage > stage && other.stage < Stage::Close)
            QCOMPARE(other.finding, u"Not reached."_s);
    }
    // But the server hears that we leave, if it knows us.
    const bool isKnown = stage > Stage::Login && !f.source.login.isEmpty();
    QCOMPARE(f.server.requestCount("/close"), isKnown ? 1 : 0);
    QVERIFY2(!text.contains(password) && !text.contains(token), text.constData());
}

void tst_SourceCheck::saysWhatElseIsSo_data()
{
    QTest::addColumn<Change>("change");
    QTest::addColumn<Stage>("stage");
    QTest::addColumn<Verdict>("verdict");
    QTest::addColumn<QString>("finding");
    QTest::addColumn<QString>("remedy");
    QTest::newRow("a comment as greeting")
        << answering("/stream",
                     [](Exchange *stream) {
                         stream->startStream();
                         stream->write(": hello\n");
                     })
        << Stage::FirstByte << Verdict::Good << u"The first comment came"_s << QString();
    QTest::newRow("bytes that are no event yet")
        << answering("/stream",
                     [](Exchange *stream) {
                         stream->startStream();
                         stream->write("retry: 3000\n\n");
                     })
        << Stage::FirstByte << Verdict::Good << u"The first bytes came"_s << QString();
    QTest::newRow("no greeting")
        << answering("/stream", [](Exchange *stream) { stream->startStream(); }) << Stage::FirstByte
        << Verdict::Warning
        << u"No byte within 1 s; that is normal for servers without a greeting."_s
        << u"--timeout 60"_s;
    QTest::newRow("a redirect") << Change([](Fixture &f) {
        f.server.handle("/stream", [](Exchange *stream) { stream->redirect(307, "/moved"); });
        f.server.handle("/moved", [](Exchange *stream) {
            stream->startStream();
            stream->write(":\n");
        });
    }) << Stage::StreamOpened << Verdict::Warning
                                << u"/moved, which answered 200"_s
                                << u"Put the last address into the source file"_s;
    QTest::newRow("a close request that takes its time") << Change([](Fixture &f) {
        f.source.closeBudget = 50ms;
        f.server.handle("/close", [](Exchange *close) {
            QTimer::singleShot(200, close, [close] { close->answer(204); });
        });
    }) << Stage::Close << Verdict::Warning << u"took its time"_s
                                                         << u"only 50 ms"_s;
    QTest::newRow("a login without token") << Change([](Fixture &f) {
        f.source.login.first().extractions.clear();
        f.source.tokenVariable.clear();
    }) << Stage::Login << Verdict::Good << u"The server lets you in."_s
                                           << QString();
    QTest::newRow("a name that is looked up") << Change([](Fixture &f) {
        f.source.variables[u"base"_s].replace(u"127.0.0.1"_s, u"localhost"_s);
    }) << Stage::Dns << Verdict::Good << u"localhost is "_s
                                              << QString();
}

void tst_SourceCheck::saysWhatElseIsSo()
{
    QFETCH(Change, change);
    QFETCH(Stage, stage);
    Fixture f;
    change(f);
    const bool isSilent = QByteArrayView(QTest::currentDataTag()) == "no greeting";
    Walk walk(f.source, &f.secrets, isSilent ? 1s : 10s);
    walk.check.start();
    QTRY_VERIFY(walk.end);
    const QByteArray text = walk.text().toUtf8();
    QVERIFY2(*walk.end == End::Good, text.constData());
    const CheckResult result = walk.at(stage);
    QTEST(result.verdict, "verdict");
    QFETCH(QString, finding);
    QVERIFY2(result.finding.contains(finding), text.constData());
    QFETCH(QString, remedy);
    QVERIFY2(result.remedy.contains(remedy) && result.remedy.isEmpty() == remedy.isEmpty(),
             text.constData());
    QCOMPARE(f.server.requestCount("/close"), 1);
}

void tst_SourceCheck::skipsWhatTheSourceLacks()
{
    Fixture f;
    f.source.login.clear();
    f.source.permissions.clear();
    f.source.snapshot.clear();
    f.source.close.clear();
    f.source.secrets.clear();
    Walk walk(f.source, &f.secrets);
    walk.check.start();
    QTRY_VERIFY(walk.end);
    QCOMPARE(*walk.end, End::Good);
    QCOMPARE(walk.verdicts(), u"sgssssggs"_s);
    QCOMPARE(walk.at(Stage::Login).finding, u"The source needs no login."_s);
    QCOMPARE(walk.at(Stage::Close).finding, u"The source has no close request."_s);
    QCOMPARE(f.server.exchanges().size(), 1);
}

void tst_SourceCheck::tellsTheTimeOfEachStage()
{
    Fixture f;
    QElapsedTimer time;
    using Times = QMap<QByteArray, std::chrono::milliseconds>; // by path
    Times asked;
    Times answered;
    for (const QByteArray path : {"/login", "/permissions", "/count", "/stream", "/close"}) {
        const auto delay = path == "/login" ? 300ms : path == "/stream" ? 500ms : 0ms;
        f.server.handle(path, [&, path, delay](Exchange *exchange) {
            asked[path] = std::chrono::milliseconds(time.elapsed());
            QTimer::singleShot(delay, Qt::PreciseTimer, exchange, [&, path, exchange] {
                answered[path] = std::chrono::milliseconds(time.elapsed());
                answerAsPortal(exchange);
            });
        });
    }
    time.start();
    Walk walk(f.source, &f.secrets);
    walk.check.start();
    QTRY_VERIFY(walk.end);
    QVERIFY(walk.at(Stage::Login).duration >= 300ms);
    QVERIFY(walk.at(Stage::StreamOpened).duration >= 500ms);
    // A stage has its own time: it begins after the answer before it, and the next one asks after it.
    const auto lasts = [&walk](Stage stage, std::chrono::milliseconds longest) {
        QVERIFY2(walk.at(stage).duration <= longest + 1ms, qPrintable(checkStageWord(stage)));
    };
    lasts(Stage::Permissions, asked["/count"] - answered["/login"]);
    lasts(Stage::Snapshot, asked["/stream"] - answered["/permissions"]);
    lasts(Stage::FirstByte, asked["/close"] - answered["/stream"]);
    lasts(Stage::Close, std::chrono::milliseconds(time.elapsed()) - answered["/stream"]);
}

void tst_SourceCheck::listsEachStageOnceWhereverItEnds_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QString>("verdicts");
    QTest::newRow("nowhere") << QByteArray("/none") << u"sgsgggggg"_s;
    QTest::newRow("login") << QByteArray("/login") << u"sgsbsssss"_s;
    QTest::newRow("permissions") << QByteArray("/permissions") << u"sgsgbsssg"_s;
    QTest::newRow("snapshot") << QByteArray("/count") << u"sgsggbssg"_s;
    QTest::newRow("stream") << QByteArray("/stream") << u"sgsgggbsg"_s;
    QTest::newRow("close") << QByteArray("/close") << u"sgsgggggb"_s;
}

void tst_SourceCheck::listsEachStageOnceWhereverItEnds()
{
    QFETCH(QByteArray, path);
    Fixture f;
    f.server.handle(path, [](Exchange *exchange) { exchange->answer(404); });
    Walk walk(f.source, &f.secrets);
    walk.check.start();
    QTRY_VERIFY(walk.end);
    QTEST(walk.verdicts(), "verdicts");
    for (int stage = 0; stage < walk.results.size(); ++stage)
        QCOMPARE(int(walk.results.at(stage).stage), stage);
}

void tst_SourceCheck::opensTheStreamOnce()
{
    Fixture f;
    f.server.handle("/stream", [](Exchange *stream) { stream->answer(503); });
    // Later than the first reconnection would be, and still in time.
    f.source.closeBudget = 4s;
    f.server.handle("/close", [](Exchange *close) {
        QTimer::singleShot(1200ms, close, [close] { close->answer(204); });
    });
    Walk walk(f.source, &f.secrets);
    walk.check.start();
    QTRY_VERIFY(walk.end);
    QCOMPARE(walk.verdicts(), u"sgsgggbsg"_s);
    QCOMPARE(f.server.requestCount("/stream"), 1);
}

void tst_SourceCheck::judgesCertificates_data()
{
    QTest::addColumn<QString>("certificate");
    QTest::addColumn<bool>("isTrusted");
    QTest::addColumn<Verdict>("verdict");
    QTest::addColumn<QString>("finding");
    QTest::addColumn<QString>("remedy");
    const auto until = [](int days) {
        return QDateTime::currentDateTimeUtc().addDays(days).date().toString(Qt::ISODate);
    };
    QTest::newRow("trusted") << u"here"_s << true << Verdict::Good
                             << u"TLS 1.3, certificate “here”, valid until %1, vouched for by “The "
                                "Company”. The server also offers HTTP/2"_s.arg(until(365))
                             << QString();
    QTest::newRow("ends soon") << u"ending"_s << true << Verdict::Warning
                               << u"valid until %1, "_s.arg(until(5))
                               << u"Renew the certificate: it ends in "_s;
    QTest::newRow("of an unknown authority")
        << u"here"_s << false << Verdict::Bad
        << u"(certificate “here”, valid until %1, vouched for by “The Company”)."_s.arg(until(365))
        << u"let this computer trust that authority."_s;
    QTest::newRow("expired") << u"expired"_s << true << Verdict::Bad << u"expired"_s
                             << u"Renew the certificate of the server"_s;
    QTest::newRow("of another host") << u"elsewhere"_s << true << Verdict::Bad << u"“elsewhere”"_s
                                     << u"It is made for elsewhere.example"_s;
}

void tst_SourceCheck::judgesCertificates()
{
    QFETCH(QString, certificate);
    QFETCH(bool, isTrusted);
    QFile key(m_folder.filePath(certificate + u".key"_s));
    QVERIFY(key.open(QIODevice::ReadOnly));
    QSslConfiguration tls;
    tls.setLocalCertificate(
        QSslCertificate::fromPath(m_folder.filePath(certificate + u".pem"_s)).value(0));
    tls.setPrivateKey(QSslKey(&key, QSsl::Rsa));
    tls.setAllowedNextProtocols(
        {QSslConfiguration::ALPNProtocolHTTP2, QSslConfiguration::NextProtocolHttp1_1});
    Harness::HttpServer server;
    server.useTls(tls);
    QVERIFY(server.listen(QHostAddress::LocalHost, 0));
    connect(&server, &Harness::HttpServer::requestReceived, this, &answerAsPortal);
    if (isTrusted) {
        QSslConfiguration trusting = m_tlsBefore;
        trusting.addCaCertificates(m_folder.filePath(u"ca.pem"_s));
        QSslConfiguration::setDefaultConfiguration(trusting);
    }
    Source source = portalSource(server.url().toString());
    // The server's HTTP/2 is a mere promise; steps would take it at its word.
    source.login.clear();
    source.permissions.clear();
    source.snapshot.clear();
    source.close.clear();
    KnownSecrets secrets({{u"work"_s, {{u"password"_s, QLatin1String(password)}}}});
    Walk walk(source, &secrets);
    walk.check.start();
    QTRY_VERIFY(walk.end);
    const QByteArray text = walk.text().toUtf8();
    const CheckResult result = walk.at(Stage::Tls);
    QFETCH(Verdict, verdict);
    QVERIFY2(result.verdict == verdict, text.constData());
    QFETCH(QString, finding);
    QVERIFY2(result.finding.contains(finding), text.constData());
    QFETCH(QString, remedy);
    QVERIFY2(result.remedy.contains(remedy) && result.remedy.isEmpty() == remedy.isEmpty(),
             text.constData());
    QCOMPARE(*walk.end, verdict == Verdict::Bad ? End::CannotConnect : End::Good);
}

void tst_SourceCheck::saysThatAPortDoesNotSpeakTls_data()
{
    QTest::addColumn<bool>("hangsUp");
    QTest::addColumn<QString>("finding");
    QTest::newRow("silent") << false << u"does not speak TLS within 1 s."_s;
    QTest::newRow("hangs up") << true << u"The secure connection failed: "_s;
}

void tst_SourceCheck::saysThatAPortDoesNotSpeakTls()
{
    QFETCH(bool, hangsUp);
    QTcpServer server;
    QVERIFY(server.listen(QHostAddress::LocalHost));
    connect(&server, &QTcpServer::newConnection, &server, [&server, hangsUp] {
        QTcpSocket *const socket = server.nextPendingConnection();
        if (hangsUp)
            connect(socket, &QTcpSocket::readyRead, socket, &QTcpSocket::abort);
    });
    KnownSecrets secrets;
    Walk walk(portalSource(u"https://127.0.0.1:%1"_s.arg(server.serverPort())), &secrets, 1s);
    walk.check.start();
    QTRY_VERIFY(walk.end);
    const CheckResult result = walk.at(Stage::Tls);
    QFETCH(QString, finding);
    QVERIFY2(result.finding.contains(finding), qPrintable(walk.text()));
    QCOMPARE(result.remedy, u"Check that port %1 is for https."_s.arg(server.serverPort()));
    QCOMPARE(*walk.end, End::CannotConnect);
    QCOMPARE(walk.verdicts(), u"sgbssssss"_s);
}

void tst_SourceCheck::namesTheProxyThatIsUsed()
{
    SseServer proxy;
    for (const QByteArray path : {"/login", "/permissions", "/count", "/close"})
        proxy.handle("http://portal.example" + path, [path](Exchange *exchange) {
            exchange->answer(200,
                             R"({"token":"t","expires_in":60,"count":3,)"
                             R"("permissions":["counter.read"]})");
        });
    proxy.handle("http://portal.example/stream", [](Exchange *stream) {
        stream->startStream();
        stream->write(":\n");
    });
    KnownSecrets secrets({{u"work"_s, {{u"password"_s, QLatin1String(password)}}}});
    Source source = portalSource(u"http://portal.example"_s);
    source.proxy = u"http://mia:proxy-word@127.0.0.1:%1"_s.arg(proxy.port());
    Walk walk(source, &secrets);
    walk.check.start();
    QTRY_VERIFY(walk.end);
    QVERIFY2(*walk.end == End::Good, qPrintable(walk.text()));
    QCOMPARE(walk.verdicts(), u"sssgggggg"_s);
    QCOMPARE(walk.at(Stage::Dns).finding,
             u"portal.example is asked through the proxy 127.0.0.1:%1: it looks the name up."_s.arg(
                 proxy.port()));
    QVERIFY(!walk.text().contains(u"proxy-word"_s));
}

void tst_SourceCheck::probesTheHostOfTheLoginWhileTheStreamsIsUnknown()
{
    Fixture f;
    f.source.stream.url = Template(u"${events}"_s);
    f.source.login.first().extractions.insert(u"events"_s,
                                              Extraction{u"/events"_s, {}, {}, {}, {}});
    f.server.handle("/login", [&f](Exchange *login) {
        login->answerJson(200,
                          {{u"token"_s, QLatin1String(token)},
                           {u"expires_in"_s, 60},
                           {u"events"_s, f.server.url("/stream").toString()}});
    });
    Walk walk(f.source, &f.secrets);
    walk.check.start();
    QTRY_VERIFY(walk.end);
    QVERIFY2(*walk.end == End::Good, qPrintable(walk.text()));
    QCOMPARE(walk.at(Stage::Connect).finding,
             u"127.0.0.1 takes connections on port %1."_s.arg(f.server.port()));

    f.source.login.first().url = Template(u"${events}"_s);
    f.source.permissions.clear();
    f.source.snapshot.clear();
    Walk later(f.source, &f.secrets);
    later.check.start();
    QTRY_VERIFY(later.end);
    QCOMPARE(later.at(Stage::Dns).finding, u"The host is known only after the login."_s);
    QCOMPARE(later.at(Stage::Login).verdict, Verdict::Bad);
    QCOMPARE(*later.end, End::BadConfiguration);
}

void tst_SourceCheck::waitsForTheKeyring()
{
    Fixture f;
    SlowSecrets secrets;
    Walk walk(f.source, &secrets, 1500ms);
    walk.check.start();
    QTRY_VERIFY(secrets.give);
    secrets.give({SecretAnswer::Kind::Locked, {}, u"Unlock it."_s});
    // A person may take longer than a server.
    QTimer longer;
    longer.setSingleShot(true);
    longer.start(1600ms);
    QTRY_VERIFY(!longer.isActive());
    QVERIFY(!walk.end);
    QCOMPARE(walk.results.size(), 3);
    secrets.give({SecretAnswer::Kind::Found, QLatin1String(password), {}});
    QTRY_VERIFY(walk.end);
    QVERIFY2(*walk.end == End::Good, qPrintable(walk.text()));
    QVERIFY(!secrets.wasRefused);
}

void tst_SourceCheck::endsWhenTheKeyringDoesNotAnswer()
{
    Fixture f;
    SlowSecrets secrets;
    Walk walk(f.source, &secrets, 1s);
    walk.check.start();
    QTRY_VERIFY(walk.end);
    QCOMPARE(*walk.end, End::LoginNeeded);
    QCOMPARE(walk.at(Stage::Login).finding, u"The keyring did not give the secrets in time."_s);
    // Too late.
    secrets.give({SecretAnswer::Kind::Found, QLatin1String(password), {}});
    QVERIFY(!f.server.nextExchange(200ms));
    QCOMPARE(f.server.exchanges().size(), 0);
}

// As when its process is killed: what it holds is sent then.
void tst_SourceCheck::tellsTheServerThatItLeavesWhenItIsGone()
{
    Fixture f;
    f.server.handle("/count", [](Exchange *) {});
    auto walk = std::make_unique<Walk>(f.source, &f.secrets);
    walk->check.start();
    QTRY_COMPARE(f.server.requestCount("/count"), 1);
    QVERIFY(!f.server.nextExchange(200ms));
    QCOMPARE(f.server.requestCount("/close"), 0);
    walk.reset();
    QTRY_COMPARE(f.server.requestCount("/close"), 1);
    QCOMPARE(f.server.exchanges("/close").constFirst()->header("Authorization"),
             QByteArray("Bearer ") + token);
}

void tst_SourceCheck::tellsTheServerThatItLeavesWhenStopped_data()
{
    QTest::addColumn<QByteArray>("path"); // of the request that is not answered
    QTest::addColumn<QString>("verdicts");
    QTest::newRow("login") << QByteArray("/login") << u"sgsssssss"_s;
    QTest::newRow("snapshot") << QByteArray("/count") << u"sgsggsssg"_s;
    QTest::newRow("stream") << QByteArray("/stream") << u"sgsgggssg"_s;
}

void tst_SourceCheck::tellsTheServerThatItLeavesWhenStopped()
{
    QFETCH(QByteArray, path);
    Fixture f;
    f.server.handle(path, [](Exchange *) {});
    Walk walk(f.source, &f.secrets);
    walk.check.start();
    QTRY_COMPARE(f.server.requestCount(path), 1);
    walk.check.stop();
    walk.check.stop();
    QTRY_VERIFY(walk.end);
    QCOMPARE(*walk.end, End::Failed);
    QTEST(walk.verdicts(), "verdicts");
    QCOMPARE(walk.at(Stage::FirstByte).finding, u"Interrupted."_s);
    QVERIFY(!f.server.nextExchange(200ms));
    QCOMPARE(f.server.requestCount("/close"), path == "/login" ? 0 : 1);
    QTRY_VERIFY(f.server.exchanges(path).constFirst()->wasClosedByPeer());
}

void tst_SourceCheck::showsNoSecretThatTheServerSendsBack_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<Stage>("stage");
    const auto head = [](const QByteArray &status, const QByteArray &headers = {}) {
        return "HTTP/1.1 " + status + "\r\n" + headers + "Content-Length: 0\r\n\r\n";
    };
    const QByteArray secret(password);
    QTest::newRow("as reason") << QByteArray("/login") << head("418 " + secret) << Stage::Login;
    QTest::newRow("as reason, in base64")
        << QByteArray("/login") << head("418 " + secret.toBase64()) << Stage::Login;
    QTest::newRow("as type") << QByteArray("/login")
                             << head("200 OK", "Content-Type: x/" + secret + "\r\n")
                             << Stage::Login;
    QTest::newRow("the token, as type of the stream")
        << QByteArray("/stream") << head("200 OK", QByteArray("Content-Type: x/") + token + "\r\n")
        << Stage::StreamOpened;
    QTest::newRow("in a redirect, percent-encoded")
        << QByteArray("/stream")
        << head("302 Found", "Location: ftp://127.0.0.1/" + secret.toPercentEncoding() + "\r\n")
        << Stage::StreamOpened;
    QTest::newRow("the token, as event")
        << QByteArray("/stream")
        << QByteArray("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\nevent: ") + token
            + "\ndata:\n\n"
        << Stage::FirstByte;
    QTest::newRow("and no escape sequence")
        << QByteArray("/stream")
        << QByteArray("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
                      "event: \x1b]0;pwned\x07\ndata:\n\n")
        << Stage::FirstByte;
}

void tst_SourceCheck::showsNoSecretThatTheServerSendsBack()
{
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, answer);
    QFETCH(Stage, stage);
    Fixture f;
    f.server.handle(path, [answer](Exchange *exchange) { exchange->writeRaw(answer); });
    Walk walk(f.source, &f.secrets);
    walk.check.start();
    QTRY_VERIFY(walk.end);
    const QByteArray text = walk.text().toUtf8();
    QVERIFY2(walk.at(stage).verdict != Verdict::Skipped, text.constData());
    QVERIFY2(walk.at(stage).finding.contains(u'…') || path != "/login", text.constData());
    const QByteArray secret(password);
    for (const QByteArray &shape : {secret, secret.toBase64(), secret.toPercentEncoding(),
                                    QByteArray(token), QByteArray("\x1b")})
        QVERIFY2(!text.contains(shape), text.constData());
}

void tst_SourceCheck::redacts_data()
{
    QTest::addColumn<QStringList>("secrets");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("shown");
    QTest::newRow("nothing") << QStringList{} << u"as it is"_s << u"as it is"_s;
    QTest::newRow("an empty secret") << QStringList{QString()} << u"as it is"_s << u"as it is"_s;
    QTest::newRow("wherever it stands")
        << QStringList{u"word"_s} << u"word, swordfish"_s << u"…, s…fish"_s;
    QTest::newRow("one within another")
        << QStringList{u"abcd"_s, u"abcdefgh"_s} << u"abcdefgh"_s << u"…"_s;
    QTest::newRow("a short one alone")
        << QStringList{u"is"_s} << u"this is (is)"_s << u"this … (…)"_s;
    QTest::newRow("with special characters") << QStringList{u".*"_s} << u"a .* b"_s << u"a … b"_s;
    QTest::newRow("percent-encoded") << QStringList{u"a b&c"_s} << u"?q=a%20b%26c"_s << u"?q=…"_s;
    QTest::newRow("base64 for addresses")
        << QStringList{u"\u00ff\u00fe?>~"_s} << u"w7_Dvj8-fg"_s << u"…"_s;
    QTest::newRow("control characters")
        << QStringList{} << u"a\x1b[31mb\nc\u202ed"_s << u"a…[31mb…c…d"_s;
}

void tst_SourceCheck::redacts()
{
    QFETCH(QStringList, secrets);
    QFETCH(QString, text);
    Redaction redaction;
    for (const QString &secret : secrets)
        redaction.hide(secret);
    QTEST(redaction.of(text), "shown");
}

QTEST_GUILESS_MAIN(tst_SourceCheck)
#include "tst_sourcecheck.moc"
