// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "core/source/preset.h"
#include "core/source/sourcereader.h"
#include "presets/presetrun.h"
#include "presets/rsakey.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSignalSpy>
#include <QTest>

using namespace std::chrono_literals;
using namespace Qt::Literals;
using Harness::Exchange;
using Occasion = Feed::Occasion;
using Status = CountModel::Status;

namespace {

constexpr std::chrono::milliseconds soon =
    300ms; // in place of the minutes after which a server ends its streams

QJsonObject bodyOf(const Exchange *exchange)
{
    return QJsonDocument::fromJson(exchange->body()).object();
}

// The port of a source that is not run does not matter.
SourceResult readFilled(const QString &preset, const QJsonObject &variables)
{
    const QJsonObject source{{u"schema"_s, 1}, {u"preset"_s, preset}, {u"vars"_s, variables}};
    return readSource(QJsonDocument(source).toJson(), u"work.json"_s);
}

QJsonObject declarationsOf(const QString &preset)
{
    return withPreset({{u"preset"_s, preset}}).value("vars"_L1).toObject();
}

// Something for each blank of a preset that has to be filled and is no secret.
QJsonObject fillingOf(const QString &preset)
{
    QJsonObject filling;
    const QJsonObject declarations = declarationsOf(preset);
    for (auto entry = declarations.begin(); entry != declarations.end(); ++entry) {
        const QJsonObject declaration = entry->toObject();
        const bool isSecret = declaration.value("type"_L1) == "secret"_L1;
        if (entry->isObject() && !isSecret && !declaration.contains("default"_L1)
            && declaration.value("required"_L1).toBool(true))
            filling.insert(entry.key(), u"http://127.0.0.1:9"_s);
    }
    return filling;
}

// "title | body | path of the address", newest first.
QStringList itemsOf(const PresetRun &run)
{
    QStringList lines;
    for (const Item &item : run.model.items())
        lines.append(QStringList{item.title, item.body, item.url.path()}.join(u" | "_s));
    return lines;
}

const QJsonObject user{{u"user"_s, u"mia"_s}};
const QHash<QString, QString> password{{u"password"_s, u"right"_s}};
const QHash<QString, QString> token{{u"token"_s, u"T0"_s}};

} // namespace

class tst_Presets : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void loadsWithItsBlanksFilled_data();
    void loadsWithItsBlanksFilled();
    void namesEachBlankThatIsNotFilled_data();
    void namesEachBlankThatIsNotFilled();
    void explainsItself_data();
    void explainsItself();

    void companyPortal();
    void companyPortalWithoutThePermission();
    void ruoyi();
    void ruoyiWithCaptchaAndEncryption();
    void ruoyiRefusesInsideA200_data();
    void ruoyiRefusesInsideA200();
    void sseServer();
    void sseServerThatSaysClose();
    void forgejo();
    void forgejoWithAWrongPassword();
    void forgejoWithASecondFactor();
    void giteaWithoutItsStream();
    void giteaWithAToken_data();
    void giteaWithAToken();
    void ntfy();
    void ntfyWithoutAToken();
    void mercure_data();
    void mercure();
    void nchan();
    void nchanOfADeletedChannel();
    void pushpin();
    void jmap();
    void jmapWithoutPush();
    void mastodon();
    void homeAssistant();
    void homeAssistantBeforeTheSensorIsThere();
    void homeAssistantWithAWrongToken();
    void ocis();
    void ocisWithARefusedRefreshToken();
    void couchdb();
    void jenkins();
};

// The files as such

void addPresets()
{
    QTest::addColumn<QString>("preset");
    const QStringList names = presetNames();
    for (const QString &name : names)
        QTest::newRow(qPrintable(name)) << name;
}

void tst_Presets::loadsWithItsBlanksFilled_data()
{
    addPresets();
    QCOMPARE(presetNames().size(), 17);
}

void tst_Presets::loadsWithItsBlanksFilled()
{
    QFETCH(QString, preset);
    const SourceResult result = readFilled(preset, fillingOf(preset));
    QVERIFY2(result.source, qPrintable(result.error));
    QVERIFY(!result.source->snapshot.isEmpty());
}

void tst_Presets::namesEachBlankThatIsNotFilled_data()
{
    addPresets();
}

void tst_Presets::namesEachBlankThatIsNotFilled()
{
    QFETCH(QString, preset);
    const QJsonObject filling = fillingOf(preset);
    const QStringList names = filling.keys();
    for (const QString &name : names) {
        QJsonObject incomplete = filling;
        incomplete.remove(name);
        const SourceResult result = readFilled(preset, incomplete);
        QVERIFY(!result.source);
        const QString label =
            declarationsOf(preset).value(name).toObject().value("label"_L1).toString();
        QVERIFY2(result.error.contains(u"“%1” has no value"_s.arg(label)),
                 qPrintable(result.error));
        QVERIFY2(result.error.contains(u"/vars/"_s + name), qPrintable(result.error));
    }
}

void tst_Presets::explainsItself_data()
{
    addPresets();
}

void tst_Presets::explainsItself()
{
    QFETCH(QString, preset);
    const QJsonObject members = withPreset({{u"preset"_s, preset}});
    QVERIFY(!members.value("title"_L1).toString().isEmpty());
    QVERIFY(members.contains("homepage"_L1));
    QVERIFY(members.value("description"_L1).toString().endsWith(u'.'));
    const QJsonObject declarations = declarationsOf(preset);
    for (auto entry = declarations.begin(); entry != declarations.end(); ++entry)
        QVERIFY2(!entry->toObject().value("label"_L1).toString().isEmpty(),
                 qPrintable(entry.key()));
}

// Company portal: JSON with the token somewhere inside, and a close request like sendBeacon's

void tst_Presets::companyPortal()
{
    QJsonObject variables = user;
    variables.insert(u"tokenPointer"_s, u"/data/accessToken"_s);
    variables.insert(u"permission"_s, u"inbox.read"_s);
    PresetRun run(u"company-portal"_s, variables, password);
    QJsonObject count{{u"count"_s, 2}};
    run.answer("/login", {{u"data"_s, QJsonObject{{u"accessToken"_s, u"T1"_s}}}});
    run.answer("/permissions", {{u"permissions"_s, QJsonArray{u"inbox.read"_s}}});
    run.answer("/notifications/unread-count", &count);
    run.server.handle("/sse/connect", [](Exchange *stream) { stream->startStream(); });
    run.server.handle("/sse/close", [](Exchange *close) { close->answer(204); });
    run.feed->start();
    QTRY_COMPARE(
        run.requests(),
        (QStringList{u"POST /login"_s, u"GET /permissions"_s, u"GET /notifications/unread-count"_s,
                     u"GET /sse/connect?clientId=UUID"_s, u"GET /notifications/unread-count"_s}));
    QCOMPARE(bodyOf(run.last("/login")),
             (QJsonObject{{u"username"_s, u"mia"_s}, {u"password"_s, u"right"_s}}));
    Exchange *const stream = run.last("/sse/connect");
    QCOMPARE(stream->header("Authorization"), "Bearer T1");

    count = {{u"count"_s, 7}};
    QTRY_VERIFY(run.hasCountOfItsStream());
    stream->write("event:heartbeat\ndata:\xf0\x9f\x92\x93\n\n"
                  "event:change\ndata:{\"count\":5}\n\n"
                  "data: {\"count\":\"6\",\"title\":\"Leave request\",\"text\":\"By mia\","
                  "\"url\":\"/inbox/6\"}\n\n"
                  "event:change\ndata:something\n\n");
    QTRY_COMPARE(run.counts, (QStringList{u"2"_s, u"5"_s, u"6"_s, u"7"_s}));
    QCOMPARE(itemsOf(run), QStringList{u"Leave request | By mia | /inbox/6"_s});

    run.feed->stop(Occasion::Quit);
    QTRY_COMPARE(run.server.requestCount("/sse/close"), 1);
    QCOMPARE(run.last("/sse/close")->method(), "POST");
    QCOMPARE(run.last("/sse/close")->header("Content-Type"), "application/x-www-form-urlencoded");
    QCOMPARE(run.last("/sse/close")->body(), stream->request().query + "&reason=unload");
}

void tst_Presets::companyPortalWithoutThePermission()
{
    QJsonObject variables = user;
    variables.insert(u"permission"_s, u"inbox.read"_s);
    PresetRun run(u"company-portal"_s, variables, password);
    run.answer("/login", {{u"token"_s, u"T1"_s}});
    run.answer("/permissions", {{u"permissions"_s, QJsonArray{u"inbox.write"_s}}});
    run.feed->start();
    QTRY_COMPARE(run.model.status(), Status::NotPermitted);
    QVERIFY2(run.model.detail().contains(u"inbox.read"_s), qPrintable(run.model.detail()));
    QCOMPARE(run.requests().size(), 2);
}

// RuoYi-Vue-Plus: errors are 200, the client id goes with the token, the close request is a GET

void tst_Presets::ruoyi()
{
    PresetRun run(u"ruoyi-vue-plus"_s, user, password,
                  [](Source &source) { source.stream.initialRetry = 100ms; });
    QJsonObject tasks{{u"code"_s, 200}, {u"total"_s, 7}, {u"msg"_s, u"查询成功"_s}};
    int logins = 0;
    run.answer("/auth/code",
               {{u"code"_s, 200}, {u"data"_s, QJsonObject{{u"captchaEnabled"_s, false}}}});
    run.server.handle("/auth/login", [&logins](Exchange *login) {
        const QJsonObject data{{u"access_token"_s, u"T%1"_s.arg(++logins)},
                               {u"expire_in"_s, 604799}};
        login->answerJson(200, {{u"code"_s, 200}, {u"msg"_s, u"操作成功"_s}, {u"data"_s, data}});
    });
    const QByteArray path("/workflow/task/getPageByTaskWait");
    run.server.handleNext(path, [](Exchange *count) { // the first token is none any more
        count->answerJson(200, {{u"code"_s, 401}, {u"msg"_s, u"认证失败，无法访问系统资源"_s}});
    });
    run.answer(path, &tasks);
    run.server.handle("/resource/sse", [](Exchange *stream) { stream->startStream(); });
    run.answer("/resource/sse/close", {{u"code"_s, 200}, {u"msg"_s, u"操作成功"_s}});
    run.answer("/auth/logout", {{u"code"_s, 200}});
    run.feed->start();
    const QString count = u"GET /workflow/task/getPageByTaskWait?pageNum=1&pageSize=1"_s;
    QTRY_COMPARE(
        run.requests(),
        (QStringList{u"GET /auth/code"_s, u"POST /auth/login"_s, count, u"GET /auth/code"_s,
                     u"POST /auth/login"_s, count, u"GET /resource/sse"_s, count}));
    QTRY_COMPARE(
        run.states,
        (QStringList{u"loggingIn"_s, u"authorizing"_s, u"counting"_s, u"loggingIn"_s,
                     u"authorizing"_s, u"counting"_s, u"connecting"_s, u"live"_s, u"opened"_s}));
    QCOMPARE(bodyOf(run.last("/auth/login")),
             (QJsonObject{{u"tenantId"_s, u"000000"_s},
                          {u"username"_s, u"mia"_s},
                          {u"password"_s, u"right"_s},
                          {u"code"_s, u""_s},
                          {u"uuid"_s, u""_s},
                          {u"clientId"_s, u"e5cd7e4891bf95d1d19206ce24a7b32e"_s},
                          {u"grantType"_s, u"password"_s}}));
    QVERIFY(!run.last("/auth/login")->request().hasHeader("encrypt-key"));
    Exchange *const stream = run.last("/resource/sse");
    QCOMPARE(stream->header("Authorization"), "Bearer T2");
    QCOMPARE(stream->header("clientid"), "e5cd7e4891bf95d1d19206ce24a7b32e");
    QCOMPARE(stream->header("Accept"), "text/event-stream, application/json;q=0.5");

    QSignalSpy asked(&run.server, &Harness::SseServer::requestReceived);
    tasks.insert(u"total"_s, 9);
    stream->write(":connected\n\nevent:message\ndata:欢迎登录RuoYi-Vue-Plus后台管理系统\n\n");
    QVERIFY(!asked.wait(1200)); // it counts for nothing
    stream->write("event:message\ndata:您有新的待办任务\n\n:heartbeat\n\n");
    QTRY_COMPARE(run.counts, (QStringList{u"7"_s, u"9"_s}));
    QCOMPARE(itemsOf(run), QStringList{u"您有新的待办任务 |  | "_s});
    QCOMPARE(run.server.requestCount(path), 4);

    // One stream for each token: the old one is closed before the next.
    stream->end();
    QTRY_COMPARE(run.server.requestCount("/resource/sse"), 2);
    QTRY_COMPARE(run.server.requestCount(path), 5);
    QCOMPARE(run.requests().mid(9, 2),
             (QStringList{u"GET /resource/sse/close"_s, u"GET /resource/sse"_s}));
    run.last("/resource/sse")->write(":disconnected\n\n");
    QTRY_COMPARE(run.server.requestCount("/resource/sse"), 3); // 5 s later
    QTRY_COMPARE(run.model.status(), Status::Live);

    run.feed->stop(Occasion::Logout);
    QTRY_COMPARE(run.server.requestCount("/auth/logout"), 1);
    QCOMPARE(run.requests().mid(run.requests().size() - 2),
             (QStringList{u"GET /resource/sse/close"_s, u"POST /auth/logout"_s}));
    QCOMPARE(run.last("/auth/logout")->header("Authorization"), "Bearer T2");
}

void tst_Presets::ruoyiWithCaptchaAndEncryption()
{
    const RsaKey key;
    ReadyPrompter prompter(u"12"_s);
    QJsonObject variables = user;
    variables.insert(u"rsaKey"_s, QString::fromLatin1(key.publicKey().toBase64()));
    variables.insert(u"permission"_s, u"workflow:task:list"_s);
    PresetRun run(u"ruoyi-vue-plus"_s, variables, password, {}, &prompter);
    const QByteArray picture("the bytes of a picture");
    run.answer("/auth/code",
               {{u"code"_s, 200},
                {u"data"_s,
                 QJsonObject{{u"captchaEnabled"_s, true},
                             {u"uuid"_s, u"c1"_s},
                             {u"img"_s, QString::fromLatin1(picture.toBase64())}}}});
    run.answer("/auth/login",
               {{u"code"_s, 200}, {u"data"_s, QJsonObject{{u"access_token"_s, u"T1"_s}}}});
    run.answer(
        "/system/user/getInfo",
        {{u"code"_s, 200}, {u"data"_s, QJsonObject{{u"permissions"_s, QJsonArray{u"*:*:*"_s}}}}});
    run.answer("/workflow/task/getPageByTaskWait", {{u"code"_s, 200}, {u"total"_s, 1}});
    run.server.handle("/resource/sse", [](Exchange *stream) { stream->startStream(); });
    run.feed->start();
    QTRY_COMPARE(run.model.status(), Status::Live);
    QCOMPARE(run.counts, QStringList{u"1"_s});
    QCOMPARE(run.server.requestCount("/system/user/getInfo"), 1);
    QCOMPARE(prompter.questions.size(), 1);
    QCOMPARE(prompter.questions.constFirst().kind, PromptQuestion::Kind::Captcha);
    QCOMPARE(prompter.questions.constFirst().image, picture);

    // As the server's filter does it: RSA gives the key's base64, AES the JSON.
    const Exchange *const login = run.last("/auth/login");
    const QByteArray secret =
        QByteArray::fromBase64(key.decrypted(QByteArray::fromBase64(login->header("encrypt-key"))));
    QCOMPARE(secret.size(), 32);
    const QByteArray plain = decryptedByAes(QByteArray::fromBase64(login->body()), secret);
    const QJsonObject body = QJsonDocument::fromJson(plain).object();
    QCOMPARE(body.value("password"_L1), u"right"_s);
    QCOMPARE(body.value("code"_L1), u"12"_s);
    QCOMPARE(body.value("uuid"_L1), u"c1"_s);
}

void tst_Presets::ruoyiRefusesInsideA200_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("message");
    QTest::addColumn<Status>("status");
    QTest::newRow("password") << 500 << u"用户不存在/密码错误"_s << Status::LoginNeeded;
    QTest::newRow("locked") << 500 << u"密码输入错误5次，帐户锁定10分钟"_s << Status::LoginNeeded;
    QTest::newRow("not encrypted") << 403 << u"没有访问权限"_s << Status::LoginNeeded;
    QTest::newRow("captcha") << 500 << u"验证码错误"_s << Status::Reconnecting;
    QTest::newRow("trouble") << 500 << u"系统未知错误"_s << Status::Reconnecting;
}

void tst_Presets::ruoyiRefusesInsideA200()
{
    QFETCH(int, code);
    QFETCH(QString, message);
    QFETCH(Status, status);
    PresetRun run(u"ruoyi-vue-plus"_s, user, password);
    run.answer("/auth/code",
               {{u"code"_s, 200}, {u"data"_s, QJsonObject{{u"captchaEnabled"_s, false}}}});
    run.answer("/auth/login", {{u"code"_s, code}, {u"msg"_s, message}});
    run.feed->start();
    QTRY_COMPARE(run.model.status(), status);
    QVERIFY2(run.model.detail().contains(message), qPrintable(run.model.detail()));
    QCOMPARE(run.server.requestCount("/auth/login"), 1);
}

// sse-server: the close request needs what the first event told

void tst_Presets::sseServer()
{
    PresetRun run(u"sse-server"_s, {{u"event"_s, u"myHunterBell"_s}, {u"countPath"_s, u"/bell"_s}},
                  token);
    run.answer("/bell", {{u"count"_s, 1}});
    run.server.handle("/connect", [](Exchange *stream) { stream->startStream(); });
    run.server.handle("/connect/disconnect.do", [](Exchange *close) { close->answer(200); });
    run.feed->start();
    QTRY_COMPARE(run.requests(),
                 (QStringList{u"GET /bell"_s,
                              u"GET /connect?clientId=UUID&keepaliveTime=900000&"
                              "listeners=myHunterBell"_s,
                              u"GET /bell"_s}));
    Exchange *const stream = run.last("/connect");
    QCOMPARE(stream->header("Authorization"), "Bearer T0");
    stream->write("id:1188\nretry:5000\nevent:connect-finish\n"
                  "data:{\"connectionId\":\"1188\",\"serverTime\":1795329000123,"
                  "\"reconnectTime\":5000,\"name\":\"sseEmitter\",\"enableCluster\":false,"
                  "\"version\":\"1.2.22\"}\n\n"
                  "id:1\nevent:myHunterBell\ndata:{\"count\":3}\n\n");
    QTRY_COMPARE(run.counts, (QStringList{u"1"_s, u"3"_s}));

    run.feed->stop(Occasion::Quit);
    QTRY_COMPARE(run.server.requestCount("/connect/disconnect.do"), 1);
    const Exchange *const close = run.last("/connect/disconnect.do");
    QCOMPARE(close->method(), "POST");
    QCOMPARE(close->header("Content-Type"), "application/x-www-form-urlencoded");
    QCOMPARE(close->body(),
             "clientId=" + stream->request().queryValue("clientId")
                 + "&connectionId=1188&reason=unload");
}

void tst_Presets::sseServerThatSaysClose()
{
    PresetRun run(u"sse-server"_s, {{u"event"_s, u"myHunterBell"_s}, {u"countPath"_s, u"/bell"_s}});
    QJsonObject count{{u"count"_s, 1}};
    run.answer("/bell", &count);
    run.server.handle("/connect", [](Exchange *stream) { stream->startStream(); });
    run.feed->start();
    QTRY_COMPARE(run.server.requestCount("/bell"), 2);
    count = {{u"count"_s, 2}};
    run.last("/connect")->write("id:2\nevent:connect-close\ndata:{\"connectionId\": \"1188\"}\n\n");
    QTRY_COMPARE(run.model.status(), Status::Polling);
    QCOMPARE(run.counts, (QStringList{u"1"_s, u"1?"_s, u"2"_s}));
    QCOMPARE(run.server.requestCount("/connect"), 1); // not blindly again
    QVERIFY(!run.last("/connect")->request().hasHeader("Authorization"));
}

// Forgejo: a form and a cookie

namespace {

/*! Forgejo's pages, as far as the preset sees them. */
class Forge
{
public:
    explicit Forge(PresetRun &run)
    {
        run.server.handle("/user/login", [this](Exchange *login) { logIn(login); });
        run.server.handle("/notifications/new", [this](Exchange *answer) {
            if (isSignedIn(answer))
                answer->answerJson(200, count);
            else
                answer->redirect(303, "/user/login");
        });
        run.server.handle("/user/events", [this](Exchange *stream) {
            stream->startStream({{"X-Accel-Buffering", "no"}});
            stream->write("\n");
            if (!isSignedIn(stream)) {
                stream->write("event: close\ndata: unauthorized\n\n");
                stream->end();
            }
        });
        run.server.handle("/user/logout", [](Exchange *logout) { logout->redirect(303, "/"); });
    }

    void logIn(Exchange *login)
    {
        const QByteArray form("<form><input type=\"hidden\" name=\"_csrf\" value=\"x/Y\"></form>");
        const QByteArray accepted = "_csrf=x%2FY&password=right&user_name=mia";
        if (login->method() == "POST" && login->body() == accepted)
            login->answer(
                303, {},
                {{"Location", afterLogin},
                 {"Set-Cookie",
                  "i_like_gitea=S" + QByteArray::number(++sessions) + "; Path=/; HttpOnly"}});
        else
            login->answer(200, form, {{"Content-Type", "text/html; charset=UTF-8"}});
    }

    [[nodiscard]] bool isSignedIn(const Exchange *exchange) const
    {
        return sessions > 0
            && exchange->header("Cookie") == "i_like_gitea=S" + QByteArray::number(sessions);
    }

    QJsonObject count{{u"new"_s, 1}};
    QByteArray afterLogin = "/";
    int sessions = 0;
};

} // namespace

void tst_Presets::forgejo()
{
    PresetRun run(u"forgejo"_s, user, password);
    Forge forge(run);
    run.feed->start();
    QTRY_COMPARE(run.requests(),
                 (QStringList{u"GET /user/login"_s, u"POST /user/login"_s,
                              u"GET /notifications/new"_s, u"GET /notifications/new"_s,
                              u"GET /user/events"_s, u"GET /notifications/new"_s}));
    Exchange *const stream = run.last("/user/events");
    QCOMPARE(stream->header("Cookie"), "i_like_gitea=S1");
    forge.count = {{u"new"_s, 3}};
    stream->write("event: ping\n\n"
                  "event: notification-count\ndata: {\"UserID\":7,\"Count\":3}\n\n"
                  "event: stopwatches\ndata: []\n\n"
                  "event: ping\n\n"
                  "event: logout\ndata: elsewhere\n\n");
    QTRY_COMPARE(run.counts, (QStringList{u"1"_s, u"3"_s}));
    QCOMPARE(run.server.requestCount("/user/events"), 1);

    // The session ends, and nobody has to type anything.
    forge.count = {{u"new"_s, 4}};
    run.server.handleNext("/user/events", [&forge](Exchange *second) {
        forge.count = {{u"new"_s, 5}};
        second->startStream();
    });
    stream->write("event: close\ndata: unauthorized\n\n");
    stream->end();
    QTRY_COMPARE(run.counts, (QStringList{u"1"_s, u"3"_s, u"3?"_s, u"4"_s, u"5"_s}));
    QCOMPARE(run.last("/user/events")->header("Cookie"), "i_like_gitea=S2");
    run.last("/user/events")->write("event: logout\ndata: here\n\n");
    QTRY_COMPARE(forge.sessions, 3);
    QTRY_COMPARE(run.model.status(), Status::Live);

    run.feed->stop(Occasion::Quit);
    QTRY_COMPARE(run.server.requestCount("/user/logout"), 1);
    QCOMPARE(run.last("/user/logout")->body(), "_csrf=x%2FY");
    QCOMPARE(run.last("/user/logout")->header("Cookie"), "i_like_gitea=S3");
}

void tst_Presets::forgejoWithAWrongPassword()
{
    PresetRun run(u"forgejo"_s, user, {{u"password"_s, u"wrong"_s}});
    const Forge forge(run);
    run.feed->start();
    QTRY_COMPARE(run.model.status(), Status::LoginNeeded);
    QCOMPARE(run.requests(), (QStringList{u"GET /user/login"_s, u"POST /user/login"_s}));
    QVERIFY2(run.model.detail().contains(u"form again"_s), qPrintable(run.model.detail()));
}

void tst_Presets::forgejoWithASecondFactor()
{
    ReadyPrompter prompter(u"123456"_s);
    PresetRun run(u"forgejo"_s, user, password, {}, &prompter);
    Forge forge(run);
    forge.afterLogin = "/user/two_factor";
    run.server.handle("/user/two_factor", [](Exchange *second) { second->redirect(303, "/"); });
    run.feed->start();
    QTRY_COMPARE(run.model.status(), Status::Live);
    QCOMPARE(prompter.questions.size(), 1);
    QCOMPARE(prompter.questions.constFirst().kind, PromptQuestion::Kind::OneTimeCode);
    QCOMPARE(run.last("/user/two_factor")->body(), "_csrf=x%2FY&passcode=123456");
}

void tst_Presets::giteaWithoutItsStream()
{
    PresetRun run(u"forgejo"_s, user, password, [](Source &source) { source.pollInterval = 1s; });
    Forge forge(run);
    run.server.handle("/user/events", [](Exchange *stream) { stream->answer(404); });
    run.feed->start();
    QTRY_COMPARE(run.model.status(), Status::Polling);
    forge.count = {{u"new"_s, 2}};
    QTRY_COMPARE(run.counts, (QStringList{u"1"_s, u"1?"_s, u"1"_s, u"2"_s}));
    QCOMPARE(run.server.requestCount("/user/events"), 1);
}

void tst_Presets::giteaWithAToken_data()
{
    QTest::addColumn<int>("httpStatus");
    QTest::addColumn<Status>("status");
    QTest::newRow("right") << 200 << Status::Polling;
    QTest::newRow("wrong token") << 401 << Status::LoginNeeded;
    QTest::newRow("without the scope") << 403 << Status::NotPermitted;
}

void tst_Presets::giteaWithAToken()
{
    QFETCH(int, httpStatus);
    QFETCH(Status, status);
    PresetRun run(u"gitea"_s, {}, token, [](Source &source) { source.pollInterval = 1s; });
    int count = 3;
    run.server.handle("/api/v1/notifications/new", [&](Exchange *answer) {
        answer->answerJson(httpStatus, {{u"new"_s, count}});
    });
    run.feed->start();
    QTRY_COMPARE(run.model.status(), status);
    QCOMPARE(run.last("/api/v1/notifications/new")->header("Authorization"), "token T0");
    if (status == Status::Polling) {
        count = 4;
        QTRY_COMPARE(run.counts, (QStringList{u"3"_s, u"4"_s}));
        QCOMPARE(run.states.constLast(), u"polling"_s);
    } else {
        QVERIFY(run.counts.isEmpty());
        QCOMPARE(run.requests().size(), 1);
    }
}

// ntfy: the count is the number of different keys

void tst_Presets::ntfy()
{
    PresetRun run(u"ntfy"_s, {{u"topics"_s, u"mytopic"_s}}, token,
                  [](Source &source) { source.stream.initialRetry = 100ms; });
    run.answer("/mytopic/auth", {{u"success"_s, true}});
    QByteArray messages("{\"id\":\"aaaaaaaaaaaa\",\"time\":1635528000,\"event\":\"message\","
                        "\"topic\":\"mytopic\",\"message\":\"Before\"}\n");
    run.server.handle("/mytopic/json", [&messages](Exchange *poll) {
        poll->answer(200, messages, {{"Content-Type", "application/x-ndjson; charset=utf-8"}});
    });
    run.server.handle("/mytopic/sse", [](Exchange *stream) { stream->startStream(); });
    run.feed->start();
    QTRY_COMPARE(run.requests(),
                 (QStringList{u"GET /mytopic/auth"_s, u"GET /mytopic/json?poll=1&since=12h"_s,
                              u"GET /mytopic/sse"_s, u"GET /mytopic/json?poll=1&since=12h"_s}));
    Exchange *const stream = run.last("/mytopic/sse");
    QCOMPARE(stream->header("Authorization"), "Bearer T0");
    QTRY_COMPARE(run.model.status(), Status::Live);

    const QByteArray hi("{\"id\":\"p0M5y6gcCY\",\"time\":1635528909,\"expires\":1635572109,"
                        "\"event\":\"message\",\"topic\":\"mytopic\",\"message\":\"Hi!\"}");
    const QByteArray update("{\"id\":\"uuuuuuuuuuuu\",\"sequence_id\":\"p0M5y6gcCY\","
                            "\"event\":\"message\",\"topic\":\"mytopic\",\"message\":\"Hi!!\"}");
    const QByteArray other("{\"id\":\"oooooooooooo\",\"event\":\"message\",\"topic\":\"mytopic\","
                           "\"title\":\"Backup\",\"message\":\"Done\",\"click\":"
                           "\"https://backup.example/log\"}");
    const QByteArray clear("{\"id\":\"R4tq1fQbBa\",\"sequence_id\":\"p0M5y6gcCY\","
                           "\"time\":1635529001,\"event\":\"message_clear\","
                           "\"topic\":\"mytopic\"}");
    messages += hi + '\n' + update + '\n' + clear + '\n';
    QTRY_VERIFY(run.hasCountOfItsStream());
    stream->write("event: open\ndata: {\"id\":\"weSj9RtNkj\",\"time\":1635528898,"
                  "\"event\":\"open\",\"topic\":\"mytopic\"}\n\n"
                  "data: "
                  + hi + "\n\ndata: " + update
                  + "\n\nevent: keepalive\ndata: {\"id\":\"VNxNIg5fpt\",\"time\":1635528928,"
                    "\"event\":\"keepalive\",\"topic\":\"mytopic\"}\n\n"
                    "event: message_clear\ndata: "
                  + clear + "\n\n");
    QTRY_COMPARE(run.counts, (QStringList{u"1"_s, u"2"_s, u"1"_s}));
    QVERIFY(run.model.items().isEmpty()); // what was cleared is gone
    stream->write("event: keepalive\ndata: {\"id\":\"VNxNIg5fpu\",\"event\":\"keepalive\"}\n\n");

    // It goes on behind the last message, and what comes twice counts once. What was cleared stays
    // so, though the server still has it.
    messages += "{\"id\":\"bbbbbbbbbbbb\",\"event\":\"message\",\"topic\":\"mytopic\"}\n";
    stream->end();
    QTRY_COMPARE(run.counts, (QStringList{u"1"_s, u"2"_s, u"1"_s, u"1?"_s, u"2"_s}));
    QCOMPARE(run.server.requestCount("/mytopic/sse"), 2);
    QCOMPARE(run.last("/mytopic/sse")->request().query, "since=R4tq1fQbBa");
    QVERIFY(!run.last("/mytopic/sse")->request().hasHeader("Last-Event-ID"));
    messages += "{\"id\":\"cccccccccccc\",\"event\":\"message\",\"topic\":\"mytopic\"}\n";
    run.last("/mytopic/sse")
        ->write("data: {\"id\":\"bbbbbbbbbbbb\",\"event\":\"message\",\"topic\":\"mytopic\"}\n\n"
                "data: {\"id\":\"cccccccccccc\",\"event\":\"message\",\"topic\":\"mytopic\"}\n\n");
    QTRY_COMPARE(run.counts, (QStringList{u"1"_s, u"2"_s, u"1"_s, u"1?"_s, u"2"_s, u"3"_s}));
    messages += other + '\n';
    run.last("/mytopic/sse")->write("data: " + other + "\n\n");
    QTRY_COMPARE(run.model.count(), 4);
    QCOMPARE(itemsOf(run).constFirst(), u"Backup | Done | /log"_s);
    QCOMPARE(itemsOf(run).at(1), u"mytopic |  | "_s); // the one without a text
}

void tst_Presets::ntfyWithoutAToken()
{
    PresetRun run(u"ntfy"_s, {{u"topics"_s, u"a,b"_s}});
    run.server.handle("/a,b/auth", [](Exchange *permission) {
        permission->answerJson(403, {{u"code"_s, 40301}, {u"error"_s, u"forbidden"_s}});
    });
    run.feed->start();
    QTRY_COMPARE(run.model.status(), Status::NotPermitted);
    QVERIFY(!run.last("/a,b/auth")->request().hasHeader("Authorization"));
}

// Mercure: each stream ends after some minutes, and that is nothing to show

void tst_Presets::mercure_data()
{
    QTest::addColumn<QString>("preset");
    QTest::addColumn<QString>("query");
    QTest::newRow("0.x") << u"mercure"_s << u"topic"_s;
    QTest::newRow("1.0") << u"mercure-1"_s << u"match"_s;
}

void tst_Presets::mercure()
{
    QFETCH(QString, preset);
    QFETCH(QString, query);
    QJsonObject variables = user;
    variables.insert(u"hub"_s, u"BASE/.well-known/mercure"_s);
    variables.insert(u"topic"_s, u"https://site/users/7"_s);
    std::chrono::milliseconds expectedAge{0};
    PresetRun run(preset, variables, password, [&expectedAge](Source &source) {
        expectedAge = std::exchange(source.stream.expectedAge, soon);
    });
    QCOMPARE(expectedAge, 480s);
    QJsonObject count{{u"unread"_s, 6}};
    run.answer("/login", {{u"token"_s, u"S1"_s}});
    run.answer("/mercure/token", {{u"token"_s, u"H1"_s}});
    run.server.handle("/notifications/count", [&count](Exchange *answer) {
        answer->answerJson(200, count,
                           {{"Link",
                             "<https://hub/.well-known/mercure>; rel=\"mercure\"; "
                             "last-event-id=\"urn:uuid:0\""}});
    });
    run.server.handle("/.well-known/mercure", [](Exchange *stream) {
        stream->startStream();
        stream->write(":\n");
    });
    run.feed->start();
    QElapsedTimer age;
    QTRY_COMPARE(
        run.requests(),
        (QStringList{u"POST /login"_s, u"GET /mercure/token"_s, u"GET /notifications/count"_s,
                     u"GET /.well-known/mercure?last_event_id=urn%3Auuid%3A0&"_s + query
                         + u"=https%3A%2F%2Fsite%2Fusers%2F7"_s,
                     u"GET /notifications/count"_s}));
    age.start();
    QCOMPARE(run.last("/mercure/token")->header("Authorization"), "Bearer S1");
    QCOMPARE(run.last("/notifications/count")->header("Authorization"), "Bearer S1");
    Exchange *const stream = run.last("/.well-known/mercure");
    QCOMPARE(stream->header("Authorization"), "Bearer H1");
    count = {{u"unread"_s, 0}};
    QTRY_VERIFY(run.hasCountOfItsStream());
    stream->write("id: urn:uuid:5e94c686-2c0b-4f9b-958c-92ccc3bbb4eb\n"
                  "data: {\"type\":\"mention\",\"from\":\"alice\",\"unread\":7}\n\n"
                  ":\n"
                  "event: read\nretry: 5000\n"
                  "id: urn:uuid:e1ee88e2-532a-4d6f-ba70-f0f8bd584022\ndata: {\"count\":0}\n\n");
    QTRY_COMPARE(run.counts, (QStringList{u"6"_s, u"7"_s, u"0"_s}));

    const QStringList states = run.states;
    QTRY_VERIFY(age.elapsed() > soon.count());
    stream->end();
    QTRY_COMPARE(run.server.requestCount("/notifications/count"), 3);
    QCOMPARE(run.last("/.well-known/mercure")->header("Last-Event-ID"),
             "urn:uuid:e1ee88e2-532a-4d6f-ba70-f0f8bd584022");
    count = {{u"unread"_s, 1}};
    run.last("/.well-known/mercure")->write("data: {\"type\":\"mention\"}\n\n");
    QTRY_COMPARE(run.counts, (QStringList{u"6"_s, u"7"_s, u"0"_s, u"1"_s}));
    QCOMPARE(run.states, states);
}

// Nchan: what ends a stream stands in a comment

void tst_Presets::nchan()
{
    PresetRun run(u"nchan"_s, {{u"streamPath"_s, u"/sub/u7"_s}, {u"countPath"_s, u"/count/u7"_s}},
                  token);
    QJsonObject count{{u"count"_s, 2}};
    run.answer("/count/u7", &count);
    run.server.handle("/sub/u7", [](Exchange *stream) { stream->startStream(); });
    run.feed->start();
    QTRY_COMPARE(run.requests(),
                 (QStringList{u"GET /count/u7"_s, u"GET /sub/u7"_s, u"GET /count/u7"_s}));
    Exchange *const stream = run.last("/sub/u7");
    QCOMPARE(stream->header("Accept"), "text/event-stream"); // else Nchan answers 403
    QCOMPARE(stream->header("Authorization"), "Bearer T0");
    count = {{u"count"_s, 4}};
    QTRY_VERIFY(run.hasCountOfItsStream());
    stream->write(": hi\n\n"
                  "event: count\nid: 1795328946:2\ndata: {\"count\":3}\n\n"
                  "event: count\nid: 1795328948:0\ndata: {\"count\":4}\n\n"
                  "id: 1795328948:1\ndata: line one\ndata: line two\n\n"
                  ":keepalive\nevent: ping\n\n"
                  "id: 1795328955:0\ndata: after ping\n\n");
    QTRY_COMPARE(run.counts, (QStringList{u"2"_s, u"3"_s, u"4"_s}));
    QVERIFY2(run.model.detail().isEmpty(), qPrintable(run.model.detail()));
    stream->write(":408: 408 Request Timeout\n\n");
    stream->end();
    QTRY_COMPARE(run.server.requestCount("/count/u7"), 3);
    QCOMPARE(run.last("/sub/u7")->header("Last-Event-ID"), "1795328955:0");
    QTRY_COMPARE(run.counts, (QStringList{u"2"_s, u"3"_s, u"4"_s, u"4?"_s, u"4"_s}));
}

void tst_Presets::nchanOfADeletedChannel()
{
    PresetRun run(u"nchan"_s, {{u"streamPath"_s, u"/sub/u7"_s}, {u"countPath"_s, u"/count/u7"_s}});
    run.answer("/count/u7", {{u"count"_s, 2}});
    run.server.handle("/sub/u7", [](Exchange *stream) { stream->startStream(); });
    run.feed->start();
    QTRY_COMPARE(run.server.requestCount("/count/u7"), 2);
    run.last("/sub/u7")->write(":410: 410 Gone\n\n");
    run.last("/sub/u7")->end();
    // nginx says so at each reload, too: the channel may be there again.
    QTRY_COMPARE(run.server.requestCount("/sub/u7"), 2);
    QTRY_COMPARE(run.model.status(), Status::Live);
    QTRY_COMPARE(run.counts, (QStringList{u"2"_s, u"2?"_s, u"2"_s}));
}

void tst_Presets::pushpin()
{
    PresetRun run(u"pushpin"_s, {{u"countPath"_s, u"/count"_s}});
    QJsonObject count{{u"count"_s, 2}};
    run.answer("/count", &count);
    run.server.handle("/events", [](Exchange *stream) {
        stream->startStream({{"Connection", "Transfer-Encoding"}});
    });
    run.feed->start();
    QTRY_COMPARE(run.requests(), (QStringList{u"GET /count"_s, u"GET /events"_s, u"GET /count"_s}));
    count = {{u"count"_s, 5}};
    QTRY_VERIFY(run.hasCountOfItsStream());
    run.last("/events")->write("event: stream-open\ndata: {\"count\":3}\n\n"
                               "id: 42\nevent: count\ndata: {\"count\":4}\n\n"
                               ":\n\n"
                               "event: count\ndata: {\"count\":5}\n\n"
                               ":\n\n");
    QTRY_COMPARE(run.counts, (QStringList{u"2"_s, u"3"_s, u"4"_s, u"5"_s}));
}

// JMAP: all addresses come from the server

namespace {

void answerJmap(PresetRun &run, const int *unread)
{
    run.server.handle("/.well-known/jmap",
                      [](Exchange *session) { session->redirect(301, "/jmap"); });
    run.answer("/jmap",
               {{u"username"_s, u"mia"_s},
                {u"primaryAccounts"_s, QJsonObject{{u"urn:ietf:params:jmap:mail"_s, u"alice"_s}}},
                {u"apiUrl"_s, u"/jmap/"_s},
                {u"eventSourceUrl"_s,
                 u"/jmap/eventsource/?types={types}&closeafter={closeafter}&ping={ping}"_s}});
    run.server.handle("/jmap/", [unread](Exchange *api) {
        const QJsonObject mailbox{{u"id"_s, u"m1"_s}, {u"unreadEmails"_s, *unread}};
        api->answerJson(
            200,
            {{u"methodResponses"_s,
              QJsonArray{QJsonArray{u"Mailbox/query"_s,
                                    QJsonObject{{u"ids"_s, QJsonArray{u"m1"_s}}}, u"0"_s},
                         QJsonArray{u"Mailbox/get"_s, QJsonObject{{u"list"_s, QJsonArray{mailbox}}},
                                    u"1"_s}}}});
    });
}

} // namespace

void tst_Presets::jmap()
{
    PresetRun run(u"jmap"_s, user, password);
    int unread = 0;
    answerJmap(run, &unread);
    run.server.handle("/jmap/eventsource/", [](Exchange *stream) { stream->startStream(); });
    run.feed->start();
    QTRY_COMPARE(
        run.requests(),
        (QStringList{u"GET /.well-known/jmap"_s, u"GET /jmap"_s, u"GET /.well-known/jmap"_s,
                     u"GET /jmap"_s, u"POST /jmap/"_s,
                     u"GET /jmap/eventsource/?types=Email%2CMailbox&closeafter=no&ping=30"_s,
                     u"POST /jmap/"_s}));
    const QJsonArray calls = bodyOf(run.last("/jmap/")).value("methodCalls"_L1).toArray();
    QCOMPARE(calls.at(0)[1],
             (QJsonObject{{u"accountId"_s, u"alice"_s},
                          {u"filter"_s, QJsonObject{{u"role"_s, u"inbox"_s}}}}));
    Exchange *const stream = run.last("/jmap/eventsource/");
    QCOMPARE(stream->header("Authorization"), "Basic " + QByteArray("mia:right").toBase64());
    QCOMPARE(stream->header("Accept-Encoding"), "identity"); // else Cyrus says zstd and means none
    QTRY_COMPARE(run.counts, QStringList{u"0"_s});

    const QList<std::pair<QByteArray, int>> mails{{"4", 1}, {"5", 2}, {"7", 0}};
    for (const auto &[state, count] : mails) {
        unread = count;
        stream->write("id: " + state
                      + "\nevent: state\ndata: {\"@type\":\"StateChange\",\"changed\":{\"alice\":"
                        "{\"Email\":\""
                      + state + "\"}}}\n\nevent: ping\ndata: {\"interval\":5}\n\n");
        QTRY_COMPARE(run.model.count(), count);
    }
    QCOMPARE(run.counts, (QStringList{u"0"_s, u"1"_s, u"2"_s, u"0"_s}));
}

void tst_Presets::jmapWithoutPush()
{
    PresetRun run(u"jmap"_s, user, password, [](Source &source) { source.pollInterval = 1s; });
    int unread = 1;
    answerJmap(run, &unread);
    run.server.handle("/jmap/eventsource/", [](Exchange *stream) { stream->answer(204); });
    run.feed->start();
    QTRY_COMPARE(run.model.status(), Status::Polling);
    unread = 2;
    QTRY_COMPARE(run.counts, (QStringList{u"1"_s, u"1?"_s, u"1"_s, u"2"_s}));
    QCOMPARE(run.server.requestCount("/jmap/eventsource/"), 1);
}

// Mastodon: the stream may be on another host, and says only that something changed

void tst_Presets::mastodon()
{
    PresetRun run(u"mastodon"_s, {}, token);
    const QString streaming = QString::fromLatin1(run.base()).replace(u"http"_s, u"ws"_s);
    run.answer(
        "/api/v2/instance",
        {{u"configuration"_s, QJsonObject{{u"urls"_s, QJsonObject{{u"streaming"_s, streaming}}}}}});
    const QByteArray path("/api/v2/notifications/unread_count");
    QJsonObject count{{u"count"_s, 11}};
    run.answer(path, &count);
    run.server.handle("/api/v1/streaming/user/notification", [](Exchange *stream) {
        stream->startStream({{"Cache-Control", "no-store"}});
        stream->write(":)\n");
    });
    run.feed->start();
    const QString unread = u"GET /api/v2/notifications/unread_count?limit=1000"_s;
    QTRY_COMPARE(run.requests(),
                 (QStringList{u"GET /api/v2/instance"_s, unread,
                              u"GET /api/v1/streaming/user/notification"_s, unread}));
    Exchange *const stream = run.last("/api/v1/streaming/user/notification");
    QCOMPARE(stream->header("Authorization"), "Bearer T0");
    count = {{u"count"_s, 12}};
    stream->write(
        "event: notification\ndata: {\"id\":\"68739215\",\"type\":\"mention\","
        "\"created_at\":\"2022-08-30T23:09:54.070Z\",\"account\":{\"acct\":\"eve@b.example\","
        "\"display_name\":\"Eve & Co\"},\"status\":{\"spoiler_text\":\"\",\"content\":"
        "\"<p>Hi <span class=\\\"h-card\\\">@mia</span>,<br />1 &lt; 2</p>\","
        "\"url\":\"https://b.example/@eve/1\"}}\n\n"
        ":thump\n"
        "event: filters_changed\ndata: undefined\n\n");
    QTRY_COMPARE(run.counts, (QStringList{u"11"_s, u"12"_s}));
    QTRY_COMPARE(itemsOf(run), QStringList{u"Eve & Co | Hi @mia,\n1 < 2 | /@eve/1"_s});
    QCOMPARE(run.server.requestCount(path), 3);
    count = {{u"count"_s, 5}};
    stream->write(":thump\nevent: notifications_merged\ndata: 1\n\n");
    QTRY_COMPARE(run.counts, (QStringList{u"11"_s, u"12"_s, u"5"_s}));
    QVERIFY2(run.model.detail().isEmpty(), qPrintable(run.model.detail()));
}

// Home Assistant: numbers are strings, and not always numbers

namespace {

QByteArray stateChanged(const QByteArray &entity, const QByteArray &state)
{
    return "data: {\"event_type\":\"state_changed\",\"data\":{\"entity_id\":\"" + entity
        + "\",\"old_state\":{\"entity_id\":\"" + entity
        + "\",\"state\":\"0\"},\"new_state\":{\"entity_id\":\"" + entity + "\",\"state\":\"" + state
        + "\"}},\"origin\":\"LOCAL\",\"time_fired\":\"2026-11-22T06:00:00Z\",\"context\":{}}\n\n";
}

} // namespace

void tst_Presets::homeAssistant()
{
    PresetRun run(u"home-assistant"_s, {}, token);
    QJsonObject state{{u"state"_s, u"2"_s}};
    run.answer("/api/", {{u"message"_s, u"API running."_s}});
    run.answer("/api/states/sensor.open_todos", &state);
    run.server.handle("/api/stream", [](Exchange *stream) { stream->startStream(); });
    run.feed->start();
    QTRY_COMPARE(run.requests(),
                 (QStringList{u"GET /api/"_s, u"GET /api/states/sensor.open_todos"_s,
                              u"GET /api/stream?restrict=state_changed"_s,
                              u"GET /api/states/sensor.open_todos"_s}));
    Exchange *const stream = run.last("/api/stream");
    QCOMPARE(stream->header("Authorization"), "Bearer T0");
    state = {{u"state"_s, u"4"_s}};
    QTRY_VERIFY(run.hasCountOfItsStream());
    stream->write("data: ping\n\n" + stateChanged("sensor.open_todos", "3") + "data: ping\n\n"
                  + stateChanged("sensor.open_todos", "unavailable")
                  + stateChanged("sensor.others", "9") + stateChanged("sensor.open_todos", "4"));
    QTRY_COMPARE(run.counts, (QStringList{u"2"_s, u"3"_s, u"4"_s}));
    QVERIFY2(run.model.detail().isEmpty(), qPrintable(run.model.detail()));
}

void tst_Presets::homeAssistantBeforeTheSensorIsThere()
{
    PresetRun run(u"home-assistant"_s, {}, token);
    QJsonObject state{{u"state"_s, u"unavailable"_s}};
    run.answer("/api/", {{u"message"_s, u"API running."_s}});
    run.answer("/api/states/sensor.open_todos", &state);
    run.server.handle("/api/stream", [](Exchange *stream) { stream->startStream(); });
    run.feed->start();
    QTRY_COMPARE(run.model.status(), Status::Reconnecting);
    QVERIFY(!run.model.count());
    state = {{u"state"_s, u"1"_s}};
    QTRY_COMPARE(run.model.status(), Status::Live);
    QCOMPARE(run.counts, QStringList{u"1"_s});
}

void tst_Presets::homeAssistantWithAWrongToken()
{
    PresetRun run(u"home-assistant"_s, {}, token);
    run.server.handle("/api/", [](Exchange *api) { api->answer(401, "401: Unauthorized"); });
    run.feed->start();
    QTRY_COMPARE(run.model.status(), Status::LoginNeeded);
    QVERIFY(!run.server.nextExchange(300ms));
    QCOMPARE(run.requests().size(), 1); // a second one could ban the address
}

// oCIS: the token lives for minutes

void tst_Presets::ocis()
{
    PresetRun run(u"ocis"_s, {{u"tokenEndpoint"_s, u"BASE/token"_s}},
                  {{u"refreshToken"_s, u"R1"_s}});
    int tokens = 0;
    run.server.handle("/token", [&tokens](Exchange *answer) {
        ++tokens;
        QJsonObject body{{u"access_token"_s, u"T%1"_s.arg(tokens)},
                         {u"expires_in"_s, tokens == 1 ? 4 : 300}};
        if (tokens == 1)
            body.insert(u"refresh_token"_s, u"R2"_s);
        answer->answerJson(200, body);
    });
    run.answer("/ocs/v1.php/cloud/capabilities", {{u"ocs"_s, QJsonObject{}}});
    const QByteArray path("/ocs/v2.php/apps/notifications/api/v1/notifications");
    QJsonArray data;
    run.server.handle(path, [&data](Exchange *answer) {
        const QJsonValue list = data.isEmpty() ? QJsonValue() : QJsonValue(data); // Go's nil
        answer->answerJson(200, {{u"ocs"_s, QJsonObject{{u"data"_s, list}}}});
    });
    run.server.handle(path + "/sse", [](Exchange *stream) { stream->startStream(); });
    run.feed->start();
    QTRY_COMPARE(run.server.requestCount(path), 2);
    QCOMPARE(run.requests().mid(0, 5),
             (QStringList{u"POST /token"_s, u"GET /ocs/v1.php/cloud/capabilities?format=json"_s,
                          u"GET "_s + QString::fromLatin1(path) + u"?format=json"_s,
                          u"GET "_s + QString::fromLatin1(path) + u"/sse"_s,
                          u"GET "_s + QString::fromLatin1(path) + u"?format=json"_s}));
    const auto renewal = [&run](int index) {
        return run.server.exchanges("/token").at(index)->body();
    };
    QCOMPARE(renewal(0), "client_id=web&grant_type=refresh_token&refresh_token=R1");
    QVERIFY(!run.last("/token")->request().hasHeader("Authorization"));
    QCOMPARE(run.last(path + "/sse")->header("Authorization"), "Bearer T1");

    QTRY_COMPARE(tokens, 2); // before the first one ends
    QCOMPARE(renewal(1), "client_id=web&grant_type=refresh_token&refresh_token=R2");
    data = {u"one"_s};
    run.last(path + "/sse")
        ->write(":keepalive\n\n"
                "event: userlog-notification\ndata: {\"notification_id\":\"c2b5..\","
                "\"app\":\"userlog\",\"user\":\"alan\",\"datetime\":\"2023-10-30T09:33:43Z\","
                "\"subject\":\"Resource shared\",\"message\":\"..\",\"messageRich\":\"..\","
                "\"object_type\":\"resource\"}\n\n");
    QTRY_COMPARE(run.counts, (QStringList{u"0"_s, u"1"_s}));
    QCOMPARE(itemsOf(run), QStringList{u"Resource shared | .. | "_s});
    QCOMPARE(run.model.items().constFirst().key, u"c2b5.."_s);
    QCOMPARE(run.last(path)->header("Authorization"), "Bearer T2");

    data = {u"one"_s, u"two"_s};
    run.last(path + "/sse")->write("event: backchannel-logout\ndata: {}\n\n");
    QTRY_COMPARE(run.counts, (QStringList{u"0"_s, u"1"_s, u"1?"_s, u"2"_s}));
    QTRY_COMPARE(run.server.requestCount(path + "/sse"), 2);
    QCOMPARE(renewal(2), "client_id=web&grant_type=refresh_token&refresh_token=R2");
    QCOMPARE(run.last(path + "/sse")->header("Authorization"), "Bearer T3");
}

void tst_Presets::ocisWithARefusedRefreshToken()
{
    PresetRun run(u"ocis"_s, {{u"tokenEndpoint"_s, u"BASE/token"_s}},
                  {{u"refreshToken"_s, u"R1"_s}});
    run.server.handle("/token", [](Exchange *answer) {
        answer->answerJson(400, {{u"error"_s, u"invalid_grant"_s}});
    });
    run.feed->start();
    QTRY_COMPARE(run.model.status(), Status::LoginNeeded);
    QCOMPARE(run.requests().size(), 1);
}

// CouchDB: the id is a JSON string and stands behind the data

void tst_Presets::couchdb()
{
    QJsonObject variables = user;
    variables.insert(u"db"_s, u"todo"_s);
    PresetRun run(u"couchdb"_s, variables, password,
                  [](Source &source) { source.stream.initialRetry = 100ms; });
    run.server.handle("/_session", [](Exchange *session) {
        if (session->method() == "POST")
            session->answerJson(200, {{u"ok"_s, true}},
                                {{"Set-Cookie", "AuthSession=bWlh; Path=/; HttpOnly"}});
        else
            session->answerJson(
                200, {{u"ok"_s, true}, {u"userCtx"_s, QJsonObject{{u"name"_s, u"mia"_s}}}});
    });
    run.server.handle("/todo/_changes", [](Exchange *changes) {
        if (changes->request().queryValue("feed") == "eventsource")
            changes->startStream({{"Cache-Control", "no-cache"}});
        else
            changes->answerJson(200, {{u"last_seq"_s, u"22-g1AA=="_s}});
    });
    QJsonArray rows; // no row at all: 0
    run.server.handle("/todo/_design/todo/_view/open", [&rows](Exchange *view) {
        view->answerJson(200, {{u"rows"_s, rows}});
    });
    run.feed->start();
    const QString position = u"GET /todo/_changes?limit=0&since=now"_s;
    const QString view = u"GET /todo/_design/todo/_view/open?reduce=true"_s;
    QTRY_COMPARE(run.requests(),
                 (QStringList{u"POST /_session"_s, u"GET /_session"_s, position, view,
                              u"GET /todo/_changes?feed=eventsource&heartbeat=20000&"
                              "since=22-g1AA%3D%3D"_s,
                              position, view}));
    Exchange *stream = run.server.exchanges("/todo/_changes").at(1);
    QCOMPARE(stream->header("Cookie"), "AuthSession=bWlh");
    QCOMPARE(bodyOf(run.server.exchanges("/_session").constFirst()),
             (QJsonObject{{u"name"_s, u"mia"_s}, {u"password"_s, u"right"_s}}));
    QTRY_COMPARE(run.model.status(), Status::Live);

    const QByteArray seen("/todo/_design/todo/_view/open");
    rows = {QJsonObject{{u"key"_s, QJsonValue()}, {u"value"_s, 1}}};
    stream->write("data: {\"seq\":\"23-g1AAAACReJz..\",\"id\":\"todo:42\",\"changes\":[{\"rev\":"
                  "\"1-967a00dff5e02add41819138abb3284d\"}]}\nid: \"23-g1AAAACReJz..\"\n\n"
                  "event: heartbeat\ndata: \n\n");
    QTRY_COMPARE(run.counts, (QStringList{u"0"_s, u"1"_s}));
    QCOMPARE(run.server.requestCount(seen), 3);
    rows = {};
    stream->write("data: {\"seq\":\"24-g1AAAACT..\",\"id\":\"todo:42\",\"changes\":[{\"rev\":"
                  "\"2-...\"}],\"deleted\":true}\nid: \"24-g1AAAACT..\"\n\n");
    QTRY_COMPARE(run.counts, (QStringList{u"0"_s, u"1"_s, u"0"_s}));
    stream->end();
    QTRY_COMPARE(run.server.requestCount(seen), 5);
    stream = run.server.exchanges("/todo/_changes").at(5);
    QCOMPARE(stream->request().queryValue("feed"), "eventsource");
    QCOMPARE(stream->header("Last-Event-ID"), "\"24-g1AAAACT..\"");

    run.feed->stop(Occasion::Quit);
    QTRY_COMPARE(run.requests().constLast(), u"DELETE /_session"_s);
}

// Jenkins: the server ends each stream after half a minute, and a subscription has to follow it

void tst_Presets::jenkins()
{
    std::chrono::milliseconds expectedAge{0};
    PresetRun run(u"jenkins"_s, user, password, [&expectedAge](Source &source) {
        expectedAge = std::exchange(source.stream.expectedAge, soon);
    });
    QCOMPARE(expectedAge, 30s);
    run.answer("/whoAmI/api/json", {{u"authenticated"_s, true}});
    const auto job = [](const QString &color) { return QJsonObject{{u"color"_s, color}}; };
    QJsonObject jobs{{u"jobs"_s, QJsonArray{job(u"blue"_s), job(u"red"_s)}}};
    run.answer("/api/json", &jobs);
    run.answer("/sse-gateway/configure", {{u"status"_s, u"ok"_s}});
    QList<Exchange *> streams;
    const auto serveStream = [&run, &streams](Exchange *connect) {
        const QByteArray id = connect->request().queryValue("clientId");
        run.server.handle("/sse-gateway/listen/" + id, [&streams](Exchange *stream) {
            streams.append(stream);
            stream->startStream();
            stream->write("event: open\ndata: {\"dispatcherId\":\"tray-1\",\"dispatcherInst\":"
                          "1993221,\"jsessionid\":\"node01..\",\"cookieName\":\"JSESSIONID..\","
                          "\"crumb\":{\"name\":\"Jenkins-Crumb\",\"value\":\"c0ffee\"}}\n\n");
        });
        connect->answerJson(200, {{u"status"_s, u"ok"_s}},
                            {{"Set-Cookie", "JSESSIONID.ab=node01; Path=/; HttpOnly"}});
    };
    run.server.handle("/sse-gateway/connect", serveStream);
    run.feed->start();
    QTRY_COMPARE(run.server.requestCount("/sse-gateway/configure"), 1);
    QTRY_COMPARE(run.server.requestCount("/api/json"), 2);
    QElapsedTimer age;
    age.start();
    QCOMPARE(run.requests().mid(0, 4),
             (QStringList{u"GET /sse-gateway/connect?clientId=tallybell-UUID"_s,
                          u"GET /whoAmI/api/json"_s, u"GET /api/json?tree=jobs%5Bcolor%5D"_s,
                          u"GET /sse-gateway/listen/tallybell-UUID"_s}));
    QCOMPARE(streams.constFirst()->header("Cookie"), "JSESSIONID.ab=node01");
    QCOMPARE(streams.constFirst()->header("Authorization"),
             "Basic " + QByteArray("mia:right").toBase64());
    const Exchange *const subscription = run.last("/sse-gateway/configure");
    QCOMPARE(subscription->request().query, "batchId=1");
    QCOMPARE(subscription->header("Jenkins-Crumb"), "c0ffee");
    QCOMPARE(
        bodyOf(subscription),
        (QJsonObject{{u"dispatcherId"_s, u"tray-1"_s},
                     {u"subscribe"_s, QJsonArray{QJsonObject{{u"jenkins_channel"_s, u"job"_s}}}},
                     {u"unsubscribe"_s, QJsonArray{}}}));

    const QStringList states = run.states;
    QTRY_VERIFY(age.elapsed() > soon.count());
    streams.constFirst()->end();
    QTRY_COMPARE(streams.size(), 2);
    QTRY_COMPARE(run.server.requestCount("/sse-gateway/configure"), 2);
    QTRY_COMPARE(run.server.requestCount("/api/json"), 3);
    jobs = {{u"jobs"_s, QJsonArray{job(u"red"_s), job(u"red_anime"_s)}}};
    streams.constLast()->write(
        "event: configure\ndata: {\"batchId\":\"1\",\"dispatcherId\":\"tray-1\",\"result\":"
        "\"complete\"}\n\n"
        "event: job\ndata: {\"jenkins_channel\":\"job\",\"jenkins_event\":\"job_run_ended\","
        "\"job_name\":\"build\",\"job_run_status\":\"FAILURE\",\"jenkins_object_url\":"
        "\"job/build/42/\",\"jenkins_event_uuid\":\"..\"}\n\n");
    QTRY_COMPARE(run.counts, (QStringList{u"1"_s, u"2"_s}));
    QCOMPARE(run.states, states);
    QCOMPARE(itemsOf(run), QStringList{u"build | FAILURE | /job/build/42/"_s});

    run.feed->stop(Occasion::Quit);
    QTRY_COMPARE(run.server.requestCount("/sse-gateway/configure"), 3);
    QCOMPARE(bodyOf(run.last("/sse-gateway/configure")).value("unsubscribe"_L1),
             (QJsonArray{QJsonObject{{u"jenkins_channel"_s, u"job"_s}}}));
}

QTEST_GUILESS_MAIN(tst_Presets)
#include "tst_presets.moc"
