// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "core/settings.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace Qt::Literals;

class tst_Settings : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void hasDefaultsWithoutAFile();
    void keepsWhatIsChosen();
    void readsAFileThatSaysLittle();
    void saysWhatIsWrongAndKeepsTheFile_data();
    void saysWhatIsWrongAndKeepsTheFile();
    void tellsOnlyWhatIsNew();
    void saysThatItCannotWrite();
    void keepsNothingWithoutAPath();

private:
    void write(const QByteArray &json) const;
    [[nodiscard]] QByteArray written() const;

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_path;
};

void tst_Settings::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
    m_path = m_folder->filePath(u"tallybell/settings.json"_s);
}

void tst_Settings::write(const QByteArray &json) const
{
    QVERIFY(QDir().mkpath(QFileInfo(m_path).path()));
    QFile file(m_path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(json), json.size());
}

QByteArray tst_Settings::written() const
{
    QFile file(m_path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void tst_Settings::hasDefaultsWithoutAFile()
{
    const Settings settings(m_path);
    QCOMPARE(settings.choices(), Choices());
    QVERIFY(settings.error().isEmpty());
    QVERIFY(!QFile::exists(m_path)); // reading writes nothing
}

void tst_Settings::keepsWhatIsChosen()
{
    Choices choices;
    choices.counting = Choices::Counting::New;
    choices.cap = Choices::Cap::Thousands;
    choices.panel = Choices::Panel::MonoDark;
    choices.numberOnly = true;
    choices.hideWhenZero = true;
    choices.notifies = false;
    choices.sounds = true;
    choices.quietHours = {true, QTime(18, 30), QTime(8, 5), {1, 5}};
    Settings settings(m_path);
    QVERIFY2(settings.set(choices), qPrintable(settings.error()));
    QCOMPARE(Settings(m_path).choices(), choices);
}

void tst_Settings::readsAFileThatSaysLittle()
{
    write("\xEF\xBB\xBF{\"badge\": {\"cap\": \"9+\"},"
          "\"notifications\": {\"quietHours\": {\"days\": [\"sun\", \"mon\", \"sun\"]}}}");
    const Settings settings(m_path);
    QVERIFY2(settings.error().isEmpty(), qPrintable(settings.error()));
    Choices expected;
    expected.cap = Choices::Cap::Nine;
    expected.quietHours.days = {1, 7};
    QCOMPARE(settings.choices(), expected);
}

void tst_Settings::saysWhatIsWrongAndKeepsTheFile_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("what");
    QTest::newRow("no JSON") << QByteArray("{\n\"badge\": {,}}") << u", line 2: this is not JSON"_s;
    QTest::newRow("an array") << QByteArray("[]") << u"an object is needed"_s;
    QTest::newRow("empty") << QByteArray() << u" is empty."_s;
    QTest::newRow("an unknown word")
        << QByteArray("{\"badge\":\n{\"cap\": \"98+\"}}") << u", line 2, /badge/cap: "_s;
    QTest::newRow("an unknown key") << QByteArray("{\"bage\": {}}") << u"/bage"_s;
    QTest::newRow("no time") << QByteArray(
        "{\"notifications\": {\"quietHours\": {\"from\": \"25:00\"}}}")
                             << u"/notifications/quietHours/from: a time is needed"_s;
    QTest::newRow("no day") << QByteArray(
        "{\"notifications\": {\"quietHours\": {\"days\": \"monday\"}}}")
                            << u"the days are mon, tue"_s;
    QTest::newRow("too large") << QByteArray(2'000'000, ' ') << u"too large"_s;
}

void tst_Settings::saysWhatIsWrongAndKeepsTheFile()
{
    QFETCH(QByteArray, json);
    QFETCH(QString, what);
    write(json);
    Settings settings(m_path);
    QVERIFY2(settings.error().contains(what), qPrintable(settings.error()));
    QVERIFY(settings.error().contains(m_path));
    QCOMPARE(settings.choices(), Choices());

    Choices choices;
    choices.sounds = true;
    QVERIFY(!settings.set(choices));
    QVERIFY(settings.error().contains(u"left as it is"_s));
    QCOMPARE(settings.choices(), choices); // it holds all the same
    QCOMPARE(written(), json);
}

void tst_Settings::tellsOnlyWhatIsNew()
{
    Settings settings(m_path);
    const QSignalSpy changed(&settings, &Settings::changed);
    QVERIFY(settings.set({}));
    QCOMPARE(changed.count(), 0);
    Choices choices;
    choices.notifies = false;
    QVERIFY(settings.set(choices));
    QCOMPARE(changed.count(), 1);
}

void tst_Settings::saysThatItCannotWrite()
{
    QFile inTheWay(QFileInfo(m_path).path()); // a file where the folder should be
    QVERIFY(inTheWay.open(QIODevice::WriteOnly));
    Settings settings(m_path);
    Choices choices;
    choices.notifies = false;
    QVERIFY(!settings.set(choices));
    QVERIFY2(settings.error().contains(u"cannot be written"_s), qPrintable(settings.error()));
    QCOMPARE(settings.choices(), choices);
}

void tst_Settings::keepsNothingWithoutAPath()
{
    Settings settings;
    Choices choices;
    choices.notifies = false;
    QVERIFY(settings.set(choices));
    QCOMPARE(settings.choices(), choices);
}

QTEST_GUILESS_MAIN(tst_Settings)
#include "tst_settings.moc"
