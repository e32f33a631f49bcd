// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <algorithm>

/*! Calls \a feed with one slice of \a stream after the other, and does so \a passes times. */
template <typename Feed>
void eachSlice(const QByteArray &stream, qsizetype slice, int passes, Feed feed)
{
    for (int pass = 0; pass < passes; ++pass) {
        for (qsizetype at = 0; at < stream.size(); at += slice)
            feed(QByteArrayView(stream).sliced(at, std::min(slice, stream.size() - at)));
    }
}
