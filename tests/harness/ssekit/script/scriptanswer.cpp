// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "script/scriptanswer.h"

#include "script/gzip.h"

#include <algorithm>

using Harness::Exchange;

namespace {

bool isSameName(QByteArrayView lhs, QByteArrayView rhs)
{
    return lhs.compare(rhs, Qt::CaseInsensitive) == 0;
}

} // namespace

ScriptAnswer::ScriptAnswer(Exchange *exchange)
    : m_exchange(exchange)
{}

ScriptAnswer::~ScriptAnswer() = default;

void ScriptAnswer::setStatus(int status, const QByteArray &phrase)
{
    m_status = status;
    m_phrase = phrase == Harness::reasonPhrase(status) ? QByteArray() : phrase;
}

void ScriptAnswer::addHeader(const QByteArray &name, const QByteArray &value)
{
    m_headers.append({name, value});
}

void ScriptAnswer::setHeader(const QByteArray &name, const QByteArray &value)
{
    m_headers.removeIf([&name](const auto &header) { return isSameName(header.first, name); });
    m_headers.append({name, value});
}

void ScriptAnswer::sendHead()
{
    if (std::exchange(m_headIsSent, true))
        return;
    const auto add = [this](const QByteArray &name, const QByteArray &value) {
        const bool isOmitted =
            std::any_of(m_omitted.cbegin(), m_omitted.cend(),
                        [&name](const QByteArray &other) { return isSameName(name, other); });
        if (!isOmitted && !Harness::hasHeader(m_headers, name))
            m_headers.append({name, value});
    };
    if (m_status == 200 && !Harness::hasHeader(m_headers, "Content-Type")) {
        add("Content-Type", "text/event-stream");
        add("Cache-Control", "no-store");
    }
    add("Access-Control-Allow-Origin",
        "*"); // a page that somebody tries it with comes from elsewhere
    if (!m_isHttp10 && m_phrase.isEmpty()) {
        m_exchange->sendHead(m_status, m_headers);
        return;
    }
    if (!m_isHttp10)
        setHeader("Connection", "close");
    QByteArray head = (m_isHttp10 ? "HTTP/1.0 " : "HTTP/1.1 ") + QByteArray::number(m_status) + ' '
        + (m_phrase.isEmpty() ? Harness::reasonPhrase(m_status) : m_phrase) + "\r\n";
    for (const auto &[name, value] : std::as_const(m_headers))
        head += name + ": " + value + "\r\n";
    m_exchange->writeRaw(head + "\r\n");
}

void ScriptAnswer::compress(bool flushes)
{
    m_gzip = std::make_unique<Gzip>();
    m_flushes = flushes;
}

void ScriptAnswer::setSlices(qsizetype size, std::chrono::milliseconds pause)
{
    m_sliceSize = size;
    m_slicePause = pause;
}

void ScriptAnswer::send(const QByteArray &bytes)
{
    sendHead();
    const QByteArray body =
        m_gzip ? m_gzip->add(bytes, m_flushes ? Gzip::Flush::Yes : Gzip::Flush::No) : bytes;
    if (m_sliceSize > 0)
        m_slices = body;
    else
        sendBody(body);
}

std::chrono::milliseconds ScriptAnswer::sendSlice()
{
    sendBody(m_slices.first(std::min(m_sliceSize, m_slices.size())));
    m_slices.remove(0, m_sliceSize);
    return m_slicePause;
}

void ScriptAnswer::end()
{
    if (!m_exchange->isOpen())
        return;
    if (!m_headIsSent && m_status != 200 && m_status != 204 && m_status != 304
        && !Harness::hasHeader(m_headers, "Connection"))
        setHeader("Content-Length", "0");
    sendHead();
    if (m_gzip)
        sendBody(m_gzip->add({}, Gzip::Flush::End));
    m_exchange->end();
}

void ScriptAnswer::sendBody(const QByteArray &bytes)
{
    // Past a head of our own there is no framing to keep to.
    if (m_isHttp10 || !m_phrase.isEmpty())
        m_exchange->writeRaw(bytes);
    else
        m_exchange->write(bytes);
}
