// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QByteArray>
#include <QHash>
#include <QList>
#include <QString>

#include <chrono>

/*! Where in a script a statement or a mistake is, both from 1. */
struct ScriptPlace
{
    int line = 0;
    int column = 0;
};

/*! Bytes with `${name}` in them. */
struct ScriptText
{
    enum class Variable {
        None, //!< The part is its bytes.
        Round,
        Now,
        Request,
        LastEventId,
        Header, //!< The bytes are its name.
        Host,
        Port,
        PlainPort,
    };

    struct Part
    {
        QByteArray bytes;
        Variable variable = Variable::None;
    };

    QList<Part> parts;
};

/*! One line of a script. Which members mean something depends on the kind. */
struct ScriptStatement
{
    enum class Kind {
        Status, //!< number, name: the phrase
        Header, //!< name, text
        NoHeader, //!< name
        FramingChunked,
        FramingClose,
        FramingLength, //!< number
        Http10,
        Head,
        Send, //!< text
        Raw, //!< text
        Slice, //!< number: bytes, 0 for off; duration: the pause
        Gzip,
        GzipWithoutFlush,
        Sleep, //!< duration
        Repeat, //!< number: rounds, -1 for ever; duration: of a round; partner: its Done
        Done, //!< partner: its Repeat
        WaitForClose, //!< limit
        WaitForRequest, //!< name: the path, or empty; limit
        End,
        Cut,
        Reset,
        Freeze,
        Vanish,
        Refuse, //!< duration
        Quit,
        ExpectHeader, //!< name; text where hasText
        ExpectNoHeader, //!< name
        ExpectMethod, //!< text
        ExpectQuery, //!< text
        ExpectBody, //!< text
    };

    Kind kind = Kind::Head;
    ScriptPlace place;
    QByteArray name;
    ScriptText text;
    qint64 number = 0;
    std::chrono::milliseconds duration{0};
    std::chrono::milliseconds limit{0}; //!< Of a wait; 0: none.
    qsizetype partner = -1; //!< The index of the other end of a loop.
    bool hasText = false;
};

/*! The statements that answer one request. */
using ScriptBlock = QList<ScriptStatement>;

/*! A whole script. It can be run whatever it holds: the parser has checked it. */
struct Script
{
    QString fileName; //!< For messages.
    /*! For each path the blocks of its first request, its second and so on; the last one stays.
        The empty path is for all paths that are not named. */
    QHash<QByteArray, QList<ScriptBlock>> answers;
    int limit = 0; //!< Answers at once; 0: any number.
};
