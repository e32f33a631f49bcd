// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "everycut.h"
#include "literalstream.h"

#include <sselib/parser.h>

#include <QRandomGenerator>
#include <QSignalSpy>
#include <QTest>

using namespace std::chrono_literals;
using namespace Qt::Literals;

namespace {

// What a stream said, as lines that a failing comparison prints readably.
QByteArray toLine(const Sse::Event &event)
{
    return event.type + " | " + event.data + " | " + event.lastEventId;
}

struct Record
{
    explicit Record(Sse::Parser &parser)
    {
        QObject::connect(&parser, &Sse::Parser::eventReceived, &parser,
                         [this](const Sse::Event &event) { events.append(toLine(event)); });
        QObject::connect(&parser, &Sse::Parser::commentReceived, &parser,
                         [this](const QByteArray &text) { comments.append(text); });
        QObject::connect(
            &parser, &Sse::Parser::retryReceived, &parser,
            [this](std::chrono::milliseconds delay) { retries.append(delay.count()); });
        QObject::connect(&parser, &Sse::Parser::overflowed, &parser,
                         [this](Sse::StreamLimits::Kind limit) { overflows.append(limit); });
    }

    QByteArrayList events;
    QByteArrayList comments;
    QList<qint64> retries;
    QList<Sse::StreamLimits::Kind> overflows;
};

} // namespace

class tst_Parser : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsTheSameUnderEveryCut_data();
    void readsTheSameUnderEveryCut();
    void agreesWithTheStandardsOwnStepsOnRandomStreams();
    void reportsComments();
    void reportsRetry_data();
    void reportsRetry();
    void countsAnIdOnlyWhenItsBlockIsComplete();
    void keepsTheIdOverAReset();
    void expectsAByteOrderMarkAgainAfterAReset();
    void stopsAtALimit_data();
    void stopsAtALimit();
    void readsAgainAfterAnOverflowAndAReset();
    void letsASlotResetIt();
    void letsASlotDeleteIt_data();
    void letsASlotDeleteIt();
    void readsAMillionEventsInOneSlice();
    void decodesMalformedTextAsABrowser_data();
    void decodesMalformedTextAsABrowser();
};

void tst_Parser::readsTheSameUnderEveryCut_data()
{
    QTest::addColumn<QByteArray>("stream");
    QTest::addColumn<QByteArrayList>("events");
    const auto row = [](const char *name, const QByteArray &stream, const QByteArrayList &events) {
        QTest::newRow(name) << stream << events;
    };

    row("one line", "data: a\n\n", {"message | a | "});
    row("two events", "data: a\n\ndata: b\n\n", {"message | a | ", "message | b | "});
    row("CRLF", "data: a\r\ndata: b\r\n\r\n", {"message | a\nb | "});
    row("CR", "data: a\rdata: b\r\r", {"message | a\nb | "});
    row("CR, then LF, then CRLF", "data: a\rdata: b\ndata: c\r\n\n", {"message | a\nb\nc | "});
    row("CR ends a line, LF is the blank one after a CRLF", "data: a\r\n\ndata: b\r\n\r",
        {"message | a | ", "message | b | "});
    row("LF CR is two line ends", "data: a\n\rdata: b\n\r", {"message | a | ", "message | b | "});
    row("byte order mark",
        "\xEF\xBB\xBF"
        "data: a\n\n",
        {"message | a | "});
    row("byte order mark before a line end",
        "\xEF\xBB\xBF\r\n"
        "data: a\n\n",
        {"message | a | "});
    row("second byte order mark is part of the name",
        "\xEF\xBB\xBF\xEF\xBB\xBF"
        "data: a\n\n",
        {});
    row("half a byte order mark is part of the name",
        "\xEF\xBB"
        "data: a\n\n",
        {});
    row("first byte of a byte order mark alone", "\xEF\ndata: a\n\n", {"message | a | "});
    row("byte order mark later is part of the name",
        "data: a\n\n\xEF\xBB\xBF"
        "data: b\n\ndata: c\n\n",
        {"message | a | ", "message | c | "});
    row("byte order mark in data stays",
        "data: \xEF\xBB\xBF"
        "a\n\n",
        {"message | \xEF\xBB\xBF"
         "a | "});

    row("no space after the colon", "data:a\n\n", {"message | a | "});
    row("only one space is cut", "data:  a \n\n", {"message |  a  | "});
    row("a tab stays", "data:\ta\n\n", {"message | \ta | "});
    row("colons in the value", "data: a: b:c\n\n", {"message | a: b:c | "});
    row("joins data lines with line feeds", "data: a\ndata: b\ndata: c\n\n",
        {"message | a\nb\nc | "});
    row("joins around other fields", "data: a\nevent: e\n: c\ndata: b\n\n", {"e | a\nb | "});
    row("empty data line is an event", "data:\n\n", {"message |  | "});
    row("data without a colon is an event", "data\n\n", {"message |  | "});
    row("two empty data lines", "data\ndata\n\n", {"message | \n | "});
    row("empty data lines around text", "data\ndata: a\ndata\n\n", {"message | \na\n | "});
    row("leading empty data line", "data:\ndata: a\n\n", {"message | \na | "});
    row("data field in upper case is unknown", "DATA: a\nData: b\n\n", {});
    row("space before the colon makes another name", "data : a\n\n", {});
    row("space before the name makes another name", " data: a\n\n", {});
    row("unknown fields", "foo: bar\ndat: x\ndatas: y\ndata: a\nfoo\n\n", {"message | a | "});
    row("NUL in data stays", QByteArray("data: a\0b\n\n", 11),
        {QByteArray("message | a\0b | ", 16)});
    row("malformed UTF-8 stays as it is", "data: \xFF\xC3\n\n", {"message | \xFF\xC3 | "});
    row("multi-byte text", "data: é漢🔔\n\n", {"message | é漢🔔 | "});

    row("type", "event: update\ndata: a\n\n", {"update | a | "});
    row("type is for one event only", "event: update\ndata: a\n\ndata: b\n\n",
        {"update | a | ", "message | b | "});
    row("last type wins", "event: x\nevent: y\ndata: a\n\n", {"y | a | "});
    row("empty type is message", "event: x\nevent:\ndata: a\n\n", {"message | a | "});
    row("type after the data", "data: a\nevent: x\n\n", {"x | a | "});
    row("type of a block without data is forgotten", "event: x\n\ndata: a\n\n", {"message | a | "});

    row("id", "id: 1\ndata: a\n\n", {"message | a | 1"});
    row("id persists", "id: 1\ndata: a\n\ndata: b\n\n", {"message | a | 1", "message | b | 1"});
    row("empty id empties it", "id: 1\ndata: a\n\nid\ndata: b\n\n",
        {"message | a | 1", "message | b | "});
    row("empty id with a colon empties it", "id: 1\ndata: a\n\nid:\ndata: b\n\n",
        {"message | a | 1", "message | b | "});
    row("id with NUL is ignored", QByteArray("id: 1\ndata: a\n\nid: 2\0003\ndata: b\n\n", 32),
        {"message | a | 1", "message | b | 1"});
    row("id of a block without data counts", "id: 7\n\ndata: a\n\n", {"message | a | 7"});
    row("last id of a block wins", "id: 1\nid: 2\ndata: a\n\n", {"message | a | 2"});
    row("id keeps its spaces but one", "id:  1 \ndata: a\n\n", {"message | a |  1 "});

    row("block without data is no event", "event: x\nid: 1\nretry: 5\n\n", {});
    row("surplus blank lines", "\n\n\ndata: a\n\n\n\n", {"message | a | "});
    row("comments only", ": a\n:\n:b\n\n", {});
    row("comment between data lines", "data: a\n: x\ndata: b\n\n", {"message | a\nb | "});
    row("unfinished event is dropped", "data: a\n\ndata: b\n", {"message | a | "});
    row("unfinished line is dropped", "data: a\n\ndata: b", {"message | a | "});
    row("nothing", "", {});
    row("line feed alone", "\n", {});
}

void tst_Parser::readsTheSameUnderEveryCut()
{
    QFETCH(QByteArray, stream);
    QFETCH(QByteArrayList, events);
    const LiteralStream literal(stream);
    QByteArrayList literalEvents;
    for (const Sse::Event &event : literal.events)
        literalEvents.append(toLine(event));
    QCOMPARE(literalEvents, events); // the row itself agrees with the standard

    const auto cuts = everyCut(stream);
    for (const QList<QByteArray> &cut : cuts) {
        Sse::Parser parser;
        const Record record(parser);
        for (const QByteArray &slice : cut) {
            // A copy of its own that ends here: a view kept too long is a sanitizer's find.
            parser.feed(QByteArray(slice.constData(), slice.size()));
        }
        if (record.events != events)
            qWarning() << "cut after" << cut.value(0).size() << "bytes, slices:" << cut.size();
        QCOMPARE(record.events, events);
        QCOMPARE(parser.lastEventId(), literal.lastEventId);
        QVERIFY(record.overflows.isEmpty());
    }
}

void tst_Parser::agreesWithTheStandardsOwnStepsOnRandomStreams()
{
    static const QByteArrayList pieces{"data",
                                       "data",
                                       "event",
                                       "id",
                                       "retry",
                                       ":",
                                       ":",
                                       ": ",
                                       " ",
                                       "\n",
                                       "\n",
                                       "\r",
                                       "\r\n",
                                       "\n\n",
                                       "\r\r",
                                       "x",
                                       "12",
                                       "é",
                                       "漢",
                                       "\xFF",
                                       "data: ",
                                       "id: ",
                                       "\xEF\xBB\xBF",
                                       "event: ",
                                       QByteArray("\0", 1),
                                       "\xC3"};
    const quint32 seed = qEnvironmentVariableIsSet("SSE_SEED")
        ? qEnvironmentVariable("SSE_SEED").toUInt()
        : QRandomGenerator::global()->generate();
    qInfo("seed %u (set SSE_SEED to repeat)", seed);
    QRandomGenerator random(seed);
    for (int round = 0; round < 3000; ++round) {
        QByteArray stream;
        for (int length = random.bounded(40); length > 0; --length)
            stream += pieces.at(random.bounded(int(pieces.size())));
        const LiteralStream literal(stream);
        QByteArrayList expected;
        for (const Sse::Event &event : literal.events)
            expected.append(toLine(event));

        Sse::Parser parser;
        const Record record(parser);
        for (qsizetype at = 0; at < stream.size();) {
            const qsizetype size = qMin<qsizetype>(1 + random.bounded(12), stream.size() - at);
            parser.feed(stream.mid(at, size));
            at += size;
        }
        if (record.events != expected)
            qWarning() << "stream:" << stream.toPercentEncoding(" :");
        QCOMPARE(record.events, expected);
        QCOMPARE(parser.lastEventId(), literal.lastEventId);
        QCOMPARE(record.retries.size(), literal.retries.size());
    }
}

void tst_Parser::reportsComments()
{
    const auto cuts = everyCut(": keep-alive\n:\n:x\r\n");
    for (const QList<QByteArray> &cut : cuts) {
        Sse::Parser parser;
        const Record record(parser);
        for (const QByteArray &slice : cut)
            parser.feed(slice);
        QCOMPARE(record.comments, (QByteArrayList{"keep-alive", "", "x"}));
    }
}

void tst_Parser::reportsRetry_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QList<qint64>>("delays");
    QTest::newRow("digits") << QByteArray("10000") << QList<qint64>{10000};
    QTest::newRow("zero") << QByteArray("0") << QList<qint64>{0};
    QTest::newRow("leading zeros") << QByteArray("007") << QList<qint64>{7};
    QTest::newRow("empty") << QByteArray() << QList<qint64>{};
    QTest::newRow("minus") << QByteArray("-1") << QList<qint64>{};
    QTest::newRow("plus") << QByteArray("+1") << QList<qint64>{};
    QTest::newRow("letter at the end") << QByteArray("10a") << QList<qint64>{};
    QTest::newRow("hexadecimal") << QByteArray("0x10") << QList<qint64>{};
    QTest::newRow("two spaces") << QByteArray(" 10") << QList<qint64>{};
    QTest::newRow("space at the end") << QByteArray("10 ") << QList<qint64>{};
    QTest::newRow("fraction") << QByteArray("1.5") << QList<qint64>{};
    QTest::newRow("more than 64 bits saturates")
        << QByteArray(40, '9') << QList<qint64>{std::numeric_limits<qint64>::max() / 1'000'000};
    QTest::newRow("other digits than ASCII") << QByteArray("\xD9\xA1") << QList<qint64>{};
}

void tst_Parser::reportsRetry()
{
    QFETCH(QByteArray, value);
    const auto cuts = everyCut("retry: " + value + "\n");
    for (const QList<QByteArray> &cut : cuts) {
        Sse::Parser parser;
        const Record record(parser);
        for (const QByteArray &slice : cut)
            parser.feed(slice);
        QTEST(record.retries, "delays");
    }
}

void tst_Parser::countsAnIdOnlyWhenItsBlockIsComplete()
{
    Sse::Parser parser;
    parser.feed("id: 1\ndata: a\n\nid: 2\ndata: b\n");
    QCOMPARE(parser.lastEventId(), "1");
    parser.feed("\n");
    QCOMPARE(parser.lastEventId(), "2");
}

void tst_Parser::keepsTheIdOverAReset()
{
    Sse::Parser parser;
    const Record record(parser);
    parser.setLastEventId("from an earlier run");
    parser.feed("data: a\n\nid: 5\ndata: half");
    parser.reset();
    QCOMPARE(parser.lastEventId(), "from an earlier run");
    parser.feed("data: b\n\n");
    QCOMPARE(
        record.events,
        (QByteArrayList{"message | a | from an earlier run", "message | b | from an earlier run"}));
}

void tst_Parser::expectsAByteOrderMarkAgainAfterAReset()
{
    Sse::Parser parser;
    const Record record(parser);
    parser.feed("data: a\r");
    parser.reset();
    parser.feed("\xEF\xBB\xBF");
    parser.feed("data: b\n\n");
    QCOMPARE(record.events, (QByteArrayList{"message | b | "}));
}

void tst_Parser::stopsAtALimit_data()
{
    QTest::addColumn<QByteArray>("stream");
    QTest::addColumn<QByteArrayList>("events");
    QTest::addColumn<bool>("over");
    QTest::addColumn<Sse::StreamLimits::Kind>("limit");
    const auto line = Sse::StreamLimits::Kind::Line;
    const auto event = Sse::StreamLimits::Kind::Event;
    QTest::newRow("line of just the limit")
        << QByteArray("data: 1234\n\n") << QByteArrayList{"message | 1234 | "} << false << line;
    QTest::newRow("line over the limit")
        << QByteArray("data: 12345\n\n") << QByteArrayList{} << true << line;
    QTest::newRow("line that never ends") << QByteArray("data: a\n\n:34567890123")
                                          << QByteArrayList{"message | a | "} << true << line;
    QTest::newRow("event of just the limit")
        << QByteArray("data: 12\ndata: 34\ndata: 5678\n\n")
        << QByteArrayList{"message | 12\n34\n5678 | "} << false << event;
    QTest::newRow("event over the limit") << QByteArray("data: 12\ndata: 34\ndata: 5678\ndata\n\n")
                                          << QByteArrayList{} << true << event;
    QTest::newRow("what follows is not read")
        << QByteArray("data: 12345\n\ndata: a\n\n") << QByteArrayList{} << true << line;
}

void tst_Parser::stopsAtALimit()
{
    QFETCH(QByteArray, stream);
    QFETCH(QByteArrayList, events);
    QFETCH(bool, over);
    QFETCH(Sse::StreamLimits::Kind, limit);
    const auto cuts = everyCut(stream);
    for (const QList<QByteArray> &cut : cuts) {
        Sse::Parser parser;
        parser.setLimits({.lineBytes = 10, .eventBytes = 10});
        const Record record(parser);
        for (const QByteArray &slice : cut)
            parser.feed(slice);
        QCOMPARE(record.events, events);
        QCOMPARE(record.overflows, over ? QList{limit} : QList<Sse::StreamLimits::Kind>{});
    }
}

void tst_Parser::readsAgainAfterAnOverflowAndAReset()
{
    Sse::Parser parser;
    parser.setLimits({.lineBytes = 10, .eventBytes = 10});
    const Record record(parser);
    parser.feed("data: 12345678\n\n");
    parser.feed("data: a\n\n");
    QVERIFY(record.events.isEmpty());
    parser.reset();
    parser.feed("data: b\n\n");
    QCOMPARE(record.events, QByteArrayList{"message | b | "});
}

void tst_Parser::letsASlotResetIt()
{
    Sse::Parser parser;
    const Record record(parser);
    connect(&parser, &Sse::Parser::eventReceived, &parser, [&parser] { parser.reset(); });
    parser.feed("data: a\n\ndata: b\n\nda");
    QCOMPARE(record.events, QByteArrayList{"message | a | "});
    parser.feed("data: c\n\n");
    QCOMPARE(record.events, (QByteArrayList{"message | a | ", "message | c | "}));
}

void tst_Parser::letsASlotDeleteIt_data()
{
    QTest::addColumn<QByteArray>("stream");
    QTest::newRow("at an event") << QByteArray("event: x\ndata: a\ndata: b\n\ndata: c\n\n");
    QTest::newRow("at a comment") << QByteArray("data: a\n: comment\ndata: b\n\n");
    QTest::newRow("at a retry") << QByteArray("data: a\nretry: 1\ndata: b\n\n");
    QTest::newRow("at a limit") << QByteArray(100, 'x');
}

void tst_Parser::letsASlotDeleteIt()
{
    QFETCH(QByteArray, stream);
    const auto cuts = everyCut(stream);
    for (const QList<QByteArray> &cut : cuts) {
        QPointer<Sse::Parser> parser = new Sse::Parser;
        parser->setLimits({.lineBytes = 50, .eventBytes = 50});
        const auto remove = [&parser] { delete parser; };
        connect(parser, &Sse::Parser::eventReceived, this, remove);
        connect(parser, &Sse::Parser::commentReceived, this, remove);
        connect(parser, &Sse::Parser::retryReceived, this, remove);
        connect(parser, &Sse::Parser::overflowed, this, remove);
        for (const QByteArray &slice : cut) {
            if (parser)
                parser->feed(slice);
        }
        QVERIFY(!parser);
    }
}

void tst_Parser::readsAMillionEventsInOneSlice()
{
    Sse::Parser parser;
    int count = 0;
    connect(&parser, &Sse::Parser::eventReceived, &parser, [&count] { ++count; });
    parser.feed(QByteArray("data: 1\n\n").repeated(1'000'000));
    QCOMPARE(count, 1'000'000);
}

void tst_Parser::decodesMalformedTextAsABrowser_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("text");
    QTest::newRow("well-formed") << QByteArray("aé漢🔔") << u"aé漢🔔"_s;
    QTest::newRow("leading U+FEFF stays") << QByteArray("\xEF\xBB\xBF"
                                                        "a")
                                          << u"\uFEFFa"_s;
    QTest::newRow("lone continuation bytes") << QByteArray("\x80\xBF") << u"\uFFFD\uFFFD"_s;
    QTest::newRow("cut sequence of three is one") << QByteArray("\xE2\x82") << u"\uFFFD"_s;
    QTest::newRow("cut sequence of four is one") << QByteArray("\xF0\x9F\x94"
                                                               "a")
                                                 << u"\uFFFDa"_s;
    QTest::newRow("overlong: each byte is one") << QByteArray("\xC0\xAF") << u"\uFFFD\uFFFD"_s;
    QTest::newRow("overlong of three") << QByteArray("\xE0\x80\xAF") << u"\uFFFD\uFFFD\uFFFD"_s;
    QTest::newRow("surrogate: each byte is one")
        << QByteArray("\xED\xA0\x80") << u"\uFFFD\uFFFD\uFFFD"_s;
    QTest::newRow("above U+10FFFF")
        << QByteArray("\xF4\x90\x80\x80") << u"\uFFFD\uFFFD\uFFFD\uFFFD"_s;
    QTest::newRow("cut sequence before a good one")
        << QByteArray("\xE6\xBC\xC3\xA9") << u"\uFFFDé"_s;
    QTest::newRow("NUL") << QByteArray("a\0b", 3) << QString(u"a\0b"_s);
}

void tst_Parser::decodesMalformedTextAsABrowser()
{
    QFETCH(QByteArray, bytes);
    Sse::Event event;
    event.data = bytes;
    QTEST(event.text(), "text");
}

QTEST_GUILESS_MAIN(tst_Parser)
#include "tst_parser.moc"
