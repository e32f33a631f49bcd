// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "core/source/sourcereader.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

using namespace std::chrono_literals;
using namespace Qt::Literals;

namespace {

// The whole source of the design document.
constexpr char wholeSource[] =
    R"({"schema": 1, "title": "Work", "homepage": "http://127.0.0.1:8844/",
 "vars": {"base": "http://127.0.0.1:8844", "user": "mia", "password": {"type": "secret", "label": "Password", "required": true}},
 "http": {"auth": "bearer", "timeoutMs": 3000},
 "login": [{"name": "login", "method": "POST", "url": "${base}/login", "auth": "none",
            "body": {"json": {"user": "${user}", "password": "${password}"}}, "expect": {"status": 200},
            "extract": {"token": {"pointer": "/token"}, "expiresIn": {"pointer": "/expires_in"}}}],
 "token": {"var": "token", "expiresInVar": "expiresIn"},
 "permissions": [{"name": "permissions", "method": "GET", "url": "${base}/permissions",
                  "require": [{"pointer": "/permissions", "contains": "counter.read"}]}],
 "snapshot": [{"name": "count", "method": "GET", "url": "${base}/count", "count": {"pointer": "/count"}}],
 "stream": {"method": "GET", "url": "${base}/stream", "openTimeoutMs": 10000, "idleTimeoutMs": 45000, "resume": {"mode": "header"}},
 "rules": [{"event": "count", "do": "set", "pointer": "/count"}],
 "close": {"on": ["quit", "logout"], "budgetMs": 1500,
           "steps": [{"name": "close", "method": "POST", "url": "${base}/close", "body": {"json": {"reason": "quit"}}}]}}
)";

// A source that has what must be, and each member of \a extra, one on a line of its own.
QByteArray sourceWith(const QByteArrayList &extra)
{
    return "{\n\"schema\": 1,\n\"stream\": {\"url\": \"http://x/\"},\n" + extra.join(",\n") + "\n}";
}

void writeFile(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(bytes), bytes.size());
}

} // namespace

class tst_Source : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsAWholeSource_data();
    void readsAWholeSource();
    void readsTheOneInTheReadme();
    void readsTheLeast();
    void readsTheRest();
    void readsRules();
    void knowsWhichCloseRequestsAreWorthKeeping_data();
    void knowsWhichCloseRequestsAreWorthKeeping();
    void takesValuesOfVariablesAsText_data();
    void takesValuesOfVariablesAsText();
    void skipsAByteOrderMark();
    void namesFileLineAndPlace_data();
    void namesFileLineAndPlace();
    void explainsWhatIsNotJson_data();
    void explainsWhatIsNotJson();
    void keepsOddFileNamesInTheSentence();
    void readsFromDisk();
    void explainsWhatCannotBeReadFromDisk_data();
    void explainsWhatCannotBeReadFromDisk();
};

void tst_Source::readsAWholeSource_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("title");
    QTest::addColumn<QString>("homepage");
    QTest::newRow("of the design")
        << QByteArray(wholeSource) << u"Work"_s << u"http://127.0.0.1:8844/"_s;
    QFile preset(QFINDTESTDATA("../../resources/presets/portal.json"));
    QVERIFY(preset.open(QIODevice::ReadOnly));
    QTest::newRow("of the demo") << preset.readAll() << u"Demo portal"_s << u"${base}/"_s;
}

void tst_Source::readsAWholeSource()
{
    QFETCH(QByteArray, json);
    const SourceResult result = readSource(json, u"/etc/sources/work.json"_s);
    QCOMPARE(result.error, QString());
    QVERIFY(result.source);
    const Source &source = *result.source;
    QCOMPARE(source.name, u"work"_s);
    QTEST(source.title, "title");
    QTEST(source.homepage.text(), "homepage");
    QCOMPARE(source.variables,
             (Variables{{u"base"_s, u"http://127.0.0.1:8844"_s}, {u"user"_s, u"mia"_s}}));
    QCOMPARE(source.secrets.keys(), QStringList{u"password"_s});
    QCOMPARE(source.secrets.value(u"password"_s).label, u"Password"_s);
    QVERIFY(source.secrets.value(u"password"_s).required);
    QCOMPARE(source.auth, Auth::Bearer);
    QCOMPARE(source.timeout, 3000ms);
    QCOMPARE(source.tokenVariable, u"token"_s);
    QCOMPARE(source.tokenExpiresInVariable, u"expiresIn"_s);

    QCOMPARE(source.login.size(), 1);
    const Step &login = source.login.constFirst();
    QCOMPARE(login.name, u"login"_s);
    QCOMPARE(login.method, "POST");
    QCOMPARE(login.url.text(), u"${base}/login"_s);
    QCOMPARE(login.auth, Auth::Anonymous);
    QCOMPARE(login.bodyKind, Step::Body::Json);
    QCOMPARE(login.body,
             (QJsonObject{{u"user"_s, u"${user}"_s}, {u"password"_s, u"${password}"_s}}));
    QCOMPARE(login.expectedStatus, QList<int>{200});
    QCOMPARE(login.extractions.keys(), (QStringList{u"expiresIn"_s, u"token"_s}));
    QCOMPARE(login.extractions.value(u"token"_s).pointer, u"/token"_s);
    QVERIFY(!login.extractions.value(u"token"_s).fallback);

    QCOMPARE(source.permissions.size(), 1);
    const QList<Condition> &requirements = source.permissions.constFirst().requirements;
    QCOMPARE(requirements.size(), 1);
    QCOMPARE(requirements.constFirst().pointer, u"/permissions"_s);
    QCOMPARE(requirements.constFirst().containsAny, QList<QJsonValue>{u"counter.read"_s});

    QCOMPARE(source.snapshot.size(), 1);
    QCOMPARE(source.snapshot.constFirst().auth, Auth::Inherit);
    QVERIFY(source.snapshot.constFirst().count);
    QCOMPARE(source.snapshot.constFirst().count->pointer, u"/count"_s);

    QCOMPARE(source.stream.url.text(), u"${base}/stream"_s);
    QCOMPARE(source.stream.openTimeout, 10s);
    QCOMPARE(source.stream.idleTimeout, 45s);
    QCOMPARE(source.stream.resume, StreamDescription::Resume::Header);

    QCOMPARE(source.rules.size(), 1);
    QCOMPARE(source.rules.constFirst().events, QStringList{u"count"_s});
    QCOMPARE(source.rules.constFirst().action, Rule::Action::Set);
    QCOMPARE(source.rules.constFirst().pointer, u"/count"_s);

    QCOMPARE(source.close.size(), 1);
    QCOMPARE(source.close.constFirst().method, "POST");
    QVERIFY(source.closesOnQuit);
    QCOMPARE(source.closeBudget, 1500ms);
}

void tst_Source::readsTheOneInTheReadme()
{
    QFile readme(QFINDTESTDATA("../../README.md"));
    QVERIFY(readme.open(QIODevice::ReadOnly));
    const QByteArray text = readme.readAll();
    const QByteArray opening("```json\n");
    QStringList titles;
    SourceResult result;
    for (qsizetype at = text.indexOf(opening); at >= 0; at = text.indexOf(opening, at)) {
        at += opening.size();
        result = readSource(text.sliced(at, text.indexOf("```", at) - at), u"readme.json"_s);
        QCOMPARE(result.error, QString());
        titles.append(result.source->title);
    }
    QCOMPARE(titles, (QStringList{u"Code"_s, u"Work"_s})); // one of a preset, and a whole one
    QCOMPARE(result.source->title, u"Work"_s);
    QCOMPARE(result.source->close.size(), 1);
}

void tst_Source::readsTheLeast()
{
    const SourceResult result =
        readSource(R"({"schema": 1, "stream": {"url": "http://x/"}})", u"least.json"_s);
    QCOMPARE(result.error, QString());
    QCOMPARE(result.source->title, u"least"_s); // for want of a better one
    QCOMPARE(result.source->auth, Auth::Anonymous);
    QVERIFY(result.source->login.isEmpty());
    QCOMPARE(result.source->stream.resume, StreamDescription::Resume::Header);
    QVERIFY(result.source->closesOnQuit);
    QVERIFY(result.source->timeout > 0ms);
    QVERIFY(result.source->stream.openTimeout > 0ms);
}

void tst_Source::readsTheRest()
{
    const SourceResult result = readSource(R"({
        "schema": 1,
        "vars": {"user": "mia", "password": {"type": "secret", "required": false},
                 "nick": {"type": "text", "required": false}},
        "http": {"auth": "basic", "headers": {"X-App": "tallybell ${nick}"}},
        "token": {"var": "t", "skewS": 5},
        "login": [
            {"name": "form", "method": "PUT", "url": "http://x/", "accept": "text/plain",
             "timeoutMs": 70, "headers": {"X-Step": "1"}, "auth": "bearer",
             "body": {"form": {"a": "${user}"}}, "expect": {"status": [200, 302]},
             "extract": {"t": {"pointer": "/t", "default": ""}}},
            {"name": "text", "method": "POST", "url": "http://x/", "body": {"text": "hi ${user}"}}],
        "permissions": [{"name": "p", "url": "http://x/", "require": [
            {"pointer": "/a", "exists": false}, {"pointer": "/b", "equals": {"c": [1]}},
            {"pointer": "/d", "contains": 1, "containsAny": [2, 3]}]}],
        "snapshot": [{"name": "id", "url": "http://x/"},
                     {"name": "length", "url": "http://x/", "count": {"reduce": "length"}}],
        "stream": {"url": "http://x/", "headers": {"X-Stream": "2"}, "resume": {"mode": "none"}},
        "close": {"on": "logout", "steps": []}
    })",
                                           u"x.json"_s);
    QCOMPARE(result.error, QString());
    const Source &source = *result.source;
    QCOMPARE(source.auth, Auth::Basic);
    QCOMPARE(source.headers.value(u"X-App"_s).text(), u"tallybell ${nick}"_s);
    QCOMPARE(source.variables.value(u"nick"_s, u"none"_s), QString()); // has a value: nothing
    QVERIFY(!source.secrets.value(u"password"_s, {{}, true}).required);
    QCOMPARE(source.secrets.value(u"password"_s).label, u"password"_s);
    QCOMPARE(source.tokenSkew, 5s);

    const Step &form = source.login.at(0);
    QCOMPARE(form.method, "PUT");
    QCOMPARE(form.accept, u"text/plain"_s);
    QCOMPARE(form.timeout, 70ms);
    QCOMPARE(form.headers.value(u"X-Step"_s).text(), u"1"_s);
    QCOMPARE(form.auth, Auth::Bearer);
    QCOMPARE(form.bodyKind, Step::Body::Form);
    QCOMPARE(form.body, (QJsonObject{{u"a"_s, u"${user}"_s}}));
    QCOMPARE(form.expectedStatus, (QList<int>{200, 302}));
    QCOMPARE(form.extractions.value(u"t"_s).fallback, QString());
    QCOMPARE(source.login.at(1).bodyKind, Step::Body::Text);
    QCOMPARE(source.login.at(1).body, QJsonValue(u"hi ${user}"_s));

    const QList<Condition> &requirements = source.permissions.constFirst().requirements;
    QCOMPARE(requirements.at(0).exists, false);
    QCOMPARE(requirements.at(1).equals, QJsonValue(QJsonObject{{u"c"_s, QJsonArray{1}}}));
    QCOMPARE(requirements.at(2).containsAny, (QList<QJsonValue>{1, 2, 3}));

    QVERIFY(!source.snapshot.at(0).count);
    QCOMPARE(source.snapshot.at(1).count->reduce, CountLocation::Reduce::Length);
    QCOMPARE(source.stream.headers.value(u"X-Stream"_s).text(), u"2"_s);
    QCOMPARE(source.stream.resume, StreamDescription::Resume::Never);
    QVERIFY(!source.closesOnQuit);
}

void tst_Source::readsRules()
{
    const SourceResult result = readSource(sourceWith({R"("rules": [
        {"event": ["a", "b"], "do": "add"},
        {"event": "c", "do": "sub", "value": 2},
        {"event": "d", "do": "set", "value": 0},
        {"event": "e", "do": "refetch"},
        {"event": "ping", "do": "alive"},
        {"event": "*", "do": "ignore"},
        {"do": "ignore"}])"}),
                                           u"x.json"_s);
    QCOMPARE(result.error, QString());
    const QList<Rule> &rules = result.source->rules;
    QCOMPARE(rules.size(), 7);
    QCOMPARE(rules.at(0).events, (QStringList{u"a"_s, u"b"_s}));
    QCOMPARE(rules.at(0).action, Rule::Action::Add);
    QCOMPARE(rules.at(0).value, 1);
    QVERIFY(!rules.at(0).pointer);
    QCOMPARE(rules.at(1).action, Rule::Action::Sub);
    QCOMPARE(rules.at(1).value, 2);
    QCOMPARE(rules.at(2).action, Rule::Action::Set);
    QCOMPARE(rules.at(2).value, 0);
    QCOMPARE(rules.at(3).action, Rule::Action::Refetch);
    QCOMPARE(rules.at(4).action, Rule::Action::Ignore);
    QVERIFY(rules.at(5).events.isEmpty());
    QVERIFY(rules.at(6).events.isEmpty());
}

void tst_Source::knowsWhichCloseRequestsAreWorthKeeping_data()
{
    QTest::addColumn<QByteArray>("use"); // in the header of the request
    QTest::addColumn<QByteArray>("keep");
    QTest::addColumn<std::chrono::seconds>("seconds");
    const std::chrono::seconds day = 24h;
    QTest::newRow("of the app's own id") << QByteArray("${uuid}") << QByteArray() << day;
    QTest::newRow("of what an event gave") << QByteArray("${connection}") << QByteArray() << day;
    QTest::newRow("not so long") << QByteArray("${uuid}") << QByteArray("60") << 60s;
    QTest::newRow("not at all") << QByteArray("${uuid}") << QByteArray("0") << 0s;
    QTest::newRow("of any session") << QByteArray("x") << QByteArray() << 0s;
    QTest::newRow("of what a login gave") << QByteArray("${csrf}") << QByteArray() << 0s;
    QTest::newRow("of what a login and an event give")
        << QByteArray("${both}") << QByteArray() << 0s;
    QTest::newRow("of a secret") << QByteArray("${secret}") << QByteArray() << 0s;
    QTest::newRow("of the token that an event gave")
        << QByteArray("${token}") << QByteArray() << 0s;
}

void tst_Source::knowsWhichCloseRequestsAreWorthKeeping()
{
    QFETCH(QByteArray, use);
    QFETCH(QByteArray, keep);
    const QByteArray pointer = R"({"pointer": "/p"})";
    const SourceResult result = readSource(
        sourceWith({R"("vars": {"secret": {"type": "secret"}}, "token": {"var": "token"})",
                    "\"login\": [{\"name\": \"l\", \"url\": \"http://x/\", \"extract\": {\"csrf\": "
                        + pointer + ", \"both\": " + pointer + "}}]",
                    "\"rules\": [{\"do\": \"capture\", \"extract\": {\"connection\": " + pointer
                        + ", \"both\": " + pointer + ", \"secret\": " + pointer
                        + ", \"token\": " + pointer + "}}]",
                    "\"close\": {" + (keep.isEmpty() ? keep : "\"keepS\": " + keep + ", ")
                        + R"("steps": [{"name": "c", "url": "http://x/", "headers": {"X": ")" + use
                        + "\"}}]}"}),
        u"x.json"_s);
    QCOMPARE(result.error, QString());
    QTEST(result.source->closeKeep, "seconds");
}

void tst_Source::takesValuesOfVariablesAsText_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QString>("text");
    QTest::newRow("a string") << QByteArray(R"("x")") << u"x"_s;
    QTest::newRow("an empty string") << QByteArray(R"("")") << QString();
    QTest::newRow("not rendered") << QByteArray(R"("${other}")") << u"${other}"_s;
    QTest::newRow("a number") << QByteArray("8080") << u"8080"_s;
    QTest::newRow("a long number") << QByteArray("9007199254740993") << u"9007199254740993"_s;
    QTest::newRow("a fraction") << QByteArray("0.5") << u"0.5"_s;
    QTest::newRow("a truth value") << QByteArray("true") << u"true"_s;
    QTest::newRow("a default") << QByteArray(R"({"type": "url", "default": "http://y"})")
                               << u"http://y"_s;
    QTest::newRow("a default without a type") << QByteArray(R"({"default": 3})") << u"3"_s;
}

void tst_Source::takesValuesOfVariablesAsText()
{
    QFETCH(QByteArray, value);
    const SourceResult result =
        readSource(sourceWith({R"("vars": {"v": )" + value + "}"}), u"x.json"_s);
    QCOMPARE(result.error, QString());
    QTEST(result.source->variables.value(u"v"_s), "text");
}

void tst_Source::skipsAByteOrderMark()
{
    const QByteArray mark = "\xEF\xBB\xBF";
    QCOMPARE(readSource(mark + wholeSource, u"x.json"_s).error, QString());
    QCOMPARE(readSource(mark + "{\n\"schema\": 1,\n\"tile\": \"x\",\n\"stream\": {\"url\": \"/\"}}",
                        u"x.json"_s)
                 .error.section(u':', 0, 0),
             u"x.json, line 3, /tile"_s);
}

void tst_Source::namesFileLineAndPlace_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("error"); // after the file's name
    const auto row = [](const char *name, const QByteArray &json, const QString &error) {
        QTest::newRow(name) << json << error;
    };
    // The member stands on line 4.
    const auto with = [&row](const char *name, const QByteArray &member, const QString &error) {
        row(name, sourceWith({member}), u"line 4, "_s + error);
    };

    // The whole.
    row("an array", "[]", u"line 1, the whole file: an object is needed, not an array."_s);
    row("no schema", R"({"stream": {"url": "/"}})",
        u"line 1, the whole file: “schema” is needed: write \"schema\": 1."_s);
    row("a newer schema", "{\n\"schema\": 2}",
        u"line 2, /schema: this version reads schema 1 only."_s);
    row("a schema in quotation marks", R"({"schema": "1"})",
        u"line 1, /schema: a number is needed, not a string."_s);
    row("no stream", R"({"schema": 1})",
        u"line 1, the whole file: “stream” is needed; or “snapshot”, and “poll” with \"when\": "
        "\"always\"."_s);
    row("a stream without url", "{\"schema\": 1,\n\"stream\": {}}",
        u"line 2, /stream: “url” is needed."_s);
    row("an empty url", "{\"schema\": 1,\n\"stream\": {\n\"url\": \"\"}}",
        u"line 3, /stream/url: “url” is needed."_s);

    // Keys that nobody knows, at each level.
    const QString known =
        u"there are $schema, afterOpen, close, count, description, errors, homepage, "
        "http, login, permissions, poll, preset, refresh, rules, schema, snapshot, "
        "stream, title, token, vars."_s;
    with("unknown in the file", R"("tittle": "x")",
         u"/tittle: “tittle” is not known here; "_s + known);
    with("unknown for its case", R"("Title": "x")",
         u"/Title: “Title” is not known here; "_s + known);
    with("unknown with a slash", R"("a/b": 1)", u"/a~1b: “a/b” is not known here; "_s + known);
    with(
        "unknown in a declaration", R"("vars": {"v": {"type": "secret", "lable": "x"}})",
        u"/vars/v/lable: “lable” is not known here; there are choices, default, label, required, type."_s);
    with(
        "unknown in http", R"("http": {"timeout": 3})",
        u"/http/timeout: “timeout” is not known here; there are auth, cookies, headers, proxy, timeoutMs, tls."_s);
    const QByteArray step = R"({"name": "n", "url": "http://x/")";
    const QString stepKeys = u"accept, auth, body, expect, extract, headers, method, name, "
                             "prompt, query"_s;
    with("unknown in a step", "\"login\": [" + step + ", \"bdy\": {}}]",
         u"/login/0/bdy: “bdy” is not known here; there are %1, timeoutMs, transform, url, when."_s
             .arg(stepKeys));
    with(
        "require outside of permissions", "\"login\": [" + step + ", \"require\": []}]",
        u"/login/0/require: “require” is not known here; there are %1, timeoutMs, transform, url, when."_s
            .arg(stepKeys));
    with("unknown in a requirement",
         "\"permissions\": [" + step + ", \"require\": [{\"exists\": true, \"has\": 1}]}]",
         u"/permissions/0/require/0/has: “has” is not known here; there are contains, containsAny, "
         u"equals, exists, "
         "in, matches, pointer."_s);
    with(
        "unknown in count", "\"snapshot\": [" + step + ", \"count\": {\"path\": \"/x\"}}]",
        u"/snapshot/0/count/path: “path” is not known here; there are default, key, pointer, reduce, removeWhere, where."_s);
    with("unknown in expect", "\"login\": [" + step + ", \"expect\": {\"code\": 200}}]",
         u"/login/0/expect/code: “code” is not known here; there are json, status."_s);
    with("unknown in an extraction",
         "\"login\": [" + step + ", \"extract\": {\"t\": {\"pointer\": \"\", \"regexp\": \"x\"}}}]",
         u"/login/0/extract/t/regexp: “regexp” is not known here; there are cookie, default, "
         "header, pointer, regex."_s);
    with(
        "unknown in token", R"("token": {"var": "x", "ttl": 3})",
        u"/token/ttl: “ttl” is not known here; there are expiresAtVar, expiresInVar, idleS, skewS, var."_s);
    with(
        "unknown in a rule", R"("rules": [{"do": "add"}, {"do": "add", "evnt": "x"}])",
        u"/rules/1/evnt: “evnt” is not known here; there are comment, debounceMs, do, event, extract, item, key, pointer, regex, value, where."_s);
    with("unknown in an item", R"("rules": [{"do": "add", "item": {"title": "/t", "text": "/m"}}])",
         u"/rules/0/item/text: “text” is not known here; there are body, html, title, url."_s);
    with("an item without a title", R"("rules": [{"do": "add", "item": {"body": "/m"}}])",
         u"/rules/0/item/title: it is needed: where the event has a text."_s);
    with(
        "an item that is no pointer", R"("rules": [{"do": "add", "item": {"title": "New"}}])",
        u"/rules/0/item/title: a JSON pointer begins with “/”, as in “/data/count”, or is empty."_s);
    with("an item where nothing comes", R"("rules": [{"do": "sub", "item": {"title": "/t"}}])",
         u"/rules/0/item: it needs “do”: \"add\", \"keyAdd\", \"refetch\" or \"set\"."_s);
    with("unknown in close", R"("close": {"step": []})",
         u"/close/step: “step” is not known here; there are budgetMs, keepS, on, steps."_s);
    row("unknown in stream", "{\"schema\": 1, \"stream\": {\"url\": \"/\",\n\"idleMs\": 1}}",
        u"line 2, /stream/idleMs: “idleMs” is not known here; there are accept, body, "
        "expectEndAfterMs, firstByteTimeoutMs, headers, http2, idleTimeoutMs, limits, maxAgeMs, "
        "method, openTimeoutMs, query, resume, retry, uriTemplate, url."_s);
    row("unknown in resume",
        "{\"schema\": 1, \"stream\": {\"url\": \"/\",\n\"resume\": {\"by\": 1}}}",
        u"line 2, /stream/resume/by: “by” is not known here; there are events, from, mode, name."_s);

    // Wrong types and values.
    with("a string is needed", R"("title": 3)", u"/title: a string is needed, not a number."_s);
    with("an object is needed", R"("vars": ["a"])", u"/vars: an object is needed, not an array."_s);
    with("an array is needed", R"("login": {"name": "x"})",
         u"/login: an array is needed, not an object."_s);
    with("an object in an array is needed", R"("rules": ["add"])",
         u"/rules/0: an object is needed, not a string."_s);
    with("a truth value is needed", R"("vars": {"v": {"type": "secret", "required": "yes"}})",
         u"/vars/v/required: true or false is needed, not a string."_s);
    with("null", R"("title": null)", u"/title: a string is needed, not null."_s);
    with("a time in quotation marks", R"("http": {"timeoutMs": "3000"})",
         u"/http/timeoutMs: a number is needed, not a string."_s);
    with("a negative time", R"("close": {"budgetMs": -1})",
         u"/close/budgetMs: a whole number of at least 0 is needed."_s);
    with("a fraction", R"("close": {"budgetMs": 1.5})",
         u"/close/budgetMs: a whole number of at least 0 is needed."_s);
    with("a number too large", R"("close": {"budgetMs": 3000000000})",
         u"/close/budgetMs: a whole number of at least 0 is needed."_s);
    with("no time at all to answer", R"("http": {"timeoutMs": 0})",
         u"/http/timeoutMs: a whole number of at least 1 is needed."_s);
    with("an unknown auth", R"("http": {"auth": "digest"})",
         u"/http/auth: “digest” is not one of none, basic, bearer."_s);
    with("bearer without a token", R"("http": {"auth": "bearer"})",
         u"/http/auth: “bearer” needs “token” with “var”."_s);
    with("bearer of a step without a token", "\"login\": [" + step + ", \"auth\": \"bearer\"}]",
         u"/login/0/auth: “bearer” needs “token” with “var”."_s);
    with("basic without a password",
         "\"vars\": {\"user\": \"mia\"}, \"login\": [" + step + ", \"auth\": \"basic\"}]",
         u"/login/0/auth: “basic” needs “user” and “password” in “vars”."_s);
    with("a header's name with a colon", R"("http": {"headers": {"X-A:": "1"}})",
         u"/http/headers/X-A:: this is not the name of an HTTP header."_s);
    with("a header's name with a line break", R"("http": {"headers": {"X\r\nY": "1"}})",
         u"/http/headers/X\r\nY: this is not the name of an HTTP header."_s);
    with("a step without a name", R"("login": [{"url": "http://x/"}])",
         u"/login/0: “name” is needed."_s);
    with("a step without url", R"("login": [{"name": "x"}])", u"/login/0: “url” is needed."_s);
    with("an unknown method", "\"login\": [" + step + ", \"method\": \"GTE\"}]",
         u"/login/0/method: “GTE” is not one of GET, POST, PUT, PATCH, DELETE, HEAD."_s);
    with("a body of no kind", "\"login\": [" + step + ", \"body\": {\"jsn\": {}}}]",
         u"/login/0/body: exactly one of form, json, text is needed."_s);
    with("a body of two kinds", "\"login\": [" + step + R"(, "body": {"json": 1, "text": "x"}}])",
         u"/login/0/body: exactly one of form, json, text is needed."_s);
    with("a form of numbers", "\"login\": [" + step + R"(, "body": {"form": {"a": 1}}}])",
         u"/login/0/body/form/a: a string is needed, not a number."_s);
    const QString statuses =
        u"/login/0/expect/status: an HTTP status, or an array of at least one, "
        "is needed."_s;
    with("a status that is none", "\"login\": [" + step + ", \"expect\": {\"status\": 20}}]",
         statuses);
    with("a status in quotation marks",
         "\"login\": [" + step + ", \"expect\": {\"status\": [200, \"302\"]}}]", statuses);
    with("no status", "\"login\": [" + step + ", \"expect\": {\"status\": []}}]", statuses);
    with("an extraction from nowhere", "\"login\": [" + step + ", \"extract\": {\"t\": {}}}]",
         u"/login/0/extract/t: one of cookie, header, pointer, regex is needed."_s);
    with("an extraction to a bad name",
         "\"login\": [" + step + ", \"extract\": {\"x-y\": {\"pointer\": \"\"}}}]",
         u"/login/0/extract/x-y: the name of a variable is made of letters, digits and “_”, and "
         "does not begin with a digit."_s);
    with(
        "a requirement of nothing",
        "\"permissions\": [" + step + ", \"require\": [{\"pointer\": \"/p\"}]}]",
        u"/permissions/0/require/0: one of contains, containsAny, equals, exists, in, matches is needed."_s);
    with("a requirement of any of none",
         "\"permissions\": [" + step + ", \"require\": [{\"containsAny\": []}]}]",
         u"/permissions/0/require/0/containsAny: an array with at least one value is needed."_s);
    row("a snapshot that counts too early",
        sourceWith({"\"snapshot\": [" + step + ", \"count\": {}},\n" + step + "}]"}),
        u"line 5, /snapshot/1: the last step of “snapshot” needs “count”."_s);
    with("a rule without do", R"("rules": [{"event": "x"}])", u"/rules/0: “do” is needed."_s);
    with("an unknown do", R"("rules": [{"do": "increment"}])",
         u"/rules/0/do: “increment” is not one of set, add, sub, keyAdd, keyRemove, refetch, "
         "alive, ignore, capture, reconnect, expired, stop."_s);
    with("set to what", R"("rules": [{"do": "set"}])",
         u"/rules/0: “set” needs “pointer”, “regex” or “value”."_s);
    with("a value and a pointer", R"("rules": [{"do": "add", "value": 1, "pointer": "/x"}])",
         u"/rules/0/value: “pointer” and “value” exclude each other."_s);
    with("no event", R"("rules": [{"do": "add", "event": []}])",
         u"/rules/0/event: a string, or an array of at least one string, is needed."_s);
    with("an event that is a number", R"("rules": [{"do": "add", "event": ["a", 1]}])",
         u"/rules/0/event: a string, or an array of at least one string, is needed."_s);
    with("a pointer without a slash", R"("rules": [{"do": "set", "pointer": "count"}])",
         u"/rules/0/pointer: a JSON pointer begins with “/”, as in “/data/count”, or is empty."_s);
    with("an unknown occasion", R"("close": {"on": ["exit"]})",
         u"/close/on: “exit” is not one of quit, logout, suspend, beforeReopen."_s);
    const auto unanswered = [](const QString &key) {
        return u"the requests of “close” are made beforehand, and nobody is there to read the "
               "answers: “%1” has no meaning here."_s.arg(key);
    };
    for (const char *key : {"prompt", "extract", "require", "count"})
        with("a close request that needs its answer",
             "\"close\": {\"steps\": [" + step + ", \"" + key + "\": {}}]}",
             u"/close/steps/0/"_s + QLatin1String(key) + u": "_s
                 + unanswered(QString::fromLatin1(key)));
    with("a close request that judges its answer",
         "\"close\": {\"steps\": [" + step + R"(, "expect": {"status": 204, "json": []}}]})",
         u"/close/steps/0/expect/json: "_s + unanswered(u"json"_s));
    with("a close request that would end another session when it is sent later",
         "\"close\": {\"keepS\": 60, \"steps\": [" + step + "}]}",
         u"/close/keepS: sent later, these steps would close the session of that time: none uses "
         "“uuid” or a variable that “rules” capture."_s);
    with("a close request that is kept for days", R"("close": {"keepS": 86401})",
         u"/close/keepS: at most 86400 seconds, a day, are possible."_s);

    // Variables and templates.
    with("a secret in the file", R"("vars": {"p": {"type": "secret", "default": "hunter2"}})",
         u"/vars/p/default: a secret never stands in a source file; it is kept in "
         "the keyring or in the secrets file."_s);
    with("a variable of an unknown type", R"("vars": {"v": {"type": "password"}})",
         u"/vars/v/type: “password” is not one of text, url, int, bool, secret, choice."_s);
    with("a variable without a value", R"("vars": {"v": {"type": "url", "label": "Server"}})",
         u"/vars/v: “Server” has no value; write it in place of this declaration, or as its "
         "“default”."_s);
    with("a variable that is null", R"("vars": {"v": null})",
         u"/vars/v: a string, a number, true, false or a declaration with “type” is needed."_s);
    with("a default that is an array", R"("vars": {"v": {"default": []}})",
         u"/vars/v/default: a string, a number, true or false is needed."_s);
    with("a variable that no template can name", R"("vars": {"my-name": "x"})",
         u"/vars/my-name: the name of a variable is made of letters, digits and “_”, and does not "
         "begin with a digit."_s);
    with("an unknown filter", R"("vars": {"v": "x"}, "homepage": "http://${v|url}")",
         u"/homepage: “url” is no filter; there are urlencode and base64."_s);
    with("a template that is not closed", R"("vars": {"v": "x"}, "homepage": "http://${v")",
         u"/homepage: “}” is missing after “${v”."_s);
    const auto nothing = [](const QString &name) {
        return u"nothing gives the variable “%1” a value, neither “vars” nor an “extract”."_s.arg(
            name);
    };
    with("an occasion of something else than leaving", R"("homepage": "http://x/${occasion}")",
         u"/homepage: "_s + nothing(u"occasion"_s));
    with("a slip in a body", "\"login\": [" + step + R"(, "body": {"json": {"a": ["${b c}"]}}}])",
         u"/login/0/body/json/a/0: “${b c}” is no variable; write ${name}, with a name of "
         "letters, digits and “_” that does not begin with a digit."_s);
    with("a name that nobody knows in a body",
         "\"vars\": {\"user\": \"x\"}, \"login\": [" + step
             + R"(, "body": {"form": {"u": "${usr}"}}}])",
         u"/login/0/body/form/u: "_s + nothing(u"usr"_s));
    with("a name that nobody knows in a header", R"("http": {"headers": {"X": "${x}"}})",
         u"/http/headers/X: "_s + nothing(u"x"_s));
    with("a token that nobody extracts",
         "\"token\": {\"var\": \"tokn\"}, \"login\": [" + step
             + R"(, "extract": {"token": {"pointer": "/t"}}}])",
         u"/token/var: "_s + nothing(u"tokn"_s));
    with("a lifetime that nobody extracts",
         R"("vars": {"t": "x"}, "token": {"var": "t", "expiresInVar": "e"})",
         u"/token/expiresInVar: "_s + nothing(u"e"_s));
}

void tst_Source::namesFileLineAndPlace()
{
    QFETCH(QByteArray, json);
    QFETCH(QString, error);
    const SourceResult result = readSource(json, u"/home/mia/work.json"_s);
    QVERIFY(!result.source);
    QCOMPARE(result.error, u"/home/mia/work.json, "_s + error);
}

void tst_Source::explainsWhatIsNotJson_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("error");
    const auto row = [](const char *name, const QByteArray &json, int line, const QString &why) {
        QTest::newRow(name) << json
                            << u"work.json, line %1: this is not JSON: %2."_s.arg(line).arg(why);
    };
    const QString object = u"a comma or “}” is missing, or a name is not in double quotes"_s;
    const QString array = u"a comma or “]” is missing"_s;
    const QString value = u"a value is missing, or is not one; text stands in double quotes"_s;
    row("no comma", "{\n\"a\": 1\n\"b\": 2\n}", 3, object);
    row("no closing brace", "{\n\"a\": {\"b\": 1}\n", 3, object);
    row("a name in single quotes", "{\n'a': 1}", 2, object);
    row("a name without quotes", "{\n\n\na: 1}", 4, object);
    row("a comma at the end", "{\n\"a\": 1,\n}", 3, u"nothing follows the comma"_s);
    row("no comma in an array", "{\n\"a\": [1\n2]}", 3, array);
    row("no colon", "{\n\"a\" 1}", 2, u"“:” is missing after a name"_s);
    row("no value", "{\n\"a\": ,\n\"b\": 1}", 2, value);
    row("a text without quotes", "{\n\"a\": b}", 2, value);
    row("True", "{\n\"a\": True}", 2, value);
    row("a web page", "<!doctype html>", 1, value);
    row("a lone number", "3", 1, value);
    row("a comment", "{\n// mine\n\"a\": 1}", 2, u"JSON has no comments"_s);
    row("a comment after a member", "{\n\"a\": 1, /* mine */\n\"b\": 1}", 2,
        u"JSON has no comments"_s);
    row("a comment as in a shell", "{\n# mine\n\"a\": 1}", 2, u"JSON has no comments"_s);
    row("a second object", "{\n\"a\": 1}\n{}", 3, u"something follows the end of the object"_s);
    row("Latin 1",
        "{\n\"a\": \"gr\xF6\xDF"
        "er\"}",
        2, u"this is not UTF-8; save the file with that encoding"_s);
    QTest::newRow("nothing") << QByteArray() << u"work.json is empty."_s;
    QTest::newRow("blank lines") << QByteArray("\n \n") << u"work.json is empty."_s;
    QTest::newRow("a byte order mark") << QByteArray("\xEF\xBB\xBF") << u"work.json is empty."_s;
}

void tst_Source::explainsWhatIsNotJson()
{
    QFETCH(QByteArray, json);
    const SourceResult result = readSource(json, u"work.json"_s);
    QVERIFY(!result.source);
    QTEST(result.error, "error");
}

void tst_Source::keepsOddFileNamesInTheSentence()
{
    QCOMPARE(readSource("[]", u"100%1%20%3.json"_s).error,
             u"100%1%20%3.json, line 1, the whole file: an object is needed, not an array."_s);
    QVERIFY(readSource("{", u"%2.json"_s).error.startsWith(u"%2.json, line 1: this"_s));
}

void tst_Source::readsFromDisk()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"my.work.json"_s);
    writeFile(path, wholeSource);
    const SourceResult result = readSourceFile(path);
    QCOMPARE(result.error, QString());
    QCOMPARE(result.source->name, u"my.work"_s);
}

void tst_Source::explainsWhatCannotBeReadFromDisk_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("error");
    QTest::newRow("missing") << u"missing.json"_s
                             << u"%1 cannot be read: No such file or directory."_s;
    QTest::newRow("a folder") << u"folder.json"_s
                              << u"%1 cannot be read: file to open is a directory."_s;
    QTest::newRow("empty") << u"empty.json"_s << u"%1 is empty."_s;
    QTest::newRow("huge") << u"huge.json"_s << u"%1 is too large: such a file has 1 MiB at most."_s;
    QTest::newRow("wrong") << u"wrong.json"_s
                           << u"%1, line 1, the whole file: an object is needed, not an array."_s;
}

void tst_Source::explainsWhatCannotBeReadFromDisk()
{
    const QTemporaryDir folder;
    QVERIFY(QDir(folder.path()).mkdir(u"folder.json"_s));
    writeFile(folder.filePath(u"empty.json"_s), {});
    writeFile(folder.filePath(u"huge.json"_s),
              QByteArray(wholeSource) + QByteArray(1024 * 1024, ' '));
    writeFile(folder.filePath(u"wrong.json"_s), "[]");
    QFETCH(QString, name);
    QFETCH(QString, error);
    const SourceResult result = readSourceFile(folder.filePath(name));
    QVERIFY(!result.source);
    QCOMPARE(result.error, error.arg(folder.filePath(name)));
}

QTEST_GUILESS_MAIN(tst_Source)
#include "tst_source.moc"
