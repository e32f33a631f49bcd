// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QDBusMessage>
#include <QStringList>
#include <QVariantMap>

/*! The answer to a call of org.freedesktop.DBus.Properties of an object that nobody may change. */
[[nodiscard]] QDBusMessage answerProperties(const QDBusMessage &message, const QString &interface,
                                            const QVariantMap &properties);

/*! The error for a call that was not understood: a method of \a known has other arguments. */
[[nodiscard]] QDBusMessage answerUnknown(const QDBusMessage &message, const QStringList &known);
