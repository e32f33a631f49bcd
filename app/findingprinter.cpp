// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "findingprinter.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QStringList>

#include <cstdio>

#ifdef Q_OS_UNIX
#include <sys/ioctl.h>
#include <unistd.h>
#endif

using namespace Qt::Literals;

namespace {

constexpr qsizetype verdictWidth = 9;
constexpr qsizetype gap = 2; // before the finding
constexpr qsizetype narrowestFinding = 30;

} // namespace

FindingPrinter::FindingPrinter(qsizetype titleWidth, qsizetype timeWidth)
    : m_titleWidth(titleWidth)
    , m_timeWidth(timeWidth)
{
#ifdef Q_OS_UNIX
    const bool isTerminal = ::isatty(STDOUT_FILENO) == 1;
    winsize size = {};
    if (isTerminal && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
        m_width = size.ws_col;
    // https://no-color.org
    m_isColored = isTerminal && qEnvironmentVariableIsEmpty("NO_COLOR");
#endif
}

void FindingPrinter::print(const QString &line) const
{
    const QByteArray bytes = line.toUtf8() + '\n';
    std::fwrite(bytes.constData(), 1, size_t(bytes.size()), stdout);
    std::fflush(stdout);
}

void FindingPrinter::print(const QJsonObject &fact) const
{
    print(QString::fromUtf8(QJsonDocument(fact).toJson(QJsonDocument::Compact)));
}

void FindingPrinter::print(CheckVerdict verdict, const QString &title, const QString &time,
                           const QString &finding, const QString &remedy) const
{
    QString text = finding;
    if (!remedy.isEmpty())
        text += u" → "_s + remedy;
    print(colored(checkVerdictWord(verdict).leftJustified(verdictWidth), verdict)
          + title.leftJustified(m_titleWidth) + time.rightJustified(m_timeWidth)
          + QString(gap, u' ') + folded(text));
}

// A finding is one line, for grep too; only a terminal folds it, below its own column.
QString FindingPrinter::folded(const QString &text) const
{
    const qsizetype column = verdictWidth + m_titleWidth + m_timeWidth + gap;
    const qsizetype width = m_width - column;
    if (width < narrowestFinding)
        return text;
    QString lines;
    qsizetype used = 0;
    const QStringList words = text.split(u' ');
    for (const QString &word : words) {
        if (used > 0 && used + 1 + word.size() > width) {
            lines += u'\n' + QString(column, u' ');
            used = 0;
        } else if (used > 0) {
            lines += u' ';
            ++used;
        }
        lines += word;
        used += word.size();
    }
    return lines;
}

QString FindingPrinter::colored(const QString &text, CheckVerdict verdict) const
{
    if (!m_isColored)
        return text;
    const auto color = [verdict] {
        switch (verdict) {
        case CheckVerdict::Good:
            return "32"_L1; // green
        case CheckVerdict::Warning:
            return "33"_L1; // yellow
        case CheckVerdict::Bad:
            return "1;31"_L1; // bold red
        case CheckVerdict::Skipped:
            return "2"_L1; // faint
        }
        Q_UNREACHABLE();
    }();
    return "\x1b["_L1 + color + u'm' + text + "\x1b[0m"_L1;
}
