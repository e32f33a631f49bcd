// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "core/feed/countrule.h"

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

QTEST_GUILESS_MAIN(tst_CountRule)
#include "tst_countrule.moc"
