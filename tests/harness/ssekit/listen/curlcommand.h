// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "requestoptions.h"

#include <QStringList>

/*! A request of `ssekit listen` as the command line gave it. */
struct CurlTerms
{
    WantedRequest wanted;
    QByteArray method;
    QString body; //!< As given: the text, or "@FILE".
    QString bearerFile;
    QString authoritiesFile;
    QString lastEventId;
    QString seconds; //!< As given; empty without end.
    bool usesHttp2 = false;
};

/*! A command for a POSIX shell, and what it leaves to the user. */
struct CurlCommand
{
    QString command;
    QStringList variables; //!< Of the shell: secrets that are to be set first.
};

/*!
    The curl command that asks as `ssekit listen` does. It holds no secret: a token is read from its
    file by the shell, past the arguments of curl, which others see. The user and password of a
    URL and the values of headers that may be credentials become variables of the shell.

    curl shows the bytes of one answer: it does not reconnect.
*/
[[nodiscard]] CurlCommand curlCommand(const CurlTerms &terms);

/*! \a word in quotes for a POSIX shell, or as it is where that is the same. */
[[nodiscard]] QString shellQuoted(const QString &word);
