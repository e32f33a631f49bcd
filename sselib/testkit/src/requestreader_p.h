// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <sselib/testkit/httprequest.h>

#include <optional>

namespace Harness {

/*!
    Cuts the bytes of a connection into requests. Any slicing of the bytes gives the same requests.
    It bounds what it keeps and refuses what is not HTTP/1.x; it never answers.
*/
class RequestReader
{
public:
    static constexpr qsizetype maximumHead = 64 * 1024; //!< Bytes, request line and headers.
    static constexpr qsizetype maximumBody = 1024 * 1024; //!< Bytes.

    /*! Adds bytes. Nothing is read of them before next(). */
    void add(const QByteArray &bytes) { m_buffer += bytes; }

    /*!
        The next whole request, or nothing yet. Nothing for ever once error() is set:
        where the next request would begin is not known then.
    */
    [[nodiscard]] std::optional<HttpRequest> next();

    /*! The status that the nonsense deserves: 400, 413, 431, 501 or 505. 0 while all is well. */
    [[nodiscard]] int error() const { return m_error; }

    /*! Bytes that wait. */
    [[nodiscard]] qsizetype size() const { return m_buffer.size(); }

private:
    [[nodiscard]] bool readHead();
    [[nodiscard]] bool readRequestLine(QByteArrayView line);
    [[nodiscard]] bool readHeader(QByteArrayView line);
    [[nodiscard]] bool readLength();
    [[nodiscard]] bool refuse(int status);

    QByteArray m_buffer;
    std::optional<HttpRequest> m_head; // its body is still on the way
    qsizetype m_bodySize = 0;
    int m_error = 0;
};

} // namespace Harness
