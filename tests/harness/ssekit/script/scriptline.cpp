// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "script/scriptline.h"

#include <algorithm>
#include <array>
#include <cmath>

using namespace Qt::Literals;

namespace {

bool isBlank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

// RFC 9110, 5.6.2.
bool isTokenCharacter(char c)
{
    return c > ' ' && c < 0x7F && !QByteArrayView("\"(),/:;<=>?@[\\]{}").contains(c);
}

void append(ScriptText &text, char c)
{
    if (text.parts.isEmpty() || text.parts.last().variable != ScriptText::Variable::None)
        text.parts.append(ScriptText::Part());
    text.parts.last().bytes.append(c);
}

} // namespace

ScriptLine::ScriptLine(QByteArrayView line)
    : m_line(line)
{}

void ScriptLine::skipBlanks()
{
    while (m_at < m_line.size() && isBlank(m_line[m_at]))
        ++m_at;
}

bool ScriptLine::isAtEnd()
{
    skipBlanks();
    return m_at == m_line.size() || m_line[m_at] == '#';
}

QByteArray ScriptLine::word()
{
    if (isAtEnd())
        return {};
    const qsizetype begin = m_at;
    while (m_at < m_line.size() && !isBlank(m_line[m_at]))
        ++m_at;
    return m_line.sliced(begin, m_at - begin).toByteArray();
}

bool ScriptLine::take(QByteArrayView wanted)
{
    skipBlanks();
    const qsizetype begin = m_at;
    if (word() == wanted)
        return true;
    m_at = begin;
    return false;
}

qint64 ScriptLine::number(qint64 minimum, qint64 maximum)
{
    skipBlanks();
    const int at = column();
    bool isNumber = false;
    const qint64 value = word().toLongLong(&isNumber);
    if (!isNumber || value < minimum || value > maximum)
        throw ScriptMistake{at,
                            u"here comes a whole number from %1 to %2"_s.arg(minimum).arg(maximum)};
    return value;
}

std::chrono::milliseconds ScriptLine::duration()
{
    skipBlanks();
    const int at = column();
    QByteArray text = word();
    double factor = 0;
    if (text.endsWith("ms")) {
        factor = 1;
        text.chop(2);
    } else if (text.endsWith('s')) {
        factor = 1000;
        text.chop(1);
    }
    bool isNumber = false;
    const double value = text.toDouble(&isNumber) * factor;
    constexpr double longest = 7.0 * 24 * 3600 * 1000;
    if (!isNumber || factor == 0 || !(value >= 0 && value <= longest))
        throw ScriptMistake{at, u"here comes a time, such as 500ms or 2s"_s};
    return std::chrono::milliseconds(std::llround(value));
}

QByteArray ScriptLine::headerName(bool *hasValue)
{
    skipBlanks();
    const qsizetype begin = m_at;
    while (m_at < m_line.size() && isTokenCharacter(m_line[m_at]))
        ++m_at;
    const QByteArray name = m_line.sliced(begin, m_at - begin).toByteArray();
    *hasValue = m_at < m_line.size() && m_line[m_at] == ':';
    if (name.isEmpty() || (!*hasValue && !isAtEnd()))
        throw ScriptMistake{int(begin) + 1, u"here comes the name of a header"_s};
    if (*hasValue)
        ++m_at;
    return name;
}

ScriptText ScriptLine::value()
{
    skipBlanks();
    if (m_at < m_line.size() && m_line[m_at] == '"')
        return strings();
    ScriptText text;
    qsizetype blanks = 0; // that belong to the value only if more of it follows
    while (m_at < m_line.size()) {
        const char c = m_line[m_at];
        if (c == '#' && blanks > 0)
            break;
        if (isBlank(c)) {
            ++blanks;
            ++m_at;
            continue;
        }
        for (; blanks > 0; --blanks)
            append(text, ' ');
        if (m_line.sliced(m_at).startsWith("${")) {
            variable(text);
        } else {
            append(text, c);
            ++m_at;
        }
    }
    return text;
}

ScriptText ScriptLine::strings()
{
    ScriptText text;
    do {
        string(text);
    } while (!isAtEnd());
    return text;
}

QByteArray ScriptLine::rest()
{
    if (isAtEnd())
        return {};
    const qsizetype begin = m_at;
    m_at = m_line.size();
    const qsizetype comment = m_line.sliced(begin).indexOf(QByteArrayView(" #"));
    return m_line.sliced(begin, comment < 0 ? m_at - begin : comment).trimmed().toByteArray();
}

void ScriptLine::finish()
{
    if (isAtEnd())
        return;
    const int at = column();
    throw ScriptMistake{at, u"“%1” is too much here"_s.arg(QString::fromUtf8(rest()).left(40))};
}

void ScriptLine::string(ScriptText &text)
{
    skipBlanks();
    const int begin = column();
    if (m_at == m_line.size() || m_line[m_at] != '"')
        throw ScriptMistake{begin, u"here comes text in double quotes"_s};
    for (++m_at; m_at < m_line.size() && m_line[m_at] != '"';) {
        const char c = m_line[m_at];
        if (m_line.sliced(m_at).startsWith("${")) {
            variable(text);
            continue;
        }
        if (c != '\\') {
            append(text, c);
            ++m_at;
            continue;
        }
        const char escaped = m_at + 1 < m_line.size() ? m_line[m_at + 1] : ' ';
        static constexpr std::array<std::pair<char, char>, 7> escapes = {{{'n', '\n'},
                                                                          {'r', '\r'},
                                                                          {'t', '\t'},
                                                                          {'0', '\0'},
                                                                          {'"', '"'},
                                                                          {'\\', '\\'},
                                                                          {'$', '$'}}};
        const auto *const found =
            std::find_if(escapes.begin(), escapes.end(),
                         [escaped](const auto &escape) { return escape.first == escaped; });
        if (found != escapes.end()) {
            append(text, found->second);
            m_at += 2;
        } else {
            bool isHex = escaped == 'x' && m_at + 4 <= m_line.size();
            const int byte = isHex ? m_line.sliced(m_at + 2, 2).toByteArray().toInt(&isHex, 16) : 0;
            if (!isHex)
                throw ScriptMistake{column(),
                                    u"“\\%1” is none of \\n \\r \\t \\0 \\\" \\\\ \\$ \\xHH"_s.arg(
                                        QLatin1Char(escaped))};
            append(text, char(byte));
            m_at += 4;
        }
    }
    if (m_at == m_line.size())
        throw ScriptMistake{begin, u"this text has no closing quote"_s};
    ++m_at;
    if (text.parts.isEmpty())
        text.parts.append(ScriptText::Part()); // the empty text
}

void ScriptLine::variable(ScriptText &text)
{
    using Variable = ScriptText::Variable;
    static const QHash<QByteArray, Variable> variables = {
        {"n", Variable::Round},
        {"now", Variable::Now},
        {"request", Variable::Request},
        {"last-event-id", Variable::LastEventId},
        {"host", Variable::Host},
        {"port", Variable::Port},
        {"plain-port", Variable::PlainPort},
    };
    const int begin = column();
    const qsizetype end = m_line.indexOf('}', m_at);
    if (end < 0)
        throw ScriptMistake{begin, u"this ${ has no closing brace"_s};
    const QByteArray name = m_line.sliced(m_at + 2, end - m_at - 2).trimmed().toByteArray();
    m_at = end + 1;
    if (name.startsWith("header ")) {
        text.parts.append({name.mid(7).trimmed(), Variable::Header});
        return;
    }
    const auto found = variables.constFind(name);
    if (found == variables.cend())
        throw ScriptMistake{begin, u"there is no ${%1}"_s.arg(QString::fromUtf8(name))};
    text.parts.append({{}, *found});
}
