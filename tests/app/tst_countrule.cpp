// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "core/feed/countrule.h"
#include "core/feed/itemrule.h"

#include <QTest>

using namespace Qt::Literals;

using Action = Rule::Action;
using Kind = CountChange::Kind;
using Reduce = CountLocation::Reduce;

namespace {

constexpr int most = std::numeric_limits<int>::max();

Rule ruleFor(const QStringList &events, Action action, const std::optional<QString> &pointer = {},
             int value = 1)
{
    Rule rule;
    rule.events = events;
    rule.action = action;
    rule.pointer = pointer;
    rule.value = value;
    return rule;
}

} // namespace

class tst_CountRule : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void changesTheCount_data();
    void changesTheCount();
    void leavesTheCountAlone_data();
    void leavesTheCountAlone();
    void takesTheFirstRuleThatMatches_data();
    void takesTheFirstRuleThatMatches();
    void complainsWithoutRepeatingTheData();
    void findsAnItem_data();
    void findsAnItem();
    void findsNoItem_data();
    void findsNoItem();
    void givesAnItemTheKeyOfItsRule();
    void readsTheTextOfHtml_data();
    void readsTheTextOfHtml();
    void countsAnAnswer_data();
    void countsAnAnswer();
    void findsNoCountInAnAnswer_data();
    void findsNoCountInAnAnswer();
};

void tst_CountRule::changesTheCount_data()
{
    QTest::addColumn<Rule>("rule");
    QTest::addColumn<QByteArray>("data");
    QTest::addColumn<Kind>("kind");
    QTest::addColumn<int>("value");
    const auto row = [](const char *name, const Rule &rule, const QByteArray &data, Kind kind,
                        int value) { QTest::newRow(name) << rule << data << kind << value; };

    const Rule set = ruleFor({}, Action::Set, u"/count"_s);
    row("set", set, R"({"count": 3})", Kind::Set, 3);
    row("set to zero", set, R"({"count": 0})", Kind::Set, 0);
    row("set to a numeric string", set, R"({"count": "12"})", Kind::Set, 12);
    row("set to the largest", set, R"({"count": 2147483647})", Kind::Set, most);
    row("set to the largest as a string", set, R"({"count": "2147483647"})", Kind::Set, most);
    row("a whole number with a fraction of zero", set, R"({"count": 3.0})", Kind::Set, 3);
    row("a whole number with an exponent", set, R"({"count": 1e3})", Kind::Set, 1000);
    row("minus zero is zero", set, R"({"count": -0})", Kind::Set, 0);
    row("the last of two members of one name", set, R"({"count": 1, "count": 2})", Kind::Set, 2);
    row("data over several lines", set, "{\n\"count\":\n3\n}", Kind::Set, 3);
    row("data after a byte order mark", set, "\xEF\xBB\xBF{\"count\": 3}", Kind::Set, 3);
    row("deep in the data", ruleFor({}, Action::Set, u"/a/1/b"_s), R"({"a": [0, {"b": 4}]})",
        Kind::Set, 4);
    row("the data is the number", ruleFor({}, Action::Set, QString()), "7", Kind::Set, 7);
    row("the number between blanks", ruleFor({}, Action::Set, QString()), " 7\n", Kind::Set, 7);
    row("the data is a numeric string", ruleFor({}, Action::Set, QString()), R"("7")", Kind::Set,
        7);
    row("set to a value", ruleFor({}, Action::Set, {}, 0), "not looked at", Kind::Set, 0);

    row("add one", ruleFor({}, Action::Add), {}, Kind::Add, 1);
    row("add a value", ruleFor({}, Action::Add, {}, 5), "{", Kind::Add, 5);
    row("add the number of the data", ruleFor({}, Action::Add, u"/n"_s, 5), R"({"n": 2})",
        Kind::Add, 2);
    row("subtract one", ruleFor({}, Action::Sub), {}, Kind::Add, -1);
    row("subtract a value", ruleFor({}, Action::Sub, {}, 5), {}, Kind::Add, -5);
    row("subtract the number of the data", ruleFor({}, Action::Sub, u"/n"_s), R"({"n": "2"})",
        Kind::Add, -2);
    row("subtract the largest", ruleFor({}, Action::Sub, u"/n"_s), R"({"n": 2147483647})",
        Kind::Add, -most);
    row("fetch again", ruleFor({}, Action::Refetch), "anything", Kind::Refetch, 0);
}

void tst_CountRule::changesTheCount()
{
    QFETCH(Rule, rule);
    QFETCH(QByteArray, data);
    QFETCH(Kind, kind);
    QFETCH(int, value);
    const RuleVerdict verdict = applyRules({rule}, "message", data);
    QCOMPARE(verdict.problem, QString());
    QVERIFY(verdict.change);
    QCOMPARE(verdict.change->kind, kind);
    QCOMPARE(verdict.change->value, value);
}

void tst_CountRule::leavesTheCountAlone_data()
{
    QTest::addColumn<QString>("pointer");
    QTest::addColumn<QByteArray>("data");
    const auto row = [](const char *name, const QByteArray &data,
                        const QString &pointer = u"/count"_s) {
        QTest::newRow(name) << pointer << data;
    };

    row("negative", R"({"count": -1})");
    row("negative, as a string", R"({"count": "-1"})");
    row("a fraction", R"({"count": 2.5})");
    row("a fraction, as a string", R"({"count": "2.5"})");
    row("null", R"({"count": null})");
    row("true", R"({"count": true})");
    row("an object", R"({"count": {"count": 1}})");
    row("an array", R"({"count": [1]})");
    row("an empty string", R"({"count": ""})");
    row("words", R"({"count": "three"})");
    row("a number with a unit", R"({"count": "3 messages"})");
    row("a number with thousands", R"({"count": "1,000"})");
    row("a hexadecimal number", R"({"count": "0x10"})");
    row("one too large", R"({"count": 2147483648})");
    row("one too large, as a string", R"({"count": "2147483648"})");
    row("larger than a double", R"({"count": 1e999})");
    row("missing", R"({"cnt": 3})");
    row("in another case", R"({"Count": 3})");
    row("empty data", {});
    row("malformed data", R"({"count": 3)");
    row("two objects", R"({"count": 3}{"count": 4})");
    row("two objects and a comma", R"({"count": 3}, {"count": 4})");
    row("not JSON", "count=3");
    row("a number where an object should be", "3");
    row("an object where a number should be", R"({"count": 3})", {});
    row("two numbers", "3, 4", {});
    row("a number in brackets", "[3]", {});
    row("a bracket too many", "3], [4", {});
    row("a word", "three", {});
}

void tst_CountRule::leavesTheCountAlone()
{
    QFETCH(QString, pointer);
    QFETCH(QByteArray, data);
    for (const Action action : {Action::Set, Action::Add, Action::Sub}) {
        const RuleVerdict verdict = applyRules({ruleFor({}, action, pointer)}, "message", data);
        QVERIFY(!verdict.change);
        QVERIFY(!verdict.problem.isEmpty());
    }
}

void tst_CountRule::takesTheFirstRuleThatMatches_data()
{
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<int>("added"); // 0: no change, and nothing wrong
    QTest::newRow("the first") << QByteArray("a") << 1;
    QTest::newRow("not the second, which would match too") << QByteArray("b") << 1;
    QTest::newRow("a later one") << QByteArray("c") << 2;
    QTest::newRow("an event that is ignored") << QByteArray("ping") << 0;
    QTest::newRow("any other event") << QByteArray("message") << 3;
    QTest::newRow("another case is another event") << QByteArray("A") << 3;
    QTest::newRow("not behind the one for any") << QByteArray("d") << 3;
    QTest::newRow("an asterisk is a name like any") << QByteArray("*") << 3;
    QTest::newRow("beyond ASCII") << QByteArray("größe") << 5;
}

void tst_CountRule::takesTheFirstRuleThatMatches()
{
    const QList<Rule> rules{
        ruleFor({u"a"_s, u"b"_s}, Action::Add, {}, 1),
        ruleFor({u"b"_s, u"c"_s}, Action::Add, {}, 2),
        ruleFor({u"ping"_s}, Action::Ignore),
        ruleFor({u"größe"_s}, Action::Add, {}, 5),
        ruleFor({}, Action::Add, {}, 3),
        ruleFor({u"d"_s}, Action::Add, {}, 4),
    };
    QFETCH(QByteArray, type);
    QFETCH(int, added);
    const RuleVerdict verdict = applyRules(rules, type, {});
    QCOMPARE(verdict.problem, QString());
    QCOMPARE(verdict.change, added ? std::optional(CountChange{Kind::Add, added}) : std::nullopt);
    // Without the rule for any event, an unknown one changes nothing.
    QCOMPARE(applyRules(rules.first(4), "unknown", {}).change, std::nullopt);
}

void tst_CountRule::complainsWithoutRepeatingTheData()
{
    const QByteArray data = R"({"count": "canary"})";
    QCOMPARE(applyRules({ruleFor({}, Action::Set, u"/count"_s)}, "news", data).problem,
             u"An event “news” has no number at “/count”; the count is left as it is."_s);
    QCOMPARE(applyRules({ruleFor({}, Action::Set, QString())}, "100%2", data).problem,
             u"An event “100%2” is not a number; the count is left as it is."_s);
    const QByteArray endless(100'000, 'x');
    QVERIFY(applyRules({ruleFor({}, Action::Set, QString())}, endless, data).problem.size() < 200);
}

void tst_CountRule::countsAnAnswer_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("pointer");
    QTest::addColumn<Reduce>("reduce");
    QTest::addColumn<int>("count");
    const auto row = [](const char *name, const QByteArray &body, const QString &pointer,
                        Reduce reduce,
                        int count) { QTest::newRow(name) << body << pointer << reduce << count; };

    row("a number", R"({"data": {"count": 3}})", u"/data/count"_s, Reduce::Number, 3);
    row("a numeric string", R"({"count": "3"})", u"/count"_s, Reduce::Number, 3);
    row("a body that is the number", "42", {}, Reduce::Number, 42);
    row("a body that is the number, and a line break", "42\r\n", {}, Reduce::Number, 42);
    row("in an array", "[7, 8]", u"/1"_s, Reduce::Number, 8);
    row("the length of an array", R"({"items": [1, "a", null]})", u"/items"_s, Reduce::Length, 3);
    row("the length of an empty array", R"({"items": []})", u"/items"_s, Reduce::Length, 0);
    row("the length of a body that is an array", "[[], []]", {}, Reduce::Length, 2);
    row("lines", "a\nb\nc", {}, Reduce::Lines, 3);
    row("lines, the last one complete", "a\nb\n", {}, Reduce::Lines, 2);
    row("lines of Windows", "a\r\nb\r\n\r\n", {}, Reduce::Lines, 2);
    row("lines of which some are empty", "\na\n \n\t\nb\n\n", {}, Reduce::Lines, 2);
    row("no lines", {}, {}, Reduce::Lines, 0);
}

void tst_CountRule::countsAnAnswer()
{
    QFETCH(QByteArray, body);
    QFETCH(QString, pointer);
    QFETCH(Reduce, reduce);
    QFETCH(int, count);
    QCOMPARE(countIn(body, {pointer, reduce, {}, {}, {}, {}}), (FoundCount{count, {}}));
}

void tst_CountRule::findsNoCountInAnAnswer_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("pointer");
    QTest::addColumn<Reduce>("reduce");
    QTest::newRow("an empty body") << QByteArray() << QString() << Reduce::Number;
    QTest::newRow("a web page") << QByteArray("<p>3</p>") << QString() << Reduce::Number;
    QTest::newRow("nothing there") << QByteArray("{}") << u"/count"_s << Reduce::Number;
    QTest::newRow("a fraction") << QByteArray("1.5") << QString() << Reduce::Number;
    QTest::newRow("negative") << QByteArray("-1") << QString() << Reduce::Number;
    QTest::newRow("two numbers") << QByteArray("1, 2") << QString() << Reduce::Number;
    QTest::newRow("cut off") << QByteArray(R"({"count": 3)") << u"/count"_s << Reduce::Number;
    QTest::newRow("the length of a number") << QByteArray("3") << QString() << Reduce::Length;
    QTest::newRow("the length of a string")
        << QByteArray(R"("abc")") << QString() << Reduce::Length;
    QTest::newRow("the length of an object")
        << QByteArray(R"({"a": 1})") << QString() << Reduce::Length;
    QTest::newRow("the length of two arrays")
        << QByteArray("[1], [2]") << QString() << Reduce::Length;
}

void tst_CountRule::findsNoCountInAnAnswer()
{
    QFETCH(QByteArray, body);
    QFETCH(QString, pointer);
    QFETCH(Reduce, reduce);
    QCOMPARE(countIn(body, {pointer, reduce, {}, {}, {}, {}}), std::nullopt);
}

void tst_CountRule::findsAnItem_data()
{
    QTest::addColumn<QByteArray>("data");
    QTest::addColumn<QString>("title");
    QTest::addColumn<QString>("body");
    QTest::addColumn<QString>("url");
    const auto row = [](const char *name, const QByteArray &data, const QString &title,
                        const QString &body = {}, const QString &url = {}) {
        QTest::newRow(name) << data << title << body << url;
    };
    row("all of it", R"({"title":"Disk full","body":"sda1","url":"https://a.example/1?b=c#d"})",
        u"Disk full"_s, u"sda1"_s, u"https://a.example/1?b=c#d"_s);
    row("a title alone", R"({"title":"Disk full"})", u"Disk full"_s);
    row("a number", R"({"title":7,"body":true})", u"7"_s, u"true"_s);
    row("the second place", R"({"subject":"Disk full"})", u"Disk full"_s);
    row("the second place, for the first is empty", R"({"title":" ","subject":"Disk full"})",
        u"Disk full"_s);
    row("the body in place of the title", R"({"body":"Disk\nfull"})", u"Disk full"_s);
    row("a title of several lines", R"({"title":" Disk\r\n\tfull "})", u"Disk full"_s);
    row("a body of several lines", R"({"title":"a","body":"one \n\n\n two\u2028three"})", u"a"_s,
        u"one\ntwo\nthree"_s);
    row("what cannot be seen", R"({"title":"a\u0000b\u001b[1m\u202egnp.exe\u2066\u009f"})",
        u"a b [1mgnp.exe"_s);
    row("half a character", R"({"title":"a\ud83db"})", u"a\ufffdb"_s);
    row("markup stays what it is", R"({"title":"<b>a</b> &amp;"})", u"<b>a</b> &amp;"_s);
    row("a title too long", R"({"title":")" + QByteArray(300, 'x') + R"("})",
        QString(longestItemTitle - 1, u'x') + u'…');
    row("a title cut in a character",
        R"({"title":")" + QByteArray(198, 'x') + R"(\ud83d\ude00\ud83d\ude00"})",
        QString(198, u'x') + u'…');
    row("a body too long", R"({"title":"a","body":")" + QByteArray(30'000, 'x') + R"("})", u"a"_s,
        QString(longestItemBody - 1, u'x') + u'…');
    row("an address of the homepage's server", R"({"title":"a","url":"/inbox/7"})", u"a"_s, {},
        u"https://home.example/inbox/7"_s);
    row("an address below the homepage", R"({"title":"a","url":"inbox/7"})", u"a"_s, {},
        u"https://home.example/app/inbox/7"_s);
    row("an address of another program", R"({"title":"a","url":"mailto:a@b.example?subject=x"})",
        u"a"_s, {}, u"mailto:a@b.example?subject=x"_s);
    for (const char *url :
         {"javascript:alert(1)", "JavaScript:alert(1)", "file:///etc/passwd", "HTTPS://",
          "https:///a", "data:text/html,a", "https://a.example:99999/", "", "c:/windows",
          "https://bank.example@a.example/", "ssh://-oProxyCommand=x@a.example", "view-source:a"})
        row(qPrintable(u"not to be opened: %1"_s.arg(QString::fromLatin1(url))),
            QByteArray(R"({"title":"a","url":")") + url + R"("})", u"a"_s);
    row("an address too long",
        R"({"title":"a","url":"https://a.example/)" + QByteArray(2000, 'x') + R"("})", u"a"_s);
}

void tst_CountRule::findsAnItem()
{
    QFETCH(QByteArray, data);
    Rule rule = ruleFor({}, Action::Add);
    rule.item = ItemDescription{{u"/title"_s, u"/subject"_s}, {u"/body"_s}, {u"/url"_s}, false};
    const RuleVerdict verdict =
        applyRules({rule}, "message", data, QUrl(u"https://home.example/app/"_s));
    QVERIFY(verdict.change && verdict.change->item);
    QTEST(verdict.change->item->title, "title");
    QTEST(verdict.change->item->body, "body");
    QTEST(verdict.change->item->url.toString(), "url");
    QVERIFY(verdict.change->item->key.isEmpty());
}

void tst_CountRule::findsNoItem_data()
{
    QTest::addColumn<QByteArray>("data");
    QTest::newRow("no JSON") << QByteArray("Disk full");
    QTest::newRow("no such place") << QByteArray(R"({"text":"Disk full"})");
    QTest::newRow("an object") << QByteArray(R"({"title":{"en":"Disk full"}})");
    QTest::newRow("null") << QByteArray(R"({"title":null})");
    QTest::newRow("blanks") << QByteArray(R"({"title":" \n","body":"\u0007"})");
}

void tst_CountRule::findsNoItem()
{
    QFETCH(QByteArray, data);
    Rule rule = ruleFor({}, Action::Add);
    rule.item = ItemDescription{{u"/title"_s}, {u"/body"_s}, {}, false};
    const RuleVerdict verdict = applyRules({rule}, "message", data);
    QVERIFY(verdict.change); // the count grows all the same
    QVERIFY(!verdict.change->item);
}

void tst_CountRule::givesAnItemTheKeyOfItsRule()
{
    for (const Action action : {Action::KeyAdd, Action::Add, Action::Refetch}) {
        Rule rule = ruleFor({}, action);
        rule.keys = {u"/id"_s};
        rule.item = ItemDescription{{QString()}, {}, {}, false};
        rule.item->title = {u"/title"_s};
        const RuleVerdict verdict = applyRules({rule}, "message", R"({"id":7,"title":"a"})");
        QVERIFY(verdict.change && verdict.change->item);
        QCOMPARE(verdict.change->item->key, u"7"_s);
    }
}

void tst_CountRule::readsTheTextOfHtml_data()
{
    QTest::addColumn<QString>("html");
    QTest::addColumn<QString>("text");
    const auto row = [](const char *name, const QString &html, const QString &text) {
        QTest::newRow(name) << html << text;
    };
    row("plain", u"a\nb"_s, u"a b"_s);
    row("paragraphs", u"<p>one</p><P class=\"x\">two<br/>three</p>"_s, u"one\ntwo\nthree"_s);
    row("a link", u"see <a href=\"https://a.example\">there</a>."_s, u"see there."_s);
    row("entities", u"1 &lt; 2 &amp;&amp; &#8364; &#x1F600; &quot;&nbsp;&quot;"_s,
        u"1 < 2 && € \U0001F600 \" \""_s);
    row("an entity once", u"&amp;lt;b&amp;gt;"_s, u"&lt;b&gt;"_s);
    row("no entities", u"a & b; &unknown; &#0; &#x110000; &#99999999999; &"_s,
        u"a & b; &unknown; &#0; &#x110000; &#99999999999; &"_s);
    row("the longest entity", u"&#x00020AC;&#x000020AC;"_s, u"€&#x000020AC;"_s);
    // Within the time of a test only where each is looked at once.
    const QString many(2'000'000, u'&');
    row("no entities in a long text", many + u';', many + u';');
    row("no tag", u"1 < 2, I <3 it"_s, u"1 < 2, I <3 it"_s);
    row("a comment", u"a<!-- b -->c"_s, u"ac"_s);
    row("a script", u"a<script>if (b) c()</script>d"_s, u"ad"_s);
    row("a script without an end", u"a<style>b"_s, u"a"_s);
    row("a tag without an end", u"a<b"_s, u"a"_s);
    row("nothing", QString(), QString());
}

void tst_CountRule::readsTheTextOfHtml()
{
    QFETCH(QString, html);
    QTEST(textOfHtml(html), "text");
}

QTEST_GUILESS_MAIN(tst_CountRule)
#include "tst_countrule.moc"
