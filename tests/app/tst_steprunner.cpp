// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "core/feed/cookiejar.h"
#include "core/feed/steprunner.h"
#include <sselib/testkit/sseserver.h>

#include <QJsonArray>
#include <QJsonObject>
#include <QNetworkAccessManager>
#include <QSignalSpy>
#include <QTest>

using namespace std::chrono_literals;
using namespace Qt::Literals;

using Harness::Exchange;
using Kind = StepOutcome::Kind;

namespace {

// A server, and a source of which it is the variable "base".
struct Portal
{
    Portal() { source.variables.insert(u"base"_s, base()); }

    [[nodiscard]] QString base() const
    {
        return server.url().toString(QUrl::RemovePath | QUrl::StripTrailingSlash);
    }

    // Runs the steps to their end. A run that does not end has the sentence "no end".
    StepOutcome run(const QList<Step> &steps, const Variables &more = {})
    {
        Variables variables = source.variables;
        variables.insert(more);
        StepRunner runner(&network, source, variables);
        QList<StepOutcome> outcomes;
        QObject::connect(&runner, &StepRunner::finished, &runner,
                         [&outcomes](const StepOutcome &outcome) { outcomes.append(outcome); });
        runner.run(steps);
        const bool ended = QTest::qWaitFor([&outcomes] { return !outcomes.isEmpty(); }, 10'000);
        return ended ? outcomes.constFirst() : StepOutcome{Kind::Done, u"no end"_s, {}, {}};
    }

    Harness::SseServer server;
    QNetworkAccessManager network;
    Source source;
};

Step stepTo(const QString &path, const QByteArray &method = "GET")
{
    Step step;
    step.name = u"step"_s;
    step.method = method;
    step.url = Template(u"${base}"_s + path);
    step.accept = u"application/json"_s;
    return step;
}

Step stepThatCounts(const QString &path, const QString &pointer = u"/count"_s)
{
    Step step = stepTo(path);
    step.count = CountLocation{pointer, CountLocation::Reduce::Number, {}, {}, {}, {}};
    return step;
}

Step stepThatExtracts(const QString &path, const QString &name, const QString &pointer,
                      const std::optional<QString> &fallback = {})
{
    Step step = stepTo(path);
    step.extractions.insert(name, {pointer, {}, {}, {}, fallback});
    return step;
}

// A secret in each place of a request.
Step stepFullOfSecrets()
{
    Step step = stepThatExtracts(u"/bot${secret|urlencode}/count?key=${secret|urlencode}"_s,
                                 u"id"_s, u"/id"_s);
    step.url =
        Template(step.url.text().replace("${base}"_L1, "http://u:canary@127.0.0.1:${port}"_L1));
    step.method = "POST";
    step.headers.insert(u"X-Key"_s, Template(u"${secret}"_s));
    step.bodyKind = Step::Body::Text;
    step.body = u"${secret}"_s;
    return step;
}

} // namespace

class tst_StepRunner : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void finishesWithoutStepsOnceItsCallerReturned();
    void runsEachStepWithWhatTheFormerExtracted();
    void stopsAtTheFirstStepThatFails();
    void extractsFromHeadersCookiesAndText_data();
    void extractsFromHeadersCookiesAndText();
    void passesOverAStepThatIsNotDue_data();
    void passesOverAStepThatIsNotDue();
    void readsErrorsInsideAnswers_data();
    void readsErrorsInsideAnswers();
    void refusesAnAnswerThatIsNotWhatWasExpected();
    void tellsHowLongTheServerWantsToBeLeftAlone();
    void putsQueriesBehindTheAddress();
    void findsAddressesThatTheServerGave();
    void keepsCookiesOnlyWhereTheSourceWantsThem_data();
    void keepsCookiesOnlyWhereTheSourceWantsThem();
    void extractsText_data();
    void extractsText();
    void judgesTheStatus_data();
    void judgesTheStatus();
    void keepsAnEscapedPathInTheSentence();
    void saysWhatCameInsteadOfTheAnswer_data();
    void saysWhatCameInsteadOfTheAnswer();
    void countsAnAnswerOfAnyForm_data();
    void countsAnAnswerOfAnyForm();
    void checksPermissions_data();
    void checksPermissions();
    void waitsOnlySoLong_data();
    void waitsOnlySoLong();
    void triesNoServerThatIsAway();
    void noticesACutConnection_data();
    void noticesACutConnection();
    void followsNoRedirectToAnotherServer_data();
    void followsNoRedirectToAnotherServer();
    void followsARedirectOnTheSameServer();
    void leavesARedirectThatItExpects();
    void takesInOnlySoMuch();
    void refusesAddressesThatAreNone_data();
    void refusesAddressesThatAreNone();
    void namesTheVariableWithoutAValue();
    void sendsNoHeaderThatAValueBegins();
    void sendsBodiesToTheByte_data();
    void sendsBodiesToTheByte();
    void saysWhoAsks_data();
    void saysWhoAsks();
    void sendsTheHeadersOfSourceAndStep();
    void marksWhatMayArriveTwice_data();
    void marksWhatMayArriveTwice();
    void staysSilentOnceCancelled_data();
    void staysSilentOnceCancelled();
    void keepsSecretsOutOfSentences_data();
    void keepsSecretsOutOfSentences();
};

void tst_StepRunner::finishesWithoutStepsOnceItsCallerReturned()
{
    QNetworkAccessManager network;
    StepRunner runner(&network, {}, {});
    QList<Kind> outcomes;
    connect(&runner, &StepRunner::finished, this,
            [&outcomes](const StepOutcome &outcome) { outcomes.append(outcome.kind); });
    runner.run({});
    QVERIFY(outcomes.isEmpty());
    QTRY_COMPARE(outcomes, QList<Kind>{Kind::Done});
}

void tst_StepRunner::runsEachStepWithWhatTheFormerExtracted()
{
    Portal portal;
    portal.source.auth = Auth::Bearer;
    portal.source.tokenVariable = u"token"_s;
    portal.server.handle("/login", [](Exchange *login) {
        login->answerJson(200, {{u"token"_s, u"t1"_s}, {u"user"_s, QJsonObject{{u"id"_s, 7}}}});
    });
    portal.server.handle("/users/7", [](Exchange *user) {
        user->answerJson(200, {{u"box"_s, u"a/b"_s}, {u"count"_s, 1}});
    });
    portal.server.handle("/boxes/a%2Fb", [](Exchange *box) {
        box->answerJson(200, {{u"count"_s, u"3"_s}});
    });
    Step login = stepThatExtracts(u"/login"_s, u"token"_s, u"/token"_s);
    login.method = "POST";
    login.extractions.insert(u"id"_s, {u"/user/id"_s, {}, {}, {}, {}});
    Step user = stepThatExtracts(u"/users/${id}"_s, u"box"_s, u"/box"_s);
    user.count = CountLocation{u"/count"_s, CountLocation::Reduce::Number, {}, {}, {}, {}};
    const StepOutcome outcome =
        portal.run({login, user, stepThatCounts(u"/boxes/${box|urlencode}"_s)});

    QCOMPARE(outcome.sentence, QString());
    QCOMPARE(outcome.kind, Kind::Done);
    QCOMPARE(outcome.count, (FoundCount{3, {}})); // the last one
    QCOMPARE(outcome.extracted,
             (Variables{{u"token"_s, u"t1"_s}, {u"id"_s, u"7"_s}, {u"box"_s, u"a/b"_s}}));
    QByteArrayList asked;
    for (const Exchange *exchange : portal.server.exchanges())
        asked.append(exchange->method() + ' ' + exchange->path() + ' '
                     + exchange->header("Authorization"));
    QCOMPARE(
        asked,
        (QByteArrayList{"POST /login ", "GET /users/7 Bearer t1", "GET /boxes/a%2Fb Bearer t1"}));
}

void tst_StepRunner::stopsAtTheFirstStepThatFails()
{
    Portal portal;
    portal.server.handle("/a", [](Exchange *a) { a->answer(404); });
    QCOMPARE(portal.run({stepTo(u"/a"_s), stepTo(u"/b"_s)}).kind, Kind::Refused);
    QCOMPARE(portal.server.requestCount("/b"), 0);
}

void tst_StepRunner::extractsText_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("pointer");
    QTest::addColumn<std::optional<QString>>("fallback");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const QByteArray &body, const QString &pointer,
                        const QString &expected, const std::optional<QString> &fallback = {}) {
        QTest::newRow(name) << body << pointer << fallback << expected;
    };

    row("a string", R"({"t": "x"})", u"/t"_s, u"x"_s);
    row("an empty string", R"({"t": ""})", u"/t"_s, {});
    row("a long number", R"({"t": 9007199254740993})", u"/t"_s, u"9007199254740993"_s);
    row("a truth value", R"({"t": false})", u"/t"_s, u"false"_s);
    row("an element", R"(["a", "b"])", u"/1"_s, u"b"_s);
    row("a body that is a string", R"("x")", {}, u"x"_s);
    row("a string that is a template", R"({"t": "${base}"})", u"/t"_s, u"${base}"_s);
    row("not the default where there is a value", R"({"t": "x"})", u"/t"_s, u"x"_s, u"d"_s);
    row("the default where nothing is", "{}", u"/t"_s, u"d"_s, u"d"_s);
    row("the default where null is", R"({"t": null})", u"/t"_s, u"d"_s, u"d"_s);
    row("the default where an object is", R"({"t": {}})", u"/t"_s, u"d"_s, u"d"_s);
    row("an empty default", "{}", u"/t"_s, {}, QString());
    row("the default where no JSON is", "hello", u"/t"_s, u"d"_s, u"d"_s);
}

void tst_StepRunner::extractsText()
{
    QFETCH(QByteArray, body);
    QFETCH(QString, pointer);
    QFETCH(std::optional<QString>, fallback);
    Portal portal;
    portal.server.handle("/x", [&body](Exchange *x) { x->answer(200, body); });
    const StepOutcome outcome = portal.run({stepThatExtracts(u"/x"_s, u"v"_s, pointer, fallback)});
    QCOMPARE(outcome.sentence, QString());
    QVERIFY(outcome.extracted.contains(u"v"_s));
    QTEST(outcome.extracted.value(u"v"_s), "expected");
}

void tst_StepRunner::judgesTheStatus_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QList<int>>("expected");
    QTest::addColumn<Kind>("kind");
    QTest::addColumn<QString>("sentence");
    const auto row = [](const char *name, int status, const QList<int> &expected, Kind kind,
                        const QString &sentence = {}) {
        QTest::newRow(name) << status << expected << kind << sentence;
    };

    const QString look = u" Check the address in the source file."_s;
    row("200", 200, {}, Kind::Done);
    row("204", 204, {}, Kind::Done);
    row("299", 299, {}, Kind::Done);
    row("as expected", 201, {200, 201}, Kind::Done);
    row("a 404 as expected", 404, {404}, Kind::Done);
    row("a 503 as expected", 503, {503}, Kind::Done);
    row("other than expected", 200, {201}, Kind::Refused, u"%1 answered 200 OK."_s + look);
    row("304", 304, {}, Kind::Refused, u"%1 answered 304 Not Modified."_s + look);
    row("400", 400, {}, Kind::Refused, u"%1 answered 400 Bad Request."_s + look);
    row("401", 401, {}, Kind::Unauthorized, u"%1 answered 401 Unauthorized."_s);
    row("401 instead of what is expected", 401, {200}, Kind::Unauthorized,
        u"%1 answered 401 Unauthorized."_s);
    row("403", 403, {}, Kind::Forbidden, u"%1 answered 403 Forbidden."_s);
    row("404", 404, {}, Kind::Refused, u"%1 answered 404 Not Found."_s + look);
    row("429", 429, {}, Kind::Transient, u"%1 answered 429 Too Many Requests."_s);
    row("500", 500, {}, Kind::Transient, u"%1 answered 500 Internal Server Error."_s);
    row("503", 503, {}, Kind::Transient, u"%1 answered 503 Service Unavailable."_s);
}

void tst_StepRunner::judgesTheStatus()
{
    QFETCH(int, status);
    QFETCH(QList<int>, expected);
    QFETCH(QString, sentence);
    Portal portal;
    portal.server.handle("/count", [status](Exchange *count) {
        count->answer(status, {}, {{"WWW-Authenticate", "Basic realm=\"x\""}});
    });
    Step step = stepTo(u"/count?x=1"_s);
    step.expectedStatus = expected;
    const StepOutcome outcome = portal.run({step});
    QCOMPARE(outcome.sentence, sentence.replace("%1"_L1, portal.base() + "/count"_L1));
    QTEST(outcome.kind, "kind");
}

void tst_StepRunner::keepsAnEscapedPathInTheSentence()
{
    Portal portal;
    portal.server.handle("/a%2Fb", [](Exchange *x) { x->answer(404); });
    QCOMPARE(portal.run({stepTo(u"/a%2Fb"_s)}).sentence,
             portal.base()
                 + "/a%2Fb answered 404 Not Found. Check the address in the source file."_L1);
}

void tst_StepRunner::saysWhatCameInsteadOfTheAnswer_data()
{
    QTest::addColumn<Step>("step");
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("sentence");
    const auto row = [](const char *name, const Step &step, const QByteArray &type,
                        const QByteArray &body, const QString &sentence) {
        QTest::newRow(name) << step << type << body << sentence;
    };

    const QByteArray html = "text/html";
    const QByteArray json = "application/json";
    const QByteArray page = "<!doctype html><title>Log in</title>";
    const QString noJson = u"The answer of %1 is not JSON. It is text/html. Check the address in "
                           "the source file."_s;
    Step permission = stepTo(u"/x"_s);
    permission.requirements.append({u"/p"_s, {}, {}, {}, {u"read"_s}, {}});
    row("a page instead of a count", stepThatCounts(u"/x"_s), html, page, noJson);
    row("a page instead of a token", stepThatExtracts(u"/x"_s, u"t"_s, u"/t"_s), html, page,
        noJson);
    row("a page instead of permissions", permission, html, page, noJson);
    row("an answer without a type", stepThatCounts(u"/x"_s), {}, "hello",
        u"The answer of %1 is not JSON. It is without a content type. Check the address in the "
        "source file."_s);
    row("no count where it should be", stepThatCounts(u"/x"_s, u"/data/count"_s), json,
        R"({"count": 3})",
        u"The answer of %1 has no number at “/data/count”. It is application/json. Check the "
        "address in the source file."_s);
    row("a count that is no number", stepThatCounts(u"/x"_s), json, R"({"count": "many"})",
        u"The answer of %1 has no number at “/count”. It is application/json. Check the address "
        "in the source file."_s);
    row("no token where it should be", stepThatExtracts(u"/x"_s, u"token"_s, u"/t"_s), json,
        R"({"token": "canary"})",
        u"The answer of %1 has nothing at “/t”, where “token” should be. It is application/json. "
        "Check the address in the source file."_s);
    row("an object where the token should be", stepThatExtracts(u"/x"_s, u"token"_s, u"/t"_s), json,
        R"({"t": {"canary": 1}})",
        u"The answer of %1 has nothing at “/t”, where “token” should be. It is application/json. "
        "Check the address in the source file."_s);
}

void tst_StepRunner::saysWhatCameInsteadOfTheAnswer()
{
    QFETCH(Step, step);
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, body);
    QFETCH(QString, sentence);
    Portal portal;
    portal.server.handle("/x", [&](Exchange *x) {
        x->answer(200, body,
                  type.isEmpty() ? Harness::Headers() : Harness::Headers{{"Content-Type", type}});
    });
    const StepOutcome outcome = portal.run({step});
    QCOMPARE(outcome.sentence, sentence.arg(portal.base() + "/x"_L1));
    QCOMPARE(outcome.kind, Kind::Refused);
}

void tst_StepRunner::countsAnAnswerOfAnyForm_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<CountLocation::Reduce>("reduce");
    QTest::addColumn<int>("count");
    QTest::newRow("a lone number") << QByteArray("12\n") << CountLocation::Reduce::Number << 12;
    QTest::newRow("an array") << QByteArray("[1, 2]") << CountLocation::Reduce::Length << 2;
    QTest::newRow("lines that are not JSON")
        << QByteArray("a\nb\nc\n") << CountLocation::Reduce::Lines << 3;
    QTest::newRow("nothing has no lines") << QByteArray() << CountLocation::Reduce::Lines << 0;
}

void tst_StepRunner::countsAnAnswerOfAnyForm()
{
    QFETCH(QByteArray, body);
    QFETCH(CountLocation::Reduce, reduce);
    QFETCH(int, count);
    Portal portal;
    portal.server.handle("/x", [&body](Exchange *x) { x->answer(200, body); });
    Step step = stepTo(u"/x"_s);
    step.count = CountLocation{{}, reduce, {}, {}, {}, {}};
    const StepOutcome outcome = portal.run({step});
    QCOMPARE(outcome.sentence, QString());
    QCOMPARE(outcome.count, (FoundCount{count, {}}));
}

void tst_StepRunner::checksPermissions_data()
{
    QTest::addColumn<Condition>("requirement");
    QTest::addColumn<QString>("missing"); // empty: permitted
    const auto row = [](const char *name, const Condition &requirement,
                        const QString &missing = {}) {
        QTest::newRow(name) << requirement << missing;
    };
    const QString list = u"/list"_s;
    row("contains", {list, {}, {}, {}, {u"read"_s}, {}});
    row("contains any", {list, {}, {}, {}, {u"admin"_s, u"write"_s}, {}});
    row("contains a number", {list, {}, {}, {}, {7}, {}});
    row("contains a number as its digits", {list, {}, {}, {}, {u"7"_s}, {}});
    row("one of", {u"/name"_s, {}, {}, {u"write"_s, u"read"_s}, {}, {}});
    row("matches", {u"/name"_s, {}, {}, {}, {}, QRegularExpression(u"^re"_s)});
    row("exists", {u"/flag"_s, true, {}, {}, {}, {}});
    row("exists, though null", {u"/null"_s, true, {}, {}, {}, {}});
    row("does not exist", {u"/locked"_s, false, {}, {}, {}, {}});
    row("equals", {u"/flag"_s, {}, QJsonValue(true), {}, {}, {}});
    row("equals an object", {u"/deep"_s, {}, QJsonValue(QJsonObject{{u"a"_s, 1}}), {}, {}, {}});

    row("does not contain", {list, {}, {}, {}, {u"admin"_s}, {}}, u"admin"_s);
    row("contains none", {list, {}, {}, {}, {u"admin"_s, u"root"_s}, {}}, u"admin, root"_s);
    row("another case", {list, {}, {}, {}, {u"Read"_s}, {}}, u"Read"_s);
    row("part of a name", {list, {}, {}, {}, {u"rea"_s}, {}}, u"rea"_s);
    row("a string is no list", {u"/name"_s, {}, {}, {}, {u"read"_s}, {}}, u"read"_s);
    row("no list at all", {u"/lists"_s, {}, {}, {}, {u"read"_s}, {}}, u"read"_s);
    row("none of", {u"/name"_s, {}, {}, {u"a"_s, u"b"_s}, {}, {}}, u"a, b"_s);
    row("does not match", {u"/name"_s, {}, {}, {}, {}, QRegularExpression(u"^x"_s)}, u"/name"_s);
    row("should exist", {u"/locked"_s, true, {}, {}, {}, {}}, u"/locked"_s);
    row("should not exist", {u"/flag"_s, false, {}, {}, {}, {}}, u"/flag"_s);
    row("equals another", {u"/flag"_s, {}, QJsonValue(false), {}, {}, {}}, u"false"_s);
    row("should equal, but does not exist", {u"/no"_s, {}, QJsonValue(u"yes"_s), {}, {}, {}},
        u"yes"_s);
}

void tst_StepRunner::checksPermissions()
{
    QFETCH(Condition, requirement);
    QFETCH(QString, missing);
    Portal portal;
    portal.server.handle("/p", [](Exchange *p) {
        p->answerJson(200,
                      {{u"list"_s, QJsonArray{u"read"_s, u"write"_s, 7}},
                       {u"name"_s, u"read"_s},
                       {u"flag"_s, true},
                       {u"null"_s, QJsonValue()},
                       {u"deep"_s, QJsonObject{{u"a"_s, 1}}}});
    });
    Step step = stepTo(u"/p"_s);
    step.requirements = {{u"/flag"_s, true, {}, {}, {}, {}}, requirement};
    const StepOutcome outcome = portal.run({step});
    QCOMPARE(outcome.kind, missing.isEmpty() ? Kind::Done : Kind::MissingPermission);
    QCOMPARE(outcome.sentence,
             missing.isEmpty() ? QString()
                               : u"You are not permitted to see this count: “%1” is missing. Ask "
                                 "whoever manages 127.0.0.1."_s.arg(missing));
}

void tst_StepRunner::waitsOnlySoLong_data()
{
    QTest::addColumn<std::chrono::milliseconds>("ofSource");
    QTest::addColumn<std::chrono::milliseconds>("ofStep");
    QTest::addColumn<bool>("withHead");
    QTest::newRow("as the source says") << 50ms << 0ms << false;
    QTest::newRow("as the step says") << std::chrono::milliseconds(1h) << 50ms << false;
    QTest::newRow("for the whole answer") << 50ms << 0ms << true;
}

void tst_StepRunner::waitsOnlySoLong()
{
    QFETCH(std::chrono::milliseconds, ofSource);
    QFETCH(std::chrono::milliseconds, ofStep);
    QFETCH(bool, withHead);
    Portal portal;
    portal.source.timeout = ofSource;
    portal.server.handle("/slow", [withHead](Exchange *slow) {
        if (withHead)
            slow->sendHead(200, {{"Content-Length", "10"}});
    });
    Step step = stepTo(u"/slow"_s);
    step.timeout = ofStep;
    const StepOutcome outcome = portal.run({step});
    QCOMPARE(outcome.sentence, portal.base() + "/slow did not answer in time."_L1);
    QCOMPARE(outcome.kind, Kind::Transient);
    for (const Exchange *exchange : portal.server.exchanges("/slow")) // it is let go, too
        QTRY_VERIFY(exchange->wasClosedByPeer());
}

void tst_StepRunner::triesNoServerThatIsAway()
{
    Portal portal;
    portal.server.stop();
    const StepOutcome outcome = portal.run({stepTo(u"/x"_s)});
    QCOMPARE(outcome.sentence, portal.base() + "/x cannot be reached: Connection refused."_L1);
    QCOMPARE(outcome.kind, Kind::Transient);
}

void tst_StepRunner::noticesACutConnection_data()
{
    QTest::addColumn<bool>("withHead");
    QTest::addColumn<QByteArray>("length");
    QTest::newRow("before the answer") << false << QByteArray();
    QTest::newRow("within a body of known length") << true << QByteArray("100");
    QTest::newRow("within a body of chunks") << true << QByteArray();
}

void tst_StepRunner::noticesACutConnection()
{
    QFETCH(bool, withHead);
    QFETCH(QByteArray, length);
    Portal portal;
    portal.server.handle("/x", [&](Exchange *x) {
        if (withHead) {
            x->sendHead(200,
                        length.isEmpty() ? Harness::Headers()
                                         : Harness::Headers{{"Content-Length", length}});
            x->write("12"); // a count, were it all
        }
        x->cut();
    });
    const StepOutcome outcome = portal.run({stepThatCounts(u"/x"_s, {})});
    QCOMPARE(outcome.kind, Kind::Transient);
    QCOMPARE(outcome.sentence, portal.base() + "/x cannot be reached: Connection closed."_L1);
    QCOMPARE(outcome.count, std::nullopt);
}

void tst_StepRunner::followsNoRedirectToAnotherServer_data()
{
    QTest::addColumn<int>("status");
    for (const int status : {301, 302, 303, 307, 308})
        QTest::addRow("%d", status) << status;
}

void tst_StepRunner::followsNoRedirectToAnotherServer()
{
    QFETCH(int, status);
    Harness::SseServer other;
    other.handle("/x", [](Exchange *x) { x->answerJson(200, {{u"count"_s, 3}}); });
    Portal portal;
    portal.source.auth = Auth::Bearer;
    portal.source.tokenVariable = u"token"_s;
    portal.server.handle("/x",
                         [&](Exchange *x) { x->redirect(status, other.url("/x").toEncoded()); });
    const StepOutcome outcome = portal.run({stepThatCounts(u"/x"_s)}, {{u"token"_s, u"canary"_s}});
    QCOMPARE(outcome.sentence,
             portal.base()
                 + "/x redirects to another server, which is not followed. Put the final address "
                   "into the source file."_L1);
    QCOMPARE(outcome.kind, Kind::Refused);
    QCOMPARE(portal.server.exchanges().constFirst()->header("Authorization"), "Bearer canary");
    QVERIFY(other.exchanges().isEmpty());
}

void tst_StepRunner::followsARedirectOnTheSameServer()
{
    Portal portal;
    portal.source.auth = Auth::Bearer;
    portal.source.tokenVariable = u"token"_s;
    portal.server.handle("/old", [](Exchange *x) { x->redirect(301, "/new"); });
    portal.server.handle("/new", [](Exchange *x) { x->answerJson(200, {{u"count"_s, 3}}); });
    const StepOutcome outcome = portal.run({stepThatCounts(u"/old"_s)}, {{u"token"_s, u"t"_s}});
    QCOMPARE(outcome.sentence, QString());
    QCOMPARE(outcome.count, (FoundCount{3, {}}));
    QCOMPARE(portal.server.exchanges("/new").constFirst()->header("Authorization"), "Bearer t");
}

void tst_StepRunner::leavesARedirectThatItExpects()
{
    Portal portal;
    portal.server.handle("/login", [](Exchange *x) { x->redirect(302, "/home"); });
    Step step = stepTo(u"/login"_s, "POST");
    step.expectedStatus = {302};
    QCOMPARE(portal.run({step}).sentence, QString());
    QCOMPARE(portal.server.requestCount("/home"), 0);
}

void tst_StepRunner::takesInOnlySoMuch()
{
    Portal portal;
    portal.server.handle("/x", [](Exchange *x) {
        x->sendHead(200, {{"Content-Type", "application/json"}});
        const QByteArray megabyte(1024 * 1024, ' ');
        for (int written = 0; written < 9; ++written)
            x->write(megabyte);
    });
    const StepOutcome outcome = portal.run({stepThatCounts(u"/x"_s)});
    QCOMPARE(outcome.sentence,
             portal.base() + "/x answered with more than this app takes in. Check the address."_L1);
    QCOMPARE(outcome.kind, Kind::Refused);
}

void tst_StepRunner::refusesAddressesThatAreNone_data()
{
    QTest::addColumn<QString>("base");
    QTest::addColumn<QString>("shown");
    QTest::newRow("without a scheme") << u"portal.example.org"_s << u"portal.example.org/x"_s;
    QTest::newRow("another scheme") << u"ftp://example.org"_s << u"ftp://example.org/x"_s;
    QTest::newRow("a file") << u"file://"_s << u"file:///x"_s;
    QTest::newRow("without a host") << u"http://"_s << u"http:///x"_s;
    QTest::newRow("a blank in the host") << u"http://my host"_s << u"${base}/x"_s;
    QTest::newRow("a line break in the host")
        << u"http://h\r\nX-Injected: 1\r\n"_s << u"${base}/x"_s;
    QTest::newRow("a port that is none") << u"http://h:port"_s << u"${base}/x"_s;
    QTest::newRow("empty") << QString() << u"/x"_s;
}

void tst_StepRunner::refusesAddressesThatAreNone()
{
    QFETCH(QString, base);
    QFETCH(QString, shown);
    Portal portal;
    portal.source.variables.insert(u"base"_s, base);
    const StepOutcome outcome = portal.run({stepTo(u"/x"_s)});
    QCOMPARE(outcome.sentence,
             u"“%1” is not an http or https address. Correct it in the source file."_s.arg(shown));
    QCOMPARE(outcome.kind, Kind::Refused);
}

void tst_StepRunner::namesTheVariableWithoutAValue()
{
    Portal portal;
    const StepOutcome outcome = portal.run({stepTo(u"/${id}/x"_s)});
    QCOMPARE(outcome.sentence,
             u"The variable “id” has no value; the source file uses it in “${base}/${id}/x”."_s);
    QCOMPARE(outcome.kind, Kind::Refused);
    QVERIFY(portal.server.exchanges().isEmpty());
}

void tst_StepRunner::sendsNoHeaderThatAValueBegins()
{
    Portal portal;
    portal.source.auth = Auth::Bearer;
    portal.source.tokenVariable = u"evil"_s;
    portal.source.headers.insert(u"X-Source"_s, Template(u"a${evil}"_s));
    portal.server.handle("/x", [](Exchange *x) { x->answer(200); });
    Step step = stepTo(u"/x"_s, "POST");
    step.headers.insert(u"X-Step"_s, Template(u"${evil}"_s));
    step.accept = u"text/plain\r\nX-Injected: 1"_s;
    step.bodyKind = Step::Body::Form;
    step.body = QJsonObject{{u"f"_s, u"${evil}"_s}};
    const StepOutcome outcome =
        portal.run({step}, {{u"evil"_s, u"v\r\nX-Injected: 1\n\r\nGET /y HTTP/1.1\r\n\r\n"_s}});
    QCOMPARE(outcome.sentence, QString());
    const Exchange *const exchange = portal.server.exchanges().constFirst();
    QVERIFY(!exchange->request().hasHeader("X-Injected"));
    QCOMPARE(exchange->header("X-Step"), "vX-Injected: 1GET /y HTTP/1.1");
    QCOMPARE(exchange->header("Authorization"), "Bearer vX-Injected: 1GET /y HTTP/1.1");
    QCOMPARE(exchange->body(),
             "f=v%0D%0AX-Injected%3A%201%0A%0D%0AGET%20%2Fy%20HTTP%2F1.1%0D%0A%0D%0A");
    QCOMPARE(portal.server.requestCount("/y"), 0);
}

void tst_StepRunner::sendsBodiesToTheByte_data()
{
    QTest::addColumn<Step::Body>("kind");
    QTest::addColumn<QJsonValue>("body");
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("bytes");
    const QByteArray json = "application/json";
    QTest::newRow("a JSON object")
        << Step::Body::Json
        << QJsonValue(QJsonObject{{u"a"_s, u"${odd}"_s}, {u"b"_s, QJsonArray{1, u"${odd}"_s, {}}}})
        << json << QByteArray(R"({"a":"q\"&=ö + \\","b":[1,"q\"&=ö + \\",null]})");
    QTest::newRow("names of a JSON object are no templates")
        << Step::Body::Json << QJsonValue(QJsonObject{{u"${odd}"_s, true}}) << json
        << QByteArray(R"({"${odd}":true})");
    QTest::newRow("a JSON array") << Step::Body::Json << QJsonValue(QJsonArray{u"${odd}"_s}) << json
                                  << QByteArray(R"(["q\"&=ö + \\"])");
    QTest::newRow("a JSON string")
        << Step::Body::Json << QJsonValue(u"${odd}"_s) << json << QByteArray(R"("q\"&=ö + \\")");
    QTest::newRow("a form") << Step::Body::Form
                            << QJsonValue(QJsonObject{
                                   {u"a b"_s, u"${odd}"_s}, {u"c"_s, u""_s}, {u"d"_s, u"x-_.~"_s}})
                            << QByteArray("application/x-www-form-urlencoded")
                            << QByteArray("a%20b=q%22%26%3D%C3%B6%20%2B%20%5C&c=&d=x-_.~");
    QTest::newRow("text") << Step::Body::Text << QJsonValue(u"<${odd}>\r\n"_s)
                          << QByteArray("text/plain; charset=utf-8")
                          << QByteArray("<q\"&=ö + \\>\r\n");
    QTest::newRow("nothing") << Step::Body::Empty << QJsonValue() << QByteArray() << QByteArray();
}

void tst_StepRunner::sendsBodiesToTheByte()
{
    QFETCH(Step::Body, kind);
    QFETCH(QJsonValue, body);
    Portal portal;
    portal.server.handle("/x", [](Exchange *x) { x->answer(200); });
    Step step = stepTo(u"/x"_s, "POST");
    step.bodyKind = kind;
    step.body = body;
    QCOMPARE(portal.run({step}, {{u"odd"_s, u"q\"&=ö + \\"_s}}).sentence, QString());
    const Exchange *const exchange = portal.server.exchanges().constFirst();
    QTEST(exchange->body(), "bytes");
    QTEST(exchange->header("Content-Type"), "type");
}

void tst_StepRunner::saysWhoAsks_data()
{
    QTest::addColumn<Auth>("ofSource");
    QTest::addColumn<Auth>("ofStep");
    QTest::addColumn<QByteArray>("header");
    const QByteArray basic = "Basic bWlhOnDDpHNzOndvcmQ="; // mia:päss:word
    QTest::newRow("nobody") << Auth::Anonymous << Auth::Inherit << QByteArray();
    QTest::newRow("bearer") << Auth::Bearer << Auth::Inherit << QByteArray("Bearer t/1+=");
    QTest::newRow("basic") << Auth::Basic << Auth::Inherit << basic;
    QTest::newRow("the step: nobody") << Auth::Bearer << Auth::Anonymous << QByteArray();
    QTest::newRow("the step: basic") << Auth::Bearer << Auth::Basic << basic;
    QTest::newRow("the step: bearer")
        << Auth::Anonymous << Auth::Bearer << QByteArray("Bearer t/1+=");
}

void tst_StepRunner::saysWhoAsks()
{
    QFETCH(Auth, ofSource);
    QFETCH(Auth, ofStep);
    Portal portal;
    portal.source.auth = ofSource;
    portal.source.tokenVariable = u"token"_s;
    portal.server.handle("/x", [](Exchange *x) { x->answer(200); });
    Step step = stepTo(u"/x"_s);
    step.auth = ofStep;
    portal.run({step},
               {{u"user"_s, u"mia"_s}, {u"password"_s, u"päss:word"_s}, {u"token"_s, u"t/1+="_s}});
    const Exchange *const exchange = portal.server.exchanges().constFirst();
    QTEST(exchange->header("Authorization"), "header");
    QCOMPARE(exchange->request().hasHeader("Authorization"),
             !exchange->header("Authorization").isEmpty());
}

void tst_StepRunner::sendsTheHeadersOfSourceAndStep()
{
    Portal portal;
    portal.source.headers = {{u"X-One"_s, Template(u"source"_s)},
                             {u"X-Two"_s, Template(u"source ${user}"_s)}};
    portal.server.handle("/x", [](Exchange *x) { x->answer(200); });
    Step step = stepTo(u"/x"_s);
    step.headers = {{u"X-One"_s, Template(u"step"_s)}};
    step.accept = u"application/vnd.x+json"_s;
    QCOMPARE(portal.run({step}, {{u"user"_s, u"mia"_s}}).sentence, QString());
    const Exchange *const exchange = portal.server.exchanges().constFirst();
    QCOMPARE(exchange->header("X-One"), "step");
    QCOMPARE(exchange->header("X-Two"), "source mia");
    QCOMPARE(exchange->header("Accept"), "application/vnd.x+json");
}

void tst_StepRunner::marksWhatMayArriveTwice_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<bool>("isMarked");
    QTest::newRow("GET") << QByteArray("GET") << false;
    QTest::newRow("HEAD") << QByteArray("HEAD") << false;
    QTest::newRow("POST") << QByteArray("POST") << true;
}

void tst_StepRunner::marksWhatMayArriveTwice()
{
    QFETCH(QByteArray, method);
    QFETCH(bool, isMarked);
    Portal portal;
    portal.server.handle("/x", [](Exchange *x) { x->answer(200); });
    Step ownKey = stepTo(u"/x"_s, method);
    ownKey.headers.insert(u"Idempotency-Key"_s, Template(u"mine"_s));
    QCOMPARE(portal.run({stepTo(u"/x"_s, method), stepTo(u"/x"_s, method), ownKey}).sentence,
             QString());
    QByteArrayList keys;
    for (const Exchange *exchange : portal.server.exchanges("/x")) {
        QCOMPARE(exchange->method(), method);
        keys.append(exchange->header("Idempotency-Key"));
    }
    QCOMPARE(keys.size(), 3);
    QCOMPARE(!keys.at(0).isEmpty(), isMarked);
    QCOMPARE(keys.at(0) != keys.at(1), isMarked);
    QCOMPARE(keys.at(2), "mine");
}

void tst_StepRunner::staysSilentOnceCancelled_data()
{
    QTest::addColumn<int>("steps");
    QTest::newRow("without steps") << 0;
    QTest::newRow("before the first request") << 1;
    QTest::newRow("with a request on its way") << 2;
}

void tst_StepRunner::staysSilentOnceCancelled()
{
    QFETCH(int, steps);
    Portal portal;
    StepRunner runner(&portal.network, portal.source, portal.source.variables);
    int ends = 0;
    connect(&runner, &StepRunner::finished, this, [&ends] { ++ends; });
    runner.run(steps == 0 ? QList<Step>() : QList<Step>{stepTo(u"/x"_s)});
    if (steps == 2) {
        Exchange *const exchange = portal.server.nextExchange();
        QVERIFY(exchange);
        QSignalSpy gone(exchange, &Exchange::peerClosed);
        runner.cancel();
        QVERIFY(gone.count() || gone.wait());
    } else {
        runner.cancel();
    }
    // What the runner still did would come before the answer to a request that was sent later.
    portal.server.handle("/later", [](Exchange *later) { later->answer(200); });
    QCOMPARE(portal.run({stepTo(u"/later"_s)}).sentence, QString());
    QCOMPARE(ends, 0);
    QCOMPARE(portal.server.requestCount("/x"), steps == 2 ? 1 : 0);
}

void tst_StepRunner::keepsSecretsOutOfSentences_data()
{
    using Handler = Harness::SseServer::Handler;
    QTest::addColumn<Handler>("handler");
    QTest::addColumn<Kind>("kind");
    const auto row = [](const char *name, Kind kind, const Handler &handler) {
        QTest::newRow(name) << handler << kind;
    };
    row("401", Kind::Unauthorized, [](Exchange *x) { x->answer(401); });
    row("403", Kind::Forbidden, [](Exchange *x) { x->answer(403); });
    row("404", Kind::Refused, [](Exchange *x) { x->answer(404); });
    row("500", Kind::Transient, [](Exchange *x) { x->answer(500); });
    row("another form", Kind::Refused, [](Exchange *x) { x->answer(200, "canary"); });
    row("nothing there", Kind::Refused, [](Exchange *x) {
        x->answerJson(200, {{u"canary"_s, u"canary"_s}});
    });
    row("a redirect to the secret", Kind::Refused,
        [](Exchange *x) { x->redirect(302, "http://canary.invalid/canary"); });
    row("a redirect in a circle", Kind::Transient,
        [](Exchange *x) { x->redirect(302, x->path()); });
    row("a cut connection", Kind::Transient, [](Exchange *x) { x->cut(); });
    row("no answer in time", Kind::Transient, [](Exchange *) {});
    row("too large an answer", Kind::Refused,
        [](Exchange *x) { x->answer(200, QByteArray(9 * 1024 * 1024, 'x')); });
}

void tst_StepRunner::keepsSecretsOutOfSentences()
{
    QFETCH(Harness::SseServer::Handler, handler);
    Portal portal;
    portal.source.timeout = 1s;
    portal.source.variables.insert(u"port"_s, QString::number(portal.server.port()));
    portal.source.secrets.insert(u"secret"_s, {});
    portal.server.handle("/botcanary%20%C3%B6%2F/count", handler);
    const StepOutcome outcome = portal.run({stepFullOfSecrets()}, {{u"secret"_s, u"canary ö/"_s}});
    QVERIFY(!portal.server.exchanges("/botcanary%20%C3%B6%2F/count").isEmpty());
    QTEST(outcome.kind, "kind");
    QVERIFY2(outcome.sentence.contains(portal.base() + u"/bot…/count"_s),
             qPrintable(outcome.sentence));
    QVERIFY2(!outcome.sentence.contains("canary"_L1), qPrintable(outcome.sentence));
}

void tst_StepRunner::extractsFromHeadersCookiesAndText_data()
{
    QTest::addColumn<Extraction>("extraction");
    QTest::addColumn<QString>("expected"); // null: nothing is found
    const auto pattern = [](const QString &text) { return QRegularExpression(text); };
    QTest::newRow("a header") << Extraction{{}, "X-Token", {}, {}, {}} << u"t0"_s;
    QTest::newRow("a part of a header")
        << Extraction{{}, "Link", {}, pattern(u"last-event-id=\"([^\"]*)\""_s), {}} << u"urn:9"_s;
    QTest::newRow("a cookie") << Extraction{{}, {}, "sid", {}, {}} << u"c1"_s;
    QTest::newRow("a form's field in a page")
        << Extraction{{}, {}, {}, pattern(u"name=\"_csrf\" value=\"([^\"]*)\""_s), {}} << u"f2"_s;
    QTest::newRow("a whole match") << Extraction{{}, {}, {}, pattern(u"f\\d"_s), {}} << u"f2"_s;
    QTest::newRow("no such header") << Extraction{{}, "X-No", {}, {}, {}} << QString();
    QTest::newRow("no such cookie, but a default")
        << Extraction{{}, {}, "no", {}, u"d"_s} << u"d"_s;
    QTest::newRow("no match") << Extraction{{}, {}, {}, pattern(u"nothing"_s), {}} << QString();
}

void tst_StepRunner::extractsFromHeadersCookiesAndText()
{
    QFETCH(Extraction, extraction);
    QFETCH(QString, expected);
    Portal portal;
    portal.server.handle("/form", [](Exchange *form) {
        form->answer(200, "<input name=\"_csrf\" value=\"f2\">",
                     {{"Content-Type", "text/html"},
                      {"X-Token", "t0"},
                      {"Link", "<https://hub/>; rel=\"mercure\"; last-event-id=\"urn:9\""},
                      {"Set-Cookie", "other=c0"},
                      {"Set-Cookie", "sid=c1; Path=/; HttpOnly"}});
    });
    Step step = stepTo(u"/form"_s);
    step.extractions.insert(u"x"_s, extraction);
    const StepOutcome outcome = portal.run({step});
    QCOMPARE(outcome.kind, expected.isNull() ? Kind::Refused : Kind::Done);
    QCOMPARE(outcome.extracted.value(u"x"_s), expected);
}

void tst_StepRunner::passesOverAStepThatIsNotDue_data()
{
    QTest::addColumn<Step::When>("when");
    QTest::addColumn<bool>("isDue");
    QTest::newRow("it has a value") << Step::When{u"on"_s, {}} << true;
    QTest::newRow("it is false") << Step::When{u"off"_s, {}} << false;
    QTest::newRow("it is empty") << Step::When{u"empty"_s, {}} << false;
    QTest::newRow("it is nowhere") << Step::When{u"no"_s, {}} << false;
    QTest::newRow("it is one of them") << Step::When{u"on"_s, {u"a"_s, u"true"_s}} << true;
    QTest::newRow("it is none of them") << Step::When{u"on"_s, {u"a"_s}} << false;
}

void tst_StepRunner::passesOverAStepThatIsNotDue()
{
    QFETCH(Step::When, when);
    QFETCH(bool, isDue);
    Portal portal;
    portal.server.handle("/a", [](Exchange *a) { a->answer(204); });
    portal.server.handle("/b", [](Exchange *b) { b->answer(204); });
    Step step = stepTo(u"/a"_s);
    step.when = when;
    const StepOutcome outcome =
        portal.run({step, stepTo(u"/b"_s)},
                   {{u"on"_s, u"true"_s}, {u"off"_s, u"false"_s}, {u"empty"_s, QString()}});
    QCOMPARE(outcome.kind, Kind::Done);
    QCOMPARE(portal.server.requestCount("/a"), isDue ? 1 : 0);
    QCOMPARE(portal.server.requestCount("/b"), 1);
}

void tst_StepRunner::readsErrorsInsideAnswers_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<Kind>("kind");
    QTest::newRow("401 inside 200")
        << 200 << QByteArray(R"({"code":401,"msg":"out"})") << Kind::Unauthorized;
    QTest::newRow("403 inside 200, as text")
        << 200 << QByteArray(R"({"code":"403"})") << Kind::Forbidden;
    QTest::newRow("500 inside 200") << 200 << QByteArray(R"({"code":500})") << Kind::Transient;
    QTest::newRow("all is well") << 200 << QByteArray(R"({"code":200})") << Kind::Done;
    QTest::newRow("a status of its own") << 418 << QByteArray("{}") << Kind::SecretRefused;
    QTest::newRow("any other status") << 401 << QByteArray("{}") << Kind::Unauthorized;
    QTest::newRow("too many") << 429 << QByteArray("{}") << Kind::Transient;
}

void tst_StepRunner::readsErrorsInsideAnswers()
{
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QFETCH(Kind, kind);
    Portal portal;
    const auto code = [](const QList<QJsonValue> &codes) {
        return Condition{u"/code"_s, {}, {}, codes, {}, {}};
    };
    portal.source.errors = {{{}, {}, code({401}), ErrorClass::Meaning::Expired},
                            {{}, {}, code({403}), ErrorClass::Meaning::Permission},
                            {{}, {}, code({500, 601}), ErrorClass::Meaning::Transient},
                            {{418}, {}, {}, ErrorClass::Meaning::Auth},
                            {{429}, {}, {}, ErrorClass::Meaning::Rate}};
    portal.server.handle("/a", [&](Exchange *a) {
        a->answer(status, body, {{"Content-Type", "application/json"}});
    });
    const StepOutcome outcome = portal.run({stepTo(u"/a"_s)});
    QCOMPARE(outcome.kind, kind);
    if (body.contains("msg"))
        QVERIFY2(outcome.sentence.contains(u"It says: “out”."_s), qPrintable(outcome.sentence));
    if (status == 429)
        QVERIFY(outcome.notBefore >= 60s);
}

void tst_StepRunner::refusesAnAnswerThatIsNotWhatWasExpected()
{
    Portal portal;
    portal.server.handle("/a", [](Exchange *a) {
        a->answerJson(200, {{u"success"_s, false}, {u"message"_s, u"quota"_s}});
    });
    Step step = stepTo(u"/a"_s);
    step.expectations = {{u"/success"_s, {}, QJsonValue(true), {}, {}, {}}};
    const StepOutcome outcome = portal.run({step});
    QCOMPARE(outcome.kind, Kind::Refused);
    QVERIFY2(outcome.sentence.contains(u"It says: “quota”."_s), qPrintable(outcome.sentence));
}

void tst_StepRunner::tellsHowLongTheServerWantsToBeLeftAlone()
{
    Portal portal;
    portal.server.handle("/a", [](Exchange *a) { a->answer(503, {}, {{"Retry-After", "120"}}); });
    const StepOutcome outcome = portal.run({stepTo(u"/a"_s)});
    QCOMPARE(outcome.kind, Kind::Transient);
    QCOMPARE(outcome.notBefore, std::chrono::milliseconds(120s));
}

void tst_StepRunner::putsQueriesBehindTheAddress()
{
    Portal portal;
    portal.server.handle("/a", [](Exchange *a) { a->answer(204); });
    Step step = stepTo(u"/a?x=1"_s);
    step.query.insert(u"name"_s, Template(u"${who}"_s));
    step.query.insert(u"z"_s, Template(u"&="_s));
    QCOMPARE(portal.run({step}, {{u"who"_s, u"mia & co"_s}}).kind, Kind::Done);
    QCOMPARE(portal.server.exchanges("/a").constFirst()->request().target,
             "/a?x=1&name=mia%20%26%20co&z=%26%3D");
}

// A path is the server's own; what people see of such an address is its host.
void tst_StepRunner::findsAddressesThatTheServerGave()
{
    Portal portal;
    portal.server.handle("/jmap/api", [](Exchange *api) { api->answer(500); });
    Step step = stepTo(u""_s);
    step.url = Template(u"${api}"_s);
    const StepOutcome outcome = portal.run({step}, {{u"api"_s, u"/jmap/api"_s}});
    QCOMPARE(portal.server.requestCount("/jmap/api"), 1);
    QVERIFY2(outcome.sentence.startsWith(portal.base()), qPrintable(outcome.sentence));
    QVERIFY(!outcome.sentence.contains("jmap"_L1));
}

void tst_StepRunner::keepsCookiesOnlyWhereTheSourceWantsThem_data()
{
    QTest::addColumn<Source::Cookies>("cookies");
    QTest::addColumn<QByteArray>("sent");
    QTest::newRow("never") << Source::Cookies::Never << QByteArray();
    QTest::newRow("in a session") << Source::Cookies::Session << QByteArray("sid=1");
}

void tst_StepRunner::keepsCookiesOnlyWhereTheSourceWantsThem()
{
    QFETCH(Source::Cookies, cookies);
    QFETCH(QByteArray, sent);
    Portal portal;
    CookieJar jar(cookies);
    portal.network.setCookieJar(&jar);
    jar.setParent(nullptr);
    portal.server.handle("/a", [](Exchange *a) { a->answer(204, {}, {{"Set-Cookie", "sid=1"}}); });
    QCOMPARE(portal.run({stepTo(u"/a"_s), stepTo(u"/a"_s)}).kind, Kind::Done);
    QCOMPARE(portal.server.exchanges("/a").constLast()->header("Cookie"), sent);
    jar.clear();
    QCOMPARE(portal.run({stepTo(u"/a"_s)}).kind, Kind::Done);
    QCOMPARE(portal.server.exchanges("/a").constLast()->header("Cookie"), QByteArray());
    portal.network.setCookieJar(new QNetworkCookieJar); // which the manager owns
}

QTEST_GUILESS_MAIN(tst_StepRunner)
#include "tst_steprunner.moc"
