// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QByteArray>
#include <QImage>
#include <QString>

/*! A picture that a server sent, or a sentence why it is not shown. */
struct StrangePicture
{
    static constexpr qsizetype longestFile = 512 * 1024; //!< Bytes.
    static constexpr int longestSide = 2000; //!< Pixels.

    QImage image;
    QString error; //!< For people.

    /*!
        Decodes \a bytes as if their sender meant harm: PNG, JPEG, GIF or BMP and nothing that can
        draw or load by itself, within the limits above, which are seen before anything is decoded.
    */
    [[nodiscard]] static StrangePicture read(const QByteArray &bytes);
};
