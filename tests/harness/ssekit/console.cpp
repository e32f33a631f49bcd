// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "console.h"

#include <cstdio>

#ifdef Q_OS_UNIX
#include <unistd.h>
#endif

using namespace Qt::Literals;

void printLine(const QByteArray &line)
{
    std::fwrite(line.constData(), 1, size_t(line.size()), stdout);
    std::fputc('\n', stdout);
    std::fflush(stdout);
}

void printError(const QString &sentence)
{
    const QByteArray line = "ssekit: " + sentence.toUtf8() + '\n';
    std::fwrite(line.constData(), 1, size_t(line.size()), stderr);
}

bool isOutputColourful()
{
#ifdef Q_OS_UNIX
    const bool isTerminal = isatty(STDOUT_FILENO) == 1;
#else
    const bool isTerminal = false;
#endif
    return isTerminal && qEnvironmentVariableIsEmpty("NO_COLOR") && qgetenv("TERM") != "dumb";
}

QString coloured(const QString &text, QLatin1StringView colour)
{
    if (colour.isEmpty() || text.isEmpty())
        return text;
    return u"\x1B[%1m%2\x1B[0m"_s.arg(colour, text);
}

QString harmlessText(const QString &text)
{
    QString harmless;
    harmless.reserve(text.size());
    for (const QChar c : text) {
        if (c.category() != QChar::Other_Control || c == u'\n' || c == u'\t')
            harmless += c;
        else
            harmless += u"\\x%1"_s.arg(c.unicode(), 2, 16, QChar(u'0'));
    }
    return harmless;
}
