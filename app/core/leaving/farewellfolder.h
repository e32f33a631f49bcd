// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/source/source.h"

#include <QDateTime>
#include <QUuid>

/*! What is kept of a close request that may not get through: nothing that is secret. A value. */
struct FarewellRecord
{
    QUuid key; //!< The same for every attempt to send it.
    QDateTime time; //!< When the session is known to have lived.
    QString occasion;
    QString server; //!< Scheme, host and port: nobody else is told.
    Variables variables;

    [[nodiscard]] bool operator==(const FarewellRecord &other) const = default;
};

/*!
    The records of one source in a folder, a file for each session. Files are the owner's alone, and
    those of other sources are left alone.
*/
class FarewellFolder
{
public:
    explicit FarewellFolder(const Source &source);

    /*! Made when it is needed. Empty, by default: nothing is kept. Nor is it for a source without a file. */
    void setPath(const QString &path) { m_path = path; }
    [[nodiscard]] bool isThere() const { return !m_path.isEmpty() && !m_prefix.isEmpty(); }

    /*! Of all records of the source, the latest first. */
    [[nodiscard]] QStringList files() const;
    [[nodiscard]] QString file(const QUuid &key) const;

    /*! What went wrong, a sentence; empty when it is written. Then there is no file. */
    [[nodiscard]] QString write(const FarewellRecord &record) const;

    /*! None where \a file is no record of the source. */
    [[nodiscard]] std::optional<FarewellRecord> read(const QString &file) const;

private:
    QString m_path;
    QString m_name; // of the source
    QString m_prefix; // of its files; empty: it has none
};
