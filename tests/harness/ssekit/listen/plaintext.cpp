// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "listen/plaintext.h"

#include "console.h"

using namespace Qt::Literals;

namespace {

// SGR numbers
constexpr auto grey = "90"_L1;
constexpr auto red = "31"_L1;
constexpr auto green = "32"_L1;
constexpr auto yellow = "33"_L1;
constexpr auto cyan = "36"_L1;

QString inOneLine(const QString &text)
{
    return harmlessText(text).replace(u'\n', u"\\n"_s);
}

} // namespace

QString PlainText::event(const QString &time, const QString &type, const QString &id,
                         const QString &data) const
{
    const QString indentation = u'\n' + QString(time.size() + 1, u' ');
    QString line = paint(time, grey) + u' ' + paint(inOneLine(type), cyan);
    if (!id.isEmpty())
        line += u' ' + paint(u'#' + inOneLine(id), yellow);
    return line + u' ' + harmlessText(data).replace(u'\n', indentation);
}

QString PlainText::fact(const QString &time, const QString &sentence) const
{
    return paint(time, grey) + u' ' + paint(inOneLine(sentence), green);
}

QString PlainText::error(const QString &time, const QString &sentence) const
{
    return paint(time, grey) + u' ' + paint(inOneLine(sentence), red);
}

QString PlainText::paint(const QString &text, QLatin1StringView colour) const
{
    return m_isColourful ? coloured(text, colour) : text;
}
