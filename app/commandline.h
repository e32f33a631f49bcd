// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QString>
#include <QStringList>

/*! What the program ends with. */
enum class ExitCode {
    Done = 0,
    WrongUsage = 2,
    BadConfiguration = 4,
    NoDisplay = 7,
};

/*! The command line, read. */
struct CommandLine
{
    enum class Wish {
        Run,
        ShowHelp,
        ShowVersion,
        Complain, //!< Of wrong usage; see error.
    };

    Wish wish = Wish::Run;
    QString error; //!< A sentence.
    QString help; //!< The whole text of --help.

    bool demo = false;
    bool headless = false;
    bool hidden = false;
    QString configDirectory; //!< Where "sources" is.
    QString secretsFile; //!< Empty: none.
    QString logLevel; //!< "debug", "info", "warning".

    /*! Needs no application object, so that it can be read before there is one. */
    [[nodiscard]] static CommandLine read(const QStringList &arguments);
};
