// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QByteArray>
#include <QList>
#include <QStringList>

namespace Harness {

/*!
    Looks for secrets where they must not be: as they are, percent-encoded in whole or in part, with
    JSON's escapes, as UTF-16, in base64 at any place of a longer text, and in hexadecimal digits.
*/
class LeakSearch
{
public:
    explicit LeakSearch(const QList<QByteArray> &secrets);

    /*! A line for each secret and form found in \a bytes, which come from \a place. */
    [[nodiscard]] QStringList in(const QByteArray &bytes, const QString &place) const;
    /*! The same for all regular files below \a folder but those of \a except, full paths. */
    [[nodiscard]] QStringList inFolder(const QString &folder, const QStringList &except = {}) const;
    /*! The same for arguments and environment of \a process and of all that descend from it. */
    [[nodiscard]] QStringList inProcesses(qint64 process) const;

private:
    struct Form
    {
        QString name;
        QByteArray bytes; // in lower case
    };

    QList<Form> m_forms;
};

} // namespace Harness
