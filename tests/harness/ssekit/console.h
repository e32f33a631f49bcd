// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QByteArray>
#include <QString>

/*! A line on standard output, there at once also when that is a pipe or a file. */
void printLine(const QByteArray &line);

/*! One sentence on standard error, after the name of the program. */
void printError(const QString &sentence);
