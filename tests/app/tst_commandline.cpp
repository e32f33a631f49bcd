// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "commandline.h"

#include <QTest>

using namespace Qt::Literals;

using Wish = CommandLine::Wish;

class tst_CommandLine : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void runsWithTheseDefaults();
    void followsTheStandardForTheConfiguration();
    void takesEachOption();
    void takesValuesInBothForms();
    void wishes_data();
    void wishes();
    void complainsOfWrongUsage_data();
    void complainsOfWrongUsage();
    void helpsWithEachOption();
};

void tst_CommandLine::initTestCase()
{
    // There is no application object, in the program neither.
    QVERIFY(!QCoreApplication::instance());
    qputenv("XDG_CONFIG_HOME", "/home/mia/.cfg");
}

void tst_CommandLine::runsWithTheseDefaults()
{
    const CommandLine line = CommandLine::read({u"tallybell"_s});
    QCOMPARE(line.wish, Wish::Run);
    QCOMPARE(line.error, QString());
    QVERIFY(!line.demo);
    QVERIFY(!line.headless);
    QVERIFY(!line.hidden);
    QCOMPARE(line.secretsFile, QString());
    QCOMPARE(line.logLevel, u"info"_s);
}

void tst_CommandLine::followsTheStandardForTheConfiguration()
{
    QCOMPARE(CommandLine::read({u"tallybell"_s}).configDirectory, u"/home/mia/.cfg/tallybell"_s);
}

void tst_CommandLine::takesEachOption()
{
    const CommandLine line = CommandLine::read(
        {u"tallybell"_s, u"--demo"_s, u"--headless"_s, u"--hidden"_s, u"--config"_s, u"/etc/t"_s,
         u"--secrets-file"_s, u"/s.json"_s, u"--log-level"_s, u"debug"_s});
    QCOMPARE(line.wish, Wish::Run);
    QVERIFY(line.demo);
    QVERIFY(line.headless);
    QVERIFY(line.hidden);
    QCOMPARE(line.configDirectory, u"/etc/t"_s);
    QCOMPARE(line.secretsFile, u"/s.json"_s);
    QCOMPARE(line.logLevel, u"debug"_s);
}

void tst_CommandLine::takesValuesInBothForms()
{
    const CommandLine line =
        CommandLine::read({u"tallybell"_s, u"--config=/a b=c"_s, u"--log-level"_s, u"warning"_s});
    QCOMPARE(line.wish, Wish::Run);
    QCOMPARE(line.configDirectory, u"/a b=c"_s);
    QCOMPARE(line.logLevel, u"warning"_s);
}

void tst_CommandLine::wishes_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<Wish>("wish");
    QTest::newRow("--help") << QStringList{u"--help"_s} << Wish::ShowHelp;
    QTest::newRow("-h") << QStringList{u"-h"_s} << Wish::ShowHelp;
    QTest::newRow("--version") << QStringList{u"--version"_s} << Wish::ShowVersion;
    QTest::newRow("-v") << QStringList{u"-v"_s} << Wish::ShowVersion;
    QTest::newRow("help also for wrong usage")
        << QStringList{u"--demmo"_s, u"--help"_s} << Wish::ShowHelp;
    QTest::newRow("both") << QStringList{u"--version"_s, u"--help"_s} << Wish::ShowHelp;
}

void tst_CommandLine::wishes()
{
    QFETCH(QStringList, arguments);
    const CommandLine line = CommandLine::read(QStringList{u"tallybell"_s} + arguments);
    QTEST(line.wish, "wish");
    QCOMPARE(line.error, QString());
}

void tst_CommandLine::complainsOfWrongUsage_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("sentence");
    QTest::newRow("a misspelt option") << QStringList{u"--demmo"_s} << u"Unknown option 'demmo'."_s;
    QTest::newRow("another letter") << QStringList{u"-x"_s} << u"Unknown option 'x'."_s;
    QTest::newRow("a value that is missing")
        << QStringList{u"--config"_s} << u"Missing value after '--config'."_s;
    QTest::newRow("a value for a switch")
        << QStringList{u"--demo=yes"_s} << u"Unexpected value after '--demo'."_s;
    QTest::newRow("a word") << QStringList{u"start"_s} << u"“start” is not understood."_s;
    QTest::newRow("a word after an option")
        << QStringList{u"--demo"_s, u"now"_s} << u"“now” is not understood."_s;
    QTest::newRow("a log level that is none")
        << QStringList{u"--log-level=loud"_s}
        << u"“loud” is no log level; there are debug, info, warning."_s;
    QTest::newRow("a log level in capitals")
        << QStringList{u"--log-level"_s, u"DEBUG"_s}
        << u"“DEBUG” is no log level; there are debug, info, warning."_s;
    // As `--config "$UNSET"` gives; it would mean /sources.
    QTest::newRow("an empty folder")
        << QStringList{u"--config"_s, QString()} << u"--config needs a folder."_s;
    QTest::newRow("an empty file")
        << QStringList{u"--secrets-file="_s} << u"--secrets-file needs a file."_s;
}

void tst_CommandLine::complainsOfWrongUsage()
{
    QFETCH(QStringList, arguments);
    const CommandLine line = CommandLine::read(QStringList{u"tallybell"_s} + arguments);
    QCOMPARE(line.wish, Wish::Complain);
    QTEST(line.error, "sentence");
}

void tst_CommandLine::helpsWithEachOption()
{
    const QString help = CommandLine::read({u"/usr/bin/tallybell"_s, u"--help"_s}).help;
    QVERIFY2(help.startsWith("Usage: tallybell [options]"_L1), qPrintable(help));
    for (const auto option : {"--demo"_L1, "--headless"_L1, "--hidden"_L1, "--config <DIR>"_L1,
                              "--secrets-file <FILE>"_L1, "--log-level <L>"_L1, "-h, --help"_L1,
                              "-v, --version"_L1, "/home/mia/.cfg/tallybell/sources"_L1})
        QVERIFY2(help.contains(option), option.data());
}

QTEST_APPLESS_MAIN(tst_CommandLine)
#include "tst_commandline.moc"
