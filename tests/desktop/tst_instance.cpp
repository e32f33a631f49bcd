// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "app/standinportal.h"
#include "app/tallybellprocess.h"
#include "desktop/instance/controlclient.h"
#include "desktop/instance/controlserver.h"
#include "desktop/instance/instancelock.h"
#include "desktop/instance/instanceplace.h"
#include "harness/ssekitprocess.h"
#include <sselib/testkit/sseserver.h>

#include <QDir>
#include <QElapsedTimer>
#include <QFileInfo>
#include <QLocalSocket>
#include <QTest>

#include <csignal>
#include <memory>
#include <vector>

using namespace std::chrono_literals;
using namespace Qt::Literals;

namespace {

constexpr auto privateFolder = QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner
    | QFile::ReadUser | QFile::WriteUser | QFile::ExeUser;

QString fileIn(const QString &folder, const QString &pattern)
{
    return QDir(folder).entryList({pattern}, QDir::Files | QDir::System | QDir::Hidden).value(0);
}

} // namespace

/*! One instance of a configuration, and what others may ask of it. */
class tst_Instance : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void makesAFolderForItsUserAlone();
    void makesOneAmongTheTemporaryFilesWhereThereIsNone();
    void trustsNoFolderThatIsALink();
    void namesAConfigurationTheSameHoweverItIsSpelt();
    void givesTheLockToOne();
    void answersRequests();
    void endsAConnectionThatTalksTooMuch();
    void handsOverToTheOneThatRuns();
    void refusesASecondOneWithoutAWindow_data();
    void refusesASecondOneWithoutAWindow();
    void letsADemoRunBesideTheRealOne();
    void letsOneWinWhenManyStartAtOnce();
    void takesThePlaceOfACrashedOne();
    void quitsTheOneThatRuns();
    void waitsForTheEndOfTheOneThatItQuits();
    void saysWhenThereIsNothingToQuit();
    void replacesTheOneThatRuns();
    void givesUpOnOneThatHangs();
    void runsWhereNoSocketCanBeMade();
    void examinesTheDesktopForPeople();
    void examinesTheDesktopForPrograms();

private:
    void startCounting(TallybellProcess &app, const QStringList &arguments = {u"--headless"_s});

    std::unique_ptr<Harness::SsekitProcess> m_portal;
};

void tst_Instance::init()
{
    m_portal = std::make_unique<Harness::SsekitProcess>();
    QVERIFY(m_portal->serve({u"portal"_s, u"--log"_s}));
}

void tst_Instance::startCounting(TallybellProcess &app, const QStringList &arguments)
{
    app.addPortal(u"work"_s, m_portal->url());
    (void)app.addSecrets(u"work"_s, "tallybell");
    app.startConfigured(arguments);
    QTRY_VERIFY_WITH_TIMEOUT(app.errors().contains("Connection open"), 20000);
}

void tst_Instance::makesAFolderForItsUserAlone()
{
    const QTemporaryDir runtime;
    qputenv("XDG_RUNTIME_DIR", runtime.path().toLocal8Bit());
    QString error;
    auto place = InstancePlace::find(u"demo"_s, &error);
    QVERIFY2(place, qPrintable(error));
    const QString folder = runtime.filePath(u"tallybell"_s);
    QCOMPARE(place->socket, folder + "/demo.socket"_L1);
    QCOMPARE(QFile::permissions(folder), privateFolder);
    // Somebody opened it.
    QVERIFY(QFile::setPermissions(folder, privateFolder | QFile::ReadOther | QFile::ExeOther));
    place = InstancePlace::find(u"demo"_s, &error);
    QVERIFY(place);
    QCOMPARE(QFile::permissions(folder), privateFolder);
}

void tst_Instance::makesOneAmongTheTemporaryFilesWhereThereIsNone()
{
    const QTemporaryDir temporary;
    qputenv("TMPDIR", temporary.path().toLocal8Bit());
    qunsetenv("XDG_RUNTIME_DIR");
    QString error;
    const auto place = InstancePlace::find(u"demo"_s, &error);
    qunsetenv("TMPDIR");
    QVERIFY2(place, qPrintable(error));
    const QFileInfo folder = QFileInfo(QFileInfo(place->socket).path());
    QCOMPARE(folder.path(), temporary.path());
    QCOMPARE(folder.permissions(), privateFolder);
}

void tst_Instance::trustsNoFolderThatIsALink()
{
    const QTemporaryDir runtime;
    qputenv("XDG_RUNTIME_DIR", runtime.path().toLocal8Bit());
    QVERIFY(QFile::link(QDir::tempPath(), runtime.filePath(u"tallybell"_s)));
    QString error;
    QVERIFY(!InstancePlace::find(u"demo"_s, &error));
    QVERIFY2(error.endsWith(" is not a folder."_L1), qPrintable(error));
}

void tst_Instance::namesAConfigurationTheSameHoweverItIsSpelt()
{
    const QTemporaryDir folder;
    const QString name = InstancePlace::nameFor(folder.path());
    QCOMPARE(name.size(), 12);
    QCOMPARE(InstancePlace::nameFor(folder.path() + u'/'), name);
    QCOMPARE(
        InstancePlace::nameFor(folder.path() + "/../"_L1 + QFileInfo(folder.path()).fileName()),
        name);
    QVERIFY(QFile::link(folder.path(), folder.path() + ".link"_L1));
    QCOMPARE(InstancePlace::nameFor(folder.path() + ".link"_L1), name);
    QFile::remove(folder.path() + ".link"_L1);
    QVERIFY(InstancePlace::nameFor(folder.filePath(u"other"_s)) != name);
}

void tst_Instance::givesTheLockToOne()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"lock"_s);
    InstanceLock first(path);
    InstanceLock second(path);
    QCOMPARE(first.tryLock(), InstanceLock::State::Ours);
    QCOMPARE(second.tryLock(), InstanceLock::State::HeldElsewhere);
    QCOMPARE(second.owner(), QCoreApplication::applicationPid());
    first.release();
    QCOMPARE(second.tryLock(), InstanceLock::State::Ours);
    QFile::remove(path); // somebody clears away; the next one makes a new file
    QCOMPARE(first.tryLock(), InstanceLock::State::Ours);
    first.release();
    second.release();
    QCOMPARE(InstanceLock(u"/nonexistent/lock"_s).tryLock(), InstanceLock::State::Impossible);
}

void tst_Instance::answersRequests()
{
    TallybellProcess app;
    startCounting(app);
    const QString folder = app.runtimeDirectory() + "/tallybell"_L1;
    const QString socket = folder + u'/' + fileIn(folder, u"*.socket"_s);
    QCOMPARE(QFile::permissions(folder), privateFolder);
    QVERIFY(!(QFile::permissions(socket) & (QFile::ReadOther | QFile::WriteOther)));
    const auto hello = askInstance(socket, {{u"command"_s, u"hello"_s}}, 5s);
    QVERIFY(hello);
    QCOMPARE(*hello,
             (QJsonObject{{u"ok"_s, true}, {u"isHeadless"_s, true}, {u"isLeaving"_s, false}}));
    const auto unknown = askInstance(socket, {{u"command"_s, u"dance"_s}}, 5s);
    QVERIFY(unknown);
    QCOMPARE((*unknown)[u"ok"_s], false);
}

void tst_Instance::endsAConnectionThatTalksTooMuch()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"socket"_s);
    ControlServer server([](const QJsonObject &) { return QJsonObject{{u"ok"_s, true}}; });
    QString error;
    QVERIFY2(server.listen(path, &error), qPrintable(error));
    QLocalSocket talker;
    talker.connectToServer(path);
    QTRY_COMPARE(talker.state(), QLocalSocket::ConnectedState);
    talker.write(QByteArray(2 * ControlServer::longestRequest, 'x'));
    QTRY_COMPARE(talker.state(), QLocalSocket::UnconnectedState);
    QLocalSocket babbler;
    babbler.connectToServer(path);
    QTRY_COMPARE(babbler.state(), QLocalSocket::ConnectedState);
    babbler.write("not JSON\n{}\n");
    QByteArray answers;
    QTRY_VERIFY((answers += babbler.readAll()).count('\n') == 2);
    QCOMPARE(answers, "{\"error\":\"not a JSON object\",\"ok\":false}\n{\"ok\":true}\n");
}

void tst_Instance::handsOverToTheOneThatRuns()
{
    // tst_quit sees the window.
    TallybellProcess app;
    startCounting(app, {});
    TallybellProcess second;
    second.moveInWith(app);
    second.startConfigured({});
    QCOMPARE(second.waitForExit(), 0);
    QVERIFY2(second.errors().isEmpty(), second.errors().constData());
    QVERIFY(app.isRunning());
}

void tst_Instance::refusesASecondOneWithoutAWindow_data()
{
    QTest::addColumn<QStringList>("first");
    QTest::addColumn<QStringList>("second");
    QTest::addColumn<QByteArray>("said");
    QTest::newRow("nothing to show") << QStringList{u"--headless"_s} << QStringList{}
                                     << QByteArray("runs already without a window, as process ");
    QTest::newRow("nothing to show, and hidden")
        << QStringList{u"--headless"_s} << QStringList{u"--headless"_s}
        << QByteArray("runs already without a window, as process ");
    QTest::newRow("output that somebody waits for")
        << QStringList{} << QStringList{u"--headless"_s} << QByteArray("runs already, as process ");
}

void tst_Instance::refusesASecondOneWithoutAWindow()
{
    QFETCH(QStringList, first);
    QFETCH(QStringList, second);
    QFETCH(QByteArray, said);
    TallybellProcess app;
    startCounting(app, first);
    TallybellProcess other;
    other.moveInWith(app);
    other.startConfigured(second);
    QCOMPARE(other.waitForExit(), 1);
    QVERIFY2(other.errors().contains(said + QByteArray::number(app.processId()) + ". End it with: "
                                     + "tallybell quit --config \"" + app.configDirectory().toUtf8()
                                     + "\". Or start with --replace.\n"),
             other.errors().constData());
    QVERIFY(app.isRunning());
}

void tst_Instance::letsADemoRunBesideTheRealOne()
{
    TallybellProcess app;
    startCounting(app);
    TallybellProcess demo;
    demo.moveInWith(app);
    demo.start({u"--headless"_s, u"--demo"_s});
    QTRY_VERIFY(demo.lastCount() >= 0); // the number moves
    TallybellProcess quit;
    quit.moveInWith(app);
    quit.start({u"quit"_s, u"--demo"_s});
    QCOMPARE(quit.waitForExit(), 0);
    QCOMPARE(demo.waitForExit(), 0);
    QVERIFY(app.isRunning());
}

void tst_Instance::letsOneWinWhenManyStartAtOnce()
{
    TallybellProcess home;
    home.addPortal(u"work"_s, m_portal->url());
    (void)home.addSecrets(u"work"_s, "tallybell");
    std::vector<std::unique_ptr<TallybellProcess>> all;
    for (int number = 0; number < 6; ++number) {
        all.push_back(std::make_unique<TallybellProcess>());
        all.back()->moveInWith(home);
    }
    for (const auto &app : all)
        app->startConfigured({u"--headless"_s});
    const auto running = [&all] {
        return std::count_if(all.begin(), all.end(),
                             [](const auto &app) { return app->isRunning(); });
    };
    QTRY_COMPARE_WITH_TIMEOUT(running(), 1, 30000);
    for (const auto &app : all) {
        if (app->isRunning()) {
            QTRY_COMPARE(app->status(), u"live"_s);
            app->send(SIGTERM);
            QCOMPARE(app->waitForExit(), 0);
        } else {
            QCOMPARE(app->waitForExit(), 1);
        }
    }
}

void tst_Instance::takesThePlaceOfACrashedOne()
{
    TallybellProcess app;
    startCounting(app);
    const QString folder = app.runtimeDirectory() + "/tallybell"_L1;
    app.send(SIGKILL);
    QTRY_VERIFY(!app.isRunning());
    QVERIFY(!fileIn(folder, u"*.socket"_s).isEmpty());
    TallybellProcess next;
    next.moveInWith(app);
    next.startConfigured({u"--headless"_s});
    QTRY_COMPARE(next.status(), u"live"_s);
    QVERIFY(askInstance(folder + u'/' + fileIn(folder, u"*.socket"_s), {{u"command"_s, u"hello"_s}},
                        5s));
}

void tst_Instance::quitsTheOneThatRuns()
{
    TallybellProcess app;
    startCounting(app);
    TallybellProcess quit;
    quit.moveInWith(app);
    quit.start({u"quit"_s, u"--config"_s, app.configDirectory()});
    QCOMPARE(quit.waitForExit(), 0);
    QVERIFY2(quit.errors().isEmpty(), quit.errors().constData());
    QCOMPARE(app.waitForExit(), 0);
    QTRY_COMPARE(m_portal->facts(u"close request"_s).size(), 1);
}

void tst_Instance::waitsForTheEndOfTheOneThatItQuits()
{
    Harness::SseServer portal;
    serveAsPortal(&portal);
    TallybellProcess app;
    app.addPortal(u"work"_s, portal.url());
    (void)app.addSecrets(u"work"_s, "any");
    app.startConfigured({u"--headless"_s});
    QTRY_COMPARE(app.status(), u"live"_s);
    TallybellProcess quit;
    quit.moveInWith(app);
    QElapsedTimer elapsed;
    elapsed.start();
    quit.start({u"quit"_s, u"--config"_s, app.configDirectory()});
    QTRY_COMPARE(portal.requestCount("/close"), 1); // and no answer to it
    QTRY_VERIFY(!quit.isRunning());
    QVERIFY2(elapsed.elapsed() >= 1200, qPrintable(QString::number(elapsed.elapsed())));
    QVERIFY(!QFileInfo::exists(u"/proc/%1/exe"_s.arg(app.processId()))); // a zombie has none
    QCOMPARE(quit.waitForExit(), 0);
    QCOMPARE(app.waitForExit(), 0);
}

void tst_Instance::saysWhenThereIsNothingToQuit()
{
    TallybellProcess quit;
    quit.start({u"quit"_s});
    QCOMPARE(quit.waitForExit(), 3);
    QCOMPARE(quit.errors(), "tallybell: It does not run.\n");
}

void tst_Instance::replacesTheOneThatRuns()
{
    TallybellProcess app;
    startCounting(app);
    TallybellProcess next;
    next.moveInWith(app);
    next.startConfigured({u"--headless"_s, u"--replace"_s});
    QTRY_COMPARE(next.status(), u"live"_s);
    QCOMPARE(app.waitForExit(), 0);
    QTRY_COMPARE(m_portal->facts(u"close request"_s).size(), 1); // of the first one
    QVERIFY(next.isRunning());
}

void tst_Instance::givesUpOnOneThatHangs()
{
    TallybellProcess app;
    startCounting(app);
    app.send(SIGSTOP);
    QElapsedTimer elapsed;
    elapsed.start();
    TallybellProcess next;
    next.moveInWith(app);
    next.startConfigured({u"--headless"_s, u"--replace"_s});
    TallybellProcess quit;
    quit.moveInWith(app);
    quit.start({u"quit"_s, u"--config"_s, app.configDirectory()});
    QTRY_VERIFY(!next.isRunning() && !quit.isRunning());
    QVERIFY2(elapsed.elapsed() >= 9900, qPrintable(QString::number(elapsed.elapsed())));
    QCOMPARE(next.waitForExit(), 1);
    QCOMPARE(quit.waitForExit(), 1);
    const QByteArray process = QByteArray::number(app.processId());
    QVERIFY2(next.errors().contains("as process " + process + ", and does not end."),
             next.errors().constData());
    QVERIFY2(quit.errors().contains("Process " + process + " does not end."),
             quit.errors().constData());
    app.send(SIGCONT);
    QCOMPARE(app.waitForExit(), 0); // it was asked
}

void tst_Instance::runsWhereNoSocketCanBeMade()
{
    TallybellProcess app;
    QFile obstacle(app.runtimeDirectory() + "/tallybell"_L1);
    QVERIFY(obstacle.open(QIODevice::WriteOnly));
    startCounting(app);
    QVERIFY2(app.errors().contains("is not a folder. Two instances will not notice each other."),
             app.errors().constData());
    app.send(SIGTERM);
    QCOMPARE(app.waitForExit(), 0);
}

void tst_Instance::examinesTheDesktopForPeople()
{
    TallybellProcess app;
    app.addPortal(u"work"_s, m_portal->url());
    app.start({u"doctor"_s, u"--config"_s, app.configDirectory()});
    QCOMPARE(app.waitForExit(), 0);
    QVERIFY2(app.output().startsWith("good     version          Tallybell " VERSION " with Qt "),
             app.output().constData());
    QVERIFY(app.output().contains("good     instance         It does not run.\n"));
    QVERIFY2(app.output().contains("good     farewell         Tallybell does not run; the farewell "
                                   "process can be started.\n"),
             app.output().constData());
    QVERIFY(app.output().contains("good     source           “Demo portal” (work) can be read.\n"));

    app.addSourceFile(u"broken.json"_s, "{\n\"schema\": 2}");
    app.start({u"doctor"_s, u"--config"_s, app.configDirectory()});
    QCOMPARE(app.waitForExit(), 1);
    QVERIFY2(app.output().contains("broken.json, line 2, /schema: "), app.output().constData());
    QVERIFY(app.output().endsWith("Something is bad; see above.\n"));
}

void tst_Instance::examinesTheDesktopForPrograms()
{
    TallybellProcess app;
    startCounting(app);
    TallybellProcess doctor;
    doctor.moveInWith(app);
    doctor.start({u"doctor"_s, u"--json"_s, u"--config"_s, app.configDirectory()});
    QCOMPARE(doctor.waitForExit(), 0);
    const QList<QJsonObject> facts = doctor.facts();
    QStringList subjects;
    for (const QJsonObject &fact : facts) {
        subjects.append(fact[u"subject"_s].toString());
        if (fact[u"subject"_s] == u"instance"_s)
            QCOMPARE(fact[u"finding"_s].toString(),
                     u"It runs as process %1."_s.arg(app.processId()));
        if (fact[u"subject"_s] == u"farewell"_s)
            QVERIFY2(fact[u"finding"_s].toString().startsWith(u"On duty as process "_s),
                     doctor.output().constData());
    }
    QCOMPARE(subjects,
             (QStringList{u"version"_s, u"instance"_s, u"farewell"_s, u"display"_s, u"tray"_s,
                          u"notifications"_s, u"keyring"_s, u"power"_s, u"systemd"_s, u"source"_s,
                          QString()}));
    QCOMPARE(facts.constLast()[u"type"_s], u"result"_s);
    QVERIFY(!doctor.output().contains("tallybell\"")); // the password
}

QTEST_GUILESS_MAIN(tst_Instance)
#include "tst_instance.moc"
