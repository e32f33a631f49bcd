// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "harness/ssekit/check/judge.h"
#include "harness/ssekit/check/report.h"
#include "harness/ssekit/check/watchbuilder.h"
#include "harness/ssekitprocess.h"
#include <sselib/testkit/sseserver.h>

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>
#include <QTimer>

#include <functional>

using namespace std::chrono_literals;
using namespace Qt::Literals;
using Harness::Exchange;
using Harness::SsekitProcess;
using Level = Finding::Level;
using Change = std::function<void(EndpointFacts &facts)>;

Q_DECLARE_METATYPE(Change)
Q_DECLARE_METATYPE(Finding::Level)
Q_DECLARE_METATYPE(std::optional<qint64>)

namespace {

constexpr qint64 now = 1'795'344'731'000; // ms since 1970

struct Piece
{
    std::chrono::milliseconds at;
    QByteArray bytes;
};

Watch watchOf(const QList<Piece> &pieces, std::chrono::milliseconds length = 20s)
{
    WatchBuilder builder;
    Watch &watch = builder.watch();
    watch.url = QUrl(u"https://example.org/s"_s);
    watch.status = 200;
    watch.headers = {{"Content-Type", "text/event-stream"},
                     {"Cache-Control", "no-store, no-transform"},
                     {"X-Accel-Buffering", "no"},
                     {"Access-Control-Allow-Origin", "*"}};
    watch.headAt = 10ms;
    for (const Piece &piece : pieces)
        builder.add(piece.bytes, piece.at, now + piece.at.count());
    watch.stoppedAt = watch.headAt + length;
    return watch;
}

QByteArray numbered(int id, const QByteArray &data = "x")
{
    return "id: " + QByteArray::number(id) + "\ndata: " + data + QByteArray::number(id) + "\n\n";
}

// Every second one event; a comment each 15 s; two minutes.
EndpointFacts good()
{
    QList<Piece> pieces{{20ms, "retry: 3000\n\n"}};
    for (int second = 1; second < 120; ++second)
        pieces.append({second * 1000ms, second % 15 == 0 ? QByteArray(":\n\n") : numbered(second)});
    EndpointFacts facts;
    facts.url = QUrl(u"https://example.org/s"_s);
    facts.watch = watchOf(pieces, 120s);
    facts.resumedAfter = "1";
    facts.resumed = watchOf({{20ms, numbered(2) + numbered(3)}});
    facts.compressed = watchOf({});
    facts.offersHttp2 = true;
    facts.tlsVersion = u"TLS 1.3"_s;
    facts.certificateDays = 60;
    return facts;
}

void setHeader(Watch &watch, const QByteArray &name, const QByteArray &value)
{
    watch.headers.removeIf([&name](const auto &header) { return header.first == name; });
    if (!value.isNull())
        watch.headers.append({name, value});
}

Change withHeader(const QByteArray &name, const QByteArray &value)
{
    return [name, value](EndpointFacts &facts) { setHeader(facts.watch, name, value); };
}

// Instead of the good pieces, with the head as it is.
Change withPieces(const QList<Piece> &pieces, std::chrono::milliseconds length = 20s)
{
    return [pieces, length](EndpointFacts &facts) { facts.watch = watchOf(pieces, length); };
}

Change withResumed(const QList<Piece> &pieces)
{
    return [pieces](EndpointFacts &facts) { facts.resumed = watchOf(pieces); };
}

// So many lumps, \a each seconds apart, of what \a content gives for a lump.
QList<Piece> lumps(int count, std::chrono::seconds each,
                   const std::function<QByteArray(int lump)> &content)
{
    QList<Piece> pieces{{20ms, numbered(0)}};
    for (int lump = 1; lump <= count; ++lump)
        pieces.append({lump * each, content(lump)});
    return pieces;
}

QByteArray fourEvents(int lump)
{
    return numbered(4 * lump) + numbered(4 * lump + 1) + numbered(4 * lump + 2)
        + numbered(4 * lump + 3);
}

// Four events whose times are \a apart, the last of them now.
QByteArray fourStamped(int lump, qint64 apart)
{
    QByteArray bytes;
    for (int i = 0; i < 4; ++i)
        bytes +=
            "data: {\"t\":" + QByteArray::number(now + lump * 4000 - (3 - i) * apart) + "}\n\n";
    return bytes;
}

Finding findingOf(const Findings &findings, const QString &id)
{
    const auto found = std::find_if(findings.cbegin(), findings.cend(),
                                    [&id](const Finding &finding) { return finding.id == id; });
    return found == findings.cend() ? Finding{} : *found;
}

QJsonObject reportOf(const SsekitProcess &checker)
{
    return QJsonDocument::fromJson(checker.lines().value(0)).object();
}

QString levelIn(const QJsonObject &report, const QString &id)
{
    const QJsonArray findings = report[u"findings"_s].toArray();
    for (const QJsonValue &value : findings) {
        if (value[u"id"_s] == id)
            return value[u"level"_s].toString();
    }
    return u"missing"_s;
}

} // namespace

class tst_Check : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsNothingWrongWithAGoodOne();
    void judges_data();
    void judges();
    void saysNothingOfEventsWhereThereIsNoStream();
    void tellsBursts();
    void findsTheTimeInAnEvent_data();
    void findsTheTimeInAnEvent();
    void reports_data();
    void reports();
    void checksAGoodServer();
    void tellsAServerThatIgnoresTheId();
    void tellsLumps();
    void tellsALoginPage();
    void tellsACompressionThatHoldsBack();
    void asksForAnOrigin();
    void keepsSecretsToItself();
    void endsWithSixWhereNobodyAnswers();
    void complainsOfWrongUsage_data();
    void complainsOfWrongUsage();
};

void tst_Check::findsNothingWrongWithAGoodOne()
{
    const Findings findings = judge(good());
    QSet<QString> ids;
    for (const Finding &finding : findings) {
        QVERIFY2(finding.level == Level::Ok, qPrintable(finding.id + u' ' + finding.sentence));
        QVERIFY(finding.remedy.isEmpty());
        QVERIFY2(!ids.contains(finding.id), qPrintable(finding.id));
        ids.insert(finding.id);
    }
    QCOMPARE(ids.size(), 21);
    QCOMPARE(verdictOf(good(), findings), u"ok"_s);
}

void tst_Check::judges_data()
{
    QTest::addColumn<Change>("change");
    QTest::addColumn<QString>("id");
    QTest::addColumn<Level>("level");
    QTest::addColumn<QString>("says"); // a part of the sentence
    const auto row = [](const char *name, const Change &change, const QString &id, Level level,
                        const QString &says) {
        QTest::newRow(name) << change << id << level << says;
    };
    const auto status = [](int code) {
        return Change([code](EndpointFacts &facts) { facts.watch.status = code; });
    };
    row("204", status(204), u"status"_s, Level::Failure, u"never to come again"_s);
    row("401", status(401), u"status"_s, Level::Failure, u"401"_s);
    row("503", status(503), u"status"_s, Level::Failure, u"gives up"_s);

    const auto redirect = [](const QString &target) {
        return Change([target](EndpointFacts &facts) {
            facts.watch.redirects = {{302, QUrl(target)}};
        });
    };
    row("redirect", redirect(u"https://example.org/t?secret"_s), u"redirect"_s, Level::Note,
        u"lead to https://example.org/t;"_s);
    row("redirect elsewhere", redirect(u"https://example.com/"_s), u"redirect"_s, Level::Warning,
        u"another host"_s);

    row("no type", withHeader("Content-Type", {}), u"content-type"_s, Level::Failure,
        u"no content type"_s);
    row("JSON", withHeader("Content-Type", "application/json"), u"content-type"_s, Level::Failure,
        u"application/json"_s);
    row("a page", withHeader("Content-Type", "text/html; charset=utf-8"), u"content-type"_s,
        Level::Failure, u"login page"_s);
    row("capitals", withHeader("Content-Type", "Text/Event-Stream ;charset=UTF-8"),
        u"content-type"_s, Level::Ok, u"text/event-stream"_s);
    row("latin1", withHeader("Content-Type", "text/event-stream; charset=iso-8859-1"),
        u"content-type"_s, Level::Warning, u"UTF-8"_s);

    row("no cache header", withHeader("Cache-Control", {}), u"cache"_s, Level::Warning, u"proxy"_s);
    row("max-age", withHeader("Cache-Control", "max-age=60"), u"cache"_s, Level::Warning,
        u"may keep"_s);
    row("no-cache", withHeader("Cache-Control", "No-Cache"), u"cache"_s, Level::Ok, u"Caches"_s);
    row("may transform", withHeader("Cache-Control", "no-store"), u"no-transform"_s, Level::Note,
        u"compress"_s);
    row("may buffer", withHeader("X-Accel-Buffering", {}), u"buffering-header"_s, Level::Note,
        u"nginx"_s);
    row("length", withHeader("Content-Length", "100"), u"content-length"_s, Level::Failure,
        u"Content-Length"_s);
    const auto headAt = [](std::chrono::milliseconds at) {
        return Change([at](EndpointFacts &facts) { facts.watch.headAt = at; });
    };
    row("slow head", headAt(2s), u"head-time"_s, Level::Note, u"2.0 s"_s);
    row("very slow head", headAt(6s), u"head-time"_s, Level::Warning, u"dead server"_s);

    row("nothing", withPieces({}), u"first-byte"_s, Level::Warning, u"No byte came in 20 s"_s);
    row("late", withPieces({{6010ms, numbered(1)}}), u"first-byte"_s, Level::Note, u"6.0 s"_s);

    row("few events", withPieces({{20ms, numbered(1)}, {1s, numbered(2)}}), u"delivery"_s,
        Level::Note, u"Too few"_s);
    row("singles", withPieces(lumps(4, 4s, [](int lump) { return numbered(lump); })), u"delivery"_s,
        Level::Ok, u"one by one"_s);
    row("lumps of whole events", withPieces(lumps(4, 4s, fourEvents)), u"delivery"_s,
        Level::Warning, u"Perhaps"_s);
    row("lumps of a buffer's size",
        withPieces(lumps(4, 4s,
                         [](int lump) {
                             const QByteArray most = fourEvents(lump);
                             return most + ':' + QByteArray(4096 - most.size() - 2, 'x') + '\n';
                         })),
        u"delivery"_s, Level::Warning, u"Likely"_s);
    row("lumps that cut lines",
        withPieces(lumps(4, 4s, [](int lump) { return fourEvents(lump) + "data: un"; })),
        u"delivery"_s, Level::Failure, u"Certain: 4 of them end inside a line"_s);
    row("lumps of spread times",
        withPieces(lumps(4, 4s, [](int lump) { return fourStamped(lump, 999); })), u"delivery"_s,
        Level::Failure, u"times up to 3.0 s apart"_s);
    row("lumps of one time",
        withPieces(lumps(4, 4s, [](int lump) { return fourStamped(lump, 1); })), u"delivery"_s,
        Level::Warning, u"Perhaps"_s);
    row("lumps of history",
        withPieces(lumps(4, 4s, [](int lump) { return fourStamped(lump, 60'000); })), u"delivery"_s,
        Level::Warning, u"Perhaps"_s);
    row("a history at the beginning",
        withPieces(
            {{20ms, fourEvents(0)}, {1s, numbered(4)}, {2s, numbered(5)}, {3s, numbered(6)}}),
        u"delivery"_s, Level::Ok, u"one by one"_s);
    row("a flood",
        withPieces(lumps(4, 1s, [](int lump) { return numbered(lump); })
                   + QList<Piece>{{4100ms, fourEvents(9)}, {4200ms, fourEvents(10)}}),
        u"delivery"_s, Level::Ok, u"one by one"_s);

    row("no comments", withPieces({{20ms, numbered(1)}, {1s, numbered(2)}}), u"keep-alive"_s,
        Level::Note, u"longest silence in 20 s was 19 s"_s);
    row("long silence", withPieces({{20ms, numbered(1)}, {50s, numbered(2)}}, 60s), u"keep-alive"_s,
        Level::Warning, u"silent for 50 s"_s);
    row("rare comments", withPieces({{1s, ":\n"}, {62s, ":\n"}, {123s, ":\n"}}, 130s),
        u"keep-alive"_s, Level::Warning, u"61 s apart"_s);
    const Change shortWatch = withPieces({{20ms, numbered(1)}});
    row("60 s, watch too short", shortWatch, u"idle-60"_s, Level::Note,
        u"20 s of watching cannot"_s);
    row("100 s, watch too short", shortWatch, u"idle-100"_s, Level::Note, u"cannot tell"_s);
    const Change silent70 = withPieces({{20ms, numbered(1)}, {70s, numbered(2)}}, 80s);
    row("60 s, cut", silent70, u"idle-60"_s, Level::Failure, u"silent for 70 s"_s);
    row("100 s, not known", silent70, u"idle-100"_s, Level::Note, u"80 s of watching cannot"_s);
    row("60 s, near", withPieces({{20ms, numbered(1)}, {50s, numbered(2)}}, 80s), u"idle-60"_s,
        Level::Warning, u"near"_s);
    row("100 s, silent at the end", withPieces({{20ms, numbered(1)}}, 101s), u"idle-100"_s,
        Level::Failure, u"silent for 101 s"_s);

    const auto ended = [](RawStream::End end) {
        return Change([end](EndpointFacts &facts) { facts.watch.end = end; });
    };
    row("ended", ended(RawStream::End::Clean), u"end"_s, Level::Warning, u"ended by itself"_s);
    row("cut", ended(RawStream::End::Cut), u"end"_s, Level::Warning, u"was cut"_s);

    row("no event", withPieces({{20ms, ":\n"}}), u"format"_s, Level::Note, u"No event"_s);
    row("no stream at all", withPieces({{20ms, "{\"a\":1}\n{\"b\":2}\n"}}), u"format"_s,
        Level::Failure, u"no event"_s);
    row("no blank line", withPieces({{20ms, "data: 1\ndata: 2\n"}}), u"format"_s, Level::Failure,
        u"no event"_s);
    row("no UTF-8", withPieces({{20ms, "data: \xFF\n\n"}}), u"format"_s, Level::Warning,
        u"no UTF-8"_s);
    row("too large", withPieces({{20ms, QByteArray(9 * 1024 * 1024, 'x')}}), u"format"_s,
        Level::Failure, u"8 MiB"_s);

    row("no retry", withPieces({{20ms, numbered(1)}}), u"retry"_s, Level::Note, u"does not say"_s);
    row("hasty", withPieces({{20ms, "retry: 10\n\n"}}), u"retry"_s, Level::Warning, u"hammer"_s);
    row("lazy", withPieces({{20ms, "retry: 90000\n\n"}}), u"retry"_s, Level::Warning, u"old"_s);

    row("no ids", withPieces({{20ms, "data: 1\n\n"}}), u"ids"_s, Level::Warning, u"no ids"_s);
    row("some ids", withPieces({{20ms, numbered(1) + "data: 1\n\n"}}), u"ids"_s, Level::Note,
        u"1 of 2"_s);
    row("no event, no ids", withPieces({}), u"ids"_s, Level::Note, u"nothing to tell"_s);

    row("starts over", withResumed({{20ms, numbered(1) + numbered(2)}}), u"resume"_s,
        Level::Failure, u"starts over"_s);
    row("leaves out", withResumed({{20ms, numbered(3)}}), u"resume"_s, Level::Failure,
        u"leaves out"_s);
    row("only what is new", withResumed({{20ms, numbered(999)}}), u"resume"_s, Level::Failure,
        u"does not send again"_s);
    row("another event under the next id", withResumed({{20ms, numbered(2, "other")}}), u"resume"_s,
        Level::Failure, u"does not send again"_s);
    row("silent", withResumed({}), u"resume"_s, Level::Note, u"cannot be told"_s);
    row(
        "refuses the id", [](EndpointFacts &facts) { facts.resumed->status = 400; }, u"resume"_s,
        Level::Failure, u"answered with 400"_s);
    row(
        "no resume", [](EndpointFacts &facts) { facts.resumed.reset(); }, u"resume"_s, Level::Note,
        u"Without ids"_s);
    row(
        "one event only, again",
        [](EndpointFacts &facts) {
            facts.watch = watchOf({{20ms, numbered(1)}});
            facts.resumed = watchOf({{20ms, numbered(1)}});
        },
        u"resume"_s, Level::Failure, u"starts over"_s);
    row(
        "one event only, then another",
        [](EndpointFacts &facts) {
            facts.watch = watchOf({{20ms, numbered(1)}});
            facts.resumed = watchOf({{20ms, numbered(2)}});
        },
        u"resume"_s, Level::Note, u"cannot be told"_s);

    row("compressed unasked", withHeader("Content-Encoding", "gzip"), u"compression"_s,
        Level::Failure, u"although"_s);
    row("identity is none", withHeader("Content-Encoding", "identity"), u"compression"_s, Level::Ok,
        u"not compressed"_s);
    row(
        "compressed",
        [](EndpointFacts &facts) {
            facts.compressed = watchOf({{20ms, QByteArray(100, 'z')}}, 5s);
            setHeader(*facts.compressed, "Content-Encoding", "br");
        },
        u"compression"_s, Level::Note, u"(br)"_s);
    row(
        "compressed and held back",
        [](EndpointFacts &facts) {
            facts.compressed = watchOf({{20ms, QByteArray(10, 'z')}}, 5s);
            setHeader(*facts.compressed, "Content-Encoding", "gzip");
        },
        u"compression"_s, Level::Failure, u"does not flush"_s);
    row(
        "compressed, but quiet anyway",
        [](EndpointFacts &facts) {
            facts.watch = watchOf({});
            facts.compressed = watchOf({}, 5s);
            setHeader(*facts.compressed, "Content-Encoding", "gzip");
        },
        u"compression"_s, Level::Note, u"(gzip)"_s);

    const QByteArray allow("Access-Control-Allow-Origin");
    const auto forOrigin = [allow](const QByteArray &allowed) {
        return Change([allow, allowed](EndpointFacts &facts) {
            facts.origin = "https://a.example";
            setHeader(facts.watch, allow, allowed);
        });
    };
    row("no CORS", withHeader(allow, {}), u"cors"_s, Level::Note, u"own origin"_s);
    row("any origin with credentials", withHeader("Access-Control-Allow-Credentials", "true"),
        u"cors"_s, Level::Warning, u"refuse"_s);
    row("CORS missing", forOrigin({}), u"cors"_s, Level::Failure, u"missing"_s);
    row("another origin", forOrigin("https://b.example"), u"cors"_s, Level::Failure,
        u"only those of https://b.example"_s);
    row("the origin", forOrigin("https://a.example"), u"cors"_s, Level::Note, u"Vary"_s);
    row("any", forOrigin("*"), u"cors"_s, Level::Ok, u"https://a.example"_s);

    row(
        "HTTP/1.1", [](EndpointFacts &facts) { facts.offersHttp2 = false; }, u"http-version"_s,
        Level::Note, u"six"_s);
    const auto plain = [](const QString &url) {
        return Change([url](EndpointFacts &facts) {
            facts.tlsVersion.clear();
            facts.watch.url = QUrl(url);
            facts.sentCredentials = true;
        });
    };
    row("no TLS", plain(u"http://example.org/"_s), u"tls"_s, Level::Warning, u"credentials"_s);
    row("no TLS at home", plain(u"http://[::1]/"_s), u"tls"_s, Level::Note, u"this computer"_s);
    row(
        "old TLS", [](EndpointFacts &facts) { facts.tlsVersion = u"a TLS before 1.2"_s; }, u"tls"_s,
        Level::Warning, u"before"_s);
    row(
        "certificate", [](EndpointFacts &facts) { facts.certificateDays = 3; }, u"certificate"_s,
        Level::Warning, u"3 day"_s);
}

void tst_Check::judges()
{
    QFETCH(Change, change);
    QFETCH(QString, id);
    QFETCH(QString, says);
    EndpointFacts facts = good();
    change(facts);
    const Finding finding = findingOf(judge(facts), id);
    QVERIFY2(finding.id == id, "there is no such finding");
    QVERIFY2(finding.sentence.contains(says), qPrintable(finding.sentence));
    QTEST(finding.level, "level");
    if (finding.level >= Level::Warning)
        QVERIFY2(!finding.remedy.isEmpty(), "there is no remedy");
}

void tst_Check::saysNothingOfEventsWhereThereIsNoStream()
{
    EndpointFacts facts = good();
    setHeader(facts.watch, "Content-Type", "text/html");
    QStringList ids;
    const Findings findings = judge(facts);
    for (const Finding &finding : findings)
        ids.append(finding.id);
    QCOMPARE(ids, (QStringList{u"status"_s, u"redirect"_s, u"content-type"_s, u"tls"_s}));
    QCOMPARE(verdictOf(facts, findings), u"failures"_s);
}

void tst_Check::tellsBursts()
{
    const Watch watch =
        watchOf({{100ms, "event: a\n"}, {120ms, "data: 1\n\n:c\ndata"}, {500ms, ": 2\n\n"}}, 2s);
    QCOMPARE(watch.bursts.size(), 2);
    QCOMPARE(watch.bursts.at(0).at, 100ms);
    QCOMPARE(watch.bursts.at(0).until, 120ms);
    QCOMPARE(watch.bursts.at(0).events, 1);
    QCOMPARE(watch.bursts.at(0).comments, 1);
    QVERIFY(watch.bursts.at(0).endsInsideLine);
    QCOMPARE(watch.bursts.at(1).events, 1);
    QVERIFY(!watch.bursts.at(1).endsInsideLine);
    QCOMPARE(watch.bursts.at(1).bytes, 5);
    QCOMPARE(watch.eventCount, 2);
    QCOMPARE(watch.events.at(0).type, "a");
    QCOMPARE(watch.longestSilence(), 1510ms); // until the end of the watch
    // Whole seconds are not exact enough to tell a second's spread.
    const Watch seconds =
        watchOf({{100ms, "data: 1795344731\n\ndata: 1795344732\n\ndata: 1795344734\n\n"}});
    QCOMPARE(seconds.bursts.at(0).stampSpread, 2s);
}

void tst_Check::findsTheTimeInAnEvent_data()
{
    QTest::addColumn<QByteArray>("data");
    QTest::addColumn<std::optional<qint64>>("time");
    const auto some = [](qint64 time) { return std::optional<qint64>(time); };
    const std::optional<qint64> nothing;
    QTest::newRow("milliseconds") << QByteArray("1795344731873") << some(1795344731873);
    QTest::newRow("seconds") << QByteArray("{\"ts\":1795344731}") << some(1795344731000);
    QTest::newRow("ISO") << QByteArray("{\"t\":\"2026-11-22T10:52:11.5Z\"}") << some(1795344731500);
    QTest::newRow("ISO, offset") << QByteArray("2026-11-22T11:52:11+01:00") << some(1795344731000);
    QTest::newRow("long ago") << QByteArray("1595344731873") << nothing;
    QTest::newRow("the second of two")
        << QByteArray("1595344731 1795344731") << some(1795344731000);
    QTest::newRow("a long number") << QByteArray("17953447318731") << nothing;
    QTest::newRow("none") << QByteArray("count 4") << nothing;
}

void tst_Check::findsTheTimeInAnEvent()
{
    QFETCH(QByteArray, data);
    QTEST(timeIn(data, now), "time");
}

void tst_Check::reports_data()
{
    QTest::addColumn<Change>("change");
    QTest::addColumn<QString>("verdict");
    QTest::newRow("ok") << Change([](EndpointFacts &) {}) << u"ok"_s;
    QTest::newRow("warnings") << withHeader("Cache-Control", {}) << u"warnings"_s;
    QTest::newRow("failures") << withHeader("Content-Type", {}) << u"failures"_s;
    QTest::newRow("unreachable") << Change([](EndpointFacts &facts) {
        facts.watch = {};
        facts.watch.error = u"Refused."_s;
    }) << u"unreachable"_s;
}

void tst_Check::reports()
{
    QFETCH(Change, change);
    QFETCH(QString, verdict);
    EndpointFacts facts = good();
    change(facts);
    const Findings findings = facts.watch.status == 0 ? Findings{} : judge(facts);
    const QJsonObject report = jsonReport(facts, findings);
    QCOMPARE(report[u"type"_s], u"check"_s);
    QCOMPARE(report[u"verdict"_s].toString(), verdict);
    QCOMPARE(report[u"findings"_s].toArray().size(), findings.size());
    if (facts.watch.status == 0) {
        QCOMPARE(report[u"error"_s], u"Refused."_s);
        return;
    }
    QCOMPARE(report[u"facts"_s][u"events"_s].toInt(), 112);
    const QString text = textReport(facts, findings, false);
    QVERIFY2(text.contains(u'\n' + verdict + u": "_s), qPrintable(text));
    QVERIFY(!text.contains(u'\x1B'));
    for (const Finding &finding : findings)
        QVERIFY2(text.contains(finding.sentence), qPrintable(finding.sentence));
    QVERIFY(textReport(facts, findings, true).contains(u"\x1B[32mok"_s));
}

void tst_Check::checksAGoodServer()
{
    Harness::SseServer server;
    server.handle("/", [](Exchange *stream) {
        stream->startStream({{"Cache-Control", "no-store"}});
        const int after = stream->header("Last-Event-ID").toInt();
        stream->write("retry: 2000\n\n" + numbered(after + 1));
        auto *const timer = new QTimer(stream);
        QObject::connect(timer, &QTimer::timeout, stream,
                         [stream, id = after + 1]() mutable { stream->write(numbered(++id)); });
        timer->start(250);
    });
    SsekitProcess checker;
    checker.start(
        {u"check"_s, server.url().toString(), u"--seconds"_s, u"2"_s, u"--json"_s, u"--strict"_s});
    QCOMPARE(checker.waitForExit(), 0);
    const QJsonObject report = reportOf(checker);
    QCOMPARE(checker.lines().size(), 1);
    QCOMPARE(report[u"verdict"_s], u"ok"_s);
    for (const QString &id : {u"status"_s, u"content-type"_s, u"delivery"_s, u"retry"_s, u"ids"_s,
                              u"resume"_s, u"compression"_s, u"end"_s})
        QVERIFY2(levelIn(report, id) == "ok"_L1, qPrintable(id + u' ' + levelIn(report, id)));
    QCOMPARE(levelIn(report, u"idle-60"_s), u"note"_s); // it did not watch for so long
    QCOMPARE(server.exchanges().size(), 3);
    QCOMPARE(server.exchanges().at(1)->header("Last-Event-ID"), "1");
    QCOMPARE(server.exchanges().at(2)->header("Accept-Encoding"), "gzip, deflate, br");
    QTRY_COMPARE(server.connectionCount(), 0);
}

void tst_Check::tellsAServerThatIgnoresTheId()
{
    Harness::SseServer server;
    server.handle("/", [](Exchange *stream) {
        stream->startStream();
        stream->write(numbered(1) + numbered(2));
    });
    SsekitProcess checker;
    checker.start({u"check"_s, server.url().toString(), u"--seconds"_s, u"1"_s, u"--json"_s});
    QCOMPARE(checker.waitForExit(), 1);
    QCOMPARE(levelIn(reportOf(checker), u"resume"_s), u"failure"_s);
}

void tst_Check::tellsLumps()
{
    Harness::SseServer server;
    server.handle("/", [](Exchange *stream) {
        stream->startStream();
        auto *const timer = new QTimer(stream);
        QObject::connect(timer, &QTimer::timeout, stream, [stream] {
            const qint64 time = QDateTime::currentMSecsSinceEpoch();
            QByteArray lump;
            for (qint64 ago : {900, 600, 300, 0})
                lump += "data: " + QByteArray::number(time - ago) + "\n\n";
            stream->write(lump);
        });
        timer->start(1200);
    });
    SsekitProcess checker;
    checker.start({u"check"_s, server.url().toString(), u"--seconds"_s, u"5.5"_s, u"--json"_s});
    QCOMPARE(checker.waitForExit(), 1);
    QCOMPARE(levelIn(reportOf(checker), u"delivery"_s), u"failure"_s);
    QCOMPARE(levelIn(reportOf(checker), u"ids"_s), u"warning"_s);
}

void tst_Check::tellsALoginPage()
{
    Harness::SseServer server;
    server.handle("/", [](Exchange *exchange) { exchange->redirect(302, "/login"); });
    server.handle("/login", [](Exchange *page) {
        page->answer(200, "<form>", {{"Content-Type", "text/html"}});
    });
    SsekitProcess checker;
    checker.start({u"check"_s, server.url().toString()});
    QCOMPARE(checker.waitForExit(), 1);
    const QByteArray text = checker.lines().join('\n');
    QVERIFY2(text.contains("failure content-type"), text.constData());
    QVERIFY2(text.contains("login page"), text.constData());
    QVERIFY2(text.contains("note    redirect"), text.constData());
    QCOMPARE(server.exchanges().size(), 2);
}

void tst_Check::tellsACompressionThatHoldsBack()
{
    Harness::SseServer server;
    server.handle("/", [](Exchange *stream) {
        if (stream->header("Accept-Encoding").contains("gzip")) {
            stream->startStream({{"Content-Encoding", "gzip"}});
            stream->write(QByteArray("\x1F\x8B\x08\0\0\0\0\0\0\x03", 10));
        } else {
            stream->startStream();
            stream->write("data: 1\n\n");
        }
    });
    SsekitProcess checker;
    checker.start({u"check"_s, server.url().toString(), u"--seconds"_s, u"1"_s, u"--json"_s});
    QCOMPARE(checker.waitForExit(), 1);
    QCOMPARE(levelIn(reportOf(checker), u"compression"_s), u"failure"_s);
}

void tst_Check::asksForAnOrigin()
{
    Harness::SseServer server;
    server.handle("/", [](Exchange *stream) {
        stream->startStream(
            {{"Access-Control-Allow-Origin", stream->header("Origin")}, {"Vary", "Origin"}});
        stream->end();
    });
    SsekitProcess checker;
    checker.start({u"check"_s, server.url().toString(), u"--json"_s, u"--origin"_s,
                   u"https://Pages.example:443/"_s});
    QCOMPARE(checker.waitForExit(), 0);
    QCOMPARE(server.exchanges().constFirst()->header("Origin"), "https://pages.example");
    QCOMPARE(levelIn(reportOf(checker), u"cors"_s), u"ok"_s);
    QCOMPARE(levelIn(reportOf(checker), u"end"_s), u"warning"_s);
    SsekitProcess strict;
    strict.start({u"check"_s, server.url().toString(), u"--strict"_s});
    QCOMPARE(strict.waitForExit(), 1);
}

void tst_Check::keepsSecretsToItself()
{
    Harness::SseServer server;
    server.handle("/", [](Exchange *answer) { answer->answer(401); });
    QUrl url = server.url("/?token=canary");
    url.setUserInfo(u"mia:canary"_s);
    for (const QString &form : {u"--json"_s, u"--strict"_s}) {
        SsekitProcess checker;
        checker.start({u"check"_s, url.toString(), form, u"--header"_s, u"X-Api-Key: canary"_s});
        QCOMPARE(checker.waitForExit(), 1);
        QVERIFY(!checker.lines().isEmpty());
        QVERIFY(!checker.lines().join().contains("canary") && !checker.errors().contains("canary"));
    }
    QCOMPARE(server.exchanges().constFirst()->header("X-Api-Key"), "canary");
}

void tst_Check::endsWithSixWhereNobodyAnswers()
{
    Harness::SseServer server;
    server.stop();
    SsekitProcess checker;
    checker.start({u"check"_s, server.url().toString(), u"--json"_s});
    QCOMPARE(checker.waitForExit(), 6);
    QCOMPARE(reportOf(checker)[u"verdict"_s], u"unreachable"_s);
    QVERIFY(!checker.errors().isEmpty());
}

void tst_Check::complainsOfWrongUsage_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("no URL") << QStringList{};
    QTest::newRow("two URLs") << QStringList{u"http://a/"_s, u"http://b/"_s};
    QTest::newRow("no seconds") << QStringList{u"http://a/"_s, u"--seconds"_s, u"0"_s};
    QTest::newRow("no origin") << QStringList{u"http://a/"_s, u"--origin"_s, u"example.org"_s};
    QTest::newRow("a page") << QStringList{u"http://a/"_s, u"--origin"_s, u"http://a/b"_s};
}

void tst_Check::complainsOfWrongUsage()
{
    QFETCH(QStringList, arguments);
    SsekitProcess checker;
    checker.start(QStringList{u"check"_s} + arguments);
    QCOMPARE(checker.waitForExit(), 2);
    QCOMPARE(checker.errors().count('\n'), 1);
}

QTEST_GUILESS_MAIN(tst_Check)
#include "tst_check.moc"
