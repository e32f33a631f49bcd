// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QByteArray>
#include <QDBusArgument>
#include <QImage>
#include <QList>
#include <QString>
#include <QStringList>
#include <QVariantMap>

// What StatusNotifierItem and com.canonical.dbusmenu send and receive, beyond the basic types.

/*! (iiay): a picture as the bus has it, ARGB32 in network order, not premultiplied. */
struct BusPixmap
{
    int width = 0;
    int height = 0;
    QByteArray bytes;

    [[nodiscard]] static BusPixmap fromImage(const QImage &image);

    friend bool operator==(const BusPixmap &lhs, const BusPixmap &rhs) = default;
};
using BusPixmaps = QList<BusPixmap>;

/*! (sa(iiay)ss) */
struct BusToolTip
{
    QString iconName;
    BusPixmaps pixmaps;
    QString title; //!< Plain.
    QString text; //!< Markup, a subset of HTML.

    friend bool operator==(const BusToolTip &lhs, const BusToolTip &rhs) = default;
};

/*! (ia{sv}av): a line of a menu and those below it. */
struct BusMenuLayout
{
    int id = 0;
    QVariantMap properties;
    QList<BusMenuLayout> children;
};

/*! (ia{sv}) */
struct BusMenuLine
{
    int id = 0;
    QVariantMap properties;
};
using BusMenuLines = QList<BusMenuLine>;

/*! (ias): properties that have their default value again. */
struct BusMenuRemoval
{
    int id = 0;
    QStringList properties;
};
using BusMenuRemovals = QList<BusMenuRemoval>;

/*! (isvu) */
struct BusMenuEvent
{
    int id = 0;
    QString event;
    QDBusVariant data;
    uint timestamp = 0;
};
using BusMenuEvents = QList<BusMenuEvent>;

QDBusArgument &operator<<(QDBusArgument &argument, const BusPixmap &pixmap);
QDBusArgument &operator<<(QDBusArgument &argument, const BusToolTip &toolTip);
QDBusArgument &operator<<(QDBusArgument &argument, const BusMenuLayout &layout);
QDBusArgument &operator<<(QDBusArgument &argument, const BusMenuLine &line);
QDBusArgument &operator<<(QDBusArgument &argument, const BusMenuRemoval &removal);
QDBusArgument &operator<<(QDBusArgument &argument, const BusMenuEvent &event);
const QDBusArgument &operator>>(const QDBusArgument &argument, BusPixmap &pixmap);
const QDBusArgument &operator>>(const QDBusArgument &argument, BusToolTip &toolTip);
const QDBusArgument &operator>>(const QDBusArgument &argument, BusMenuLayout &layout);
const QDBusArgument &operator>>(const QDBusArgument &argument, BusMenuLine &line);
const QDBusArgument &operator>>(const QDBusArgument &argument, BusMenuRemoval &removal);
const QDBusArgument &operator>>(const QDBusArgument &argument, BusMenuEvent &event);

/*! Makes them known to QtDBus; to be called before one is sent. As often as you like. */
void registerTrayTypes();

Q_DECLARE_METATYPE(BusPixmap)
Q_DECLARE_METATYPE(BusToolTip)
Q_DECLARE_METATYPE(BusMenuLayout)
Q_DECLARE_METATYPE(BusMenuLine)
Q_DECLARE_METATYPE(BusMenuRemoval)
Q_DECLARE_METATYPE(BusMenuEvent)
