// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <sselib/export.h>

#include <QtCore/QByteArrayView>
#include <QtCore/QString>

namespace Sse {

/*!
    Decodes \a bytes as the Encoding standard's "UTF-8 decode without BOM" does: each maximal
    malformed part becomes one U+FFFD, and a U+FEFF at the start stays.

    QString::fromUtf8() differs in both: it drops a leading U+FEFF and may put several U+FFFD.
*/
[[nodiscard]] SSELIB_EXPORT QString decodeUtf8(QByteArrayView bytes);

} // namespace Sse
