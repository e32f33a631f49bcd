// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include <sselib/streaminterpreter.h>

#include "replacebytes_p.h"

#include <algorithm>
#include <limits>

using namespace std::chrono_literals;

namespace Sse {

namespace {

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

// A number too large to count saturates: whoever waits clamps it anyway.
std::chrono::milliseconds toDelay(QByteArrayView digits)
{
    constexpr qint64 most = std::numeric_limits<qint64>::max() / 1'000'000; // fits nanoseconds
    qint64 value = 0;
    for (const char c : digits) {
        value = value * 10 + (c - '0');
        if (value > most)
            return std::chrono::milliseconds(most);
    }
    return std::chrono::milliseconds(value);
}

} // namespace

void StreamInterpreter::Field::join(QByteArrayView line)
{
    if (!isOwned)
        own();
    const std::size_t begin = buffer.size() - std::size_t(value.size());
    buffer.push_back('\n');
    buffer.insert(buffer.end(), line.begin(), line.end());
    value = QByteArrayView(buffer).sliced(qsizetype(begin));
}

// The value is the end of a line that slices cut: taking the line saves copying it again.
void StreamInterpreter::Field::adopt(Buffer &line)
{
    buffer.swap(line);
    isOwned = true;
}

void StreamInterpreter::Field::own()
{
    buffer.assign(value.begin(), value.end());
    value = buffer;
    isOwned = true;
}

void StreamInterpreter::setLastEventId(const QByteArray &id)
{
    m_lastEventId = id;
    m_idIsNew = false;
}

void StreamInterpreter::reset()
{
    m_line = {};
    m_data.giveBack();
    m_type.giveBack();
    // As in Chromium: an id persists over a reconnection until the server changes it.
    m_idIsNew = false;
    m_position = Position::Start;
    m_byteOrderMark = 0;
    m_skipLineFeed = false;
}

void StreamInterpreter::stop()
{
    reset();
    m_position = Position::Stopped;
}

// A mark that breaks off was no mark: its bytes begin the first line.
const char *StreamInterpreter::takeByteOrderMark(const char *at, const char *end)
{
    static constexpr char mark[] = "\xEF\xBB\xBF";
    constexpr int markSize = 3;
    for (; at < end && m_byteOrderMark < markSize; ++at, ++m_byteOrderMark) {
        if (*at != mark[m_byteOrderMark]) {
            keepLine(QByteArrayView(mark, m_byteOrderMark));
            m_position = Position::Lines;
            return at;
        }
    }
    if (m_byteOrderMark == markSize)
        m_position = Position::Lines;
    return at;
}

void StreamInterpreter::keepLine(QByteArrayView part)
{
    m_line.insert(m_line.end(), part.begin(), part.end());
}

// An event keeps its id by sharing it: what somebody else holds is not written to again.
void StreamInterpreter::setId(QByteArrayView id)
{
    replaceBytes(m_idBuffer, id);
    m_idIsNew = true;
}

// What an event of \a dataSize leaves mostly unused. Its data may still lie in the memory that is
// returned.
std::array<StreamInterpreter::Buffer, 2> StreamInterpreter::takeSpareMemory(qsizetype dataSize)
{
    std::array<Buffer, 2> spare;
    const auto take = [dataSize](Buffer &from, Buffer &to) {
        if (from.capacity() > keptBytes && std::size_t(dataSize) < from.capacity() / 8)
            to.swap(from);
    };
    take(m_line, spare[0]);
    take(m_data.buffer, spare[1]);
    return spare;
}

// Of a line that is not empty.
StreamInterpreter::Verdict StreamInterpreter::interpretLine(QByteArrayView line, Finding &finding)
{
    if (line.size() > m_limits.lineBytes)
        return Verdict::LineTooLong;

    const void *const found = std::memchr(line.data(), ':', size_t(line.size()));
    const qsizetype colon = found ? static_cast<const char *>(found) - line.data() : line.size();
    const QByteArrayView name = line.first(colon);
    QByteArrayView value = line.sliced(std::min(colon + 1, line.size()));
    if (!value.isEmpty() && value.front() == ' ')
        value = value.sliced(1);

    switch (name.size()) {
    case 0:
        finding.comment = value;
        return Verdict::Comment;
    case 2:
        if (name == QByteArrayView("id") && !value.contains('\0'))
            setId(value);
        return Verdict::Nothing;
    case 4:
        return name == QByteArrayView("data") ? addData(value) : Verdict::Nothing;
    case 5:
        if (name == QByteArrayView("event")) {
            m_type.set(value);
        } else if (name == QByteArrayView("retry") && !value.isEmpty()
                   && std::all_of(value.begin(), value.end(), isDigit)) {
            finding.retry = toDelay(value);
            return Verdict::Retry;
        }
        return Verdict::Nothing;
    default:
        return Verdict::Nothing;
    }
}

} // namespace Sse
