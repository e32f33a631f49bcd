// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "plaintext.h"

#include <QStringList>
#include <QTextBoundaryFinder>

using namespace Qt::Literals;

namespace {

bool isLineEnd(QChar character)
{
    return character == u'\n' || character == u'\r' || character == QChar::LineSeparator
        || character == QChar::ParagraphSeparator;
}

// What embeds or overrides a direction may turn around the text of others that comes after it.
bool turnsDirection(QChar character)
{
    return (character >= u'\u202A' && character <= u'\u202E')
        || (character >= u'\u2066' && character <= u'\u2069');
}

// Longer texts are cut before anybody works on them.
QString clean(const QString &text, qsizetype limit)
{
    QString result;
    const QStringView view = QStringView(text).trimmed().left(limit * 4);
    result.reserve(view.size());
    for (qsizetype i = 0; i < view.size(); ++i) {
        const QChar character = view[i];
        if (character.isHighSurrogate() && i + 1 < view.size() && view[i + 1].isLowSurrogate()) {
            result += character;
            result += view[++i];
        } else if (character.isSurrogate()) {
            result += QChar(QChar::ReplacementCharacter);
        } else if (isLineEnd(character)) {
            result += u'\n';
        } else if (character.category() == QChar::Other_Control) {
            result += u' ';
        } else if (!turnsDirection(character) && character != QChar::ByteOrderMark) {
            result += character;
        }
    }
    return result;
}

QString shorten(const QString &text, qsizetype limit)
{
    if (text.size() <= limit)
        return text;
    QTextBoundaryFinder finder(QTextBoundaryFinder::Grapheme, text);
    finder.setPosition(limit - 1);
    if (!finder.isAtBoundary())
        finder.toPreviousBoundary();
    return text.left(qMax<qsizetype>(finder.position(), 0)).trimmed() + u'…';
}

} // namespace

QString plainLine(const QString &text, qsizetype limit)
{
    return shorten(clean(text, limit).simplified(), limit);
}

QString plainLines(const QString &text, qsizetype limit, qsizetype lines)
{
    QStringList kept;
    const QString cleaned = clean(text, limit);
    for (const QString &line : cleaned.split(u'\n')) {
        const QString simple = line.simplified();
        if (!simple.isEmpty() && (lines < 0 || kept.size() < lines))
            kept.append(simple);
    }
    return shorten(kept.join(u'\n'), limit);
}
