// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "traytypes.h"

#include <QDBusMetaType>
#include <QtEndian>

BusPixmap BusPixmap::fromImage(const QImage &image)
{
    const QImage pixels = image.convertToFormat(QImage::Format_ARGB32);
    BusPixmap pixmap{pixels.width(), pixels.height(), {}};
    const qsizetype line = qsizetype(pixels.width()) * qsizetype(sizeof(QRgb));
    pixmap.bytes.resize(line * pixels.height());
    for (int y = 0; y < pixels.height(); ++y)
        qToBigEndian<quint32>(pixels.constScanLine(y), pixels.width(),
                              pixmap.bytes.data() + line * y);
    return pixmap;
}

QDBusArgument &operator<<(QDBusArgument &argument, const BusPixmap &pixmap)
{
    argument.beginStructure();
    argument << pixmap.width << pixmap.height << pixmap.bytes;
    argument.endStructure();
    return argument;
}

const QDBusArgument &operator>>(const QDBusArgument &argument, BusPixmap &pixmap)
{
    argument.beginStructure();
    argument >> pixmap.width >> pixmap.height >> pixmap.bytes;
    argument.endStructure();
    return argument;
}

QDBusArgument &operator<<(QDBusArgument &argument, const BusToolTip &toolTip)
{
    argument.beginStructure();
    argument << toolTip.iconName << toolTip.pixmaps << toolTip.title << toolTip.text;
    argument.endStructure();
    return argument;
}

const QDBusArgument &operator>>(const QDBusArgument &argument, BusToolTip &toolTip)
{
    argument.beginStructure();
    argument >> toolTip.iconName >> toolTip.pixmaps >> toolTip.title >> toolTip.text;
    argument.endStructure();
    return argument;
}

QDBusArgument &operator<<(QDBusArgument &argument, const BusMenuLayout &layout)
{
    argument.beginStructure();
    argument << layout.id << layout.properties;
    argument.beginArray(QMetaType::fromType<QDBusVariant>());
    for (const BusMenuLayout &child : layout.children)
        argument << QDBusVariant(QVariant::fromValue(child));
    argument.endArray();
    argument.endStructure();
    return argument;
}

const QDBusArgument &operator>>(const QDBusArgument &argument, BusMenuLayout &layout)
{
    argument.beginStructure();
    argument >> layout.id >> layout.properties;
    layout.children.clear();
    argument.beginArray();
    while (!argument.atEnd()) {
        QDBusVariant child;
        argument >> child;
        layout.children.append(qdbus_cast<BusMenuLayout>(child.variant()));
    }
    argument.endArray();
    argument.endStructure();
    return argument;
}

QDBusArgument &operator<<(QDBusArgument &argument, const BusMenuLine &line)
{
    argument.beginStructure();
    argument << line.id << line.properties;
    argument.endStructure();
    return argument;
}

const QDBusArgument &operator>>(const QDBusArgument &argument, BusMenuLine &line)
{
    argument.beginStructure();
    argument >> line.id >> line.properties;
    argument.endStructure();
    return argument;
}

QDBusArgument &operator<<(QDBusArgument &argument, const BusMenuRemoval &removal)
{
    argument.beginStructure();
    argument << removal.id << removal.properties;
    argument.endStructure();
    return argument;
}

const QDBusArgument &operator>>(const QDBusArgument &argument, BusMenuRemoval &removal)
{
    argument.beginStructure();
    argument >> removal.id >> removal.properties;
    argument.endStructure();
    return argument;
}

QDBusArgument &operator<<(QDBusArgument &argument, const BusMenuEvent &event)
{
    argument.beginStructure();
    argument << event.id << event.event << event.data << event.timestamp;
    argument.endStructure();
    return argument;
}

const QDBusArgument &operator>>(const QDBusArgument &argument, BusMenuEvent &event)
{
    argument.beginStructure();
    argument >> event.id >> event.event >> event.data >> event.timestamp;
    argument.endStructure();
    return argument;
}

void registerTrayTypes()
{
    static const bool isDone = [] {
        qDBusRegisterMetaType<BusPixmap>();
        qDBusRegisterMetaType<BusPixmaps>();
        qDBusRegisterMetaType<BusToolTip>();
        qDBusRegisterMetaType<BusMenuLayout>();
        qDBusRegisterMetaType<BusMenuLine>();
        qDBusRegisterMetaType<BusMenuLines>();
        qDBusRegisterMetaType<BusMenuRemoval>();
        qDBusRegisterMetaType<BusMenuRemovals>();
        qDBusRegisterMetaType<BusMenuEvent>();
        qDBusRegisterMetaType<BusMenuEvents>();
        qDBusRegisterMetaType<QList<int>>();
        return true;
    }();
    Q_UNUSED(isDone)
}
