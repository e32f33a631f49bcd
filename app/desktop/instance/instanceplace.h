// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QString>

#include <optional>

/*!
    Where the instances of the program find each other: a lock file and a socket, in a folder that
    only its user can enter.
*/
struct InstancePlace
{
    QString lockFile;
    QString socket;

    /*!
        The place of the instance \a name, in $XDG_RUNTIME_DIR/tallybell or, without such a folder,
        in one of the user's own among the temporary files. The folder is made. None where that
        cannot be done or the folder is not the user's alone; then \a error is a sentence.
    */
    [[nodiscard]] static std::optional<InstancePlace> find(const QString &name, QString *error);

    /*! A short name for the instance that reads \a configDirectory: the same for each spelling. */
    [[nodiscard]] static QString nameFor(const QString &configDirectory);
};
