// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include <sselib/streaminterpreter.h>

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

void StreamInterpreter::reset()
{
    m_line.clear();
    m_dataBuffer.clear();
    m_data = {};
    m_type.clear();
    // Not emptied, as in Chromium: an id persists over a reconnection until the server changes it.
    m_idBuffer = m_lastEventId;
    m_byteOrderMark = 0;
    m_hasData = false;
    m_dataIsOwned = false;
    m_skipLineFeed = false;
    m_stopped = false;
}

void StreamInterpreter::stop()
{
    reset();
    m_stopped = true;
}

// A mark that breaks off was no mark: its bytes begin the first line.
const char *StreamInterpreter::takeByteOrderMark(const char *at, const char *end)
{
    static constexpr char mark[] = "\xEF\xBB\xBF";
    for (; at < end && m_byteOrderMark < 3; ++at) {
        if (*at != mark[m_byteOrderMark]) {
            m_line.append(mark, m_byteOrderMark);
            m_byteOrderMark = 3;
            return at;
        }
        ++m_byteOrderMark;
    }
    return at;
}

StreamInterpreter::Verdict StreamInterpreter::interpretLine(QByteArrayView line, Finding &finding)
{
    if (line.isEmpty())
        return Verdict::Dispatch;
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
            m_idBuffer = value.toByteArray();
        return Verdict::Nothing;
    case 4:
        if (name == QByteArrayView("data")) {
            const qsizetype size = m_hasData ? m_data.size() + 1 + value.size() : value.size();
            if (size > m_limits.eventBytes)
                return Verdict::EventTooLong;
            addData(value);
        }
        return Verdict::Nothing;
    case 5:
        if (name == QByteArrayView("event")) {
            m_type.resize(0);
            m_type.append(value);
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

void StreamInterpreter::addData(QByteArrayView value)
{
    if (!m_hasData) {
        m_hasData = true;
        m_data = value;
        return;
    }
    materializeData();
    m_dataBuffer.append('\n').append(value);
    m_data = m_dataBuffer;
    m_dataIsOwned = true;
}

// The data stops being a view into bytes that belong to somebody else.
void StreamInterpreter::materializeData()
{
    if (!m_hasData || m_dataIsOwned)
        return;
    m_dataBuffer.resize(0);
    m_dataBuffer.append(m_data);
    m_data = m_dataBuffer;
    m_dataIsOwned = true;
}

} // namespace Sse
