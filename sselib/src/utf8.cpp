// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include <sselib/event.h>
#include <sselib/utf8.h>

#include <QtCore/QStringDecoder>

namespace Sse {

namespace {

// The length of the longest prefix of a well-formed sequence at \a at; \a complete tells whether it
// is one. At least 1. The bounds of the second byte are those of the Encoding standard's decoder.
qsizetype sequenceLength(const uchar *at, const uchar *end, bool &complete)
{
    const uchar lead = *at;
    int continuations = 0;
    uchar lower = 0x80;
    uchar upper = 0xBF;
    if (lead < 0x80) {
        continuations = 0;
    } else if (lead >= 0xC2 && lead <= 0xDF) {
        continuations = 1;
    } else if (lead >= 0xE0 && lead <= 0xEF) {
        continuations = 2;
        lower = lead == 0xE0 ? 0xA0 : lower;
        upper = lead == 0xED ? 0x9F : upper;
    } else if (lead >= 0xF0 && lead <= 0xF4) {
        continuations = 3;
        lower = lead == 0xF0 ? 0x90 : lower;
        upper = lead == 0xF4 ? 0x8F : upper;
    } else {
        complete = false;
        return 1;
    }
    const uchar *next = at + 1;
    for (; continuations > 0; --continuations, ++next) {
        if (next == end || *next < lower || *next > upper) {
            complete = false;
            return next - at;
        }
        lower = 0x80;
        upper = 0xBF;
    }
    complete = true;
    return next - at;
}

QString decodeWellFormed(QByteArrayView bytes)
{
    // ConvertInitialBom: a U+FEFF is text here, the stream's own mark is long gone.
    QStringDecoder decoder(QStringDecoder::Utf8,
                           QStringConverter::Flag::Stateless
                               | QStringConverter::Flag::ConvertInitialBom);
    return decoder(bytes);
}

} // namespace

QString decodeUtf8(QByteArrayView bytes)
{
    if (bytes.isValidUtf8())
        return decodeWellFormed(bytes);

    QByteArray mended;
    mended.reserve(bytes.size() + 16);
    const auto *at = reinterpret_cast<const uchar *>(bytes.data());
    const uchar *const end = at + bytes.size();
    while (at < end) {
        bool complete = false;
        const qsizetype length = sequenceLength(at, end, complete);
        if (complete)
            mended.append(reinterpret_cast<const char *>(at), length);
        else
            mended.append("\xEF\xBF\xBD");
        at += length;
    }
    return decodeWellFormed(mended);
}

QString Event::text() const
{
    return decodeUtf8(data);
}

} // namespace Sse
