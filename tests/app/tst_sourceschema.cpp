// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "core/source/sourcereader.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTest>

using namespace Qt::Literals;

namespace {

QByteArray contentOf(const QString &name)
{
    QFile file(QStringLiteral(PRESETS "/") + name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QJsonObject schema()
{
    static const QJsonObject whole =
        QJsonDocument::fromJson(contentOf(u"source.schema.json"_s)).object();
    return whole;
}

// Of one kind of object: what the schema says of each of its keys.
QJsonObject keysOf(const QString &name)
{
    const QJsonObject definitions = schema().value("$defs"_L1).toObject();
    const QJsonObject definition =
        name == "source"_L1 ? schema() : definitions.value(name).toObject();
    QJsonObject keys = definition.value("properties"_L1).toObject();
    const QString base = definition.value("$ref"_L1).toString();
    if (!base.isEmpty()) {
        const QJsonObject inherited = keysOf(base.section(u'/', -1));
        for (auto key = inherited.begin(); key != inherited.end(); ++key)
            keys.insert(key.key(), *key);
    }
    return keys;
}

QStringList choicesOf(const QJsonObject &key)
{
    const QJsonArray choices = key.contains("oneOf"_L1)
        ? key.value("oneOf"_L1)[0].toObject().value("enum"_L1).toArray()
        : key.value("enum"_L1).toArray();
    QStringList strings;
    for (const auto choice : choices)
        strings.append(choice.toString());
    strings.sort();
    return strings;
}

// What the reader says that there could be instead.
QStringList offeredIn(const QString &error)
{
    static const QRegularExpression list(u"(?:there are|one of) (.*?)(?: is needed)?\\.$"_s);
    QStringList names = list.match(error).captured(1).split(u", "_s);
    names.sort();
    return names;
}

} // namespace

/*! Reader, schema and manual of source files have to know the same keys. */
class tst_SourceSchema : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void knowsTheKeysOfTheReader_data();
    void knowsTheKeysOfTheReader();
    void coversEveryDefinition();
    void isExplainedKeyByKey();
    void readsTheExamplesOfTheManual();
};

void tst_SourceSchema::knowsTheKeysOfTheReader_data()
{
    QTest::addColumn<QByteArray>("source"); // a good one, where another key would stand at @
    const auto row = [](const char *name, const QByteArray &members) {
        QTest::newRow(name) << "{\"schema\":1,\"stream\":{\"url\":\"u\"}," + members + '}';
    };
    const auto step = [&row](const char *name, const QByteArray &members) {
        row(name, "\"login\":[{\"name\":\"n\",\"url\":\"u\"," + members + "}]");
    };
    row("source", "@");
    row("variable", R"("vars":{"v":{"default":"d",@}})");
    row("http", R"("http":{@})");
    row("tls", R"("http":{"tls":{"caFile":"f",@}})");
    row("error", R"("errors":[{"pointer":"","exists":true,"as":"auth",@}])");
    step("step", "@");
    step("when", R"("when":{"var":"v",@})");
    step("body", R"("body":{"json":1,@})");
    step("expect", R"("expect":{@})");
    step("condition", R"("expect":{"json":[{"exists":true,@}]})");
    step("extraction", R"("extract":{"v":{"regex":"r",@}})");
    row("prompt", R"("login":[{"name":"n","prompt":{"var":"v","label":"l",@}}])");
    row("permissionStep", R"("permissions":[{"name":"n","url":"u",@}])");
    row("snapshotStep", R"("snapshot":[{"name":"n","url":"u","count":{},@}])");
    row("countLocation", R"("snapshot":[{"name":"n","url":"u","count":{@}}])");
    row("token", R"("token":{"idleS":1,@})");
    row("stream", R"("stream":{"url":"u",@})");
    row("resume", R"("stream":{"url":"u","resume":{@}})");
    row("retry", R"("stream":{"url":"u","retry":{@}})");
    row("limits", R"("stream":{"url":"u","limits":{@}})");
    row("rule", R"("rules":[{"do":"ignore",@}])");
    row("item", R"("rules":[{"do":"add","item":{"title":"/t",@}}])");
    row("count", R"("count":{@})");
    row("poll", R"("poll":{@})");
    row("close", R"("close":{@})");
    row("closeStep", R"("close":{"steps":[{"name":"n","url":"u",@}]})");
    row("closeExpect", R"("close":{"steps":[{"name":"n","url":"u","expect":{@}}]})");
}

void tst_SourceSchema::knowsTheKeysOfTheReader()
{
    QFETCH(QByteArray, source);
    const QJsonObject keys = keysOf(QString::fromLatin1(QTest::currentDataTag()));
    const QByteArray good = QByteArray(source).replace(",@", "").replace("@", "");
    const bool isGood =
        readSource(QByteArray(good).replace(",}", "}"), u"a.json"_s).source.has_value();
    QVERIFY(isGood);
    const QString error =
        readSource(QByteArray(source).replace("@", R"("another":1)"), u"a.json"_s).error;
    QVERIFY2(error.contains(u"not known here"_s) || error.contains(u"exactly one"_s),
             qPrintable(error));
    QCOMPARE(offeredIn(error), keys.keys());
    for (auto key = keys.begin(); key != keys.end(); ++key) {
        if (const QStringList choices = choicesOf(key->toObject()); !choices.isEmpty()) {
            const QByteArray wrong = "\"" + key.key().toUtf8() + R"(":"another")";
            const QString said =
                readSource(QByteArray(source).replace("@", wrong), u"a.json"_s).error;
            QVERIFY2(said.contains(u"“another” is not one of"_s), qPrintable(said));
            QCOMPARE(offeredIn(said), choices);
        }
    }
}

// So that no definition is left out above.
void tst_SourceSchema::coversEveryDefinition()
{
    QStringList covered{u"conditionKeys"_s, u"pointer"_s, u"requestKeys"_s,
                        u"stepKeys"_s}; // what others are made of
    QFile itself(QFINDTESTDATA("tst_sourceschema.cpp"));
    QVERIFY(itself.open(QIODevice::ReadOnly));
    static const QRegularExpression rows(u"(?:row|step)\\(\"(\\w+)\""_s);
    auto found = rows.globalMatch(QString::fromUtf8(itself.readAll()));
    while (found.hasNext())
        covered.append(found.next().captured(1));
    covered.removeOne(u"source"_s);
    covered.sort();
    QCOMPARE(covered, schema().value("$defs"_L1).toObject().keys());
}

void tst_SourceSchema::isExplainedKeyByKey()
{
    const QString manual = QString::fromUtf8(contentOf(u"README.md"_s));
    QVERIFY(!manual.isEmpty());
    const QStringList names =
        schema().value("$defs"_L1).toObject().keys() + QStringList{u"source"_s};
    for (const QString &name : names) {
        const QJsonObject keys = keysOf(name);
        for (auto key = keys.begin(); key != keys.end(); ++key) {
            QVERIFY2(manual.contains(u"\n| `%1` | "_s.arg(key.key())), qPrintable(key.key()));
            for (const QString &choice : choicesOf(key->toObject()))
                QVERIFY2(manual.contains(u"`%1`"_s.arg(choice)), qPrintable(choice));
        }
    }
}

void tst_SourceSchema::readsTheExamplesOfTheManual()
{
    static const QRegularExpression block(u"```json\\n(.*?)```"_s,
                                          QRegularExpression::DotMatchesEverythingOption);
    auto blocks = block.globalMatch(QString::fromUtf8(contentOf(u"README.md"_s)));
    int examples = 0;
    for (; blocks.hasNext(); ++examples) {
        const QByteArray example = blocks.next().captured(1).toUtf8();
        const SourceResult result = readSource(example, u"README.md"_s);
        QVERIFY2(result.source, qPrintable(result.error));
    }
    QCOMPARE(examples, 2);
}

QTEST_GUILESS_MAIN(tst_SourceSchema)
#include "tst_sourceschema.moc"
