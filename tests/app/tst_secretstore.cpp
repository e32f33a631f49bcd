// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "core/secrets/secretstore.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::Literals;

using Table = KnownSecrets::Table;

namespace {

constexpr QFile::Permissions ownerOnly = QFile::ReadOwner | QFile::WriteOwner;

} // namespace

class tst_SecretStore : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answersWhatItKnows_data();
    void answersWhatItKnows();
    void readsAFile_data();
    void readsAFile();
    void refusesWhatOthersMayTouch_data();
    void refusesWhatOthersMayTouch();
    void refusesAnotherForm_data();
    void refusesAnotherForm();
    void explainsWhatCannotBeRead_data();
    void explainsWhatCannotBeRead();

private:
    QString fileWith(const QByteArray &bytes, QFile::Permissions permissions);

    const QTemporaryDir m_folder;
};

QString tst_SecretStore::fileWith(const QByteArray &bytes, QFile::Permissions permissions)
{
    QFile file(m_folder.filePath(u"secrets.json"_s));
    const bool written = file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size()
        && file.setPermissions(permissions);
    return written ? file.fileName() : QString();
}

void tst_SecretStore::answersWhatItKnows_data()
{
    QTest::addColumn<QString>("source");
    QTest::addColumn<QString>("variable");
    QTest::addColumn<std::optional<QString>>("expected");
    const std::optional<QString> none;
    QTest::newRow("known") << u"work"_s << u"password"_s << std::optional(u"hunter2"_s);
    QTest::newRow("known to be empty") << u"work"_s << u"empty"_s << std::optional(QString(u""_s));
    QTest::newRow("another variable") << u"work"_s << u"token"_s << none;
    QTest::newRow("of another source") << u"home"_s << u"password"_s << none;
    QTest::newRow("another case") << u"Work"_s << u"password"_s << none;
}

void tst_SecretStore::answersWhatItKnows()
{
    QFETCH(QString, source);
    QFETCH(QString, variable);
    KnownSecrets secrets(
        {{u"work"_s, {{u"password"_s, u"hunter2"_s}, {u"empty"_s, u""_s}}}, {u"home"_s, {}}});
    QList<std::optional<QString>> answers;
    secrets.read({source, variable, u"Work"_s, u"Password"_s}, this,
                 [&answers](const SecretAnswer &answer) {
                     const bool isFound = answer.kind == SecretAnswer::Kind::Found;
                     answers.append(isFound ? std::optional(answer.secret) : std::nullopt);
                 });
    QCOMPARE(answers.size(), 1);
    QTEST(answers.constFirst(), "expected");
}

void tst_SecretStore::readsAFile_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<int>("permissions");
    QTest::addColumn<Table>("expected");
    const Table table{{u"work"_s, {{u"password"_s, u"hunter2"_s}}}};
    const QByteArray json = R"({"work": {"password": "hunter2"}})";
    QTest::newRow("mode 0600") << json << int(ownerOnly) << table;
    QTest::newRow("mode 0400") << json << int(QFile::ReadOwner) << table;
    QTest::newRow("mode 0700") << json << int(ownerOnly | QFile::ExeOwner) << table;
    QTest::newRow("a byte order mark") << "\xEF\xBB\xBF" + json << int(ownerOnly) << table;
    QTest::newRow("two sources") << QByteArray(R"({"a": {"x": "1", "y": "2"}, "b": {"x": "grün"}})")
                                 << int(ownerOnly)
                                 << Table{{u"a"_s, {{u"x"_s, u"1"_s}, {u"y"_s, u"2"_s}}},
                                          {u"b"_s, {{u"x"_s, u"grün"_s}}}};
    QTest::newRow("none") << QByteArray("{}") << int(ownerOnly) << Table();
}

void tst_SecretStore::readsAFile()
{
    QFETCH(QByteArray, json);
    QFETCH(int, permissions);
    QString error;
    const auto table =
        KnownSecrets::readFile(fileWith(json, QFile::Permissions(permissions)), &error);
    QCOMPARE(error, QString());
    QVERIFY(table);
    QTEST(*table, "expected");
}

void tst_SecretStore::refusesWhatOthersMayTouch_data()
{
    QTest::addColumn<int>("permissions");
    QTest::newRow("mode 0640") << int(ownerOnly | QFile::ReadGroup);
    QTest::newRow("mode 0644") << int(ownerOnly | QFile::ReadGroup | QFile::ReadOther);
    QTest::newRow("mode 0604") << int(ownerOnly | QFile::ReadOther);
    QTest::newRow("mode 0620") << int(ownerOnly | QFile::WriteGroup);
    QTest::newRow("mode 0602") << int(ownerOnly | QFile::WriteOther);
    QTest::newRow("mode 0610") << int(ownerOnly | QFile::ExeGroup);
}

void tst_SecretStore::refusesWhatOthersMayTouch()
{
    QFETCH(int, permissions);
    const QString path =
        fileWith(R"({"work": {"password": "hunter2"}})", QFile::Permissions(permissions));
    QString error;
    QVERIFY(!KnownSecrets::readFile(path, &error));
    QCOMPARE(error,
             u"The secrets file %1 can be read or written by others than you, so it is refused. "
             "Run: chmod 600 %1"_s.arg(path));
}

void tst_SecretStore::refusesAnotherForm_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("no JSON") << QByteArray("password=canary");
    QTest::newRow("cut off") << QByteArray(R"({"work": {"password": "canary")");
    QTest::newRow("an array") << QByteArray(R"(["canary"])");
    QTest::newRow("secrets without a source") << QByteArray(R"({"password": "canary"})");
    QTest::newRow("one source without secrets")
        << QByteArray(R"({"home": {"password": "canary"}, "work": "canary"})");
    QTest::newRow("an array of secrets") << QByteArray(R"({"work": ["canary"]})");
    QTest::newRow("a secret that is a number") << QByteArray(R"({"work": {"pin": 1234}})");
    QTest::newRow("a secret that is null") << QByteArray(R"({"work": {"canary": null}})");
    QTest::newRow("a secret too deep") << QByteArray(R"({"work": {"a": {"b": "canary"}}})");
}

void tst_SecretStore::refusesAnotherForm()
{
    QFETCH(QByteArray, bytes);
    const QString path = fileWith(bytes, ownerOnly);
    QString error;
    QVERIFY(!KnownSecrets::readFile(path, &error));
    // To the letter, so that nothing of the file is in it.
    QCOMPARE(error,
             u"The secrets file %1 must be JSON of this form: {\"source\": {\"variable\": "
             "\"secret\"}}"_s.arg(path));
}

void tst_SecretStore::explainsWhatCannotBeRead_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("reason");
    QTest::newRow("missing") << u"missing.json"_s << u"No such file or directory"_s;
    QTest::newRow("a folder") << u"folder"_s << u"file to open is a directory"_s;
}

void tst_SecretStore::explainsWhatCannotBeRead()
{
    QDir(m_folder.path()).mkdir(u"folder"_s);
    QFETCH(QString, name);
    QFETCH(QString, reason);
    const QString path = m_folder.filePath(name);
    QString error;
    QVERIFY(!KnownSecrets::readFile(path, &error));
    QCOMPARE(error, u"The secrets file %1 cannot be read: %2."_s.arg(path, reason));
}

QTEST_GUILESS_MAIN(tst_SecretStore)
#include "tst_secretstore.moc"
