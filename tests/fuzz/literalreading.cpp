// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "literalreading.h"

#include "../sselib/literalstream.h"

#include <limits>

namespace {

const QByteArrayView byteOrderMark("\xEF\xBB\xBF");

bool isLineEnd(char c)
{
    return c == '\r' || c == '\n';
}

bool isNumber(const QByteArray &value)
{
    for (const char c : value) {
        if (c < '0' || c > '9')
            return false;
    }
    return !value.isEmpty();
}

// What Parser promises for a number of any length.
qint64 saturated(const QByteArray &digits)
{
    constexpr qint64 most = std::numeric_limits<qint64>::max() / 1'000'000;
    qsizetype zeros = 0;
    while (zeros < digits.size() && digits.at(zeros) == '0')
        ++zeros;
    if (digits.size() - zeros > 18)
        return most;
    return qMin(most, digits.sliced(zeros).toLongLong());
}

} // namespace

LiteralReading::LiteralReading(QByteArrayView stream, const Sse::StreamLimits &limits,
                               const QByteArray &earlierId)
{
    const qsizetype start = stream.startsWith(byteOrderMark) ? byteOrderMark.size() : 0;
    qsizetype at = start;
    qsizetype dataBytes = 0;
    int dataLines = 0;
    for (;;) {
        qsizetype end = at;
        while (end < stream.size() && !isLineEnd(stream.at(end)))
            ++end;
        const QByteArray line = stream.sliced(at, end - at).toByteArray();

        // What may still become a byte order mark is no line yet.
        qsizetype markBytes = 0;
        while (at == 0 && markBytes < qMin(stream.size(), byteOrderMark.size())
               && stream.at(markBytes) == byteOrderMark.at(markBytes))
            ++markBytes;
        const bool mayBecomeMark = markBytes > 0 && markBytes == stream.size();
        if (line.size() > limits.lineBytes && !mayBecomeMark) {
            findings.append(Finding{.kind = Finding::Kind::LineOverflow});
            ends.append(qMax(at + limits.lineBytes, markBytes) + 1);
            break;
        }
        if (end == stream.size())
            break;

        const qsizetype colon = line.indexOf(':');
        const QByteArray name = colon < 0 ? line : line.first(colon);
        QByteArray value = colon < 0 ? QByteArray() : line.sliced(colon + 1);
        if (value.startsWith(' '))
            value.remove(0, 1);
        bool found = true;
        if (line.isEmpty()) {
            found = dataLines > 0;
            if (found)
                findings.append(Finding{.kind = Finding::Kind::Event});
            dataLines = 0;
            dataBytes = 0;
        } else if (colon == 0) {
            findings.append(Finding{.kind = Finding::Kind::Comment, .text = value});
        } else if (name == "retry" && isNumber(value)) {
            findings.append(Finding{.kind = Finding::Kind::Retry});
        } else if (name == "data") {
            dataBytes += value.size() + (dataLines > 0 ? 1 : 0);
            ++dataLines;
            found = dataBytes > limits.eventBytes;
            if (found)
                findings.append(Finding{.kind = Finding::Kind::EventOverflow});
        } else {
            found = false;
        }
        if (found) {
            ends.append(end + 1);
            if (findings.constLast().kind == Finding::Kind::EventOverflow)
                break;
        }
        at = end + (stream.sliced(end).startsWith("\r\n") ? 2 : 1);
    }

    // An id from before is a block in front.
    const LiteralStream literal("id: " + earlierId + "\n\n"
                                + stream.sliced(start, at - start).toByteArray());
    lastEventId = literal.lastEventId;
    qsizetype events = 0;
    qsizetype retries = 0;
    for (Finding &finding : findings) {
        if (finding.kind == Finding::Kind::Event) {
            const Sse::Event event = literal.events.value(events++);
            finding.type = event.type;
            finding.text = event.data;
            finding.lastEventId = event.lastEventId;
        } else if (finding.kind == Finding::Kind::Retry) {
            finding.delay = saturated(literal.retries.value(retries++));
        }
    }
    isConsistent = events == literal.events.size() && retries == literal.retries.size();
}

QString decodeLiterally(QByteArrayView bytes)
{
    constexpr char32_t replacement = 0xFFFD;
    QString text;
    char32_t codePoint = 0;
    int bytesSeen = 0;
    int bytesNeeded = 0;
    uchar lowerBoundary = 0x80;
    uchar upperBoundary = 0xBF;
    const auto emitCodePoint = [&text](char32_t c) { text += QChar::fromUcs4(c); };

    for (qsizetype at = 0; at < bytes.size(); ++at) {
        const uchar byte = uchar(bytes.at(at));
        if (bytesNeeded == 0) {
            if (byte <= 0x7F) {
                emitCodePoint(byte);
            } else if (byte >= 0xC2 && byte <= 0xDF) {
                bytesNeeded = 1;
                codePoint = byte & 0x1F;
            } else if (byte >= 0xE0 && byte <= 0xEF) {
                if (byte == 0xE0)
                    lowerBoundary = 0xA0;
                if (byte == 0xED)
                    upperBoundary = 0x9F;
                bytesNeeded = 2;
                codePoint = byte & 0xF;
            } else if (byte >= 0xF0 && byte <= 0xF4) {
                if (byte == 0xF0)
                    lowerBoundary = 0x90;
                if (byte == 0xF4)
                    upperBoundary = 0x8F;
                bytesNeeded = 3;
                codePoint = byte & 0x7;
            } else {
                emitCodePoint(replacement);
            }
            continue;
        }
        if (byte < lowerBoundary || byte > upperBoundary) {
            codePoint = 0;
            bytesNeeded = 0;
            bytesSeen = 0;
            lowerBoundary = 0x80;
            upperBoundary = 0xBF;
            --at; // the byte is restored to the queue
            emitCodePoint(replacement);
            continue;
        }
        lowerBoundary = 0x80;
        upperBoundary = 0xBF;
        codePoint = (codePoint << 6) | (byte & 0x3F);
        ++bytesSeen;
        if (bytesSeen == bytesNeeded) {
            emitCodePoint(codePoint);
            codePoint = 0;
            bytesNeeded = 0;
            bytesSeen = 0;
        }
    }
    if (bytesNeeded != 0)
        emitCodePoint(replacement);
    return text;
}
