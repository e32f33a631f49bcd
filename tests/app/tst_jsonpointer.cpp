// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "core/source/jsonpointer.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace Qt::Literals;

namespace {

QJsonValue json(const QByteArray &text)
{
    return QJsonDocument::fromJson('[' + text + ']').array().at(0);
}

} // namespace

class tst_JsonPointer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsWhatThePointerNames_data();
    void findsWhatThePointerNames();
    void findsNothingWhereNothingIs_data();
    void findsNothingWhereNothingIs();
    void tellsPointersFromOtherText_data();
    void tellsPointersFromOtherText();
    void escapesWhatHasToBe_data();
    void escapesWhatHasToBe();
    void tellsTheLine_data();
    void tellsTheLine();
};

void tst_JsonPointer::findsWhatThePointerNames_data()
{
    QTest::addColumn<QByteArray>("document");
    QTest::addColumn<QString>("pointer");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char *name, const QByteArray &document, const QString &pointer,
                        const QByteArray &expected) {
        QTest::newRow(name) << document << pointer << expected;
    };

    const QByteArray example = R"({"foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3,
                                   "g|h": 4, "i\\j": 5, "k\"l": 6, " ": 7, "m~n": 8})";
    row("RFC 6901: the whole document", example, {}, example);
    row("RFC 6901: /foo", example, u"/foo"_s, R"(["bar", "baz"])");
    row("RFC 6901: /foo/0", example, u"/foo/0"_s, R"("bar")");
    row("RFC 6901: the empty key", example, u"/"_s, "0");
    row("RFC 6901: /a~1b", example, u"/a~1b"_s, "1");
    row("RFC 6901: /c%d", example, u"/c%d"_s, "2");
    row("RFC 6901: /e^f", example, u"/e^f"_s, "3");
    row("RFC 6901: /g|h", example, u"/g|h"_s, "4");
    row("RFC 6901: a backslash", example, uR"(/i\j)"_s, "5");
    row("RFC 6901: a quotation mark", example, uR"(/k"l)"_s, "6");
    row("RFC 6901: a blank", example, u"/ "_s, "7");
    row("RFC 6901: /m~0n", example, u"/m~0n"_s, "8");

    row("~01 is ~1, not a slash", R"({"~1": 1, "/": 2})", u"/~01"_s, "1");
    row("nested objects and arrays", R"({"a": [{}, {"b": [[7]]}]})", u"/a/1/b/0/0"_s, "7");
    row("the root is an array", "[5, 6]", u"/1"_s, "6");
    row("the tenth element", "[0,1,2,3,4,5,6,7,8,9,10]", u"/10"_s, "10");
    row("the root is a number", "3", {}, "3");
    row("a null is a value", R"({"a": null})", u"/a"_s, "null");
    row("a number as the key of an object", R"({"01": "x"})", u"/01"_s, R"("x")");
    row("a minus as the key of an object", R"({"-": "x"})", u"/-"_s, R"("x")");
    row("empty keys within each other", R"({"": {"": 1}})", u"//"_s, "1");
    row("a key that is not ASCII", R"({"größe": 1})", u"/größe"_s, "1");
}

void tst_JsonPointer::findsWhatThePointerNames()
{
    QFETCH(QByteArray, document);
    QFETCH(QString, pointer);
    QFETCH(QByteArray, expected);
    const std::optional<QJsonValue> found = resolvePointer(json(document), pointer);
    QVERIFY(found);
    QCOMPARE(*found, json(expected));
}

void tst_JsonPointer::findsNothingWhereNothingIs_data()
{
    QTest::addColumn<QByteArray>("document");
    QTest::addColumn<QString>("pointer");
    const auto row = [](const char *name, const QByteArray &document, const QString &pointer) {
        QTest::newRow(name) << document << pointer;
    };

    row("a missing key", R"({"a": 1})", u"/b"_s);
    row("a key in another case", R"({"a": 1})", u"/A"_s);
    row("below a number", R"({"a": 1})", u"/a/b"_s);
    row("below a string", R"({"a": "b"})", u"/a/0"_s);
    row("below null", R"({"a": null})", u"/a/b"_s);
    row("below what is missing", R"({"a": 1})", u"/b/c"_s);
    row("a slash too many", R"({"a": 1})", u"/a/"_s);
    row("after the last element", "[1, 2]", u"/2"_s);
    row("the minus is after the last element", "[1, 2]", u"/-"_s);
    row("a leading zero", "[1, 2]", u"/01"_s);
    row("two zeros", "[1, 2]", u"/00"_s);
    row("a negative index", "[1, 2]", u"/-1"_s);
    row("an index with a sign", "[1, 2]", u"/+1"_s);
    row("an index with a blank", "[1, 2]", u"/ 1"_s);
    row("an index that is a fraction", "[1, 2]", u"/1.0"_s);
    row("an index that is no number", "[1, 2]", u"/a"_s);
    row("an index in Arabic digits", "[1, 2]", u"/١"_s);
    row("an empty index", "[1, 2]", u"/"_s);
    row("an index over 64 bits", "[1, 2]", u"/18446744073709551617"_s);
    row("no pointer, though there is such a key", R"({"a": 1})", u"a"_s);
}

void tst_JsonPointer::findsNothingWhereNothingIs()
{
    QFETCH(QByteArray, document);
    QFETCH(QString, pointer);
    QVERIFY(!resolvePointer(json(document), pointer));
}

void tst_JsonPointer::tellsPointersFromOtherText_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("isPointer");
    QTest::newRow("empty") << QString() << true;
    QTest::newRow("a slash") << u"/"_s << true;
    QTest::newRow("a path") << u"/data/0/count"_s << true;
    QTest::newRow("escapes") << u"/a~1b/m~0n"_s << true;
    QTest::newRow("a line break in a key") << u"/a\nb"_s << true;
    QTest::newRow("a key") << u"count"_s << false;
    QTest::newRow("a path without the first slash") << u"data/count"_s << false;
    QTest::newRow("a blank before the slash") << u" /count"_s << false;
    QTest::newRow("JSONPath") << u"$.data.count"_s << false;
    QTest::newRow("a tilde alone") << u"/a~"_s << false;
    QTest::newRow("a tilde before another digit") << u"/a~2"_s << false;
    QTest::newRow("the form for URLs") << u"#/count"_s << false;
}

void tst_JsonPointer::tellsPointersFromOtherText()
{
    QFETCH(QString, text);
    QTEST(isJsonPointer(text), "isPointer");
}

void tst_JsonPointer::escapesWhatHasToBe_data()
{
    QTest::addColumn<QString>("token");
    QTest::addColumn<QString>("expected");
    QTest::newRow("plain") << u"count"_s << u"/a/count"_s;
    QTest::newRow("empty") << QString() << u"/a/"_s;
    QTest::newRow("a slash") << u"x/y"_s << u"/a/x~1y"_s;
    QTest::newRow("a tilde") << u"x~y"_s << u"/a/x~0y"_s;
    QTest::newRow("what looks escaped already") << u"~1"_s << u"/a/~01"_s;
}

void tst_JsonPointer::escapesWhatHasToBe()
{
    QFETCH(QString, token);
    const QString pointer = appendToPointer(u"/a"_s, token);
    QTEST(pointer, "expected");
    const QJsonObject document{{u"a"_s, QJsonObject{{token, 1}}}};
    QCOMPARE(resolvePointer(document, pointer), QJsonValue(1));
}

void tst_JsonPointer::tellsTheLine_data()
{
    QTest::addColumn<QByteArray>("document");
    QTest::addColumn<QString>("pointer");
    QTest::addColumn<int>("line");
    const auto row = [](const char *name, const QByteArray &document, const QString &pointer,
                        int line) { QTest::newRow(name) << document << pointer << line; };

    const QByteArray nested = R"({
    "title": "Work",
    "stream": {
        "url": "x",
        "retry": {"initialMs": 1,
                  "maxMs": 2}
    },
    "login": [
        {"name": "first"},
        {
            "name": "second",
            "url": "y"
        }
    ]
})";
    row("the root", nested, {}, 1);
    row("a member", nested, u"/stream"_s, 3);
    row("a member of a member", nested, u"/stream/url"_s, 4);
    row("on the line of its parent", nested, u"/stream/retry/initialMs"_s, 5);
    row("behind another on the line before", nested, u"/stream/retry/maxMs"_s, 6);
    row("an array", nested, u"/login"_s, 8);
    row("an element", nested, u"/login/0"_s, 9);
    row("a member of an element", nested, u"/login/0/name"_s, 9);
    row("the next element", nested, u"/login/1"_s, 10);
    row("the same name in the next element", nested, u"/login/1/name"_s, 11);
    row("the last", nested, u"/login/1/url"_s, 12);
    row("nothing: the nearest parent", nested, u"/login/1/body/json"_s, 10);
    row("nothing at all: the root", nested, u"/rules/0"_s, 1);
    row("a name that only a deeper object has", nested, u"/url"_s, 1);

    row("line breaks of Windows", "{\r\n\"a\": 1,\r\n\"b\": {\r\n\"c\": 2}}", u"/b/c"_s, 4);
    row("braces and commas in a string", "{\"a\": \"}],{[\",\n\"b\": 1}", u"/b"_s, 2);
    row("escaped quotation marks in a string", "{\"a\": \"\\\"}\\\", \\\\\",\n\"b\": 1}", u"/b"_s,
        2);
    row("a colon in a key", "{\"a:b\": 1,\n\"c\": 2}", u"/c"_s, 2);
    row("a key with escapes", "{\"a\": 1,\n\"q\\\"\\u00e9\\n\": 2}", u"/q\"é\n"_s, 2);
    row("a key with slash and tilde", "{\"a\": 1,\n\"x/~y\": 2}", u"/x~1~0y"_s, 2);
    row("an escaped line break is none", "{\"a\": \"\\n\\n\",\n\"b\": 1}", u"/b"_s, 2);
    row("arrays in arrays", "[[1, 2],\n[3,\n[4,\n5]]]", u"/1/1/1"_s, 4);
    row("empty objects and arrays before", "{\"a\": {}, \"b\": [],\n\"c\": 1}", u"/c"_s, 2);
    row("all other values before", "[true, false, null, -1.5e+3, \"\",\n6]", u"/5"_s, 2);
    row("the comma at the beginning of a line", "{\"a\": 1\n, \"b\": 2\n, \"c\": 3}", u"/c"_s, 3);
    row("blank lines before the root", "\n\n{\n\"a\": 1}", u"/a"_s, 4);
    row("a value on a line of its own", "{\n\"a\":\n{\n\"b\"\n:\n1}}", u"/a/b"_s, 4);
}

void tst_JsonPointer::tellsTheLine()
{
    QFETCH(QByteArray, document);
    QFETCH(QString, pointer);
    QTEST(lineOfPointer(document, pointer), "line");
}

QTEST_GUILESS_MAIN(tst_JsonPointer)
#include "tst_jsonpointer.moc"
