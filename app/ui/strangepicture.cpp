// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "strangepicture.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QImageReader>

#include <algorithm>
#include <array>

namespace {

using namespace std::string_view_literals;

QString tr(const char *text)
{
    return QCoreApplication::translate("StrangePicture", text);
}

struct Signature
{
    std::string_view start;
    const char *format;
};

constexpr std::array signatures{
    Signature{"\x89PNG\r\n\x1a\n"sv, "png"},
    Signature{"\xff\xd8\xff"sv, "jpeg"},
    Signature{"GIF87a"sv, "gif"},
    Signature{"GIF89a"sv, "gif"},
    Signature{"BM"sv, "bmp"},
};

// By the first bytes: QImageReader would ask every plugin that the system has.
QByteArray formatOf(const QByteArray &bytes)
{
    const auto found =
        std::find_if(signatures.begin(), signatures.end(), [&bytes](const Signature &signature) {
            return bytes.startsWith(
                QByteArrayView(signature.start.data(), qsizetype(signature.start.size())));
        });
    return found == signatures.end() ? QByteArray() : QByteArray(found->format);
}

} // namespace

StrangePicture StrangePicture::read(const QByteArray &bytes)
{
    if (bytes.isEmpty())
        return {{}, tr("The server sent no picture.")};
    if (bytes.size() > longestFile)
        return {{}, tr("The server's picture is too large to be shown.")};
    const QByteArray format = formatOf(bytes);
    if (format.isEmpty())
        return {{}, tr("What the server sent is no picture of a kind that is shown here.")};

    QBuffer buffer;
    buffer.setData(bytes);
    buffer.open(QIODevice::ReadOnly);
    QImageReader reader(&buffer, format);
    const QSize size = reader.size();
    if (size.width() > longestSide || size.height() > longestSide)
        return {{}, tr("The server's picture is too large to be shown.")};
    StrangePicture picture;
    if (size.isEmpty() || !reader.read(&picture.image))
        return {{}, tr("The server's picture is broken.")};
    return picture;
}
