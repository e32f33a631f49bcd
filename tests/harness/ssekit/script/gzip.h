// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QByteArray>

#include <memory>

/*! A body as `Content-Encoding: gzip` has it (RFC 1952), made while it grows. */
class Gzip
{
public:
    Gzip();
    ~Gzip();

    enum class Flush {
        No, //!< zlib keeps bytes until it has enough: what a careless server does.
        Yes, //!< All that was added can be read.
        End,
    };

    /*! What \a bytes add to the compressed body. May be empty without a flush. */
    [[nodiscard]] QByteArray add(const QByteArray &bytes, Flush flush);

private:
    struct Stream;

    const std::unique_ptr<Stream> m_stream;
};
