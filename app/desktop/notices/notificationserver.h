// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QSet>
#include <QString>

/*! The program that shows the notifications of a desktop, as it describes itself. */
struct NotificationServer
{
    /*! What it says about do-not-disturb. */
    enum class Disturbing {
        Untold, //!< Nothing: GNOME for instance.
        Wanted,
        Unwanted,
    };

    QString name; //!< One plain line, as the next two; each may be empty.
    QString vendor;
    QString version;
    QSet<QString> abilities; //!< In the words of the specification, "actions" for instance.
    Disturbing disturbing = Disturbing::Untold;

    [[nodiscard]] bool can(QLatin1StringView ability) const
    {
        return abilities.contains(QString(ability));
    }

    friend bool operator==(const NotificationServer &lhs, const NotificationServer &rhs) = default;
};
