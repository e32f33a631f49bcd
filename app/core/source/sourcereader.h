// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "source.h"

#include <QByteArray>
#include <QString>

/*! A source, or why there is none. */
struct SourceResult
{
    std::optional<Source> source;
    QString error; //!< One sentence with file, line and JSON pointer.
};

/*!
    Reads a source file: JSON, checked against the schema key by key. A key that it does not know
    is an error, so that a slip of the pen cannot go unnoticed.
    \a file is what the error names. A byte order mark at the beginning is skipped.
*/
[[nodiscard]] SourceResult readSource(const QByteArray &bytes, const QString &file);

/*! The same from disk. The source's name is the file's. */
[[nodiscard]] SourceResult readSourceFile(const QString &path);
