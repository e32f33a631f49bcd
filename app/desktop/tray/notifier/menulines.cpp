// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

// https://github.com/AyatanaIndicators/libdbusmenu, libdbusmenu-glib/dbus-menu.xml

#include "menulines.h"

#include <QSet>

using namespace Qt::Literals;

namespace {

// What is not sent has these values.
const QVariantMap &defaults()
{
    static const QVariantMap values{{u"type"_s, u"standard"_s},
                                    {u"label"_s, QString()},
                                    {u"enabled"_s, true},
                                    {u"visible"_s, true},
                                    {u"icon-name"_s, QString()},
                                    {u"icon-data"_s, QByteArray()},
                                    {u"toggle-type"_s, QString()},
                                    {u"toggle-state"_s, -1},
                                    {u"children-display"_s, QString()}};
    return values;
}

QVariantMap propertiesOf(const MenuEntry &entry)
{
    if (entry.isSeparator)
        return {{u"type"_s, u"separator"_s}};
    QVariantMap properties;
    // One underscore is the mark of a mnemonic.
    properties[u"label"_s] = QString(entry.text).replace(u'_', "__"_L1);
    if (!entry.isEnabled)
        properties[u"enabled"_s] = false;
    if (entry.isCheckable) {
        properties[u"toggle-type"_s] = u"checkmark"_s;
        properties[u"toggle-state"_s] = int(entry.isChecked);
    }
    if (!entry.children.isEmpty())
        properties[u"children-display"_s] = u"submenu"_s;
    return properties;
}

QVariantMap chosen(const QVariantMap &properties, const QStringList &names)
{
    if (names.isEmpty())
        return properties;
    QVariantMap result;
    for (auto property = properties.cbegin(); property != properties.cend(); ++property) {
        if (names.contains(property.key()))
            result.insert(property.key(), property.value());
    }
    return result;
}

} // namespace

MenuLines::Change MenuLines::replace(const QList<MenuEntry> &menu)
{
    Lines lines;
    lines[0].properties = m_lines[0].properties;
    add(menu, 0, m_lines[0].children, lines);
    m_lines.swap(lines);
    return changesFrom(lines);
}

bool MenuLines::isSameLine(int id, const MenuEntry &entry) const
{
    const Line &line = m_lines.at(id);
    if (line.isSeparator || entry.isSeparator)
        return line.isSeparator == entry.isSeparator;
    return line.slot == entry.slot && (!line.slot.isEmpty() || line.command == entry.command);
}

// GNOME's AppIndicator extension, at least up to version 46, takes no notice of a line that moves, and
// puts a new one into its place before it removes an old one. So lines stay only before the first
// and behind the last one that is another.
void MenuLines::add(const QList<MenuEntry> &entries, int parent, const QList<int> &before,
                    Lines &lines)
{
    const qsizetype longer = entries.size() - before.size();
    const qsizetype shared = qMin(entries.size(), before.size());
    qsizetype first = 0;
    while (first < shared && isSameLine(before.at(first), entries.at(first)))
        ++first;
    qsizetype last = entries.size(); // the first of those at the end that stay
    while (last - longer > first && last > first
           && isSameLine(before.at(last - longer - 1), entries.at(last - 1)))
        --last;
    for (qsizetype place = 0; place < entries.size(); ++place) {
        const MenuEntry &entry = entries.at(place);
        const bool stays = place < first || place >= last;
        // Ids are not used again: a late click must not reach another line.
        const int id = stays ? before.at(place < first ? place : place - longer) : ++m_lastId;
        lines[parent].children.append(id);
        lines[id] = {entry.isSeparator,
                     entry.slot,
                     entry.isSeparator ? QString() : entry.command,
                     propertiesOf(entry),
                     {}};
        add(entry.children, id, stays ? m_lines.at(id).children : QList<int>(), lines);
    }
}

MenuLines::Change MenuLines::changesFrom(const Lines &old) const
{
    Change change;
    change.isLayoutNew = m_lines.size() != old.size();
    for (const auto &[id, line] : m_lines) {
        const auto before = old.find(id);
        if (before == old.end()) {
            change.isLayoutNew = true;
            continue;
        }
        change.isLayoutNew |= line.children != before->second.children;
        BusMenuLine changed{id, {}};
        BusMenuRemoval removed{id, {}};
        const QVariantMap &then = before->second.properties;
        for (auto now = line.properties.cbegin(); now != line.properties.cend(); ++now) {
            if (then.value(now.key()) != now.value())
                changed.properties.insert(now.key(), now.value());
        }
        for (auto was = then.cbegin(); was != then.cend(); ++was) {
            if (!line.properties.contains(was.key()))
                removed.properties.append(was.key());
        }
        if (!changed.properties.isEmpty())
            change.properties.append(changed);
        if (!removed.properties.isEmpty())
            change.removals.append(removed);
    }
    return change;
}

BusMenuLayout MenuLines::layout(int id, int depth, const QStringList &names) const
{
    const Line &line = m_lines.at(id);
    BusMenuLayout result{id, chosen(line.properties, names), {}};
    if (depth != 0) {
        for (const int child : line.children)
            result.children.append(layout(child, depth - 1, names)); // -1 and less: all
    }
    return result;
}

BusMenuLines MenuLines::properties(const QList<int> &ids, const QStringList &names) const
{
    const QSet<int> wanted(ids.begin(), ids.end());
    BusMenuLines result;
    for (const auto &[id, line] : m_lines) {
        if (wanted.isEmpty() || wanted.contains(id))
            result.append({id, chosen(line.properties, names)});
    }
    return result;
}

QVariant MenuLines::property(int id, const QString &name) const
{
    return m_lines.at(id).properties.value(name, defaults().value(name));
}

QString MenuLines::commandOf(int id) const
{
    const Line &line = m_lines.at(id);
    return line.properties.value(u"enabled"_s, true).toBool() ? line.command : QString();
}
