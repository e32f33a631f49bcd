// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/QByteArray>
#include <QtCore/QByteArrayView>
#include <QtCore/QList>

#include <utility>

namespace Harness {

/*! Header fields in the order of the wire. Names compare without case. */
using Headers = QList<std::pair<QByteArray, QByteArray>>;

/*! One HTTP/1.x request as it came, with its whole body. */
struct HttpRequest
{
    QByteArray method; //!< As sent: "GET", "POST", …
    QByteArray target; //!< As sent: "/stream?since=3".
    QByteArray path; //!< The target up to "?"; still percent-encoded.
    QByteArray query; //!< What follows the "?"; empty without one.
    int minorVersion = 1; //!< 1 for HTTP/1.1, 0 for HTTP/1.0.
    Headers headers; //!< Values without the blanks around them.
    QByteArray body; //!< Empty without Content-Length.

    /*! Whether a header of this name came, even an empty one. */
    [[nodiscard]] bool hasHeader(QByteArrayView name) const;
    /*! The value of the first header of this name; empty when there is none. */
    [[nodiscard]] QByteArray header(QByteArrayView name) const;
    /*! The decoded value of the first \a key in the query; null when there is none. */
    [[nodiscard]] QByteArray queryValue(QByteArrayView key) const;
    /*! Whether the client lets us use the connection again. HTTP/1.0 never does here. */
    [[nodiscard]] bool wantsKeepAlive() const;
};

/*! Whether \a headers hold \a name. */
[[nodiscard]] bool hasHeader(const Headers &headers, QByteArrayView name);
/*! The value of the first \a name in \a headers; empty when there is none. */
[[nodiscard]] QByteArray headerValue(const Headers &headers, QByteArrayView name);

/*! "Not Found" for 404; "Status" for what is not in the table. */
[[nodiscard]] QByteArray reasonPhrase(int status);

} // namespace Harness
