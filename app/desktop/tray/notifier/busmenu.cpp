// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

// https://github.com/AyatanaIndicators/libdbusmenu, libdbusmenu-glib/dbus-menu.xml

#include "busmenu.h"

#include "busanswers.h"
#include "introspection.h"

#include <QDBusMessage>
#include <QGuiApplication>

using namespace Qt::Literals;

namespace {

constexpr auto interface = "com.canonical.dbusmenu"_L1;

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
    announce(m_lines.replace(menu));
}

void BusMenu::announce(const MenuLines::Change &change)
{
    if (change.isLayoutNew) {
        QDBusMessage signal = QDBusMessage::createSignal(path, interface, u"LayoutUpdated"_s);
        signal << ++m_revision << 0;
        m_bus.send(signal);
    }
    // Of lines that stay, with a new layout too: GNOME reads the properties of new lines only.
    if (!change.properties.isEmpty() || !change.removals.isEmpty()) {
        QDBusMessage signal =
            QDBusMessage::createSignal(path, interface, u"ItemsPropertiesUpdated"_s);
        signal << QVariant::fromValue(change.properties) << QVariant::fromValue(change.removals);
        m_bus.send(signal);
    }
}

void BusMenu::click(int id)
{
    const QString command = m_lines.commandOf(id);
    if (command.isEmpty())
        return;
    // Later: what it asks for may be our end.
    QMetaObject::invokeMethod(
        this, [this, command] { Q_EMIT commanded(command); }, Qt::QueuedConnection);
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
    return handleCall(message, m_bus, interface, &menuProperties,
                      [this](const QDBusMessage &call) { return answer(call); });
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
            {m_revision,
             QVariant::fromValue(m_lines.layout(id, depth, arguments.at(2).toStringList()))});
    }
    if (call == "GetProperty is"_L1) {
        const int id = arguments.at(0).toInt();
        if (!m_lines.contains(id))
            return unknownLine(message);
        const QVariant value = m_lines.property(id, arguments.at(1).toString());
        if (!value.isValid())
            return message.createErrorReply(QDBusError::InvalidArgs, u"No such property"_s);
        return message.createReply(QVariant::fromValue(QDBusVariant(value)));
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
        const BusMenuLines result = m_lines.properties(qdbus_cast<QList<int>>(arguments.at(0)),
                                                       arguments.at(1).toStringList());
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
    return menuIntrospection();
}
