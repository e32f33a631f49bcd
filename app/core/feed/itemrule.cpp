// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "itemrule.h"

#include "core/addresskind.h"
#include "core/plaintext.h"

#include <QHash>
#include <QSet>

using namespace Qt::Literals;

namespace {

constexpr qsizetype longestLooked = 20'000; // characters, of which little is shown
constexpr qsizetype longestUrl = 2'000;
constexpr qsizetype longestEntity = 10; // before its semicolon

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
    // No farther, or a long text full of ampersands takes the square of its length.
    const qsizetype length = text.sliced(begin).left(longestEntity + 1).indexOf(u';');
    if (length < 0)
        return {};
    *end = begin + length + 1;
    const QStringView name = text.sliced(begin + 1, length - 1);
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

QString textAt(const QJsonValue &data, const QStringList &pointers, bool isHtml)
{
    for (const QString &pointer : pointers) {
        QString text = firstText(data, {pointer}).value_or(QString()).left(longestLooked);
        if (isHtml)
            text = textOfHtml(text);
        text = plainLines(text, longestItemBody, -1);
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
    return plainLines(text, text.size(), -1);
}

std::optional<Item> itemIn(const QJsonValue &data, const Rule &rule, const QUrl &homepage)
{
    if (!rule.item)
        return {};
    Item item;
    item.title = textAt(data, rule.item->title, rule.item->isHtml);
    item.body = textAt(data, rule.item->body, rule.item->isHtml);
    if (item.title.isEmpty())
        item.title = std::exchange(item.body, {});
    item.title = plainLine(item.title, longestItemTitle);
    if (item.title.isEmpty())
        return {};
    item.key = firstText(data, rule.keys).value_or(QString());
    item.url = addressOf(firstText(data, rule.item->url).value_or(QString()), homepage);
    return item;
}
