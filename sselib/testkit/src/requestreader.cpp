// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "requestreader_p.h"

#include <algorithm>
#include <utility>

namespace Harness {

namespace {

bool isToken(QByteArrayView text)
{
    return !text.isEmpty() && std::all_of(text.cbegin(), text.cend(), [](char c) {
        return c > ' ' && c < 0x7f && !QByteArrayView("()<>@,;:\\\"/[]?={}").contains(c);
    });
}

} // namespace

std::optional<HttpRequest> RequestReader::next()
{
    if (m_error || (!m_head && !readHead()) || m_buffer.size() < m_bodySize)
        return {};
    m_head->body = m_buffer.left(m_bodySize);
    m_buffer.remove(0, m_bodySize);
    m_bodySize = 0;
    return std::exchange(m_head, std::nullopt);
}

bool RequestReader::readHead()
{
    while (m_buffer.startsWith("\r\n")) // some clients end a body with one; RFC 9112, 2.2
        m_buffer.remove(0, 2);
    if (m_buffer.isEmpty())
        return false;
    if (!isToken(m_buffer.left(1)))
        return refuse(400); // TLS, for one: it would wait for us as we wait for it
    const qsizetype end = m_buffer.indexOf("\r\n\r\n");
    if (end > maximumHead || (end < 0 && m_buffer.size() > maximumHead))
        return refuse(431);
    if (end < 0) {
        // Nor does a telnet user end his nonsense with an empty line.
        const qsizetype lineEnd = m_buffer.indexOf('\n');
        return lineEnd >= 0 && !m_buffer.left(lineEnd).contains(" HTTP/") && refuse(400);
    }
    const QByteArray head = m_buffer.left(end);
    m_buffer.remove(0, end + 4);
    m_head.emplace();
    bool isFirst = true;
    for (qsizetype from = 0; from <= head.size();) {
        qsizetype to = head.indexOf("\r\n", from);
        if (to < 0)
            to = head.size();
        const QByteArrayView line = QByteArrayView(head).sliced(from, to - from);
        if (!(std::exchange(isFirst, false) ? readRequestLine(line) : readHeader(line)))
            return false;
        from = to + 2;
    }
    return readLength();
}

bool RequestReader::readRequestLine(QByteArrayView line)
{
    const QList<QByteArray> words = line.toByteArray().split(' ');
    if (words.size() != 3 || !isToken(words.at(0)) || words.at(1).isEmpty())
        return refuse(400);
    const QByteArray &version = words.at(2);
    if (version != "HTTP/1.1" && version != "HTTP/1.0")
        return refuse(version.startsWith("HTTP/") ? 505 : 400);
    m_head->method = words.at(0);
    m_head->target = words.at(1);
    m_head->minorVersion = version.back() - '0';
    const qsizetype mark = m_head->target.indexOf('?');
    m_head->path = mark < 0 ? m_head->target : m_head->target.left(mark);
    if (mark >= 0)
        m_head->query = m_head->target.mid(mark + 1);
    return true;
}

bool RequestReader::readHeader(QByteArrayView line)
{
    const qsizetype colon = line.indexOf(':');
    if (colon < 0 || !isToken(line.first(colon)))
        return refuse(400);
    m_head->headers.append(
        {line.first(colon).toByteArray(), line.sliced(colon + 1).trimmed().toByteArray()});
    return true;
}

bool RequestReader::readLength()
{
    if (m_head->hasHeader("Transfer-Encoding"))
        return refuse(501);
    if (!m_head->hasHeader("Content-Length"))
        return true;
    const QByteArray length = m_head->header("Content-Length");
    const bool isNumber = !length.isEmpty()
        && std::all_of(length.cbegin(), length.cend(), [](char c) { return c >= '0' && c <= '9'; });
    if (!isNumber)
        return refuse(400);
    bool fits = false;
    m_bodySize = length.toLongLong(&fits);
    return (fits && m_bodySize <= maximumBody) || refuse(413);
}

bool RequestReader::refuse(int status)
{
    m_error = status;
    m_head.reset();
    return false;
}

} // namespace Harness
