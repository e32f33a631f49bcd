// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <sselib/event.h>

#include <QByteArray>
#include <QList>

#include <algorithm>

/*!
    The steps of HTML 9.2.5 and 9.2.6 written down word for word, slow and whole-stream only: the
    yardstick that Sse::Parser is compared with. It shares no code with the library.
*/
struct LiteralStream
{
    QList<Sse::Event> events;
    QList<QByteArray> retries;
    QByteArray lastEventId;

    explicit LiteralStream(QByteArray stream)
    {
        if (stream.startsWith("\xEF\xBB\xBF"))
            stream.remove(0, 3);
        stream.replace("\r\n", "\n").replace('\r', '\n');
        QList<QByteArray> lines = stream.split('\n');
        lines.removeLast(); // the part after the last line end is no line
        for (const QByteArray &line : std::as_const(lines))
            interpret(line);
    }

private:
    void interpret(const QByteArray &line)
    {
        if (line.isEmpty()) {
            dispatch();
            return;
        }
        if (line.startsWith(':'))
            return;
        const qsizetype colon = line.indexOf(':');
        if (colon < 0) {
            process(line, {});
            return;
        }
        QByteArray value = line.mid(colon + 1);
        if (value.startsWith(' '))
            value.remove(0, 1);
        process(line.left(colon), value);
    }

    void process(const QByteArray &field, const QByteArray &value)
    {
        if (field == "event") {
            m_type = value;
        } else if (field == "data") {
            m_data += value + '\n';
        } else if (field == "id") {
            if (!value.contains('\0'))
                m_id = value;
        } else if (field == "retry") {
            const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
            if (!value.isEmpty() && std::all_of(value.begin(), value.end(), isDigit))
                retries.append(value);
        }
    }

    void dispatch()
    {
        lastEventId = m_id;
        if (m_data.isEmpty()) {
            m_type.clear();
            return;
        }
        if (m_data.endsWith('\n'))
            m_data.chop(1);
        events.append({m_type.isEmpty() ? QByteArray("message") : m_type, m_data, lastEventId});
        m_data.clear();
        m_type.clear();
    }

    QByteArray m_data;
    QByteArray m_type;
    QByteArray m_id;
};
