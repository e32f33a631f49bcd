// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "rawclient.h"

#include "harness/ssekitprocess.h"

#include <QFile>
#include <QJsonDocument>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace Harness;
using namespace Qt::Literals;

class tst_Serve : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answersQuestionsAboutItself_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("beginning");
        QTest::newRow("help") << QStringList{u"--help"_s} << QByteArray("Usage: ssekit VERB");
        QTest::newRow("version") << QStringList{u"--version"_s} << QByteArray("ssekit ");
        QTest::newRow("help on serving")
            << QStringList{u"serve"_s, u"--help"_s} << QByteArray("Usage: ");
        QTest::newRow("list") << QStringList{u"serve"_s, u"--list"_s} << QByteArray("clock  ");
    }

    void answersQuestionsAboutItself()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, beginning);
        SsekitProcess ssekit;
        ssekit.start(arguments);
        QCOMPARE(ssekit.waitForExit(), 0);
        QVERIFY(!ssekit.lines().isEmpty());
        QVERIFY(ssekit.lines().constFirst().startsWith(beginning));
        QCOMPARE(ssekit.errors(), "");
    }

    void refusesWrongUsageInOneSentence_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("word");
        QTest::newRow("nothing") << QStringList() << QByteArray("--help");
        QTest::newRow("no verb") << QStringList{u"dance"_s} << QByteArray("\"dance\"");
        QTest::newRow("no scenario") << QStringList{u"serve"_s} << QByteArray("--list");
        QTest::newRow("unknown scenario")
            << QStringList{u"serve"_s, u"tea"_s} << QByteArray("\"tea\"");
        QTest::newRow("two scenarios")
            << QStringList{u"serve"_s, u"clock"_s, u"portal"_s} << QByteArray("one scenario");
        QTest::newRow("unknown option")
            << QStringList{u"serve"_s, u"clock"_s, u"--tea"_s} << QByteArray("tea");
        QTest::newRow("port without number")
            << QStringList{u"serve"_s, u"clock"_s, u"--port"_s} << QByteArray("port");
        QTest::newRow("port in words")
            << QStringList{u"serve"_s, u"clock"_s, u"--port"_s, u"ten"_s} << QByteArray("65535");
        QTest::newRow("port too large")
            << QStringList{u"serve"_s, u"clock"_s, u"--port=65536"_s} << QByteArray("65535");
        QTest::newRow("a name for an address")
            << QStringList{u"serve"_s, u"clock"_s, u"--address=here"_s} << QByteArray("IP address");
        QTest::newRow("an option of another scenario")
            << QStringList{u"serve"_s, u"clock"_s, u"--tick=1"_s} << QByteArray("\"portal\"");
        QTest::newRow("a negative tick")
            << QStringList{u"serve"_s, u"portal"_s, u"--tick=-1"_s} << QByteArray("seconds");
        QTest::newRow("a tick in words")
            << QStringList{u"serve"_s, u"portal"_s, u"--tick=often"_s} << QByteArray("seconds");
    }

    void refusesWrongUsageInOneSentence()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, word);
        SsekitProcess ssekit;
        ssekit.start(arguments);
        QCOMPARE(ssekit.waitForExit(), 2);
        QVERIFY(ssekit.lines().isEmpty());
        QVERIFY2(ssekit.errors().startsWith("ssekit: ") && ssekit.errors().contains(word),
                 ssekit.errors().constData());
        QCOMPARE(ssekit.errors().count('\n'), 1);
    }

    void saysThatAPortIsTaken()
    {
        QTcpServer other;
        QVERIFY(other.listen(QHostAddress::LocalHost));
        const QString port = QString::number(other.serverPort());
        SsekitProcess ssekit;
        ssekit.start({u"serve"_s, u"clock"_s, u"--port"_s, port});
        QCOMPARE(ssekit.waitForExit(), 1);
        QVERIFY(ssekit.lines().isEmpty());
        QCOMPARE(ssekit.errors(),
                 "ssekit: Port " + port.toLatin1()
                     + " on 127.0.0.1 is in use; choose another with --port\n");
    }

    void saysThatItCannotWriteItsLog()
    {
        SsekitProcess ssekit;
        ssekit.start({u"serve"_s, u"clock"_s, u"--log"_s, u"/no/such/folder/log"_s});
        QCOMPARE(ssekit.waitForExit(), 1);
        QVERIFY(ssekit.errors().contains("/no/such/folder/log"));
    }

    void listensOnIpv6()
    {
        SsekitProcess ssekit;
        if (!ssekit.serve({u"clock"_s, u"--address"_s, u"::1"_s}))
            QSKIP("This machine has no IPv6.");
        QCOMPARE(ssekit.url().host(), u"::1"_s);
    }

    void appendsToALogFile()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(u"log"_s);
        for (int run = 0; run < 2; ++run) {
            SsekitProcess ssekit;
            QVERIFY(ssekit.serve({u"clock"_s, u"--log"_s, path}));
            ssekit.terminate();
            QCOMPARE(ssekit.waitForExit(), 0);
            QCOMPARE(ssekit.lines().size(), 1);
        }
        QFile log(path);
        QVERIFY(log.open(QIODevice::ReadOnly));
        QStringList types;
        while (!log.atEnd()) {
            const QByteArray line = log.readLine();
            QVERIFY(line.startsWith("{\"type\":\""));
            const QJsonObject fact = QJsonDocument::fromJson(line).object();
            QVERIFY(QDateTime::fromString(fact.value(u"time").toString(), Qt::ISODate).isValid());
            types.append(fact.value(u"type").toString());
        }
        QCOMPARE(types, (QStringList{u"listening"_s, u"ended"_s, u"listening"_s, u"ended"_s}));
    }

    void logsWhoCameAndWhatWasAskedButNoSecrets()
    {
        SsekitProcess ssekit;
        QVERIFY(ssekit.serve({u"clock"_s, u"--log"_s}));
        RawClient client(quint16(ssekit.url().port()));
        client.send("GET /nowhere?token=secret HTTP/1.1\r\n"
                    "Authorization: Bearer secret\r\n"
                    "User-Agent: me/1\r\n"
                    "Last-Event-ID: 7\r\n\r\n");
        QTRY_COMPARE(ssekit.facts(u"answer"_s).size(), 1);
        const QJsonObject request = ssekit.facts(u"request"_s).constFirst();
        QCOMPARE(request.value(u"method"), "GET"_L1);
        QCOMPARE(request.value(u"path"), "/nowhere"_L1);
        QCOMPARE(request.value(u"userAgent"), "me/1"_L1);
        QCOMPARE(request.value(u"lastEventId"), "7"_L1);
        QVERIFY(request.value(u"peer").toString().startsWith("127.0.0.1:"_L1));
        QCOMPARE(ssekit.facts(u"answer"_s).constFirst().value(u"status"), 404);
        client.send("nonsense\r\n\r\n");
        QTRY_COMPARE(ssekit.facts(u"refused"_s).size(), 1);
        QVERIFY(!ssekit.lines().join('\n').contains("secret"));
    }

#ifdef Q_OS_UNIX
    void endsOnSignalsWhateverItsParentBlocks_data()
    {
        QTest::addColumn<int>("signal");
        QTest::addColumn<bool>("isOdd");
        QTest::newRow("SIGTERM") << SIGTERM << false;
        QTest::newRow("SIGINT") << SIGINT << false;
        QTest::newRow("SIGTERM, blocked and ignored by the parent") << SIGTERM << true;
        QTest::newRow("SIGINT, blocked and ignored by the parent") << SIGINT << true;
    }

    void endsOnSignalsWhateverItsParentBlocks()
    {
        QFETCH(int, signal);
        QFETCH(bool, isOdd);
        SsekitProcess ssekit;
        if (isOdd)
            ssekit.process()->setChildProcessModifier([] {
                sigset_t all;
                sigfillset(&all);
                sigprocmask(SIG_SETMASK, &all, nullptr);
                ::signal(SIGTERM, SIG_IGN);
                ::signal(SIGINT, SIG_IGN);
            });
        QVERIFY(ssekit.serve({u"portal"_s, u"--log"_s}));
        QCOMPARE(kill(pid_t(ssekit.process()->processId()), signal), 0);
        QCOMPARE(ssekit.waitForExit(), 0);
        QCOMPARE(ssekit.facts(u"ended"_s).size(), 1);
    }
#endif
};

QTEST_GUILESS_MAIN(tst_Serve)
#include "tst_serve.moc"
