// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <sselib/testkit/httprequest.h>

#include <QByteArray>
#include <QByteArrayList>
#include <QList>
#include <QString>

namespace Oracle {

/*! What the server answers to one connection. */
struct Answer
{
    int status = 200;
    Harness::Headers headers;
    QByteArrayList slices; //!< The body. Each slice leaves in a TCP segment of its own.
    bool isCut = false; //!< The connection is closed where a body in chunks should go on.
};

/*! What both clients are served: the same answers, to the connections that they make in turn. */
struct Script
{
    QList<Answer> answers; //!< A connection beyond them is answered with 204.
    bool reconnects = false; //!< When false, the clients give up at the first error.
};

/*! A stream whose body is \a slices. */
[[nodiscard]] Answer stream(const QByteArrayList &slices);
/*! A stream that is answered once, to clients that do not come again. */
[[nodiscard]] Script single(const QByteArrayList &slices);
[[nodiscard]] QByteArrayList byteByByte(const QByteArray &bytes);

/*! As a C++ literal, to be copied into a row of the test. */
[[nodiscard]] QString literal(QByteArrayView bytes);
/*! For people: all answers, with the body as literals. */
[[nodiscard]] QString describe(const Script &script);

} // namespace Oracle
