// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QDBusConnection>
#include <QDBusMessage>
#include <QStringList>
#include <QVariantMap>

#include <functional>

/*!
    Handles \a message for an object of \a interface that nobody may change: calls of
    org.freedesktop.DBus.Properties by \a properties, those of the interface, or of none, by \a answer.
    False: it is neither, and Qt answers, for it can introspect.
*/
[[nodiscard]] bool handleCall(const QDBusMessage &message, const QDBusConnection &bus,
                              const QString &interface,
                              const std::function<QVariantMap()> &properties,
                              const std::function<QDBusMessage(const QDBusMessage &)> &answer);

/*! The error for a call that was not understood: a method of \a known has other arguments. */
[[nodiscard]] QDBusMessage answerUnknown(const QDBusMessage &message, const QStringList &known);
