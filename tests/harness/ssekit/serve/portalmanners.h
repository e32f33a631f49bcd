// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QCommandLineOption>

#include <chrono>
#include <optional>

class QCommandLineParser;

/*! How a portal behaves; as it should unless told otherwise. */
struct PortalManners
{
    /*! What it does with a close request, once it has read it. */
    enum class AtClose {
        Answer,
        Silence, //!< Closes the session, and never answers.
        Error, //!< Answers 500, and the session lives on.
        Drop, //!< Closes the session, and drops the connection without an answer.
    };

    std::chrono::milliseconds tick{0}; //!< Between two moves of the number by itself; 0: none.
    std::chrono::milliseconds tokenLifetime = std::chrono::hours(1);
    bool greets = false; //!< Each stream begins with an event that tells its id.
    AtClose atClose = AtClose::Answer;

    [[nodiscard]] static QList<QCommandLineOption> options();
    /*! None, and a sentence in \a error, where an option makes no sense. */
    [[nodiscard]] static std::optional<PortalManners> read(const QCommandLineParser &parser,
                                                           QString *error);
};
