// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "script.h"

using namespace Qt::Literals;

namespace Oracle {

Answer stream(const QByteArrayList &slices)
{
    return {200, {{"Content-Type", "text/event-stream"}}, slices, false};
}

Script single(const QByteArrayList &slices)
{
    return {{stream(slices)}, false};
}

QByteArrayList byteByByte(const QByteArray &bytes)
{
    QByteArrayList slices;
    for (const char byte : bytes)
        slices.append(QByteArray(1, byte));
    return slices;
}

QString literal(QByteArrayView bytes)
{
    QString text;
    for (const char byte : bytes) {
        if (byte == '\n')
            text += "\\n"_L1;
        else if (byte == '\r')
            text += "\\r"_L1;
        else if (byte == '"' || byte == '\\')
            text += QString(u'\\') + QLatin1Char(byte);
        else if (byte >= ' ' && byte <= '~')
            text += QLatin1Char(byte);
        else // always three digits, so that no digit that follows belongs to it
            text += u"\\%1"_s.arg(uchar(byte), 3, 8, QLatin1Char('0'));
    }
    return u'"' + text + u'"';
}

QString describe(const Script &script)
{
    QString text;
    for (const Answer &answer : script.answers) {
        text += u"    %1"_s.arg(answer.status);
        for (const auto &[name, value] : answer.headers)
            text += u", %1: %2"_s.arg(QString::fromUtf8(name), QString::fromUtf8(value));
        text += u'\n';
        for (const QByteArray &slice : answer.slices)
            text += "        "_L1 + literal(slice) + u'\n';
        if (answer.isCut)
            text += "        (cut)\n"_L1;
    }
    return text;
}

} // namespace Oracle
