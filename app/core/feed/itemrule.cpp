// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "itemrule.h"

#include "core/addresskind.h"

#include <QHash>
#include <QSet>

using namespace Qt::Literals;

namespace {

constexpr qsizetype longestLooked = 20'000; // characters, of which little is shown
constexpr qsizetype longestUrl = 2'000;
constexpr qsizetype longestEntity = 10;

QChar entity(const QString &name)
{
    static const QHash<QString, char16_t> known{
        {u"amp"_s, u'&'},    {u"lt"_s, u'<'},     {u"gt"_s, u'>'},     {u"quot"_s, u'"'},
        {u"apos"_s, u'\''},  {u"nbsp"_s, u' '},   {u"hellip"_s, u'…'}, {u"ndash"_s, u'–'},
        {u"mdash"_s, u'—'},  {u"laquo"_s, u'«'},  {u"raquo"_s, u'»'},  {u"lsquo"_s, u'‘'},
        {u"rsquo"_s, u'’'},  {u"ldquo"_s, u'“'},  {u"rdquo"_s, u'”'},  {u"euro"_s, u'€'},
        {u"middot"_s, u'·'}, {u"copy"_s, u'©'},   {u"auml"_s, u'ä'},   {u"ouml"_s, u'ö'},
        {u"uuml"_s, u'ü'},   {u"Auml"_s, u'Ä'},   {u"Ouml"_s, u'Ö'},   {u"Uuml"_s, u'Ü'},
        {u"szlig"_s, u'ß'},  {u"eacute"_s, u'é'}, {u"times"_s, u'×'},  {u"bull"_s, u'•'},
    };
    return known.value(name);
}

// Of "&name;" at \a begin; nothing where it is none.
QString readEntity(QStringView text, qsizetype begin, qsizetype *end)
{
    const qsizetype semicolon = text.indexOf(u';', begin);
    if (semicolon < 0 || semicolon - begin > longestEntity)
        return {};
    *end = semicolon + 1;
    const QStringView name = text.sliced(begin + 1, semicolon - begin - 1);
    if (!name.startsWith(u'#')) {
        const QChar known = entity(name.toString());
        return known.isNull() ? QString() : QString(known);
    }
    const bool isHexadecimal = name.size() > 1 && name.at(1).toLower() == u'x';
    bool isNumber = false;
    const uint number =
        name.sliced(isHexadecimal ? 2 : 1).toUInt(&isNumber, isHexadecimal ? 16 : 10);
    if (!isNumber || number == 0 || number > QChar::LastValidCodePoint)
        return {};
    const char32_t character = number;
    return QString::fromUcs4(&character, 1);
}

// Nothing that cannot be seen, but may deceive: controls, and what turns the direction of the text.
QString withoutControls(const QString &text)
{
    QString clean;
    clean.reserve(text.size());
    for (qsizetype place = 0; place < text.size(); ++place) {
        const QChar character = text.at(place);
        if (character.isHighSurrogate() && place + 1 < text.size()
            && text.at(place + 1).isLowSurrogate()) {
            clean += character;
            clean += text.at(++place);
            continue;
        }
        const char16_t code = character.unicode();
        const bool turns = (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
        if (code == u'\n' || code == 0x2028 || code == 0x2029)
            clean += u'\n';
        else if (code == u'\t' || code == u'\r')
            clean += u' ';
        else if (!character.isSurrogate() && character.category() != QChar::Other_Control && !turns
                 && code != 0xFEFF)
            clean += character;
    }
    return clean;
}

QString cut(QString text, qsizetype longest)
{
    if (text.size() <= longest)
        return text;
    text.truncate(longest - 1);
    if (text.back().isHighSurrogate())
        text.chop(1);
    return text.trimmed() + u'…';
}

// Lines without blanks around them, and no empty ones.
QString lines(const QString &text)
{
    QStringList lines;
    const QStringList all = text.split(u'\n');
    for (const QString &line : all) {
        if (QString simple = line.simplified(); !simple.isEmpty())
            lines.append(std::move(simple));
    }
    return lines.join(u'\n');
}

QString textAt(const QJsonValue &data, const QStringList &pointers, bool isHtml)
{
    for (const QString &pointer : pointers) {
        QString text = firstText(data, {pointer}).value_or(QString()).left(longestLooked);
        if (isHtml)
            text = textOfHtml(text);
        text = lines(withoutControls(text));
        if (!text.isEmpty())
            return text;
    }
    return {};
}

QUrl addressOf(const QString &text, const QUrl &homepage)
{
    if (text.isEmpty() || text.size() > longestUrl)
        return {};
    QUrl url(text.trimmed());
    if (url.isRelative())
        url = homepage.resolved(url);
    // A name before the host is there to deceive: https://bank.example@elsewhere.example/
    return addressKind(url) != AddressKind::Unfit && url.userInfo().isEmpty() ? url : QUrl();
}

} // namespace

QString textOfHtml(const QString &html)
{
    static const QSet<QString> breaking{u"br"_s, u"p"_s,  u"div"_s, u"li"_s,        u"ul"_s,
                                        u"ol"_s, u"tr"_s, u"h1"_s,  u"h2"_s,        u"h3"_s,
                                        u"h4"_s, u"hr"_s, u"pre"_s, u"blockquote"_s};
    QString text;
    qsizetype place = 0;
    while (place < html.size()) {
        const QChar character = html.at(place);
        if (character == u'&') {
            qsizetype end = place + 1;
            const QString read = readEntity(html, place, &end);
            text += read.isEmpty() ? QString(character) : read;
            place = read.isEmpty() ? place + 1 : end;
            continue;
        }
        const QChar next = html.size() > place + 1 ? html.at(place + 1) : QChar();
        const bool isTag = character == u'<' && (next.isLetter() || next == u'/' || next == u'!');
        if (!isTag) {
            text += character == u'\n' ? QChar(u' ') : character;
            ++place;
            continue;
        }
        const qsizetype close = html.indexOf(u'>', place);
        qsizetype nameEnd = place + (next == u'/' ? 2 : 1);
        const qsizetype nameBegin = nameEnd;
        while (nameEnd < html.size() && html.at(nameEnd).isLetterOrNumber())
            ++nameEnd;
        const QString name = html.sliced(nameBegin, nameEnd - nameBegin).toLower();
        if (breaking.contains(name))
            text += u'\n';
        place = close < 0 ? html.size() : close + 1;
        if (next != u'/' && (name == "script"_L1 || name == "style"_L1)) {
            const qsizetype over = html.indexOf(u"</"_s + name, place, Qt::CaseInsensitive);
            place = over < 0 ? html.size() : over;
        }
    }
    return lines(text);
}

std::optional<Item> itemIn(const QJsonValue &data, const Rule &rule, const QUrl &homepage)
{
    if (!rule.item)
        return {};
    Item item;
    item.title = textAt(data, rule.item->title, rule.item->isHtml).replace(u'\n', u' ');
    item.body = cut(textAt(data, rule.item->body, rule.item->isHtml), longestItemBody);
    if (item.title.isEmpty())
        item.title = std::exchange(item.body, {}).replace(u'\n', u' ');
    item.title = cut(item.title, longestItemTitle);
    if (item.title.isEmpty())
        return {};
    item.key = firstText(data, rule.keys).value_or(QString());
    item.url = addressOf(firstText(data, rule.item->url).value_or(QString()), homepage);
    return item;
}
