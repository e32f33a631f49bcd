// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "script/gzip.h"

#include <array>
#include <new>
#include <zlib.h>

struct Gzip::Stream
{
    z_stream z{};
};

Gzip::Gzip()
    : m_stream(std::make_unique<Stream>())
{
    constexpr int window = 15;
    constexpr int gzipFormat = 16;
    constexpr int memory = 8; // zlib's default
    if (deflateInit2(&m_stream->z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, window + gzipFormat, memory,
                     Z_DEFAULT_STRATEGY)
        != Z_OK)
        throw std::bad_alloc(); // the only reason there is
}

Gzip::~Gzip()
{
    deflateEnd(&m_stream->z);
}

QByteArray Gzip::add(const QByteArray &bytes, Flush flush)
{
    const int mode = flush == Flush::End ? Z_FINISH
        : flush == Flush::Yes            ? Z_SYNC_FLUSH
                                         : Z_NO_FLUSH;
    z_stream &z = m_stream->z;
    // zlib does not write to its input.
    z.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(bytes.constData()));
    z.avail_in = uInt(bytes.size());
    QByteArray result;
    std::array<char, 16 * 1024> piece;
    do {
        z.next_out = reinterpret_cast<Bytef *>(piece.data());
        z.avail_out = uInt(piece.size());
        deflate(&z, mode);
        result.append(piece.data(), qsizetype(piece.size() - z.avail_out));
    } while (z.avail_out == 0);
    return result;
}
