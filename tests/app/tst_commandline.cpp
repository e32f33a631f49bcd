// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "commandline.h"

#include <QTest>

using namespace std::chrono_literals;
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
    void takesTheCommandCheck_data();
    void takesTheCommandCheck();
    void takesTheCommandsOfARunningInstance_data();
    void takesTheCommandsOfARunningInstance();
    void saysHowToMeanAnInstance_data();
    void saysHowToMeanAnInstance();
    void wishes_data();
    void wishes();
    void complainsOfWrongUsage_data();
    void complainsOfWrongUsage();
    void helpsWithEachOption();
    void helpsWithTheCommandCheck();
    void helpsWithTheCommandsOfARunningInstance();
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
    QVERIFY(!line.replace);
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
         u"--secrets-file"_s, u"/s.json"_s, u"--log-level"_s, u"debug"_s, u"--replace"_s});
    QCOMPARE(line.wish, Wish::Run);
    QVERIFY(line.replace);
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

void tst_CommandLine::takesTheCommandCheck_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("options last") << QStringList{
        u"check"_s,    u"work"_s, u"--json"_s,         u"--timeout"_s, u"60"_s,
        u"--config"_s, u"/c"_s,   u"--secrets-file"_s, u"/s"_s};
    QTest::newRow("options first") << QStringList{
        u"--json"_s, u"--timeout=60"_s, u"--config"_s, u"/c"_s, u"--secrets-file=/s"_s,
        u"check"_s,  u"work"_s};
    QTest::newRow("options between")
        << QStringList{u"--config=/c"_s, u"check"_s,          u"--json"_s, u"--timeout"_s,
                       u"60"_s,          u"--secrets-file"_s, u"/s"_s,     u"work"_s};
}

void tst_CommandLine::takesTheCommandCheck()
{
    QFETCH(QStringList, arguments);
    const CommandLine line = CommandLine::read(QStringList{u"tallybell"_s} + arguments);
    QCOMPARE(line.error, QString());
    QCOMPARE(line.wish, Wish::Check);
    QCOMPARE(line.command, u"check"_s);
    QCOMPARE(line.source, u"work"_s);
    QVERIFY(line.json);
    QCOMPARE(line.timeout, 60s);
    QCOMPARE(line.configDirectory, u"/c"_s);
    QCOMPARE(line.secretsFile, u"/s"_s);

    const CommandLine bare = CommandLine::read({u"tallybell"_s, u"check"_s, u"a b.json"_s});
    QCOMPARE(bare.source, u"a b.json"_s);
    QVERIFY(!bare.json);
    QCOMPARE(bare.timeout, 0s);
    QCOMPARE(bare.configDirectory, u"/home/mia/.cfg/tallybell"_s);
}

void tst_CommandLine::takesTheCommandsOfARunningInstance_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<Wish>("wish");
    QTest::addColumn<bool>("demo");
    QTest::addColumn<bool>("json");
    QTest::addColumn<QString>("directory");
    const QString usual = u"/home/mia/.cfg/tallybell"_s;
    QTest::newRow("quit") << QStringList{u"quit"_s} << Wish::Quit << false << false << usual;
    QTest::newRow("quit the demo")
        << QStringList{u"quit"_s, u"--demo"_s} << Wish::Quit << true << false << usual;
    QTest::newRow("quit another one") << QStringList{u"--config"_s, u"/c"_s, u"quit"_s}
                                      << Wish::Quit << false << false << u"/c"_s;
    QTest::newRow("doctor") << QStringList{u"doctor"_s} << Wish::Doctor << false << false << usual;
    QTest::newRow("doctor with all") << QStringList{u"doctor"_s,      u"--json"_s,      u"--demo"_s,
                                                    u"--config=/c"_s, u"--log-level"_s, u"debug"_s}
                                     << Wish::Doctor << true << true << u"/c"_s;
}

void tst_CommandLine::takesTheCommandsOfARunningInstance()
{
    QFETCH(QStringList, arguments);
    const CommandLine line = CommandLine::read(QStringList{u"tallybell"_s} + arguments);
    QCOMPARE(line.error, QString());
    QTEST(line.wish, "wish");
    QTEST(line.demo, "demo");
    QTEST(line.json, "json");
    QTEST(line.configDirectory, "directory");
}

void tst_CommandLine::saysHowToMeanAnInstance_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("options");
    QTest::newRow("the usual one") << QStringList{u"--headless"_s} << QString();
    QTest::newRow("the demo") << QStringList{u"--demo"_s} << u" --demo"_s;
    QTest::newRow("another folder")
        << QStringList{u"--config"_s, u"/a b"_s} << u" --config \"/a b\""_s;
}

void tst_CommandLine::saysHowToMeanAnInstance()
{
    QFETCH(QStringList, arguments);
    QTEST(CommandLine::read(QStringList{u"tallybell"_s} + arguments).instanceOptions, "options");
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
    QTest::newRow("help with a command") << QStringList{u"check"_s, u"--help"_s} << Wish::ShowHelp;
    QTest::newRow("a command") << QStringList{u"check"_s, u"work"_s} << Wish::Check;
    QTest::newRow("a value that is a command's name")
        << QStringList{u"--config"_s, u"check"_s} << Wish::Run;
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
    QTest::newRow("check of nothing")
        << QStringList{u"check"_s} << u"check needs a source: its name, or the path of its file."_s;
    QTest::newRow("check of an empty name")
        << QStringList{u"check"_s, QString()}
        << u"check needs a source: its name, or the path of its file."_s;
    QTest::newRow("check of two") << QStringList{u"check"_s, u"one"_s, u"two"_s}
                                  << u"“two” is not understood."_s;
    QTest::newRow("check with an option of the app")
        << QStringList{u"--headless"_s, u"check"_s, u"work"_s} << u"Unknown option 'headless'."_s;
    QTest::newRow("quit with a word")
        << QStringList{u"quit"_s, u"now"_s} << u"“now” is not understood."_s;
    QTest::newRow("quit with an option of the app")
        << QStringList{u"quit"_s, u"--replace"_s} << u"Unknown option 'replace'."_s;
    QTest::newRow("doctor with secrets")
        << QStringList{u"doctor"_s, u"--secrets-file=/s"_s} << u"Unknown option 'secrets-file'."_s;
    QTest::newRow("doctor without a folder")
        << QStringList{u"doctor"_s, u"--config="_s} << u"--config needs a folder."_s;
    QTest::newRow("the app with an option of check")
        << QStringList{u"--json"_s} << u"Unknown option 'json'."_s;
    for (const QString &value : {u"soon"_s, u"0"_s, u"-1"_s, u"3601"_s, u"1.5"_s, QString()})
        QTest::addRow("check with the timeout \"%s\"", qPrintable(value))
            << QStringList{u"check"_s, u"work"_s, u"--timeout="_s + value}
            << u"“%1” is no timeout; it is a number of seconds from 1 to 3600."_s.arg(value);
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
    for (const auto option :
         {"--demo"_L1, "--headless"_L1, "--hidden"_L1, "--replace"_L1, "--config <DIR>"_L1,
          "--secrets-file <FILE>"_L1, "--log-level <L>"_L1, "-h, --help"_L1, "-v, --version"_L1,
          "/home/mia/.cfg/tallybell/sources"_L1})
        QVERIFY2(help.contains(option), option.data());
    for (const auto command : {"check"_L1, "doctor"_L1, "quit"_L1})
        QVERIFY2(help.simplified().contains("tallybell "_L1 + command + " --help"_L1),
                 qPrintable(help));
    QVERIFY2(help.contains("[check SOURCE | doctor | quit]"_L1), qPrintable(help));
}

void tst_CommandLine::helpsWithTheCommandCheck()
{
    const QString help = CommandLine::read({u"tallybell"_s, u"check"_s, u"-h"_s}).help;
    QVERIFY2(help.startsWith("Usage: tallybell [options] check SOURCE"_L1), qPrintable(help));
    for (const auto text : {"--json"_L1, "--timeout <SECONDS>"_L1, "--config <DIR>"_L1,
                            "--secrets-file <FILE>"_L1, "SOURCE  "_L1, "5 login needed"_L1})
        QVERIFY2(help.contains(text), text.data());
    QVERIFY(!help.contains("--demo"_L1));
}

void tst_CommandLine::helpsWithTheCommandsOfARunningInstance()
{
    const QString quit = CommandLine::read({u"tallybell"_s, u"quit"_s, u"--help"_s}).help;
    QVERIFY2(quit.startsWith("Usage: tallybell [options] quit\n"_L1), qPrintable(quit));
    for (const auto text : {"--demo"_L1, "--config <DIR>"_L1, "3 none runs"_L1})
        QVERIFY2(quit.contains(text), text.data());
    const QString doctor = CommandLine::read({u"tallybell"_s, u"doctor"_s, u"--help"_s}).help;
    QVERIFY2(doctor.startsWith("Usage: tallybell [options] doctor\n"_L1), qPrintable(doctor));
    for (const auto text : {"--json"_L1, "--demo"_L1, "--config <DIR>"_L1, "0 nothing is bad"_L1})
        QVERIFY2(doctor.contains(text), text.data());
    QVERIFY(!doctor.contains("--secrets-file"_L1));
}

QTEST_APPLESS_MAIN(tst_CommandLine)
#include "tst_commandline.moc"
