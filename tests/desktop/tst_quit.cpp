// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "app/orderlyend.h"
#include "app/tallybellprocess.h"
#include "harness/ssekitprocess.h"

#include <QDir>
#include <QElapsedTimer>
#include <QStandardPaths>
#include <QTest>

#include <csignal>

using namespace std::chrono_literals;
using namespace Qt::Literals;

namespace {

// What xdotool says, and whether it succeeded.
std::pair<bool, QString> xdotool(const QStringList &arguments)
{
    QProcess process;
    process.start(u"xdotool"_s, arguments);
    const bool isDone = process.waitForFinished() && process.exitCode() == 0;
    return {isDone, QString::fromUtf8(process.readAllStandardOutput()).trimmed()};
}

QString visibleWindow()
{
    return xdotool({u"search"_s, u"--onlyvisible"_s, u"--name"_s, u"^Tallybell"_s}).second;
}

} // namespace

/*! The program as a whole on a display of its own, with a window manager and a panel. */
class tst_Quit : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void tellsThePortalThatItLeaves_data();
    void tellsThePortalThatItLeaves();
    void showsNoWindowWhenItStartsHidden();
    void showsItsWindowAtASecondStart();
    void saysWhatIsWrongInItsWindow();
};

void tst_Quit::initTestCase()
{
    QVERIFY2(!QStandardPaths::findExecutable(u"xdotool"_s).isEmpty(), "xdotool is missing");
}

void tst_Quit::tellsThePortalThatItLeaves_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<int>("number");
    QTest::newRow("Ctrl+Q in the window") << u"ctrl+q"_s << 0;
    QTest::newRow("the button Quit, by its letter") << u"alt+q"_s << 0;
    QTest::newRow("SIGTERM") << QString() << SIGTERM;
    QTest::newRow("SIGINT") << QString() << SIGINT;
    QTest::newRow("SIGHUP") << QString() << SIGHUP;
}

void tst_Quit::tellsThePortalThatItLeaves()
{
    QFETCH(QString, key);
    QFETCH(int, number);
    Harness::SsekitProcess portal;
    QVERIFY(portal.serve({u"portal"_s, u"--log"_s}));
    TallybellProcess app;
    app.addPortal(u"work"_s, portal.url());
    (void)app.addSecrets(u"work"_s, "tallybell");
    app.startConfigured({});
    QTRY_VERIFY_WITH_TIMEOUT(app.errors().contains("Connection open"), 20000);
    QTRY_VERIFY_WITH_TIMEOUT(!visibleWindow().isEmpty(), 20000);
    OrderlyEnd bystander;
    QVERIFY(bystander.start({u"--hidden"_s}));
    QElapsedTimer elapsed;
    if (key.isEmpty()) {
        elapsed.start();
        bystander.end();
        app.send(number);
    } else {
        // The window manager may still be about to give it the focus.
        QTRY_VERIFY_WITH_TIMEOUT(xdotool({u"windowactivate"_s, u"--sync"_s, visibleWindow()}).first,
                                 20000);
        elapsed.start();
        bystander.end();
        QVERIFY(xdotool({u"key"_s, u"--clearmodifiers"_s, key}).first);
    }
    QCOMPARE(app.waitForExit(), 0);
    const std::chrono::milliseconds took{elapsed.elapsed()};
    QVERIFY2(took < 2000ms + bystander.took(), qPrintable(QString::number(took.count())));
    QTRY_COMPARE(portal.facts(u"close request"_s).size(), 1);
    QCOMPARE(portal.facts(u"close request"_s).constFirst()[u"session"_s], u"s1"_s);
}

void tst_Quit::showsNoWindowWhenItStartsHidden()
{
    Harness::SsekitProcess portal;
    QVERIFY(portal.serve({u"portal"_s, u"--log"_s}));
    TallybellProcess app;
    app.addPortal(u"work"_s, portal.url());
    (void)app.addSecrets(u"work"_s, "tallybell");
    app.startConfigured({u"--hidden"_s});
    QTRY_VERIFY_WITH_TIMEOUT(app.errors().contains("Connection open"), 20000);
    QVERIFY(visibleWindow().isEmpty());
    app.send(SIGTERM);
    QCOMPARE(app.waitForExit(), 0);
    QTRY_COMPARE(portal.facts(u"close request"_s).size(), 1);
}

void tst_Quit::showsItsWindowAtASecondStart()
{
    Harness::SsekitProcess portal;
    QVERIFY(portal.serve({u"portal"_s}));
    TallybellProcess app;
    app.addPortal(u"work"_s, portal.url());
    (void)app.addSecrets(u"work"_s, "tallybell");
    app.startConfigured({u"--hidden"_s});
    QTRY_VERIFY_WITH_TIMEOUT(app.errors().contains("Connection open"), 20000);
    TallybellProcess hidden; // as a desktop's autostart does it
    hidden.moveInWith(app);
    hidden.startConfigured({u"--hidden"_s});
    QCOMPARE(hidden.waitForExit(), 0);
    QVERIFY(visibleWindow().isEmpty());
    TallybellProcess second;
    second.moveInWith(app);
    second.startConfigured({});
    QCOMPARE(second.waitForExit(), 0);
    QTRY_VERIFY_WITH_TIMEOUT(!visibleWindow().isEmpty(), 20000);
    app.send(SIGTERM);
    QCOMPARE(app.waitForExit(), 0);
}

void tst_Quit::saysWhatIsWrongInItsWindow()
{
    TallybellProcess app;
    app.addSourceFile(u"work.json"_s, "{\"schema\": 1,\n\"straem\": {}}");
    app.startConfigured({});
    QTRY_VERIFY_WITH_TIMEOUT(!visibleWindow().isEmpty(), 20000);
    QTRY_VERIFY2(app.errors().contains("work.json, line 2, /straem"), app.errors().constData());
    QVERIFY(app.isRunning());
    // For whoever wants to see it: TALLYBELL_SCREENSHOTS=FOLDER
    if (const QString folder = qEnvironmentVariable("TALLYBELL_SCREENSHOTS"); !folder.isEmpty()) {
        QProcess::execute(
            u"import"_s,
            {u"-window"_s, visibleWindow(), QDir(folder).filePath(u"broken-source.png"_s)});
    }
    // Mended, it opens.
    Harness::SsekitProcess portal;
    QVERIFY(portal.serve({u"portal"_s}));
    app.addPortal(u"work"_s, portal.url());
    QTRY_VERIFY_WITH_TIMEOUT(xdotool({u"windowactivate"_s, u"--sync"_s, visibleWindow()}).first,
                             20000);
    QVERIFY(xdotool({u"key"_s, u"--clearmodifiers"_s, u"alt+o"_s}).first);
    // The password is asked for in a window of its own, and not again when that is declined.
    const QStringList question{u"search"_s, u"--onlyvisible"_s, u"--name"_s, u"^Log in: "_s};
    QTRY_VERIFY_WITH_TIMEOUT(xdotool(question).first, 20000);
    QTRY_VERIFY_WITH_TIMEOUT(
        xdotool(question + QStringList{u"windowactivate"_s, u"--sync"_s}).first, 20000);
    QVERIFY(xdotool({u"key"_s, u"--clearmodifiers"_s, u"Escape"_s}).first);
    QTRY_VERIFY2(app.errors().contains("“Password” is needed to log in"), app.errors().constData());
    QTRY_VERIFY(!xdotool(question).first); // the display hears of it later than the log
    app.send(SIGTERM);
    QCOMPARE(app.waitForExit(), 0);
}

QTEST_GUILESS_MAIN(tst_Quit)
#include "tst_quit.moc"
