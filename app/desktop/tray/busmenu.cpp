// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

// https://github.com/AyatanaIndicators/libdbusmenu, libdbusmenu-glib/dbus-menu.xml

#include "busmenu.h"

#include "busanswers.h"

#include <QDBusMessage>
#include <QGuiApplication>
#include <QSet>

#include <algorithm>

using namespace Qt::Literals;

namespace {

constexpr auto interface = "com.canonical.dbusmenu"_L1;
constexpr auto propertiesInterface = "org.freedesktop.DBus.Properties"_L1;

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

QVariantMap menuProperties()
{
    return {{u"Version"_s, 3U},
            {u"TextDirection"_s, QGuiApplication::isRightToLeft() ? u"rtl"_s : u"ltr"_s},
            {u"Status"_s, u"normal"_s},
            {u"IconThemePath"_s, QStringList()}};
}

QDBusMessage unknownLine(const QDBusMessage &message)
{
    return message.createErrorReply(QDBusError::InvalidArgs, u"The menu has no such line"_s);
}

} // namespace

BusMenu::BusMenu(const QDBusConnection &bus, QObject *parent)
    : QDBusVirtualObject(parent)
    , m_bus(bus)
{
    registerTrayTypes();
    m_lines[0].properties = {{u"children-display"_s, u"submenu"_s}};
    m_bus.registerVirtualObject(path, this);
}

BusMenu::~BusMenu()
{
    m_bus.unregisterObject(path);
}

void BusMenu::show(const QList<MenuEntry> &menu)
{
    if (menu == m_menu)
        return;
    m_menu = menu;
    Lines lines;
    lines[0].properties = m_lines[0].properties;
    QHash<QString, int> ids;
    add(menu, 0, {}, lines, ids);
    m_lines.swap(lines);
    m_ids.swap(ids);
    announce(lines);
}

// Ids are not used again: a late click must not reach another line.
void BusMenu::add(const QList<MenuEntry> &entries, int parent, const QString &place, Lines &lines,
                  QHash<QString, int> &ids)
{
    int nameless = 0;
    for (const MenuEntry &entry : entries) {
        QString key = u'=' + entry.command;
        if (entry.isSeparator || entry.command.isEmpty()) {
            // Panels do not expect a line to become a separator, so these have names of their own.
            const QString kind = entry.isSeparator ? u"separator"_s : u"text"_s;
            key = place + u'\n' + kind + QString::number(nameless++);
        }
        while (ids.contains(key))
            key += u'\n';
        const int id = m_ids.contains(key) ? m_ids.value(key) : ++m_lastId;
        ids.insert(key, id);
        lines[parent].children.append(id);
        lines[id] = {entry.isSeparator ? QString() : entry.command, propertiesOf(entry), {}};
        add(entry.children, id, key, lines, ids);
    }
}

void BusMenu::announce(const Lines &old)
{
    bool isLayoutNew = m_lines.size() != old.size();
    BusMenuLines changes;
    BusMenuRemovals removals;
    for (const auto &[id, line] : m_lines) {
        const auto before = old.find(id);
        if (before == old.end()) {
            isLayoutNew = true;
            continue;
        }
        isLayoutNew |= line.children != before->second.children;
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
            changes.append(changed);
        if (!removed.properties.isEmpty())
            removals.append(removed);
    }
    if (isLayoutNew) {
        QDBusMessage signal = QDBusMessage::createSignal(path, interface, u"LayoutUpdated"_s);
        signal << ++m_revision << 0;
        m_bus.send(signal);
    }
    // Of lines that stay, with a new layout too: GNOME reads the properties of new lines only.
    if (!changes.isEmpty() || !removals.isEmpty()) {
        QDBusMessage signal =
            QDBusMessage::createSignal(path, interface, u"ItemsPropertiesUpdated"_s);
        signal << QVariant::fromValue(changes) << QVariant::fromValue(removals);
        m_bus.send(signal);
    }
}

BusMenuLayout BusMenu::layout(int id, int depth, const QStringList &names) const
{
    const Line &line = m_lines.at(id);
    BusMenuLayout result{id, chosen(line.properties, names), {}};
    if (depth != 0) {
        for (const int child : line.children)
            result.children.append(layout(child, depth - 1, names)); // -1 and less: all
    }
    return result;
}

void BusMenu::click(int id)
{
    const Line &line = m_lines.at(id);
    if (line.command.isEmpty() || !line.properties.value(u"enabled"_s, true).toBool())
        return;
    // Later: what it asks for may be our end.
    QMetaObject::invokeMethod(
        this, [this, command = line.command] { Q_EMIT commanded(command); }, Qt::QueuedConnection);
}

// True where the menu is another one than the caller knows.
bool BusMenu::request(int id)
{
    const uint before = m_revision;
    Q_EMIT menuRequested();
    return m_revision != before || !m_lines.contains(id);
}

bool BusMenu::handleMessage(const QDBusMessage &message, const QDBusConnection &)
{
    if (message.type() != QDBusMessage::MethodCallMessage)
        return false;
    const bool isOfProperties = message.interface() == propertiesInterface;
    if (!isOfProperties && message.interface() != interface && !message.interface().isEmpty())
        return false; // Qt answers, for it can introspect
    const QDBusMessage reply =
        isOfProperties ? answerProperties(message, interface, menuProperties()) : answer(message);
    if (message.isReplyRequired())
        m_bus.send(reply);
    return true;
}

QDBusMessage BusMenu::answer(const QDBusMessage &message)
{
    const QString call = message.member() + u' ' + message.signature();
    const QVariantList arguments = message.arguments();
    if (call == "GetLayout iias"_L1) {
        const int id = arguments.at(0).toInt();
        const int depth = arguments.at(1).toInt();
        if (!m_lines.contains(id))
            return unknownLine(message);
        if (depth < -1)
            return message.createErrorReply(QDBusError::InvalidArgs, u"No such depth"_s);
        return message.createReply(
            {m_revision, QVariant::fromValue(layout(id, depth, arguments.at(2).toStringList()))});
    }
    if (call == "GetProperty is"_L1) {
        const auto line = m_lines.find(arguments.at(0).toInt());
        const QString name = arguments.at(1).toString();
        if (line == m_lines.end())
            return unknownLine(message);
        if (!defaults().contains(name))
            return message.createErrorReply(QDBusError::InvalidArgs, u"No such property"_s);
        return message.createReply(QVariant::fromValue(
            QDBusVariant(line->second.properties.value(name, defaults().value(name)))));
    }
    if (call == "Event isvu"_L1) {
        const int id = arguments.at(0).toInt();
        if (!m_lines.contains(id))
            return unknownLine(message);
        if (arguments.at(1).toString() == "clicked"_L1)
            click(id);
        return message.createReply();
    }
    if (call == "AboutToShow i"_L1) {
        const int id = arguments.at(0).toInt();
        if (!m_lines.contains(id))
            return unknownLine(message);
        return message.createReply(request(id));
    }
    return answerGroup(message);
}

QDBusMessage BusMenu::answerGroup(const QDBusMessage &message)
{
    const QString call = message.member() + u' ' + message.signature();
    const QVariantList arguments = message.arguments();
    if (call == "GetGroupProperties aias"_L1) {
        const auto ids = qdbus_cast<QList<int>>(arguments.at(0));
        const QStringList names = arguments.at(1).toStringList();
        // Each line once, however often a caller asks for it.
        const QSet<int> wanted(ids.begin(), ids.end());
        BusMenuLines result;
        for (const auto &[id, line] : m_lines) {
            if (wanted.isEmpty() || wanted.contains(id))
                result.append({id, chosen(line.properties, names)});
        }
        if (result.isEmpty())
            return unknownLine(message);
        return message.createReply(QVariant::fromValue(result));
    }
    if (call == "EventGroup a(isvu)"_L1) {
        const auto events = qdbus_cast<BusMenuEvents>(arguments.at(0));
        QList<int> unknown;
        for (const BusMenuEvent &event : events) {
            if (!m_lines.contains(event.id))
                unknown.append(event.id);
            else if (event.event == "clicked"_L1)
                click(event.id);
        }
        if (!unknown.isEmpty() && unknown.size() == events.size())
            return unknownLine(message);
        return message.createReply(QVariant::fromValue(unknown));
    }
    if (call == "AboutToShowGroup ai"_L1) {
        const auto ids = qdbus_cast<QList<int>>(arguments.at(0));
        QList<int> known;
        QList<int> unknown;
        for (const int id : ids)
            (m_lines.contains(id) ? known : unknown).append(id);
        if (known.isEmpty() && !unknown.isEmpty())
            return unknownLine(message);
        if (known.isEmpty() || !request(known.constFirst()))
            known.clear();
        return message.createReply({QVariant::fromValue(known), QVariant::fromValue(unknown)});
    }
    return answerUnknown(message,
                         {u"GetLayout"_s, u"GetGroupProperties"_s, u"GetProperty"_s, u"Event"_s,
                          u"EventGroup"_s, u"AboutToShow"_s, u"AboutToShowGroup"_s});
}

QString BusMenu::introspect(const QString &) const
{
    return uR"xml(  <interface name="com.canonical.dbusmenu">
    <property name="Version" type="u" access="read"/>
    <property name="TextDirection" type="s" access="read"/>
    <property name="Status" type="s" access="read"/>
    <property name="IconThemePath" type="as" access="read"/>
    <method name="GetLayout">
      <arg type="i" name="parentId" direction="in"/>
      <arg type="i" name="recursionDepth" direction="in"/>
      <arg type="as" name="propertyNames" direction="in"/>
      <arg type="u" name="revision" direction="out"/>
      <arg type="(ia{sv}av)" name="layout" direction="out"/>
    </method>
    <method name="GetGroupProperties">
      <arg type="ai" name="ids" direction="in"/>
      <arg type="as" name="propertyNames" direction="in"/>
      <arg type="a(ia{sv})" name="properties" direction="out"/>
    </method>
    <method name="GetProperty">
      <arg type="i" name="id" direction="in"/>
      <arg type="s" name="name" direction="in"/>
      <arg type="v" name="value" direction="out"/>
    </method>
    <method name="Event">
      <arg type="i" name="id" direction="in"/>
      <arg type="s" name="eventId" direction="in"/>
      <arg type="v" name="data" direction="in"/>
      <arg type="u" name="timestamp" direction="in"/>
    </method>
    <method name="EventGroup">
      <arg type="a(isvu)" name="events" direction="in"/>
      <arg type="ai" name="idErrors" direction="out"/>
    </method>
    <method name="AboutToShow">
      <arg type="i" name="id" direction="in"/>
      <arg type="b" name="needUpdate" direction="out"/>
    </method>
    <method name="AboutToShowGroup">
      <arg type="ai" name="ids" direction="in"/>
      <arg type="ai" name="updatesNeeded" direction="out"/>
      <arg type="ai" name="idErrors" direction="out"/>
    </method>
    <signal name="ItemsPropertiesUpdated">
      <arg type="a(ia{sv})" name="updatedProps"/>
      <arg type="a(ias)" name="removedProps"/>
    </signal>
    <signal name="LayoutUpdated">
      <arg type="u" name="revision"/>
      <arg type="i" name="parent"/>
    </signal>
  </interface>
)xml"_s;
}
