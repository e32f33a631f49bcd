// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "core/source/template.h"

#include <QTest>

using namespace Qt::Literals;

class tst_Template : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void putsValuesInPlace_data();
    void putsValuesInPlace();
    void rendersNothingWithoutAValue_data();
    void rendersNothingWithoutAValue();
    void rendersAnEmptyValue();
    void namesItsVariablesInOrder();
    void explainsSlips_data();
    void explainsSlips();
    void takesOtherDollarsForText_data();
    void takesOtherDollarsForText();
};

void tst_Template::putsValuesInPlace_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const QString &text, const QString &expected) {
        QTest::newRow(name) << text << expected;
    };

    row("empty", {}, {});
    row("no variable", u"plain text"_s, u"plain text"_s);
    row("one alone", u"${user}"_s, u"mia"_s);
    row("at the beginning", u"${user}!"_s, u"mia!"_s);
    row("at the end", u"for ${user}"_s, u"for mia"_s);
    row("in the middle", u"/${user}/count"_s, u"/mia/count"_s);
    row("next to each other", u"${user}${_n1}"_s, u"mia7"_s);
    row("the same twice", u"${user}-${user}"_s, u"mia-mia"_s);
    row("names differ in case", u"${User}"_s, u"MIA"_s);

    row("urlencode", u"?q=${odd|urlencode}"_s, u"?q=a%20b%26c%3Dd%2Fe%25f"_s);
    row("urlencode beyond ASCII", u"${umlaut|urlencode}"_s, u"gr%C3%B6%C3%9Fe"_s);
    row("urlencode leaves these", u"${unreserved|urlencode}"_s, u"aZ0-._~"_s);
    row("base64", u"${user|base64}"_s, u"bWlh"_s);
    row("base64 with padding", u"${_n1|base64}"_s, u"Nw=="_s);
    row("base64 of UTF-8", u"${umlaut|base64}"_s, u"Z3LDtsOfZQ=="_s);

    row("a value that is a template itself", u"${sly}"_s, u"${user}"_s);
    row("values that form a template together", u"${dollar}${brace}"_s, u"${user}"_s);
    row("a value and text that form a template", u"${dollar}{user}"_s, u"${user}"_s);
}

void tst_Template::putsValuesInPlace()
{
    const Variables variables{
        {u"user"_s, u"mia"_s},        {u"User"_s, u"MIA"_s},     {u"_n1"_s, u"7"_s},
        {u"odd"_s, u"a b&c=d/e%f"_s}, {u"umlaut"_s, u"größe"_s}, {u"unreserved"_s, u"aZ0-._~"_s},
        {u"sly"_s, u"${user}"_s},     {u"dollar"_s, u"$"_s},     {u"brace"_s, u"{user}"_s},
    };
    QFETCH(QString, text);
    const Template what(text);
    QCOMPARE(what.syntaxError(), QString());
    QCOMPARE(what.missingName(variables), QString());
    const std::optional<QString> rendered = what.render(variables);
    QVERIFY(rendered);
    QTEST(*rendered, "expected");
}

void tst_Template::rendersNothingWithoutAValue_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("missing");
    QTest::newRow("the only one") << u"${token}"_s << u"token"_s;
    QTest::newRow("with a filter") << u"${token|base64}"_s << u"token"_s;
    QTest::newRow("after one that has a value") << u"${user}:${token}"_s << u"token"_s;
    QTest::newRow("the first of two") << u"${id}${token}"_s << u"id"_s;
    QTest::newRow("in another case") << u"${USER}"_s << u"USER"_s;
}

void tst_Template::rendersNothingWithoutAValue()
{
    const Variables variables{{u"user"_s, u"mia"_s}};
    QFETCH(QString, text);
    QVERIFY(!Template(text).render(variables));
    QTEST(Template(text).missingName(variables), "missing");
}

void tst_Template::rendersAnEmptyValue()
{
    const Variables variables{{u"user"_s, QString()}};
    QCOMPARE(Template(u"<${user}>"_s).render(variables), u"<>"_s);
}

void tst_Template::namesItsVariablesInOrder()
{
    QCOMPARE(Template(u"${b}/${a|base64}/${b}"_s).names(), (QStringList{u"b"_s, u"a"_s, u"b"_s}));
    QVERIFY(Template(u"none"_s).names().isEmpty());
}

void tst_Template::explainsSlips_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("sentence");
    const QString filter = u"“%1” is no filter; there are urlencode and base64"_s;
    QTest::newRow("a filter that is none") << u"${a|upper}"_s << filter.arg(u"upper"_s);
    QTest::newRow("a filter in capitals") << u"${a|Base64}"_s << filter.arg(u"Base64"_s);
    QTest::newRow("a bar and no filter") << u"${a|}"_s << filter.arg(QString());
    QTest::newRow("two filters") << u"${a|urlencode|base64}"_s << filter.arg(u"urlencode|base64"_s);
    QTest::newRow("the second is wrong") << u"${a}${a|x}"_s << filter.arg(u"x"_s);

    const QString name = u"“%1” is no variable; write ${name}, with a name of letters, digits "
                         "and “_” that does not begin with a digit"_s;
    QTest::newRow("no name") << u"${}"_s << name.arg(u"${}"_s);
    QTest::newRow("a blank in the name") << u"a ${my name} b"_s << name.arg(u"${my name}"_s);
    QTest::newRow("a minus in the name") << u"${user-name}"_s << name.arg(u"${user-name}"_s);
    QTest::newRow("a digit first") << u"${1st}"_s << name.arg(u"${1st}"_s);
    QTest::newRow("an umlaut") << u"${größe}"_s << name.arg(u"${größe}"_s);
    QTest::newRow("one in the other") << u"${a${b}}"_s << name.arg(u"${a${b}"_s);
    QTest::newRow("after a good one") << u"${a} ${b c}"_s << name.arg(u"${b c}"_s);
    QTest::newRow("before a good one") << u"${b c} ${a}"_s << name.arg(u"${b c}"_s);

    QTest::newRow("not closed") << u"x ${user"_s << u"“}” is missing after “${user”"_s;
    QTest::newRow("begun at the end") << u"x ${"_s << u"“}” is missing after “${”"_s;
}

void tst_Template::explainsSlips()
{
    QFETCH(QString, text);
    QTEST(Template(text).syntaxError(), "sentence");
}

void tst_Template::takesOtherDollarsForText_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("alone") << u"$"_s;
    QTest::newRow("a price") << u"5 $, or $5"_s;
    QTest::newRow("as in a shell") << u"$user"_s;
    QTest::newRow("braces alone") << u"{user}"_s;
    QTest::newRow("apart from the brace") << u"$ {user}"_s;
    QTest::newRow("a closing brace") << u"user}"_s;
}

void tst_Template::takesOtherDollarsForText()
{
    QFETCH(QString, text);
    QCOMPARE(Template(text).syntaxError(), QString());
    QCOMPARE(Template(text).render({}), text);
    // Nor does it become one by what stands in between.
    QCOMPARE(Template(u"$${user}{user}"_s).syntaxError(), QString());
}

QTEST_GUILESS_MAIN(tst_Template)
#include "tst_template.moc"
