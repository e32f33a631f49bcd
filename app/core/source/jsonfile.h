// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QByteArray>
#include <QJsonValue>
#include <QString>

#include <functional>

/*
    JSON that people write by hand: what is wrong with it is said in a sentence with the file, the
    line and the JSON pointer.
*/

/*!
    Gives the object or array in \a bytes to \a read, which throws JsonMistake where it does not like
    it. Returns what is wrong, empty where nothing is. \a file is named in it.
*/
[[nodiscard]] QString readJsonText(const QByteArray &bytes, const QString &file,
                                   const std::function<void(const QJsonValue &value)> &read);

/*! Reads the file at \a path, of 1 MiB at most, into \a text. Returns what is wrong, or nothing. */
[[nodiscard]] QString readTextFile(const QString &path, QByteArray *text);
