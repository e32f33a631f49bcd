// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QByteArray>
#include <QList>
#include <QNetworkReply>
#include <QUrl>

#include <chrono>

class QDateTime;

/*! The statements of an answer in the language of `ssekit serve`; see docs/scripts.md. */
namespace Script {

/*!
    \a bytes as a string in quotes. UTF-8 text stays readable; what is none, or would not be seen,
    becomes an escape, and so does a dollar sign, which could begin a variable.
*/
[[nodiscard]] QByteArray quoted(const QByteArray &bytes);

/*! The beginning: where it came from, without user and query, and when. */
[[nodiscard]] QByteArray origin(const QUrl &url, const QDateTime &time);

/*!
    Status, framing and headers. Only headers that are known to hold no secret are kept; a comment
    names the others.
*/
[[nodiscard]] QByteArray head(int status, const QByteArray &reasonPhrase,
                              const QList<QNetworkReply::RawHeaderPair> &headers);

/*! A pause, if it is one, of whole milliseconds. */
[[nodiscard]] QByteArray sleep(std::chrono::milliseconds pause);

/*! The bytes of one piece of the body. */
[[nodiscard]] QByteArray send(const QByteArray &piece);

} // namespace Script
