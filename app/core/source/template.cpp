// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "template.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <QUrl>

using namespace Qt::Literals;

namespace {

const QRegularExpression &placePattern()
{
    static const QRegularExpression pattern(uR"(\$\{([A-Za-z_][A-Za-z0-9_]*)(?:\|([^}]*))?\})"_s);
    return pattern;
}

// Null where there is no bar.
bool isFilter(const QString &filter)
{
    return filter.isNull() || filter == "urlencode"_L1 || filter == "base64"_L1;
}

QString filtered(const QString &value, const QString &filter)
{
    if (filter == "urlencode"_L1)
        return QString::fromLatin1(QUrl::toPercentEncoding(value));
    if (filter == "base64"_L1)
        return QString::fromLatin1(value.toUtf8().toBase64());
    return value;
}

QString tr(const char *text)
{
    return QCoreApplication::translate("Template", text);
}

} // namespace

Template::Template(const QString &text)
    : m_text(text)
{}

QString Template::syntaxError() const
{
    qsizetype at = 0;
    while ((at = m_text.indexOf("${"_L1, at)) >= 0) {
        const QRegularExpressionMatch place =
            placePattern().match(m_text, at, QRegularExpression::NormalMatch,
                                 QRegularExpression::AnchorAtOffsetMatchOption);
        if (!place.hasMatch()) {
            const qsizetype end = m_text.indexOf(u'}', at);
            if (end < 0)
                return tr("“}” is missing after “%1”").arg(m_text.sliced(at));
            return tr("“%1” is no variable; write ${name}, with a name of letters, digits and “_” "
                      "that does not begin with a digit")
                .arg(m_text.sliced(at, end + 1 - at));
        }
        if (!isFilter(place.captured(2)))
            return tr("“%1” is no filter; there are urlencode and base64").arg(place.captured(2));
        at = place.capturedEnd();
    }
    return {};
}

bool Template::isName(const QString &text)
{
    static const QRegularExpression name(uR"(\A[A-Za-z_][A-Za-z0-9_]*\z)"_s);
    return name.match(text).hasMatch();
}

QStringList Template::names() const
{
    QStringList names;
    auto places = placePattern().globalMatch(m_text);
    while (places.hasNext())
        names.append(places.next().captured(1));
    return names;
}

QString Template::missingName(const Variables &variables) const
{
    const QStringList wanted = names();
    for (const QString &name : wanted) {
        if (!variables.contains(name))
            return name;
    }
    return {};
}

std::optional<QString> Template::render(const Variables &variables) const
{
    QString result;
    qsizetype at = 0;
    auto places = placePattern().globalMatch(m_text);
    while (places.hasNext()) {
        const QRegularExpressionMatch place = places.next();
        const auto value = variables.constFind(place.captured(1));
        if (value == variables.constEnd())
            return {};
        result += QStringView(m_text).sliced(at, place.capturedStart() - at);
        result += filtered(*value, place.captured(2));
        at = place.capturedEnd();
    }
    result += QStringView(m_text).sliced(at);
    return result;
}
