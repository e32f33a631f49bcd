// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <sselib/export.h>

#include <QtCore/QByteArray>
#include <QtCore/QMetaType>
#include <QtCore/QObject>
#include <QtCore/QString>

namespace Sse {

/*!
    One dispatched event of a stream, as HTML 9.2.6 defines it. The fields are the UTF-8 bytes of
    the stream, undecoded: JSON parsers want them so. Copies share their bytes.
*/
struct SSELIB_EXPORT Event
{
    Q_GADGET
    Q_PROPERTY(QByteArray type MEMBER type)
    Q_PROPERTY(QByteArray data MEMBER data)
    Q_PROPERTY(QByteArray lastEventId MEMBER lastEventId)

public:
    QByteArray type = QByteArrayLiteral("message"); //!< Never empty.
    QByteArray data; //!< The "data" lines joined by '\n', without a trailing one. May be empty.
    QByteArray lastEventId; //!< The last id on the stream; it may stem from an earlier event.

    /*! data as text, malformed UTF-8 replaced as by a browser; see decodeUtf8(). */
    [[nodiscard]] QString text() const;

    friend bool operator==(const Event &lhs, const Event &rhs) = default;
};

} // namespace Sse
