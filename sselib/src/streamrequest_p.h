// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/QByteArray>
#include <QtCore/QString>
#include <QtCore/QUrl>
#include <QtNetwork/QNetworkRequest>

namespace Sse {

/*! Http or https, with a host. */
[[nodiscard]] bool isStreamUrl(const QUrl &url);

/*! Scheme, host and port are equal (HTML 7.1.1); a port left out is the scheme's own. */
[[nodiscard]] bool isSameOrigin(const QUrl &lhs, const QUrl &rhs);

/*! The host is this computer, by its name or address. */
[[nodiscard]] bool isLoopback(const QUrl &url);

/*! The value of a Content-Type header names text/event-stream; parameters are not looked at. */
[[nodiscard]] bool isEventStream(QByteArrayView contentType);

/*! The value of a Content-Encoding header names no encoding that would have to be undone. */
[[nodiscard]] bool isIdentity(QByteArrayView contentEncoding);

/*! \a url as it may be shown and logged: without user, password, query and fragment. */
[[nodiscard]] QString displayUrl(const QUrl &url);

/*! Can be sent as a header without becoming two: no NUL, CR or LF. */
[[nodiscard]] bool isHeaderValue(QByteArrayView value);

/*! Why \a request cannot be sent to \a url, for people; empty where it can. */
[[nodiscard]] QString requestFlaw(const QNetworkRequest &request, const QUrl &url);

/*! \a method as the Fetch standard has it (4.1): the usual ones in capitals whatever the case. */
[[nodiscard]] QByteArray normalizedMethod(const QByteArray &method);

/*! Why \a method cannot be sent, or not with \a body, for people; empty where it can. */
[[nodiscard]] QString methodFlaw(const QByteArray &method, const QByteArray &body);

/*! Whether \a status turns \a method into a GET without body (Fetch, 4.4). */
[[nodiscard]] bool turnsIntoGet(int status, const QByteArray &method);

/*! Takes the headers away that describe a body which is not sent any more (Fetch, 4.4). */
void removeBodyHeaders(QNetworkRequest &request);

/*!
    The request for a stream at \a url on behalf of \a wanted, the request that the user made.
    With \a leftOrigin only headers go out that tell nothing about the user.
*/
[[nodiscard]] QNetworkRequest streamRequest(const QNetworkRequest &wanted, const QUrl &url,
                                            const QByteArray &lastEventId, bool leftOrigin);

} // namespace Sse
