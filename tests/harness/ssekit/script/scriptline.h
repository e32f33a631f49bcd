// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "script/script.h"

/*! A mistake in a line: the parser throws it at itself and makes a sentence of it. */
struct ScriptMistake
{
    int column; //!< From 1.
    QString sentence;
};

/*! One line, taken apart from left to right. Each function throws a ScriptMistake. */
class ScriptLine
{
public:
    explicit ScriptLine(QByteArrayView line);

    /*! Nothing but blanks, or a comment, is left. */
    [[nodiscard]] bool isAtEnd();
    [[nodiscard]] int column() const { return int(m_at) + 1; }

    /*! The next word, up to a blank; empty at the end. */
    [[nodiscard]] QByteArray word();
    /*! Takes the next word if it is \a word. */
    [[nodiscard]] bool take(QByteArrayView word);
    /*! The next word as a whole number from \a minimum. */
    [[nodiscard]] qint64 number(qint64 minimum, qint64 maximum);
    /*! The next word as a time: 500ms or 2s. */
    [[nodiscard]] std::chrono::milliseconds duration();
    /*! The name of a header, up to its colon where one follows; the colon is taken too. */
    [[nodiscard]] QByteArray headerName(bool *hasValue);
    /*! The rest of the line as a value, in quotes or without. */
    [[nodiscard]] ScriptText value();
    /*! All strings up to the end, at least one, joined. */
    [[nodiscard]] ScriptText strings();
    /*! The rest of the line as it stands, without a comment. */
    [[nodiscard]] QByteArray rest();
    /*! Refuses what is left. */
    void finish();

private:
    void skipBlanks();
    void string(ScriptText &text);
    void variable(ScriptText &text);

    const QByteArrayView m_line;
    qsizetype m_at = 0;
};
