// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "app/tallybellprocess.h"
#include "leaksearch.h"
#include "realkeyring.h"

#include <sselib/testkit/sseserver.h>

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QStandardPaths>
#include <QTest>

#include <csignal>
#include <functional>
#include <iterator>

using namespace Qt::Literals;
using Harness::Exchange;
using Harness::SseServer;

namespace {

// With characters that an encoding has to change, so that no form hides behind another.
const QByteArray password = "Canary/4711+of a?password";
const QByteArray token = "canary.4712/of+a&token";

const QByteArray encodedToken = QUrl::toPercentEncoding(QString::fromUtf8(token));
const QByteArray encodedPassword = QUrl::toPercentEncoding(QString::fromUtf8(password));

// Where the secrets are on their way to the server.
enum class Place {
    Body, // and the header Authorization
    Address, // path and query, and HTTP Basic
};

constexpr auto sourceWithSecretsInAddresses = R"({
    "schema": 1,
    "title": "Work",
    "vars": {"base": "BASE", "user": "mia",
             "password": {"type": "secret", "label": "Password", "required": true}},
    "http": {"auth": "basic", "timeoutMs": 3000},
    "login": [{"name": "login", "method": "GET",
               "url": "${base}/login?user=${user}&password=${password|urlencode}",
               "extract": {"token": {"pointer": "/token"}}}],
    "token": {"var": "token"},
    "permissions": [{"name": "permissions",
                     "url": "${base}/permissions/${token|urlencode}?t=${token|urlencode}",
                     "require": [{"pointer": "/permissions", "contains": "counter.read"}]}],
    "snapshot": [{"name": "count", "url": "${base}/count?t=${token|urlencode}",
                  "count": {"pointer": "/count"}}],
    "stream": {"url": "${base}/stream/${token|urlencode}?t=${token|urlencode}"},
    "rules": [{"event": "count", "do": "set", "pointer": "/count"}],
    "close": {"steps": [{"name": "close", "method": "POST",
                         "url": "${base}/close?t=${token|urlencode}"}]}
})";

// Both ways to the same steps.
void handle(SseServer *portal, const QByteArray &step, const SseServer::Handler &handler)
{
    portal->handle("/" + step, handler);
    portal->handle("/" + step + "/" + encodedToken, handler);
}

void behave(SseServer *portal)
{
    handle(portal, "login", [](Exchange *login) {
        login->answerJson(200, {{u"token"_s, QString::fromUtf8(token)}, {u"expires_in"_s, 600}});
    });
    handle(portal, "permissions", [](Exchange *permissions) {
        permissions->answer(200, R"({"permissions": ["counter.read"]})");
    });
    handle(portal, "count", [](Exchange *count) { count->answer(200, R"({"count": 3})"); });
    handle(portal, "stream", [](Exchange *stream) {
        stream->startStream();
        stream->write("event: count\ndata: {\"count\": 4}\n\n");
    });
    handle(portal, "close", [](Exchange *close) { close->answer(204); });
}

// What a server may do with secrets that it was told, and what the app says of it.
struct Situation
{
    const char *name;
    const char *said;
    std::function<void(SseServer *portal)> arrange;
};

const QByteArray shout = "You said " + password + " and " + token + " and " + encodedPassword
    + " and " + encodedToken + " and " + password.toBase64() + ".";

SseServer::Handler answering(int status, const QByteArray &body,
                             const Harness::Headers &headers = {})
{
    return [status, body, headers](Exchange *exchange) { exchange->answer(status, body, headers); };
}

SseServer::Handler answeringRaw(const QByteArray &bytes)
{
    return [bytes](Exchange *exchange) {
        exchange->writeRaw(bytes);
        exchange->cut();
    };
}

const Situation situations[] = {
    {"all is well, with secrets in the events", "4 waiting",
     [](SseServer *portal) {
         handle(portal, "stream", [](Exchange *stream) {
             stream->startStream({{"X-Token", token}});
             stream->write(": " + token + "\n\nid: " + token + "\nevent: " + token
                           + "\ndata: " + shout + "\n\nevent: count\ndata: " + shout
                           + "\n\nevent: count\ndata: {\"count\": 4, \"token\": \"" + token
                           + "\"}\n\n");
         });
     }},
    {"login: 500 that echoes", "answered 500",
     [](SseServer *portal) { handle(portal, "login", answering(500, shout)); }},
    {"login: 401 that echoes", "answered 401",
     [](SseServer *portal) {
         handle(portal, "login",
                answering(401, shout, {{"WWW-Authenticate", "Basic realm=\"" + password + "\""}}));
     }},
    {"login: 403 that echoes", "answered 403",
     [](SseServer *portal) { handle(portal, "login", answering(403, shout)); }},
    {"login: a page instead of JSON", "It is text/html",
     [](SseServer *portal) {
         handle(portal, "login", answering(200, shout, {{"Content-Type", "text/html"}}));
     }},
    {"login: JSON without a token", "has nothing at",
     [](SseServer *portal) {
         handle(portal, "login", [](Exchange *login) {
             login->answerJson(200, {{QString::fromUtf8(password), QString::fromUtf8(token)}});
         });
     }},
    {"login: cut in its answer", "cannot be reached",
     [](SseServer *portal) {
         handle(portal, "login",
                answeringRaw("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + shout));
     }},
    {"login: no HTTP", "cannot be reached",
     [](SseServer *portal) { handle(portal, "login", answeringRaw(shout + "\r\n\r\n")); }},
    {"login: redirect to an address with the secret", "answered 500",
     [](SseServer *portal) {
         portal->handle("/next/" + encodedPassword, answering(500, shout));
         handle(portal, "login", [](Exchange *login) {
             login->redirect(307, "/next/" + encodedPassword + "?p=" + encodedPassword);
         });
     }},
    {"login: redirect to another server with the secret", "redirects to another server",
     [](SseServer *portal) {
         handle(portal, "login", [](Exchange *login) {
             login->redirect(302, "http://localhost:1/" + encodedPassword + "?" + encodedPassword);
         });
     }},
    {"permissions: only the secret is permitted", "permi",
     [](SseServer *portal) {
         handle(portal, "permissions", [](Exchange *permissions) {
             permissions->answer(200, "{\"permissions\": [\"" + token + "\"]}");
         });
     }},
    {"count: the token for a number", "no number",
     [](SseServer *portal) {
         handle(portal, "count",
                [](Exchange *count) { count->answer(200, "{\"count\": \"" + token + "\"}"); });
     }},
    {"stream: 503 that echoes", "503",
     [](SseServer *portal) { handle(portal, "stream", answering(503, shout)); }},
    {"stream: 404 that echoes", "404",
     [](SseServer *portal) { handle(portal, "stream", answering(404, shout)); }},
    {"stream: a page", "text/html",
     [](SseServer *portal) {
         handle(portal, "stream", answering(200, shout, {{"Content-Type", "text/html"}}));
     }},
    {"stream: cut in an event", "was lost",
     [](SseServer *portal) {
         handle(portal, "stream", [](Exchange *stream) {
             stream->startStream();
             stream->write("event: count\ndata: {\"count\": 4}\n\nid: " + token
                           + "\ndata: " + shout);
             stream->cut();
         });
     }},
    {"stream: redirect to an address with the secret", "503",
     [](SseServer *portal) {
         portal->handle("/next/" + encodedToken, answering(503, shout));
         handle(portal, "stream", [](Exchange *stream) {
             stream->redirect(307, "/next/" + encodedToken + "?t=" + encodedToken);
         });
     }},
    {"stream: a content type with the secret", "instead of text/event-stream",
     [](SseServer *portal) {
         handle(portal, "stream", [](Exchange *stream) {
             stream->answer(200, {}, {{"Content-Type", "text/" + encodedToken}});
         });
     }},
    {"stream: redirect to a server that is not there", "localhost",
     [](SseServer *portal) {
         handle(portal, "stream", [](Exchange *stream) {
             stream->redirect(307, "http://localhost:1/" + encodedToken + "?t=" + encodedToken);
         });
     }},
};

bool type(const QByteArray &text)
{
    QProcess xdotool; // not by an argument, which others can see
    xdotool.start(u"xdotool"_s, {u"type"_s, u"--file"_s, u"-"_s});
    xdotool.write(text);
    xdotool.closeWriteChannel();
    return xdotool.waitForFinished() && xdotool.exitCode() == 0;
}

bool xdotool(const QStringList &arguments)
{
    QProcess process;
    process.start(u"xdotool"_s, arguments);
    return process.waitForFinished() && process.exitCode() == 0;
}

} // namespace

/*!
    Passwords and tokens are seen nowhere: in the log, on standard output, in any file below the home
    folder, in arguments and environment of our processes, on the bus. Nothing is left out of that
    but the secrets file itself. The way to the keyring and the keyring's file are searched like all
    others, for libsecret encrypts the one and gnome-keyring the other.
*/
class tst_Canary : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void findsASecretInEveryForm_data();
    void findsASecretInEveryForm();
    void findsASecretInAProcessAndItsChildren();
    void isSeenNowhere_data();
    void isSeenNowhere();
    void isSeenNowhereOnItsWayToAndFromTheKeyring();

private:
    void endAndSearch(TallybellProcess *app, const QStringList &secretsFiles);

    const Harness::LeakSearch m_search{{password, token}};
    QTemporaryDir m_folder; // beside the home folder
    QProcess m_monitor;
    QString m_capture;
    int m_marks = 0;
};

void tst_Canary::initTestCase()
{
    for (const QString &program : {u"dbus-monitor"_s, u"gnome-keyring-daemon"_s, u"xdotool"_s})
        QVERIFY2(!QStandardPaths::findExecutable(program).isEmpty(),
                 qPrintable(program + u" is missing"_s));
    m_capture = m_folder.filePath(u"bus"_s);
    m_monitor.setStandardOutputFile(m_capture);
    m_monitor.start(u"dbus-monitor"_s, {u"--session"_s, u"--binary"_s});
    QVERIFY(m_monitor.waitForStarted());
    QTRY_VERIFY(QFileInfo(m_capture).size() > 0); // it listens
}

void tst_Canary::cleanupTestCase()
{
    m_monitor.terminate();
    m_monitor.waitForFinished();
}

void tst_Canary::findsASecretInEveryForm_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("as it is") << "a " + password + " b";
    QTest::newRow("in capitals") << password.toUpper();
    QTest::newRow("percent-encoded") << encodedPassword;
    QTest::newRow("percent-encoded in part") << QByteArray(password).replace("/", "%2f");
    QTest::newRow("in JSON") << QByteArray(password).replace("/", "\\/");
    QTest::newRow("base64") << password.toBase64();
    QTest::newRow("base64 of Basic") << ("mia:" + password).toBase64();
    QTest::newRow("base64 behind two bytes") << ("m:" + password + "!").toBase64();
    QTest::newRow("base64 behind five bytes") << ("peter" + password + "!!").toBase64();
    QTest::newRow("hexadecimal") << password.toHex().toUpper();
    const QString text = QString::fromUtf8(password);
    QTest::newRow("UTF-16") << QByteArray(reinterpret_cast<const char *>(text.utf16()),
                                          text.size() * 2);
}

void tst_Canary::findsASecretInEveryForm()
{
    QFETCH(QByteArray, bytes);
    QCOMPARE(m_search.in(bytes, u"here"_s).size(), 1);
    QVERIFY(m_search.in(bytes.left(bytes.size() / 2), u"here"_s).isEmpty());
    QFile file(QDir::home().filePath(u"leak"_s));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
    file.close();
    QCOMPARE(m_search.inFolder(QDir::homePath()).size(), 1);
    QVERIFY(m_search.inFolder(QDir::homePath(), {file.fileName()}).isEmpty());
    QVERIFY(file.remove());
}

void tst_Canary::findsASecretInAProcessAndItsChildren()
{
    QProcess parent;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"TOKEN"_s, QString::fromUtf8(token));
    parent.setProcessEnvironment(environment);
    parent.start(u"/bin/sh"_s, {u"-c"_s, u"cat; exit 0"_s, QString::fromUtf8(password)});
    QVERIFY(parent.waitForStarted());
    // Arguments and environment of the shell, and the environment of its child.
    QTRY_COMPARE(m_search.inProcesses(parent.processId()).size(), 3);
    parent.closeWriteChannel();
    QVERIFY(parent.waitForFinished());
}

void tst_Canary::endAndSearch(TallybellProcess *app, const QStringList &secretsFiles)
{
    const qint64 process = app->processId();
    QStringList leaks = m_search.inProcesses(process);
    app->send(SIGTERM);
    QCOMPARE(app->waitForExit(), 0);
    QVERIFY(!app->errors().isEmpty());
    leaks += m_search.in(app->errors(), u"log"_s);
    leaks += m_search.in(app->output(), u"standard output"_s);
    leaks += m_search.inFolder(QDir::homePath());
    leaks += m_search.inFolder(app->configDirectory(), secretsFiles);

    // All that was on the bus until now.
    const QString mark = u"mark%1"_s.arg(++m_marks);
    QVERIFY(QDBusConnection::sessionBus().send(
        QDBusMessage::createSignal(u"/canary"_s, u"org.tallybell.Canary"_s, mark)));
    QByteArray messages;
    const auto hasMark = [this, &mark, &messages] {
        QFile file(m_capture);
        messages = file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
        return messages.contains(mark.toLatin1() + '\0');
    };
    QTRY_VERIFY(hasMark());
    leaks += m_search.in(messages, u"bus"_s);
    QVERIFY2(leaks.isEmpty(),
             qPrintable(u"\n"_s + leaks.join(u'\n') + u'\n' + QString::fromUtf8(app->errors())));
}

void tst_Canary::isSeenNowhere_data()
{
    QTest::addColumn<int>("situation");
    QTest::addColumn<Place>("place");
    QTest::addColumn<bool>("hasWindow");
    for (int index = 0; index < int(std::size(situations)); ++index) {
        for (const Place place : {Place::Body, Place::Address}) {
            for (const bool hasWindow : {false, true}) {
                if (hasWindow && place == Place::Body)
                    continue; // the address is the worse one
                QTest::addRow("%s, in %s, %s", situations[index].name,
                              place == Place::Body ? "the body" : "the address",
                              hasWindow ? "window" : "headless")
                    << index << place << hasWindow;
            }
        }
    }
}

void tst_Canary::isSeenNowhere()
{
    QFETCH(int, situation);
    QFETCH(Place, place);
    QFETCH(bool, hasWindow);
    SseServer portal;
    behave(&portal);
    situations[situation].arrange(&portal);
    TallybellProcess app;
    if (place == Place::Body) {
        app.addPortal(u"work"_s, portal.url());
    } else {
        QByteArray source = sourceWithSecretsInAddresses;
        source.replace("BASE", portal.url().toString(QUrl::StripTrailingSlash).toLatin1());
        app.addSourceFile(u"work.json"_s, source);
    }
    const QString secretsFile = app.addSecrets(u"work"_s, password);
    QStringList arguments{u"--log-level"_s, u"debug"_s};
    if (!hasWindow)
        arguments.append(u"--headless"_s);
    app.startConfigured(arguments);
    const QByteArray said = situations[situation].said;
    QTRY_VERIFY2_WITH_TIMEOUT(app.errors().contains(said), app.errors().constData(), 20000);
    // It has the secrets, and gave them to whom they are for.
    QVERIFY(portal.requestCount("/login") > 0);
    const Exchange *const login = portal.exchanges("/login").constFirst();
    QVERIFY(place == Place::Body ? login->body().contains(password)
                                 : login->request().query.contains(encodedPassword));
    endAndSearch(&app, {secretsFile});
}

void tst_Canary::isSeenNowhereOnItsWayToAndFromTheKeyring()
{
    Harness::RealKeyring keyring;
    QVERIFY(keyring.start());
    SseServer portal;
    behave(&portal);
    TallybellProcess app;
    app.addPortal(u"work"_s, portal.url());

    // Typed, and to be remembered.
    app.startConfigured({u"--log-level"_s, u"debug"_s});
    const QStringList question{u"search"_s, u"--onlyvisible"_s, u"--name"_s, u"^Log in: "_s};
    QTRY_VERIFY_WITH_TIMEOUT(xdotool(question), 20000);
    QTRY_VERIFY(xdotool(question + QStringList{u"windowactivate"_s, u"--sync"_s}));
    QVERIFY(type(password));
    QVERIFY(xdotool({u"key"_s, u"Return"_s}));
    QTRY_VERIFY2_WITH_TIMEOUT(app.errors().contains("4 waiting"), app.errors().constData(), 20000);
    QVERIFY(portal.exchanges("/login").constFirst()->body().contains(password));
    QTRY_COMPARE(Harness::RealKeyring::itemCount(u"org.tallybell.Tallybell"_s, u"work/password"_s),
                 1);
    endAndSearch(&app, {});

    // Read from there at the next start.
    app.startConfigured({u"--headless"_s, u"--log-level"_s, u"debug"_s});
    QTRY_VERIFY2_WITH_TIMEOUT(app.errors().contains("4 waiting"), app.errors().constData(), 20000);
    QCOMPARE(portal.requestCount("/login"), 2);
    QVERIFY(portal.exchanges("/login").constLast()->body().contains(password));
    endAndSearch(&app, {});
    QFile capture(m_capture);
    QVERIFY(capture.open(QIODevice::ReadOnly));
    QVERIFY(capture.readAll().contains("GetSecret")); // it was on the bus, encrypted
}

QTEST_GUILESS_MAIN(tst_Canary)
#include "tst_canary.moc"
