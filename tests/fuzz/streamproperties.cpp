// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "streamproperties.h"

#include "finding.h"
#include "literalreading.h"

#include <sselib/parser.h>
#include <sselib/utf8.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <random>

using namespace Qt::Literals;
using Sse::StreamLimits;

namespace {

// 0: the default, which no fuzzed stream reaches; then each small one; then multiples of 32.
qsizetype toLimit(uchar byte, qsizetype unlimited)
{
    if (byte == 0)
        return unlimited;
    return byte <= 128 ? byte : (byte - 128) * 32;
}

// Bytes on the heap, with nothing of ours behind them. Spoilt at the end for builds without
// sanitizers: who still looks at them sees something else.
class Slice
{
public:
    explicit Slice(QByteArrayView bytes)
        : m_size(std::max(bytes.size(), qsizetype(0))) // which GCC 12 does not know
        , m_bytes(std::make_unique<char[]>(size_t(m_size)))
    {
        std::copy(bytes.begin(), bytes.end(), m_bytes.get());
    }

    ~Slice() { std::fill_n(static_cast<volatile char *>(m_bytes.get()), m_size, '#'); }

    [[nodiscard]] QByteArrayView bytes() const { return {m_bytes.get(), m_size}; }

private:
    Q_DISABLE_COPY_MOVE(Slice)
    const qsizetype m_size;
    const std::unique_ptr<char[]> m_bytes;
};

// Keeps what it is told. What the test wants done at the n-th finding is done within the call.
class RecordingSink
{
public:
    using Answer = std::function<bool(qsizetype number)>; // counts from 1; false stops

    explicit RecordingSink(Answer answer = {})
        : m_answer(std::move(answer))
    {}

    bool event(const Sse::EventView &event)
    {
        return record({.kind = Finding::Kind::Event,
                       .text = event.data.toByteArray(),
                       .type = event.type.toByteArray(),
                       .lastEventId = event.lastEventId.toByteArray()});
    }

    bool comment(QByteArrayView text)
    {
        return record({.kind = Finding::Kind::Comment, .text = text.toByteArray()});
    }

    bool retry(std::chrono::milliseconds delay)
    {
        return record({.kind = Finding::Kind::Retry, .delay = delay.count()});
    }

    bool overflow(StreamLimits::Kind limit)
    {
        return record({.kind = limit == StreamLimits::Kind::Line ? Finding::Kind::LineOverflow
                                                                 : Finding::Kind::EventOverflow});
    }

    [[nodiscard]] const QList<Finding> &findings() const { return m_findings; }
    [[nodiscard]] bool hasStopped() const { return m_hasStopped; }

    void goOn() { m_hasStopped = false; }

private:
    bool record(const Finding &finding)
    {
        if (m_hasStopped)
            m_findings.append(Finding{.text = "a call after the sink said stop"});
        m_findings.append(finding);
        m_hasStopped = m_answer && !m_answer(m_findings.size());
        return !m_hasStopped;
    }

    const Answer m_answer;
    QList<Finding> m_findings;
    bool m_hasStopped = false;
};

// The same from a parser's signals.
class SignalRecord
{
public:
    explicit SignalRecord(Sse::Parser *parser, std::function<void(qsizetype number)> slot = {})
        : m_slot(std::move(slot))
    {
        QObject::connect(parser, &Sse::Parser::eventReceived, parser,
                         [this](const Sse::Event &event) {
                             m_sink.event({event.type, event.data, event.lastEventId});
                             answer();
                         });
        QObject::connect(parser, &Sse::Parser::commentReceived, parser,
                         [this](const QByteArray &text) {
                             m_sink.comment(text);
                             answer();
                         });
        QObject::connect(parser, &Sse::Parser::retryReceived, parser,
                         [this](std::chrono::milliseconds delay) {
                             m_sink.retry(delay);
                             answer();
                         });
        QObject::connect(parser, &Sse::Parser::overflowed, parser,
                         [this](StreamLimits::Kind limit) {
                             m_sink.overflow(limit);
                             answer();
                         });
    }

    [[nodiscard]] const QList<Finding> &findings() const { return m_sink.findings(); }

private:
    Q_DISABLE_COPY_MOVE(SignalRecord)

    void answer() const
    {
        if (m_slot)
            m_slot(m_sink.findings().size());
    }

    const std::function<void(qsizetype number)> m_slot;
    RecordingSink m_sink;
};

QString difference(const QList<Finding> &found, const QList<Finding> &expected)
{
    for (qsizetype at = 0; at < qMax(found.size(), expected.size()); ++at) {
        if (at < found.size() && at < expected.size() && found.at(at) == expected.at(at))
            continue;
        return u"finding %1 of %2 is %3 instead of %4"_s.arg(at + 1)
            .arg(expected.size())
            .arg(at < found.size() ? describe(found.at(at)) : u"missing"_s,
                 at < expected.size() ? describe(expected.at(at)) : u"none"_s);
    }
    return {};
}

QString idDifference(const QByteArray &found, const QByteArray &expected)
{
    if (found == expected)
        return {};
    return u"the last id is \"%1\" instead of \"%2\""_s.arg(
        QString::fromLatin1(found.toPercentEncoding()),
        QString::fromLatin1(expected.toPercentEncoding()));
}

class StreamCheck
{
public:
    StreamCheck(QByteArrayView stream, const StreamLimits &limits, quint32 seed)
        : m_stream(stream)
        , m_limits(limits)
        , m_random(seed)
        , m_expected(stream, limits)
    {}

    QString run()
    {
        static constexpr struct
        {
            const char *name;
            QString (StreamCheck::*check)();
        } checks[] = {
            {"the yardstick itself", &StreamCheck::yardstickAgreesWithItself},
            {"fed whole", &StreamCheck::fedWhole},
            {"fed byte by byte", &StreamCheck::fedByteByByte},
            {"cut in two", &StreamCheck::cutInTwo},
            {"cut anywhere", &StreamCheck::cutAnywhere},
            {"the sink stops once", &StreamCheck::sinkStopsOnce},
            {"the sink stops each time", &StreamCheck::sinkStopsEachTime},
            {"the sink resets", &StreamCheck::sinkResets},
            {"the sink destroys", &StreamCheck::sinkDestroys},
            {"fed on at the end", &StreamCheck::fedOnAtTheEnd},
            {"reset in between", &StreamCheck::resetInBetween},
            {"Parser", &StreamCheck::parserSignals},
            {"Parser, a slot resets", &StreamCheck::slotResetsParser},
            {"Parser, a slot deletes", &StreamCheck::slotDeletesParser},
            {"text", &StreamCheck::text},
        };
        for (const auto &[name, check] : checks) {
            m_cut.clear();
            m_number = 0;
            const QString error = (this->*check)();
            if (!error.isEmpty())
                return QLatin1StringView(name) + choices() + u": "_s + error;
        }
        return {};
    }

private:
    // What chance chose for the check that runs. Made only for a message: it costs.
    [[nodiscard]] QString choices() const
    {
        QString text;
        if (!m_cut.isEmpty()) {
            QStringList sizes;
            for (const qsizetype size : m_cut.first(qMin(m_cut.size(), qsizetype(40))))
                sizes.append(QString::number(size));
            text += u" (slices of %1%2 bytes)"_s.arg(
                sizes.join(u' '), m_cut.size() > sizes.size() ? u" ..."_s : QString());
        }
        if (m_number > 0)
            text += u" at finding %1"_s.arg(m_number);
        return text;
    }

    // From 0 to most.
    qsizetype anyUpTo(qsizetype most)
    {
        return most > 0 ? qsizetype(m_random() % size_t(most + 1)) : 0;
    }

    // Sizes of slices, some of them empty.
    QList<qsizetype> anyCut(qsizetype bytes)
    {
        static constexpr qsizetype sizes[] = {2, 3, 5, 8, 16, 64, 512};
        const qsizetype most = sizes[anyUpTo(std::size(sizes) - 1)];
        QList<qsizetype> cut;
        while (bytes > 0) {
            cut.append(qMin(bytes, anyUpTo(most)));
            bytes -= cut.constLast();
        }
        m_cut = cut;
        return cut;
    }

    // The number of a finding; 0 when there is none.
    qsizetype anyFinding()
    {
        if (m_expected.findings.isEmpty())
            return 0;
        m_number = 1 + anyUpTo(m_expected.findings.size() - 1);
        return m_number;
    }

    [[nodiscard]] Sse::StreamInterpreter interpreter() const
    {
        Sse::StreamInterpreter result;
        result.setLimits(m_limits);
        return result;
    }

    QString compare(const QList<Finding> &found, const QByteArray &lastEventId) const
    {
        const QString error = difference(found, m_expected.findings);
        return error.isEmpty() ? idDifference(lastEventId, m_expected.lastEventId) : error;
    }

    // A sink that stops leaves the rest; of CR LF it is open which byte ends the line.
    [[nodiscard]] bool mayUse(qsizetype used, qsizetype number) const
    {
        const Finding::Kind kind = m_expected.findings.at(number - 1).kind;
        if (kind == Finding::Kind::LineOverflow || kind == Finding::Kind::EventOverflow)
            return used == m_stream.size();
        const qsizetype end = m_expected.ends.at(number - 1);
        return used == end
            || (used == end + 1 && m_stream.sliced(end - 1).startsWith(QByteArrayView("\r\n")));
    }

    QString yardstickAgreesWithItself()
    {
        if (!m_expected.isConsistent)
            return u"LiteralReading and LiteralStream disagree on the number of findings"_s;
        for (const Finding &finding : std::as_const(m_expected.findings)) {
            if (finding.kind == Finding::Kind::Event && finding.text.size() > m_limits.eventBytes)
                return u"an event over the limit is expected"_s;
        }
        return {};
    }

    QString fedWhole()
    {
        Sse::StreamInterpreter reader = interpreter();
        RecordingSink sink;
        const Slice slice(m_stream);
        if (reader.feed(slice.bytes(), sink) != m_stream.size())
            return u"not all bytes were used"_s;
        for (const Finding &finding : sink.findings()) {
            if (finding.kind == Finding::Kind::Event && finding.text.size() > m_limits.eventBytes)
                return u"over the limit of events: %1"_s.arg(describe(finding));
            if (finding.kind == Finding::Kind::Comment && finding.text.size() >= m_limits.lineBytes)
                return u"over the limit of lines: %1"_s.arg(describe(finding));
        }
        return compare(sink.findings(), reader.lastEventId());
    }

    QString fedByteByByte()
    {
        Sse::StreamInterpreter reader = interpreter();
        RecordingSink sink;
        for (qsizetype at = 0; at < m_stream.size(); ++at) {
            const qsizetype known = sink.findings().size();
            const Slice slice(m_stream.sliced(at, 1));
            if (reader.feed(slice.bytes(), sink) != 1)
                return u"byte %1 was not used"_s.arg(at);
            for (qsizetype i = known; i < sink.findings().size(); ++i) {
                if (i < m_expected.ends.size() && m_expected.ends.at(i) != at + 1)
                    return u"finding %1, %2, came with byte %3 instead of byte %4"_s.arg(i + 1)
                        .arg(describe(sink.findings().at(i)))
                        .arg(at + 1)
                        .arg(m_expected.ends.at(i));
            }
        }
        return compare(sink.findings(), reader.lastEventId());
    }

    QString cutInTwo()
    {
        for (int round = 0; round < 4; ++round) {
            const qsizetype at = anyUpTo(m_stream.size());
            m_cut = {at, m_stream.size() - at};
            Sse::StreamInterpreter reader = interpreter();
            RecordingSink sink;
            for (const QByteArrayView part : {m_stream.first(at), m_stream.sliced(at)}) {
                const Slice slice(part);
                if (reader.feed(slice.bytes(), sink) != part.size())
                    return u"not all bytes were used"_s;
            }
            const QString error = compare(sink.findings(), reader.lastEventId());
            if (!error.isEmpty())
                return error;
        }
        return {};
    }

    QString cutAnywhere()
    {
        for (int round = 0; round < 3; ++round) {
            Sse::StreamInterpreter reader = interpreter();
            RecordingSink sink;
            qsizetype at = 0;
            const QList<qsizetype> sizes = anyCut(m_stream.size());
            for (const qsizetype size : sizes) {
                const Slice slice(m_stream.sliced(at, size));
                if (reader.feed(slice.bytes(), sink) != size)
                    return u"not all bytes were used"_s;
                at += size;
            }
            const QString error = compare(sink.findings(), reader.lastEventId());
            if (!error.isEmpty())
                return error;
        }
        return {};
    }

    QString sinkStopsOnce()
    {
        const qsizetype number = anyFinding();
        if (number == 0)
            return {};
        Sse::StreamInterpreter reader = interpreter();
        RecordingSink sink([number](qsizetype i) { return i != number; });
        const auto whole = std::make_unique<Slice>(m_stream);
        const qsizetype used = reader.feed(whole->bytes(), sink);
        if (!mayUse(used, number))
            return u"%1 bytes were used"_s.arg(used);
        const QString error = difference(sink.findings(), m_expected.findings.first(number));
        if (!error.isEmpty())
            return error;
        sink.goOn();
        return feedRest(reader, sink, used);
    }

    // The slice that a sink stopped in may be gone before the rest is fed.
    QString feedRest(Sse::StreamInterpreter &reader, RecordingSink &sink, qsizetype from)
    {
        const Slice rest(m_stream.sliced(from));
        if (reader.feed(rest.bytes(), sink) != m_stream.size() - from)
            return u"not all of the rest was used"_s;
        return compare(sink.findings(), reader.lastEventId());
    }

    QString sinkStopsEachTime()
    {
        Sse::StreamInterpreter reader = interpreter();
        RecordingSink sink([](qsizetype) { return false; });
        qsizetype at = 0;
        const QList<qsizetype> sizes = anyCut(m_stream.size());
        for (const qsizetype size : sizes) {
            const qsizetype end = at + size;
            while (at < end) {
                // Short, so that bytes that are fed again after a stop are few.
                const Slice slice(m_stream.sliced(at, qMin(end - at, qsizetype(32))));
                const qsizetype used = reader.feed(slice.bytes(), sink);
                const bool fits = sink.hasStopped() ? used > 0 && used <= slice.bytes().size()
                                                    : used == slice.bytes().size();
                if (!fits)
                    return u"%1 of %2 bytes were used"_s.arg(used).arg(slice.bytes().size());
                at += used;
                sink.goOn();
            }
        }
        return compare(sink.findings(), reader.lastEventId());
    }

    QString sinkResets()
    {
        const qsizetype number = anyFinding();
        if (number == 0)
            return {};
        Sse::StreamInterpreter reader = interpreter();
        RecordingSink sink([&reader, number](qsizetype i) {
            if (i != number)
                return true;
            reader.reset();
            return false;
        });
        auto slice = std::make_unique<Slice>(m_stream);
        const qsizetype used = reader.feed(slice->bytes(), sink);
        slice.reset();
        if (!mayUse(used, number))
            return u"%1 bytes were used"_s.arg(used);
        const QString error = difference(sink.findings(), m_expected.findings.first(number));
        return error.isEmpty() ? startsAnew(reader, number, used) : error;
    }

    // Reads the rest of the stream after a reset at a finding; the id then is that of the part
    // read.
    QString startsAnew(Sse::StreamInterpreter &reader, qsizetype number, qsizetype from) const
    {
        const LiteralReading before(m_stream.first(m_expected.ends.at(number - 1)), m_limits);
        const QString error = idDifference(reader.lastEventId(), before.lastEventId);
        return error.isEmpty() ? readsAsNew(reader, m_stream.sliced(from), before.lastEventId)
                               : error;
    }

    [[nodiscard]] QString readsAsNew(Sse::StreamInterpreter &reader, QByteArrayView stream,
                                     const QByteArray &lastEventId) const
    {
        const LiteralReading expected(stream, m_limits, lastEventId);
        RecordingSink sink;
        const Slice slice(stream);
        reader.feed(slice.bytes(), sink);
        QString error = difference(sink.findings(), expected.findings);
        if (error.isEmpty())
            error = idDifference(reader.lastEventId(), expected.lastEventId);
        return error.isEmpty() ? QString() : u"after the reset, "_s + error;
    }

    QString sinkDestroys()
    {
        const QList<qsizetype> sizes = anyCut(m_stream.size());
        const qsizetype number = anyFinding();
        if (number == 0)
            return {};
        auto reader = std::make_unique<Sse::StreamInterpreter>(interpreter());
        RecordingSink sink([&reader, number](qsizetype i) {
            if (i == number)
                reader.reset();
            return i != number;
        });
        qsizetype at = 0;
        for (const qsizetype size : sizes) {
            const Slice slice(m_stream.sliced(at, size));
            const qsizetype used = reader->feed(slice.bytes(), sink);
            if (used < 0 || used > size)
                return u"%1 of %2 bytes were used"_s.arg(used).arg(size);
            at += size;
            if (!reader)
                break;
        }
        return difference(sink.findings(), m_expected.findings.first(number));
    }

    // After the stream: what it left incomplete goes on; after an overflow nothing does but a
    // reset.
    QString fedOnAtTheEnd()
    {
        static const QByteArrayView more(": more\n\r\ndata: more\n\n");
        Sse::StreamInterpreter reader = interpreter();
        RecordingSink sink;
        for (const QByteArrayView part : {m_stream, more}) {
            const Slice slice(part);
            if (reader.feed(slice.bytes(), sink) != part.size())
                return u"not all bytes were used"_s;
        }
        const LiteralReading expected(m_stream.toByteArray() + more.toByteArray(), m_limits);
        QString error = difference(sink.findings(), expected.findings);
        if (error.isEmpty())
            error = idDifference(reader.lastEventId(), expected.lastEventId);
        if (!error.isEmpty())
            return error;
        reader.reset();
        return readsAsNew(reader, m_stream, expected.lastEventId);
    }

    QString resetInBetween()
    {
        const qsizetype at = anyUpTo(m_stream.size());
        m_cut = {at};
        const QByteArrayView part = m_stream.first(at);
        Sse::StreamInterpreter reader = interpreter();
        {
            RecordingSink sink;
            const Slice slice(part);
            reader.feed(slice.bytes(), sink);
        }
        const LiteralReading before(part, m_limits);
        reader.reset();
        const QString error = idDifference(reader.lastEventId(), before.lastEventId);
        return error.isEmpty() ? readsAsNew(reader, m_stream, before.lastEventId) : error;
    }

    QString parserSignals()
    {
        for (const QList<qsizetype> &sizes :
             {QList<qsizetype>{m_stream.size()}, anyCut(m_stream.size())}) {
            Sse::Parser parser;
            parser.setLimits(m_limits);
            const SignalRecord record(&parser);
            qsizetype at = 0;
            for (const qsizetype size : sizes) {
                const Slice slice(m_stream.sliced(at, size));
                parser.feed(slice.bytes());
                at += size;
            }
            const QString error = compare(record.findings(), parser.lastEventId());
            if (!error.isEmpty())
                return error;
        }
        return {};
    }

    QString slotResetsParser()
    {
        const QList<qsizetype> sizes = anyCut(m_stream.size());
        const qsizetype number = anyFinding();
        if (number == 0)
            return {};
        Sse::Parser parser;
        parser.setLimits(m_limits);
        const SignalRecord record(&parser, [&parser, number](qsizetype i) {
            if (i == number)
                parser.reset();
        });
        qsizetype at = 0;
        QList<Finding> expected = m_expected.findings.first(number);
        QByteArray lastEventId;
        for (const qsizetype size : sizes) {
            const Slice slice(m_stream.sliced(at, size));
            const bool wasReset = record.findings().size() >= number;
            parser.feed(slice.bytes());
            at += size;
            // The slice of the reset is dropped: a new stream begins with the next.
            if (!wasReset && record.findings().size() >= number) {
                const LiteralReading before(m_stream.first(m_expected.ends.at(number - 1)),
                                            m_limits);
                const LiteralReading after(m_stream.sliced(at), m_limits, before.lastEventId);
                expected += after.findings;
                lastEventId = after.lastEventId;
            }
        }
        const QString error = difference(record.findings(), expected);
        return error.isEmpty() ? idDifference(parser.lastEventId(), lastEventId) : error;
    }

    QString slotDeletesParser()
    {
        const QList<qsizetype> sizes = anyCut(m_stream.size());
        const qsizetype number = anyFinding();
        if (number == 0)
            return {};
        auto parser = std::make_unique<Sse::Parser>();
        parser->setLimits(m_limits);
        const SignalRecord record(parser.get(), [&parser, number](qsizetype i) {
            if (i == number)
                parser.reset();
        });
        qsizetype at = 0;
        for (const qsizetype size : sizes) {
            const Slice slice(m_stream.sliced(at, size));
            at += size;
            parser->feed(slice.bytes());
            if (!parser)
                break;
        }
        return difference(record.findings(), m_expected.findings.first(number));
    }

    QString text()
    {
        const qsizetype from = anyUpTo(m_stream.size());
        const Slice whole(m_stream);
        const Slice part(m_stream.sliced(from, anyUpTo(m_stream.size() - from)));
        for (const QByteArrayView bytes : {whole.bytes(), part.bytes()}) {
            if (Sse::decodeUtf8(bytes) != decodeLiterally(bytes))
                return u"decodeUtf8() departs from the Encoding standard in %1"_s.arg(
                    QString::fromLatin1(bytes.toByteArray().toPercentEncoding()));
        }
        for (const Finding &finding : std::as_const(m_expected.findings)) {
            Sse::Event event;
            event.data = finding.text;
            if (event.text() != decodeLiterally(finding.text))
                return u"text() departs from the Encoding standard in %1"_s.arg(describe(finding));
        }
        return {};
    }

    const QByteArrayView m_stream;
    const StreamLimits m_limits;
    std::minstd_rand m_random;
    const LiteralReading m_expected;
    QList<qsizetype> m_cut;
    qsizetype m_number = 0;
};

} // namespace

FuzzInput::FuzzInput(QByteArrayView bytes)
{
    const auto at = [bytes](qsizetype i) {
        return i < bytes.size() ? uchar(bytes.at(i)) : uchar(0);
    };
    limits.lineBytes = toLimit(at(0), limits.lineBytes);
    limits.eventBytes = toLimit(at(1), limits.eventBytes);
    seed = quint32(at(2)) << 8 | at(3);
    stream = bytes.sliced(qMin(bytes.size(), qsizetype(4)));
}

QString checkStream(QByteArrayView stream, const StreamLimits &limits, quint32 seed)
{
    return StreamCheck(stream, limits, seed).run();
}
