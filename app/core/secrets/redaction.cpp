// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "redaction.h"

#include <QRegularExpression>
#include <QUrl>

#include <algorithm>

using namespace Qt::Literals;

namespace {

constexpr QChar mark = u'…';

// A secret as short as this is part of many a word, which stays readable.
constexpr qsizetype shortLength = 3;

} // namespace

void Redaction::hide(const QString &secret)
{
    if (secret.isEmpty())
        return;
    const QByteArray bytes = secret.toUtf8();
    m_hidden << secret << QString::fromLatin1(QUrl::toPercentEncoding(secret))
             << QString::fromLatin1(bytes.toBase64())
             << QString::fromLatin1(
                    bytes.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals));
    m_hidden.removeDuplicates();
    std::stable_sort(m_hidden.begin(), m_hidden.end(), [](const QString &lhs, const QString &rhs) {
        return lhs.size() > rhs.size();
    });
}

QString Redaction::of(QString text) const
{
    for (const QString &hidden : m_hidden) {
        if (hidden.size() > shortLength)
            text.replace(hidden, QString(mark));
        else
            text.replace(
                QRegularExpression(u"(?<!\\w)%1(?!\\w)"_s.arg(QRegularExpression::escape(hidden)),
                                   QRegularExpression::UseUnicodePropertiesOption),
                QString(mark));
    }
    std::replace_if(
        text.begin(), text.end(),
        [](QChar character) {
            return character.category() == QChar::Other_Control
                || character.category() == QChar::Other_Format; // turns the line around
        },
        mark);
    return text;
}

QString redacted(const QString &text, const Source &source, const Variables &variables)
{
    constexpr qsizetype leastSecretLength = 8; // of what a server gave: shorter ones are words
    Redaction redaction;
    for (auto variable = variables.begin(); variable != variables.end(); ++variable) {
        const QString &name = variable.key();
        if (source.secrets.contains(name) || name == source.tokenVariable || name == "password"_L1
            || (!source.variables.contains(name) && variable->size() >= leastSecretLength))
            redaction.hide(*variable);
    }
    return redaction.of(text);
}
