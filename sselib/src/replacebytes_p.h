// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/QByteArray>
#include <QtCore/QByteArrayView>

#include <algorithm>

namespace Sse {

/*!
    Makes \a target a copy of \a bytes, in the memory that it has where nobody shares it and the
    copy fits. Large memory is given back rather than used for a small copy.
*/
inline void replaceBytes(QByteArray &target, QByteArrayView bytes)
{
    constexpr qsizetype reusedBytes = 4 * 1024;

    const qsizetype capacity = target.capacity();
    if (target.isDetached() && bytes.size() <= capacity && capacity <= reusedBytes) {
        target.resize(bytes.size());
        std::copy(bytes.begin(), bytes.end(), target.data()); // there may be no bytes at all
    } else {
        target.clear(); // first, so that never both are there
        target = bytes.toByteArray();
    }
}

} // namespace Sse
