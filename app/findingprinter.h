// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/check/checkresult.h"

#include <QString>

class QJsonObject;

/*!
    Prints what a command finds to standard output, each line at once: a verdict, what it is about,
    and a sentence or two. A terminal gets colours and folded lines.
*/
class FindingPrinter
{
public:
    /*! The columns' widths in characters; \a timeWidth 0: there are no times. */
    FindingPrinter(qsizetype titleWidth, qsizetype timeWidth);

    void print(const QString &line) const;
    /*! As JSON, in one line. */
    void print(const QJsonObject &fact) const;
    /*! \a time and \a remedy may be empty. */
    void print(CheckVerdict verdict, const QString &title, const QString &time,
               const QString &finding, const QString &remedy) const;

private:
    [[nodiscard]] QString folded(const QString &text) const;
    [[nodiscard]] QString colored(const QString &text, CheckVerdict verdict) const;

    const qsizetype m_titleWidth;
    const qsizetype m_timeWidth;
    bool m_isColored = false;
    int m_width = 0; // of the terminal, in characters; 0: none
};
