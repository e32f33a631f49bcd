// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "rawclient.h"

#include "harness/ssekitprocess.h"

#include <QElapsedTimer>
#include <QProcess>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <array>
#include <memory>

using namespace Harness;
using namespace Qt::Literals;
using namespace std::chrono_literals;

namespace {

constexpr int patience = 30'000; // ms

// A script in a file, served.
class ScriptServer
{
public:
    [[nodiscard]] bool start(const QByteArray &script, const QStringList &options = {})
    {
        return write(script) && m_ssekit.serve(QStringList{m_file} + options);
    }

    // Without waiting for it to listen.
    [[nodiscard]] bool tryToStart(const QByteArray &script)
    {
        if (!write(script))
            return false;
        m_ssekit.start({u"serve"_s, m_file, u"--port=0"_s});
        return true;
    }

    [[nodiscard]] SsekitProcess &ssekit() { return m_ssekit; }
    [[nodiscard]] quint16 port() const { return quint16(m_ssekit.url().port()); }
    // What it says of the file, without the folder.
    [[nodiscard]] QString complaint() const
    {
        return QString::fromUtf8(m_ssekit.errors())
            .remove(m_folder.path() + u'/')
            .remove(u"ssekit: "_s)
            .trimmed();
    }

private:
    [[nodiscard]] bool write(const QByteArray &script)
    {
        QFile file(m_file);
        return file.open(QIODevice::WriteOnly) && file.write(script) == script.size();
    }

    const QTemporaryDir m_folder;
    const QString m_file = m_folder.filePath(u"it.sse"_s);
    SsekitProcess m_ssekit;
};

QByteArray get(const QByteArray &path = "/", const QByteArray &headers = {},
               const QByteArray &method = "GET", const QByteArray &body = {})
{
    return method + ' ' + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers
        + (body.isEmpty() ? QByteArray()
                          : "Content-Length: " + QByteArray::number(body.size()) + "\r\n")
        + "\r\n" + body;
}

} // namespace

class tst_Script : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesThePlaceOfAMistake_data()
    {
        QTest::addColumn<QByteArray>("script");
        QTest::addColumn<QString>("complaint");
        const auto row = [](const char *name, const QByteArray &script, const QString &complaint) {
            QTest::newRow(name) << script << complaint;
        };
        row("no statement", "\n  dance", u"it.sse:2:3: “dance” is no statement"_s);
        row("text without a quote", "send data", u"it.sse:1:6: here comes text in double quotes"_s);
        row("text without its end", "send \"a", u"it.sse:1:6: this text has no closing quote"_s);
        row("text and more", "send \"a\" b", u"it.sse:1:10: here comes text in double quotes"_s);
        row("an unknown escape", "send \"a\\q\"",
            u"it.sse:1:8: “\\q” is none of \\n \\r \\t \\0 \\\" \\\\ \\$ \\xHH"_s);
        row("half a byte", "send \"\\x4\"",
            u"it.sse:1:7: “\\x” is none of \\n \\r \\t \\0 \\\" \\\\ \\$ \\xHH"_s);
        row("an unknown variable", "send \"${m}\"", u"it.sse:1:7: there is no ${m}"_s);
        row("a variable without its end", "send \"${n\"",
            u"it.sse:1:7: this ${ has no closing brace"_s);
        row("a status in words", "status ok",
            u"it.sse:1:8: here comes a whole number from 100 to 999"_s);
        row("a time without its unit", "sleep 5",
            u"it.sse:1:7: here comes a time, such as 500ms or 2s"_s);
        row("a negative time", "sleep -5s",
            u"it.sse:1:7: here comes a time, such as 500ms or 2s"_s);
        row("a header without a value", "header Accept",
            u"it.sse:1:14: a header looks like “Name: value”"_s);
        row("a header without a name", "header : a",
            u"it.sse:1:8: here comes the name of a header"_s);
        row("repeat without done", "send \"a\"\nrepeat 3\nsend \"b\"",
            u"it.sse:2:1: this “repeat” has no “done”"_s);
        row("repeat over blocks", "repeat 3\non reconnect\ndone",
            u"it.sse:1:1: this “repeat” has no “done”"_s);
        row("done without repeat", "done", u"it.sse:1:1: this “done” has no “repeat”"_s);
        row("repeat nothing", "repeat 0\ndone",
            u"it.sse:1:8: here comes a whole number from 1 to 9223372036854775807"_s);
        row("on something", "on Tuesday",
            u"it.sse:1:4: “on” is followed by “reconnect” or a path"_s);
        row("a path twice", "on /a\nend\non /a",
            u"it.sse:3:4: /a has a block already; another request for it is “on reconnect” after that"_s);
        row("a late limit", "send \"a\"\nlimit 6",
            u"it.sse:2:1: “limit” stands at the beginning of a script"_s);
        row("an unknown framing", "framing none",
            u"it.sse:1:9: framing is chunked, close, or length N"_s);
        row("another HTTP", "http 2", u"it.sse:1:6: only “http 1.0” is there"_s);
        row("waiting for luck", "wait-for luck",
            u"it.sse:1:10: “wait-for” is followed by “close” or “request”"_s);
        row("expecting luck", "expect luck",
            u"it.sse:1:8: what can be expected is a header, no header, method, query or body"_s);
        row("too much", "cut now", u"it.sse:1:5: “now” is too much here"_s);
    }

    void namesThePlaceOfAMistake()
    {
        QFETCH(QByteArray, script);
        QFETCH(QString, complaint);
        ScriptServer server;
        QVERIFY(server.tryToStart(script));
        QCOMPARE(server.ssekit().waitForExit(), 2);
        QCOMPARE(server.complaint(), complaint);
        QVERIFY(server.ssekit().lines().isEmpty());
    }

    void acceptsTheScriptsOfTheDocumentation_data()
    {
        QTest::addColumn<QByteArray>("script");
        for (const char *page : {"examples.md", "scripts.md"}) {
            QFile file(QStringLiteral(DOCUMENTATION) + u'/' + QString::fromLatin1(page));
            QVERIFY2(file.open(QIODevice::ReadOnly), page);
            const QString text = QString::fromUtf8(file.readAll());
            static const QRegularExpression fenced(u"```sse\n(.*?)```"_s,
                                                   QRegularExpression::DotMatchesEverythingOption);
            int number = 0;
            for (const QRegularExpressionMatch &match : fenced.globalMatch(text))
                QTest::addRow("%s, %d", page, ++number) << match.captured(1).toUtf8();
            QVERIFY2(number > 0, page);
        }
    }

    void acceptsTheScriptsOfTheDocumentation()
    {
        QFETCH(QByteArray, script);
        ScriptServer server;
        QVERIFY2(server.start(script), server.ssekit().errors().constData());
    }

    void saysWhyAFileCannotBeRead()
    {
        SsekitProcess ssekit;
        ssekit.start({u"serve"_s, u"/nowhere/it.sse"_s});
        QCOMPARE(ssekit.waitForExit(), 2);
        QVERIFY(ssekit.errors().contains("/nowhere/it.sse: No such file"));
    }

    void sendsExactlyTheBytesOfTheScript_data()
    {
        QTest::addColumn<QByteArray>("script");
        QTest::addColumn<QByteArray>("answer"); // without what follows a freeze
        const auto head = [](const QByteArray &first) {
            return "HTTP/1.1 200 OK\r\n" + first
                + "Content-Type: text/event-stream\r\nCache-Control: no-store\r\n"
                  "Access-Control-Allow-Origin: *\r\n\r\n";
        };
        const QByteArray chunks = head({}).chopped(2) + "Transfer-Encoding: chunked\r\n\r\n";
        const QByteArray bare = "no header Access-Control-Allow-Origin\n";
        const auto row = [](const char *name, const QByteArray &script, const QByteArray &answer) {
            QTest::newRow(name) << script << answer;
        };
        row("nothing", "", chunks + "0\r\n\r\n");
        row("a comment and blanks", "# send \"a\"\n\n \t\r\n  send \"a\" # \"b\"",
            chunks + "1\r\na\r\n0\r\n\r\n");
        row("strings, joined", "send \"a\" \"b\"", chunks + "2\r\nab\r\n0\r\n\r\n");
        row("escapes", "send \"\\n\\r\\t\\0\\\"\\\\\\$\\x41\"",
            chunks + "8\r\n\n\r\t" + QByteArray(1, '\0') + "\"\\$A\r\n0\r\n\r\n");
        row("UTF-8 as it stands", "send \"€\"", chunks + "3\r\n€\r\n0\r\n\r\n");
        row("the head alone", "head\nfreeze", chunks);
        row("a head of its own",
            bare + "status 503\nheader Retry-After: 5 # soon\nheader X-A: \"a # b\"",
            "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nX-A: a # b\r\n"
            "Content-Length: 0\r\n\r\n");
        row("a phrase of its own", bare + "status 299 Quite Odd\nno header Content-Type",
            "HTTP/1.1 299 Quite Odd\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        row("without a type",
            "no header content-type\nno header cache-control\n" + bare + "send \"a\"",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n");
        row("until the close", "framing close\nsend \"a\"", head("Connection: close\r\n") + "a");
        row("with a length", "framing length 2\nsend \"ab\"", head("Content-Length: 2\r\n") + "ab");
        row("HTTP/1.0", "http 1.0\nsend \"a\"",
            "HTTP/1.0 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n"
            "Access-Control-Allow-Origin: *\r\n\r\na");
        row("past all framing", "head\nraw \"5\\r\\nda\"\ncut", chunks + "5\r\nda");
        row("slices", "slice 2\nsend \"abc\"\nslice off\nsend \"de\"",
            chunks + "2\r\nab\r\n1\r\nc\r\n2\r\nde\r\n0\r\n\r\n");
        row("rounds in rounds",
            "repeat 2\nsend \"${n}\"\nrepeat 2 every 1ms\nsend \"-${n}\"\ndone\ndone",
            chunks + "1\r\n1\r\n2\r\n-1\r\n2\r\n-2\r\n1\r\n2\r\n2\r\n-1\r\n2\r\n-2\r\n0\r\n\r\n");
        row("what the client sent",
            "send \"${last-event-id}|${header X-Own}|${header X-No}|${request}|${host}\"",
            chunks + "13\r\n7|mine||1|127.0.0.1\r\n0\r\n\r\n");
        row("no body of a 204", bare + "status 204", "HTTP/1.1 204 No Content\r\n\r\n");
    }

    void sendsExactlyTheBytesOfTheScript()
    {
        QFETCH(QByteArray, script);
        QFETCH(QByteArray, answer);
        ScriptServer server;
        QVERIFY(server.start(script));
        RawClient client(server.port());
        client.send(get("/", "Last-Event-ID: 7\r\nX-Own: mine\r\n"));
        QTRY_COMPARE(client.peek(), answer);
    }

    void compressesWithAndWithoutFlush_data()
    {
        QTest::addColumn<QByteArray>("flush");
        QTest::addColumn<bool>("comesAtOnce");
        QTest::newRow("gzip") << QByteArray("gzip") << true;
        QTest::newRow("gzip no-flush") << QByteArray("gzip no-flush") << false;
    }

    void compressesWithAndWithoutFlush()
    {
        QFETCH(QByteArray, flush);
        QFETCH(bool, comesAtOnce);
        ScriptServer server;
        QVERIFY(server.start("header Content-Encoding: gzip\n" + flush
                             + "\nsend \"data: one\\n\\n\"\nwait-for request /end\nend\n"
                               "on /end\nstatus 204\non /other\nstatus 204"));
        QProcess curl;
        curl.start(u"curl"_s,
                   {u"-sN"_s, u"--compressed"_s, server.ssekit().url("/stream").toString()});
        QByteArray body;
        connect(&curl, &QProcess::readyRead, this, [&] { body += curl.readAll(); });
        QTRY_VERIFY(!server.ssekit().url().isEmpty() && curl.state() == QProcess::Running);
        if (comesAtOnce)
            QTRY_COMPARE(body, "data: one\n\n");
        RawClient ender(server.port());
        const auto ask = [&] {
            ender.send(get("/end"));
            return !body.isEmpty();
        };
        if (!comesAtOnce) {
            RawClient other(server.port()); // whose answer left later than what was compressed
            other.send(get("/other"));
            QTRY_VERIFY(other.peek().startsWith("HTTP/1.1 204"));
            QCOMPARE(body, "");
        }
        QTRY_VERIFY(ask());
        QTRY_COMPARE(curl.state(), QProcess::NotRunning);
        QCOMPARE(body, "data: one\n\n");
    }

    void countsRequestsByPath()
    {
        ScriptServer server;
        QVERIFY(server.start("send \"first\"\non reconnect\nsend \"next ${request}\"\n"
                             "on /a\nsend \"a\"\non reconnect\nstatus 503"));
        RawClient client(server.port());
        const auto answers = [&client](const QByteArray &path, const QByteArray &wanted) {
            client.forget();
            client.send(get(path));
            return QTest::qWaitFor(
                [&] {
                    return client.peek().contains(wanted) && client.peek().endsWith("\r\n\r\n");
                },
                patience);
        };
        QVERIFY(answers("/", "first"));
        QVERIFY(answers("/a", "\r\na\r\n"));
        QVERIFY(answers("/other", "next 2"));
        QVERIFY(answers("/", "next 3"));
        QVERIFY(answers("/a", "503"));
        QVERIFY(answers("/a", "503"));
    }

    void knowsOnlyItsPathsWhenItNamesThemAll()
    {
        ScriptServer server;
        QVERIFY(server.start("on /a\nsend \"a\""));
        RawClient client(server.port());
        client.send(get("/b"));
        QTRY_VERIFY(client.peek().startsWith("HTTP/1.1 404 "));
    }

    void endsAsItIsTold_data()
    {
        QTest::addColumn<QByteArray>("end");
        QTest::addColumn<int>("error");
        QTest::newRow("cut") << QByteArray("cut") << int(QAbstractSocket::RemoteHostClosedError);
        QTest::newRow("reset") << QByteArray("reset")
                               << int(QAbstractSocket::RemoteHostClosedError);
        QTest::newRow("refuse") << QByteArray("refuse 100s")
                                << int(QAbstractSocket::RemoteHostClosedError);
        QTest::newRow("freeze") << QByteArray("freeze") << -1;
        QTest::newRow("vanish") << QByteArray("vanish\nfreeze") << -1;
    }

    void endsAsItIsTold()
    {
        QFETCH(QByteArray, end);
        QFETCH(int, error);
        ScriptServer server;
        QVERIFY(server.start("send \"a\"\n" + end));
        RawClient client(server.port());
        client.send(get());
        QTRY_VERIFY(client.peek().endsWith("1\r\na\r\n"));
        QTRY_COMPARE(client.error(), error);
    }

    // What a frozen server still notices, a vanished one does not.
    void noticesTheClientsLeavingUnlessItVanished_data()
    {
        QTest::addColumn<QByteArray>("end");
        QTest::addColumn<bool>("isNoticed");
        QTest::newRow("freeze") << QByteArray("freeze") << true;
        QTest::newRow("vanish") << QByteArray("vanish\nfreeze") << false;
    }

    void noticesTheClientsLeavingUnlessItVanished()
    {
        QFETCH(QByteArray, end);
        QFETCH(bool, isNoticed);
        ScriptServer server;
        QVERIFY(server.start("send \"a\"\n" + end + "\non /\nsend \"other\"", {u"--log"_s}));
        {
            RawClient client(server.port());
            client.send(get("/stream"));
            QTRY_VERIFY(client.peek().endsWith("1\r\na\r\n"));
            client.close();
        }
        if (isNoticed)
            QTRY_COMPARE(server.ssekit().facts(u"closed"_s).size(), 1);
        RawClient other(server.port()); // a turn of the server's loop after the other one left
        other.send(get("/"));
        QTRY_VERIFY(other.peek().contains("other"));
        QTRY_COMPARE(server.ssekit().facts(u"closed"_s).size(), isNoticed ? 2 : 1);
    }

    void comesBackAfterRefusing()
    {
        ScriptServer server;
        QVERIFY(server.start("refuse 2s\non reconnect\nsend \"back\""));
        QElapsedTimer time; // from before it refuses, however late we hear of it
        time.start();
        RawClient first(server.port());
        first.send(get());
        QTRY_VERIFY(first.error() >= 0);
        RawClient refused(server.port());
        QTRY_COMPARE(refused.error(), int(QAbstractSocket::ConnectionRefusedError));
        bool isBack = false; // and stays so: QTRY_ looks twice
        const auto ask = [&server, &isBack] {
            RawClient client(server.port());
            client.send(get());
            (void)QTest::qWaitFor(
                [&client] { return client.peek().contains("back") || client.error() >= 0; },
                patience);
            isBack = client.peek().contains("back");
            return isBack;
        };
        QTRY_VERIFY(isBack || ask());
        QVERIFY(time.elapsed() >= 1890); // coarse timers come up to 5 % early
    }

    void letsTheSeventhWait()
    {
        ScriptServer server;
        QVERIFY(server.start("limit 2\nsend \"in\"\nfreeze"));
        RawClient first(server.port());
        first.send(get());
        QTRY_VERIFY(first.peek().contains("in"));
        RawClient second(server.port());
        second.send(get());
        QTRY_VERIFY(second.peek().contains("in"));
        RawClient third(server.port());
        third.send(get());
        QVERIFY(!QTest::qWaitFor([&third] { return !third.peek().isEmpty(); }, 200));
        first.close();
        QTRY_VERIFY(third.peek().contains("in"));
    }

    // Beside each other, for one alone may be late on a busy machine: as written it takes 2.4 s.
    void takesItsTimeUnlessItIsHurried()
    {
        struct Run
        {
            QString speed;
            int atLeast;
            ScriptServer server;
            std::unique_ptr<RawClient> client;
            qint64 took = 0;
        };
        Run asWritten{u"1"_s, 2360, {}, {}, 0};
        Run faster{u"4"_s, 580, {}, {}, 0};
        Run withoutPauses{u"0"_s, 0, {}, {}, 0};
        const std::array runs{&asWritten, &faster, &withoutPauses};
        for (Run *const run : runs)
            QVERIFY(
                run->server.start("head\nsleep 800ms\nrepeat 5 every 200ms\nsend \"a\"\ndone\n"
                                  "slice 1 every 400ms\nsend \"bc\"\nframing chunked\nsend \"\"",
                                  {u"--speed"_s, run->speed}));
        QElapsedTimer time;
        time.start();
        for (Run *const run : runs) {
            run->client = std::make_unique<RawClient>(run->server.port());
            run->client->send(get());
        }
        const auto haveEnded = [&] {
            for (Run *const run : runs) {
                if (run->took == 0 && run->client->peek().endsWith("0\r\n\r\n"))
                    run->took = time.elapsed();
            }
            return std::all_of(runs.begin(), runs.end(), [](Run *run) { return run->took > 0; });
        };
        QTRY_VERIFY(haveEnded());
        for (Run *const run : runs)
            QVERIFY2(run->took >= run->atLeast, QByteArray::number(run->took).constData());
        QVERIFY(withoutPauses.took < faster.took);
        QVERIFY(faster.took < asWritten.took);
    }

    void keepsTheRoundsOfAHurriedScriptEven()
    {
        ScriptServer server;
        QVERIFY(server.start("repeat 20 every 1s\nsend \"a\"\ndone", {u"--speed"_s, u"100"_s}));
        ScriptServer bystander; // as late as this computer makes one pause as long as all of them
        QVERIFY(bystander.start("head\nsleep 20s\nsend \"a\"", {u"--speed"_s, u"100"_s}));
        RawClient client(server.port());
        RawClient other(bystander.port());
        QElapsedTimer time;
        time.start();
        client.send(get());
        other.send(get());
        QTRY_VERIFY(client.peek().endsWith("0\r\n\r\n"));
        const qint64 took = time.elapsed();
        QTRY_VERIFY(other.peek().endsWith("0\r\n\r\n"));
        QVERIFY2(took >= 180 && took < 800 + time.elapsed(), QByteArray::number(took).constData());
    }

    void isATestOfAClient_data()
    {
        QTest::addColumn<QByteArray>("expectation");
        QTest::addColumn<QString>("complaint"); // empty: it holds
        const auto row = [](const char *name, const QByteArray &expectation,
                            const QString &complaint = {}) {
            QTest::newRow(name) << expectation << complaint;
        };
        row("a header that is there", "header x-own: mine");
        row("a header, whatever it says", "header X-Own");
        row("a header with another value", "header X-Own: yours",
            u"it.sse:1:1: expected header X-Own: yours, but it was mine"_s);
        row("a header that is missing", "header X-No",
            u"it.sse:1:1: expected the header X-No, but it did not come"_s);
        row("no header", "no header X-No");
        row("no header, which came", "no header X-Own",
            u"it.sse:1:1: expected no header X-Own, but it came"_s);
        row("the method", "method POST");
        row("another method", "method GET", u"it.sse:1:1: expected method GET, but it was POST"_s);
        row("the query", "query since=3");
        row("another query", "query since=4",
            u"it.sse:1:1: expected query since=4, but it was since=3"_s);
        row("the body", "body \"all\" \" of it\"");
        row("another body", "body \"\"", u"it.sse:1:1: expected body , but it was all of it"_s);
    }

    void isATestOfAClient()
    {
        QFETCH(QByteArray, expectation);
        QFETCH(QString, complaint);
        ScriptServer server;
        QVERIFY(server.start("expect " + expectation + "\nsend \"a\"\nquit"));
        RawClient client(server.port());
        client.send(get("/?since=3", "X-Own: mine\r\n", "POST", "all of it"));
        QCOMPARE(server.ssekit().waitForExit(), complaint.isEmpty() ? 0 : 1);
        QCOMPARE(server.complaint(), complaint);
        if (complaint.isEmpty())
            QTRY_VERIFY(client.peek().endsWith("1\r\na\r\n0\r\n\r\n"));
    }

    void goesOnBehindWaitForCloseWhenTheClientGoes_data()
    {
        QTest::addColumn<QByteArray>("script");
        QTest::newRow("while it waits") << QByteArray("send \"a\"\nwait-for close\nquit");
        QTest::newRow("before it waits") << QByteArray(
            "send \"a\"\nrepeat forever every 10ms\nsend \"b\"\ndone\nwait-for close\nquit");
        QTest::newRow("while it is frozen")
            << QByteArray("send \"a\"\nfreeze\nwait-for close\nquit");
    }

    void goesOnBehindWaitForCloseWhenTheClientGoes()
    {
        QFETCH(QByteArray, script);
        ScriptServer server;
        QVERIFY(server.start(script));
        RawClient client(server.port());
        client.send(get());
        QTRY_VERIFY(client.peek().contains("1\r\na\r\n"));
        client.close();
        QCOMPARE(server.ssekit().waitForExit(), 0);
    }

    void failsWhenItWaitedInVain_data()
    {
        QTest::addColumn<QByteArray>("script");
        QTest::addColumn<QString>("complaint");
        QTest::newRow("for the close") << QByteArray("head\nwait-for close within 100ms\nquit")
                                       << u"it.sse:2:1: this did not come in time"_s;
        QTest::newRow("for a request") << QByteArray("head\nwait-for request /b within 100ms\nquit")
                                       << u"it.sse:2:1: this did not come in time"_s;
    }

    void failsWhenItWaitedInVain()
    {
        QFETCH(QByteArray, script);
        QFETCH(QString, complaint);
        ScriptServer server;
        QVERIFY(server.start(script));
        RawClient client(server.port());
        client.send(get());
        QCOMPARE(server.ssekit().waitForExit(), 1);
        QCOMPARE(server.complaint(), complaint);
    }

    void failsWhenTheScriptIsNotAtItsEndInTime()
    {
        ScriptServer server;
        QVERIFY(server.start("freeze", {u"--timeout"_s, u"0.2"_s}));
        QCOMPARE(server.ssekit().waitForExit(), 1);
        QVERIFY(server.complaint().contains(u"--timeout"_s));
    }

    void waitsForEachRequestOnce()
    {
        ScriptServer server;
        QVERIFY(
            server.start("on /stream\nsend \"0\"\nwait-for request /go\nsend \"1\"\n"
                         "wait-for request /go within 5s\nsend \"2\"\nquit\non /go\nstatus 204"));
        RawClient stream(server.port());
        stream.send(get("/stream"));
        QTRY_VERIFY(stream.peek().endsWith("1\r\n0\r\n"));
        RawClient go(server.port());
        go.send(get("/go"));
        QTRY_VERIFY(stream.peek().endsWith("1\r\n1\r\n"));
        go.send(get("/go"));
        QTRY_VERIFY(stream.peek().contains("1\r\n2\r\n"));
        QCOMPARE(server.ssekit().waitForExit(), 0);
    }

    // The server does not take more memory than what its clients leave unread.
    void waitsForAClientThatDoesNotRead()
    {
        // A sanitizer keeps what was freed, 256 MB of it.
        qputenv("ASAN_OPTIONS", qgetenv("ASAN_OPTIONS") + ":quarantine_size_mb=8");
        ScriptServer server;
        QVERIFY(server.start("repeat forever\nsend \"" + QByteArray(10'000, 'a') + "\"\ndone"));
        RawClient client(server.port());
        client.stopReading();
        client.send(get());
        RawClient other(server.port()); // others are served meanwhile
        other.send(get());
        QTRY_VERIFY(other.peek().size() > 50'000'000);
        QFile status(u"/proc/%1/statm"_s.arg(server.ssekit().process()->processId()));
        QVERIFY(status.open(QIODevice::ReadOnly));
        constexpr qint64 pageSize = 4096;
        const qint64 resident = status.readAll().split(' ').at(1).toLongLong() * pageSize;
        QVERIFY2(resident < 100'000'000, QByteArray::number(resident).constData());
    }

    void showsWhatIsBuiltIn()
    {
        SsekitProcess ssekit;
        ssekit.start({u"serve"_s, u"--show"_s, u"cut-mid-line"_s});
        QCOMPARE(ssekit.waitForExit(), 0);
        QVERIFY(ssekit.lines().contains("send \"id: 2\\ndata: tw\""));
        SsekitProcess other;
        other.start({u"serve"_s, u"--show"_s, u"clock"_s});
        QCOMPARE(other.waitForExit(), 2);
    }

    void servesHttpsWithACertificateMadeOnTheSpot()
    {
        ScriptServer server;
        QVERIFY(server.start("send \"data: private\\n\\n\"\n", {u"--tls"_s}));
        QTRY_COMPARE(server.ssekit().lines().size(), 3);
        const QString authority =
            QString::fromUtf8(server.ssekit().lines().at(2)).section(u' ', -1);
        QVERIFY(QFile::exists(authority));
        const auto ask = [&](const QStringList &options) {
            QProcess curl;
            curl.start(u"curl"_s, QStringList{u"-s"_s, server.ssekit().url().toString()} + options);
            const bool hasEnded =
                QTest::qWaitFor([&] { return curl.state() == QProcess::NotRunning; }, patience);
            return hasEnded ? curl.readAll() + QByteArray::number(curl.exitCode()) : QByteArray();
        };
        QCOMPARE(ask({u"--cacert"_s, authority}), "data: private\n\n0");
        QCOMPARE(ask({}), "60"); // not trusted
        server.ssekit().terminate();
        QCOMPARE(server.ssekit().waitForExit(), 0);
        QVERIFY(!QFile::exists(authority));
    }
};

QTEST_GUILESS_MAIN(tst_Script)
#include "tst_script.moc"
