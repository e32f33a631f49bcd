// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QString>
#include <QStringList>

#include <chrono>

/*! What the program ends with. */
enum class ExitCode {
    Done = 0,
    Failure = 1,
    WrongUsage = 2,
    NoInstance = 3,
    BadConfiguration = 4,
    LoginNeeded = 5,
    CannotConnect = 6,
    NoDisplay = 7,
};

/*! The command line, read. */
struct CommandLine
{
    enum class Wish {
        Run,
        Check, //!< The command "check".
        Doctor, //!< The command "doctor".
        Quit, //!< The command "quit".
        ShowHelp,
        ShowVersion,
        Complain, //!< Of wrong usage; see error.
    };

    Wish wish = Wish::Run;
    QString error; //!< A sentence.
    QString help; //!< The whole text of --help.
    QString command; //!< "check", for instance; empty without one. error and help are about it.

    bool demo = false;
    bool headless = false;
    bool hidden = false;
    bool replace = false; //!< End a running instance and take its place.
    QString configDirectory; //!< Where "sources" is.
    QString instanceOptions; //!< What "tallybell quit" needs to mean this instance; empty: nothing.
    QString secretsFile; //!< Empty: none.
    QString logLevel; //!< "debug", "info", "warning".

    QString source; //!< What to check: a source's name, or the path of its file.
    bool json = false; //!< JSON lines instead of lines for people.
    std::chrono::seconds timeout{0}; //!< 0: not given.

    /*! Needs no application object, so that it can be read before there is one. */
    [[nodiscard]] static CommandLine read(const QStringList &arguments);
};
