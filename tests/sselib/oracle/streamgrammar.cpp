// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "streamgrammar.h"

#include <QRandomGenerator>

#include <algorithm>
#include <iterator>
#include <utility>

using namespace Qt::Literals;

namespace Oracle {

namespace {

constexpr QByteArrayView byteOrderMark("\xEF\xBB\xBF");

// A literal with its NULs.
template <std::size_t Size>
QByteArray bytes(const char (&text)[Size])
{
    return QByteArray(text, Size - 1);
}

const QByteArrayList &names()
{
    static const QByteArrayList nearMisses = {"Data",  "DATA",   "dat",    "datas",  " data",
                                              "data ", "data\t", "\vdata", "data\f", "Event",
                                              "EVENT", "events", " event", "ID",     "Id",
                                              "ids",   " id",    "id ",    "Retry",  "retry "};
    static const QByteArrayList notAscii = {"\357\273\277", "\357\273\277data", "\357\273\277id",
                                            "d\303\244ta",  "\377data",         "\320\264\320\260"};
    static const QByteArrayList withNul = {bytes("da\0ta"), bytes("\0data"), bytes("id\0")};
    static const QByteArrayList list =
        nearMisses + notAscii + withNul + QByteArrayList{"field", "x"};
    return list;
}

const QByteArrayList &wellFormed()
{
    static const QByteArrayList lastAndFirst = {
        "\xC2\x80",     "\xDF\xBF",     "\xE0\xA0\x80",     "\xED\x9F\xBF",
        "\xEE\x80\x80", "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"};
    static const QByteArrayList letters = {"\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80",
                                           "\xE6\xBC\xA2", "a\xCC\x81"};
    static const QByteArrayList special = {"\xEF\xBF\xBD", "\xEF\xBF\xBE",
                                           "\xEF\xBB\xBF"}; // as U+FFFD and a BOM
    static const QByteArrayList endsElsewhere = {"\xC2\x85", "\xE2\x80\xA8", "\xE2\x80\xA9",
                                                 "\v",       "\f",           "\x1E"};
    static const QByteArrayList list = lastAndFirst + letters + special + endsElsewhere;
    return list;
}

const QByteArrayList &malformed()
{
    static const QByteArrayList never = {"\x80", "\xBF", "\x80\x80", "\xC0",
                                         "\xC1", "\xFE", "\xFF"};
    static const QByteArrayList overlong = {"\xC0\x80",         "\xC0\xAF",         "\xC1\xBF",
                                            "\xE0\x80\x80",     "\xE0\x9F\xBF",     "\xE0\x80",
                                            "\xF0\x80\x80\x80", "\xF0\x8F\xBF\xBF", "\xF0\x80\x80"};
    static const QByteArrayList surrogates = {"\xED\xA0\x80", "\xED\xBF\xBF",
                                              "\xED\xA0\x80\xED\xB0\x80", "\xED\xA0"};
    static const QByteArrayList beyond = {"\xF4\x90\x80\x80", "\xF5\x80\x80\x80",
                                          "\xF7\xBF\xBF\xBF", "\xF8\x88\x80\x80\x80",
                                          "\xFC\x84\x80\x80\x80\x80"};
    static const QByteArrayList truncated = {"\xC3",         "\xE2",         "\xE2\x82",
                                             "\xE1\x80",     "\xF0",         "\xF0\x9F",
                                             "\xF0\x9F\x98", "\xF1\x80\x80", "\xF4\x8F\xBF"};
    static const QByteArrayList interrupted = {"\xC3\x28", "\xE2\x28\xA1", "\xF0\x9F\x41",
                                               "\xE2\x82\xE2\x82\xAC", "\xF0\x9F\x98\xC3\xA9"};
    static const QByteArrayList list =
        never + overlong + surrogates + beyond + truncated + interrupted;
    return list;
}

class Writer
{
public:
    explicit Writer(QRandomGenerator *random)
        : m_random(random)
        , m_ends(oneOf<QByteArrayList>({{"\n"}, {"\r"}, {"\r\n"}, {"\n", "\r", "\r\n"}}))
    {}

    QByteArray stream()
    {
        QByteArray text;
        if (chance(12))
            text += byteOrderMark;
        if (chance(3))
            text += byteOrderMark;
        for (int blocks = below(10); blocks > 0; --blocks)
            text += block();
        if (chance(15)) // the end is somewhere, maybe within a character
            text.truncate(below(int(text.size()) + 1));
        return text;
    }

    QByteArrayList slices(const QByteArray &stream)
    {
        if (stream.isEmpty())
            return {};
        enum Way {
            Whole,
            ByteByByte,
            Anywhere,
            WhereItHurts
        };
        Way way =
            weighted<Way>({{15, Whole}, {10, ByteByByte}, {40, Anywhere}, {35, WhereItHurts}});
        if (way == ByteByByte && stream.size() > 120) // a slice takes a millisecond
            way = Anywhere;
        if (way == ByteByByte)
            return byteByByte(stream);
        QList<qsizetype> places;
        for (qsizetype at = 1; at < stream.size(); ++at) {
            if (way == Anywhere || (way == WhereItHurts && isTender(stream, at)))
                places.append(at);
        }
        QList<qsizetype> cuts;
        for (int count = 1 + below(8); count > 0 && !places.isEmpty(); --count)
            cuts.append(places.takeAt(below(int(places.size()))));
        std::sort(cuts.begin(), cuts.end());
        cuts.append(stream.size());
        QByteArrayList slices;
        qsizetype from = 0;
        for (const qsizetype to : std::as_const(cuts)) {
            slices.append(stream.sliced(from, to - from));
            from = to;
        }
        return slices;
    }

    [[nodiscard]] bool chance(int percent) { return below(100) < percent; }

private:
    [[nodiscard]] int below(int bound) { return m_random->bounded(bound); }

    template <typename Item>
    [[nodiscard]] Item oneOf(const QList<Item> &items)
    {
        return items.at(below(int(items.size())));
    }

    // The first for which the weights before it do not reach a random number.
    template <typename Item>
    [[nodiscard]] Item weighted(std::initializer_list<std::pair<int, Item>> choices)
    {
        int sum = 0;
        for (const auto &[weight, item] : choices)
            sum += weight;
        int left = below(sum);
        for (const auto &[weight, item] : choices) {
            if (left < weight)
                return item;
            left -= weight;
        }
        Q_UNREACHABLE();
    }

    // Beside a line end, a colon, within a character or a byte order mark.
    static bool isTender(const QByteArray &stream, qsizetype at)
    {
        const char before = stream.at(at - 1);
        const char after = stream.at(at);
        return before == '\r' || before == '\n' || before == ':' || after == '\r' || after == '\n'
            || (uchar(after) >= 0x80 && uchar(after) < 0xC0);
    }

    QByteArray end() { return oneOf(m_ends); }

    QByteArray block()
    {
        QByteArray text;
        for (int lines = below(7); lines > 0; --lines) {
            text += line();
            text += end();
        }
        if (chance(92))
            text += end();
        return text;
    }

    QByteArray line()
    {
        enum Kind {
            Data,
            Event,
            Id,
            Retry,
            Comment,
            Unknown,
            Nothing,
            BareName
        };
        switch (weighted<Kind>({{42, Data},
                                {14, Event},
                                {14, Id},
                                {5, Retry},
                                {8, Comment},
                                {10, Unknown},
                                {3, Nothing},
                                {6, BareName}})) {
        case Data:
            return field("data");
        case Event:
            return event();
        case Id:
            return field("id");
        case Retry:
            return retry();
        case Comment:
            return ':' + value();
        case Unknown:
            return field(oneOf(names()));
        case Nothing:
            return {};
        case BareName:
            return chance(25) ? oneOf(names())
                              : oneOf<QByteArray>({"data", "event", "id", "retry"});
        }
        Q_UNREACHABLE();
    }

    // One random choice for each statement: compilers disagree about the order within one.
    QByteArray field(const QByteArray &name)
    {
        QByteArray text = name;
        text += separator();
        text += value();
        return text;
    }

    QByteArray retry()
    {
        QByteArray text = "retry";
        text += separator();
        text += oneOf(numbers());
        return text;
    }

    // Only types that the page listens to: see types().
    QByteArray event()
    {
        const QByteArray type = oneOf(StreamGrammar::types());
        return (type.startsWith(' ') || chance(60) ? "event: " : "event:") + type;
    }

    QByteArray separator()
    {
        return weighted<const char *>(
            {{50, ": "}, {28, ":"}, {6, ":  "}, {4, ":\t"}, {4, "::"}, {4, ": :"}, {4, " :"}});
    }

    static const QByteArrayList &numbers()
    {
        static const QByteArrayList list = {
            "1",          "100",      "007", "-1", "+1",   "1.5",
            "1e3",        " 5",       "5 ",  "",   "0x10", "99999999999999999999",
            bytes("1\0"), "\xD9\xA3", "ten"};
        return list;
    }

    QByteArray value()
    {
        QByteArray text;
        for (int pieces = weighted<int>({{10, 0}, {45, 1}, {25, 2}, {12, 4}, {8, 8}}); pieces > 0;
             --pieces)
            text += piece();
        return text;
    }

    QByteArray piece()
    {
        enum Kind {
            Words,
            Digits,
            Spaces,
            Colons,
            WellFormed,
            Malformed,
            Nul,
            Noise,
            Long
        };
        switch (weighted<Kind>({{30, Words},
                                {8, Digits},
                                {8, Spaces},
                                {5, Colons},
                                {18, WellFormed},
                                {22, Malformed},
                                {6, Nul},
                                {5, Noise},
                                {1, Long}})) {
        case Words:
            return oneOf<QByteArray>({"a", "tally", "{\"count\":3}", "x y", "data: x", "<b>&\"\\"});
        case Digits:
            return QByteArray::number(below(100'000));
        case Spaces:
            return oneOf<QByteArray>({" ", "  ", "\t", " \t "});
        case Colons:
            return oneOf<QByteArray>({":", "::", ": "});
        case WellFormed:
            return oneOf(wellFormed());
        case Malformed:
            return oneOf(malformed());
        case Nul:
            return oneOf<QByteArray>({bytes("\0"), bytes("\0\0")});
        case Noise:
            return noise();
        case Long:
            return oneOf<QByteArray>({"ab", "\xC3\xA9", "\xFF"}).repeated(500 + below(3000));
        }
        Q_UNREACHABLE();
    }

    QByteArray noise()
    {
        QByteArray text;
        for (int i = 1 + below(6); i > 0; --i) {
            const char byte = char(below(256));
            if (byte != '\n' && byte != '\r')
                text += byte;
        }
        return text;
    }

    QRandomGenerator *const m_random;
    const QByteArrayList m_ends; // those of this stream
};

} // namespace

StreamGrammar::StreamGrammar(const Terms &terms)
    : m_terms(terms)
{}

QByteArrayList StreamGrammar::types()
{
    static const QByteArrayList plain = {"message", "a",    "tally", "Message",  "open", "error",
                                         "event",   "data", "a b",   " a",       "a ",   ":",
                                         "a:b",     "\t",   "\177",  "__proto__"};
    static const QByteArrayList notAscii = {"\303\251", "\346\274\242", "\360\237\230\200",
                                            "\357\273\277a"};
    static const QByteArrayList malformedTypes = {"\377", "a\342\202", "\300\257", "\355\240\200",
                                                  "\364\220\200\200"};
    static const QByteArrayList withNul = {bytes("\0"), bytes("a\0b")};
    return plain + notAscii + malformedTypes + withNul;
}

Script StreamGrammar::script(quint32 number) const
{
    const quint32 seeds[] = {m_terms.seed, number};
    QRandomGenerator random(seeds, std::size(seeds));
    Writer writer(&random);
    QByteArray text = writer.stream();
    const QByteArray afterMark = text.mid(byteOrderMark.size(), 1);
    if (m_terms.avoidsLineEndAfterMark && text.startsWith(byteOrderMark)
        && (afterMark == "\r" || afterMark == "\n"))
        text.insert(byteOrderMark.size(), ':');
    Script script = single(writer.slices(text));
    Answer &answer = script.answers.first();
    if (writer.chance(20))
        answer.headers.emplaceBack("Connection", "close"); // instead of chunks
    else
        answer.isCut = writer.chance(10);
    return script;
}

} // namespace Oracle
