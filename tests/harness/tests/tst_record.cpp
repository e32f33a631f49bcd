// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "harness/ssekit/record/scriptwriter.h"
#include "harness/ssekitprocess.h"
#include <sselib/testkit/sseserver.h>

#include <QDateTime>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <numeric>

using namespace std::chrono_literals;
using namespace Qt::Literals;
using Harness::Exchange;
using Harness::SsekitProcess;

namespace {

QByteArray contentOf(const QString &name)
{
    QFile file(name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("not there");
}

// The bytes of all "send" statements: a reader of the language in its smallest form, our own.
QByteArray sentBy(const QByteArray &script)
{
    QByteArray sent;
    const QByteArrayList lines = script.split('\n');
    for (const QByteArray &line : lines) {
        if (!line.startsWith("send \"") || !line.endsWith('"'))
            continue;
        const QByteArray text = line.sliced(6, line.size() - 7);
        for (qsizetype at = 0; at < text.size(); ++at) {
            if (text.at(at) != '\\') {
                sent += text.at(at);
                continue;
            }
            const char kind = text.at(++at);
            const qsizetype named = QByteArray("nrt0\"\\").indexOf(kind);
            if (named >= 0) {
                sent += QByteArray("\n\r\t\0\"\\", 6).at(named);
            } else {
                sent += QByteArray::fromHex(text.sliced(at + 1, 2));
                at += 2;
            }
        }
    }
    return sent;
}

QList<qint64> pausesOf(const QByteArray &script)
{
    QList<qint64> pauses;
    const QByteArrayList lines = script.split('\n');
    for (const QByteArray &line : lines) {
        if (line.startsWith("sleep ") && line.endsWith("ms"))
            pauses.append(line.sliced(6, line.size() - 8).toLongLong());
    }
    return pauses;
}

} // namespace

class tst_Record : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QVERIFY(m_folder.isValid()); }

    void writesBytesAsAStringThatAPersonCanRead_data();
    void writesBytesAsAStringThatAPersonCanRead();
    void keepsNoSecretOfTheHead();
    void saysWhatTheServerLeftOut();
    void keepsExactBytesAndPauses();
    void isServedAgainAsItCame_data();
    void isServedAgainAsItCame();
    void writesHowItEnded_data();
    void writesHowItEnded();
    void stopsWhenTold_data();
    void stopsWhenTold();
    void holdsWhatCameWhenItIsKilled();
    void keepsAnAnswerThatIsNoStream();
    void followsARedirectWithoutCredentials();
    void complainsWhereItCannotWrite_data();
    void complainsWhereItCannotWrite();
    void complainsWhereNobodyAnswers();
    void complainsOfWrongUsage_data();
    void complainsOfWrongUsage();

private:
    QString file() const { return m_folder.filePath(u"%1.sse"_s.arg(QLatin1StringView(tag()))); }
    static QByteArray tag()
    {
        return QByteArray(QTest::currentTestFunction())
            + QByteArray(QTest::currentDataTag()).toHex();
    }

    QTemporaryDir m_folder;
};

void tst_Record::writesBytesAsAStringThatAPersonCanRead_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("nothing") << QByteArray() << QByteArray(R"("")");
    QTest::newRow("an event") << QByteArray("data: 1\r\n\r\n")
                              << QByteArray(R"("data: 1\r\n\r\n")");
    QTest::newRow("quotes") << QByteArray("{\"a\":\"\\n\"}") << QByteArray(R"("{\"a\":\"\\n\"}")");
    QTest::newRow("a tab and a NUL") << QByteArray("\t\0", 2) << QByteArray(R"("\t\0")");
    QTest::newRow("a NUL before a digit") << QByteArray("\0"
                                                        "7",
                                                        2)
                                          << QByteArray(R"("\07")");
    QTest::newRow("UTF-8") << QByteArray("é漢😀") << QByteArray("\"é漢😀\"");
    QTest::newRow("half a character") << QByteArray("\xE6\xBC") << QByteArray(R"("\xE6\xBC")");
    QTest::newRow("no UTF-8") << QByteArray("a\xFF\xC0\x80") << QByteArray(R"("a\xFF\xC0\x80")");
    QTest::newRow("unseen") << QByteArray("\xEF\xBB\xBF\xE2\x80\xAE\x1B\x7F")
                            << QByteArray(R"("\xEF\xBB\xBF\xE2\x80\xAE\x1B\x7F")");
    QTest::newRow("a variable") << QByteArray("${now} $5") << QByteArray(R"("\x24{now} \x245")");
    QTest::newRow("a comment") << QByteArray("#1") << QByteArray(R"("#1")");
}

void tst_Record::writesBytesAsAStringThatAPersonCanRead()
{
    QFETCH(QByteArray, bytes);
    QTEST(Script::quoted(bytes), "text");
    QCOMPARE(sentBy(Script::send(bytes)), bytes);
}

void tst_Record::keepsNoSecretOfTheHead()
{
    const QByteArray origin =
        Script::origin(QUrl(u"https://mia:canary@example.org/s?token=canary#canary"_s),
                       QDateTime(QDate(2026, 11, 24), QTime(1, 2, 3), Qt::UTC));
    QCOMPARE(origin, "# Recorded from https://example.org/s\n# 2026-11-24T01:02:03Z\n\n");
    const QByteArray head = Script::head(200, "OK",
                                         {{"Content-Type", "text/event-stream"},
                                          {"Set-Cookie", "a=canary\nb=canary"},
                                          {"X-Session", "canary"},
                                          {"access-control-allow-origin", "*"},
                                          {"WWW-Authenticate", "canary"},
                                          {"Transfer-Encoding", "chunked"},
                                          {"Vary", "Accept\nOrigin"},
                                          {"Server", "odd #1"},
                                          {"access-control-\rquit", "1"},
                                          {"Cache-Control", "no-cache"}});
    QCOMPARE(head,
             "status 200 OK\n"
             "header Content-Type: text/event-stream\n"
             "header access-control-allow-origin: *\n"
             "header Vary: Accept\n"
             "header Vary: Origin\n"
             "header Cache-Control: no-cache\n"
             "# left out: Set-Cookie, X-Session, WWW-Authenticate, Server, "
             "a name that cannot be written\n");
}

void tst_Record::saysWhatTheServerLeftOut()
{
    QCOMPARE(Script::head(200, {}, {{"Content-Length", "40"}}),
             "status 200\nframing length 40\nno header Content-Type\nno header Cache-Control\n");
    QCOMPARE(Script::head(500, "Odd # \xFF", {{"Content-Type", "a"}, {"Cache-Control", "b"}}),
             "status 500\nframing close\nheader Content-Type: a\nheader Cache-Control: b\n");
    QCOMPARE(Script::sleep(0ms), "");
    QCOMPARE(Script::sleep(1500ms), "sleep 1500ms\n");
}

void tst_Record::keepsExactBytesAndPauses()
{
    const QByteArrayList pieces{"id: 1\ndata: \xE6\xBC", "\xA2\r", QByteArray("\n\r\n\0${n}", 8),
                                "data: \xFF\xFE\n\n"};
    Harness::SseServer server;
    SsekitProcess recorder;
    recorder.start({u"record"_s, server.url("/s?token=canary").toString(), file(), u"--header"_s,
                    u"Authorization: Bearer canary"_s});
    Exchange *const stream = server.nextExchange();
    QVERIFY(stream);
    QCOMPARE(stream->header("Authorization"), "Bearer canary");
    QCOMPARE(stream->header("Accept"), "text/event-stream");
    QCOMPARE(stream->header("Accept-Encoding"), "identity");
    stream->startStream({{"Set-Cookie", "canary=1"}, {"Server", "test/1"}});
    QElapsedTimer timer;
    QByteArray sent;
    QList<qint64> sleeps;
    for (const QByteArray &piece : pieces) {
        stream->write(piece);
        sent += piece;
        timer.start();
        QTRY_COMPARE(sentBy(contentOf(file())), sent); // at once, piece by piece
        if (sent == pieces.constFirst())
            QTRY_VERIFY(timer.elapsed() >= 300);
    }
    stream->end();
    QCOMPARE(recorder.waitForExit(), 0);
    const QByteArray script = contentOf(file());
    QVERIFY2(script.startsWith("# Recorded from " + server.url("/s").toEncoded() + "\n# 20"),
             script.constData());
    QVERIFY2(!script.contains("canary="), script.constData());
    QVERIFY(!script.contains("token"));
    QVERIFY(script.contains("\nstatus 200 OK\nheader Content-Type: text/event-stream\n"));
    QVERIFY(script.contains("header Server: test/1\n# left out: Set-Cookie\n"));
    QVERIFY(script.endsWith("\nend\n"));
    QCOMPARE(script.count("\nsend "), pieces.size());
    const QList<qint64> pauses = pausesOf(script);
    QVERIFY2(std::count_if(pauses.cbegin(), pauses.cend(), [](qint64 ms) { return ms >= 290; })
                 >= 1,
             script.constData());
    QVERIFY2(recorder.lines().value(0).contains("in 4 pieces"),
             recorder.lines().value(0).constData());
}

void tst_Record::isServedAgainAsItCame_data()
{
    QTest::addColumn<QString>("speed");
    QTest::newRow("with its pauses") << u"1"_s;
    QTest::newRow("without them") << u"0"_s;
}

void tst_Record::isServedAgainAsItCame()
{
    QFETCH(QString, speed);
    QByteArray bytes("data: \"\\n\" # ${n} $");
    for (int byte = 0; byte < 256; ++byte)
        bytes += char(byte);
    Harness::SseServer server;
    server.handle("/", [&bytes](Exchange *stream) {
        stream->startStream({{"X-Accel-Buffering", "no"}});
        stream->write(bytes);
        QTimer::singleShot(200ms, stream, [stream] {
            stream->write("data: later\n\n");
            stream->end();
        });
    });
    SsekitProcess recorder;
    recorder.start({u"record"_s, server.url().toString(), file()});
    QCOMPARE(recorder.waitForExit(), 0);

    SsekitProcess player;
    QVERIFY2(player.serve({file(), u"--speed"_s, speed}), player.errors().constData());
    const QString second = file() + u".again.sse"_s;
    SsekitProcess again;
    QElapsedTimer time;
    time.start();
    again.start({u"record"_s, player.url().toString(), second});
    QCOMPARE(again.waitForExit(), 0);
    if (speed == u"1"_s) { // on a busy machine less may have been recorded than there was
        const QList<qint64> pauses = pausesOf(contentOf(file()));
        const qint64 whole = std::accumulate(pauses.cbegin(), pauses.cend(), qint64(0));
        QVERIFY2(time.elapsed() >= whole * 95 / 100, qPrintable(QString::number(whole)));
    }
    QCOMPARE(sentBy(contentOf(second)), bytes + "data: later\n\n");
    const QByteArray script = contentOf(second);
    QVERIFY2(script.contains("header X-Accel-Buffering: no\n"), script.constData());
    QCOMPARE(script.count("header Content-Type: "), 1);
    QVERIFY(script.endsWith("\nend\n"));
}

void tst_Record::writesHowItEnded_data()
{
    QTest::addColumn<QByteArray>("end");
    QTest::newRow("end") << QByteArray("end");
    QTest::newRow("cut") << QByteArray("cut");
}

void tst_Record::writesHowItEnded()
{
    QFETCH(QByteArray, end);
    Harness::SseServer server;
    SsekitProcess recorder;
    recorder.start({u"record"_s, server.url().toString(), file()});
    Exchange *const stream = server.nextExchange();
    QVERIFY(stream);
    // With chunks, Qt 6.4 often takes what was cut for ended.
    stream->startStream({{"Content-Length", end == "end" ? "9" : "10"}});
    stream->write("data: 1\n\n");
    QTRY_COMPARE(sentBy(contentOf(file())), "data: 1\n\n");
    stream->cut();
    QCOMPARE(recorder.waitForExit(), 0);
    QVERIFY2(contentOf(file()).endsWith("send \"data: 1\\n\\n\"\n" + end + '\n')
                 || contentOf(file()).endsWith("ms\n" + end + '\n'),
             contentOf(file()).constData());
}

void tst_Record::stopsWhenTold_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QByteArray>("kept");
    QTest::newRow("after seconds")
        << QStringList{u"--seconds"_s, u"2"_s} << QByteArray("data: 1\n\n");
    QTest::newRow("after bytes") << QStringList{u"--max-bytes"_s, u"6"_s} << QByteArray("data: ");
    QTest::newRow("by SIGTERM") << QStringList{} << QByteArray("data: 1\n\n");
}

void tst_Record::stopsWhenTold()
{
    QFETCH(QStringList, options);
    QFETCH(QByteArray, kept);
    Harness::SseServer server;
    server.handle("/", [](Exchange *stream) {
        stream->startStream();
        stream->write("data: 1\n\n");
    });
    SsekitProcess recorder;
    recorder.start(QStringList{u"record"_s, server.url().toString(), file()} + options);
    QTRY_COMPARE(sentBy(contentOf(file())), kept);
    if (options.isEmpty())
        recorder.terminate();
    QCOMPARE(recorder.waitForExit(), 0);
    const QByteArray script = contentOf(file());
    QVERIFY2(script.endsWith("\nfreeze\n"), script.constData());
    QCOMPARE(sentBy(script), kept);
    QTRY_VERIFY(server.exchanges().constFirst()->wasClosedByPeer());
}

void tst_Record::holdsWhatCameWhenItIsKilled()
{
    Harness::SseServer server;
    server.handle("/", [](Exchange *stream) {
        stream->startStream();
        stream->write("data: 1\n\n");
    });
    SsekitProcess recorder;
    recorder.start({u"record"_s, server.url().toString(), file()});
    QTRY_COMPARE(sentBy(contentOf(file())), "data: 1\n\n");
    recorder.process()->kill();
    QCOMPARE(recorder.waitForExit(), -1);
    QVERIFY(contentOf(file()).endsWith("send \"data: 1\\n\\n\"\n"));
}

void tst_Record::keepsAnAnswerThatIsNoStream()
{
    Harness::SseServer server;
    server.handle("/", [](Exchange *answer) {
        answer->answer(503, "later", {{"Retry-After", "5"}, {"Content-Type", "text/plain"}});
    });
    SsekitProcess recorder;
    recorder.start({u"record"_s, server.url().toString(), file()});
    QCOMPARE(recorder.waitForExit(), 0);
    const QByteArray script = contentOf(file());
    QVERIFY2(script.contains("\nstatus 503 Service Unavailable\nframing length 5\n"),
             script.constData());
    QVERIFY(script.contains("header Retry-After: 5\n"));
    QCOMPARE(sentBy(script), "later");
    QVERIFY(script.endsWith("\nend\n"));
}

void tst_Record::followsARedirectWithoutCredentials()
{
    Harness::SseServer home;
    Harness::SseServer stranger;
    home.handle("/", [](Exchange *exchange) { exchange->redirect(307, "/here"); });
    home.handle("/here", [&stranger](Exchange *exchange) {
        exchange->redirect(302, stranger.url("/s").toEncoded());
    });
    stranger.handle("/s", [](Exchange *stream) {
        stream->startStream();
        stream->end();
    });
    QUrl url = home.url();
    url.setUserInfo(u"mia:canary"_s);
    SsekitProcess recorder;
    recorder.start({u"record"_s, url.toString(), file(), u"--header"_s, u"X-Api-Key: canary"_s});
    QCOMPARE(recorder.waitForExit(), 0);
    QCOMPARE(home.exchanges("/here").constFirst()->header("X-Api-Key"), "canary");
    QVERIFY(home.exchanges("/here").constFirst()->header("Authorization").startsWith("Basic "));
    const Exchange *const arrived = stranger.exchanges().constFirst();
    QVERIFY(!arrived->request().hasHeader("X-Api-Key"));
    QVERIFY(!arrived->request().hasHeader("Authorization"));
    QCOMPARE(arrived->header("Accept"), "text/event-stream");
}

void tst_Record::complainsWhereItCannotWrite_data()
{
    QTest::addColumn<QString>("target");
    QTest::addColumn<QByteArray>("complaint");
    QTest::newRow("a full disk") << u"/dev/full"_s << QByteArray("No space left");
    QTest::newRow("no folder") << u"/nonexistent/a.sse"_s << QByteArray("No such file");
    QTest::newRow("a file that exists") << QString() << QByteArray("exists; --force");
}

void tst_Record::complainsWhereItCannotWrite()
{
    QFETCH(QString, target);
    QFETCH(QByteArray, complaint);
    Harness::SseServer server;
    server.handle("/", [](Exchange *stream) { stream->startStream(); });
    QStringList arguments{u"record"_s, server.url().toString(), target.isEmpty() ? file() : target};
    if (target.isEmpty()) {
        QFile existing(file());
        QVERIFY(existing.open(QIODevice::WriteOnly) && existing.write("mine") == 4);
    } else {
        arguments.append(u"--force"_s);
    }
    SsekitProcess recorder;
    recorder.start(arguments);
    QCOMPARE(recorder.waitForExit(), 1);
    QVERIFY2(recorder.errors().contains(complaint), recorder.errors().constData());
    if (target.isEmpty())
        QCOMPARE(contentOf(file()), "mine");
}

void tst_Record::complainsWhereNobodyAnswers()
{
    Harness::SseServer server;
    server.stop();
    SsekitProcess recorder;
    recorder.start({u"record"_s, server.url().toString(), file()});
    QCOMPARE(recorder.waitForExit(), 6);
    QVERIFY(!recorder.errors().isEmpty());
    QVERIFY(!QFile::exists(file()));
}

void tst_Record::complainsOfWrongUsage_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("no file") << QStringList{u"http://a/"_s};
    QTest::newRow("no number of bytes")
        << QStringList{u"http://a/"_s, u"f"_s, u"--max-bytes"_s, u"0"_s};
    QTest::newRow("no number of seconds")
        << QStringList{u"http://a/"_s, u"f"_s, u"--seconds"_s, u"x"_s};
    QTest::newRow("no header") << QStringList{u"http://a/"_s, u"f"_s, u"--header"_s, u"X"_s};
    QTest::newRow("unknown option") << QStringList{u"http://a/"_s, u"f"_s, u"--frobnicate"_s};
}

void tst_Record::complainsOfWrongUsage()
{
    QFETCH(QStringList, arguments);
    SsekitProcess recorder;
    recorder.start(QStringList{u"record"_s} + arguments);
    QCOMPARE(recorder.waitForExit(), 2);
    QCOMPARE(recorder.errors().count('\n'), 1);
}

QTEST_GUILESS_MAIN(tst_Record)
#include "tst_record.moc"
