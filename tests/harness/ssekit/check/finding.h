// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QList>
#include <QString>

/*! One thing to say about an endpoint. The ids are stable, and listed in docs/check.md. */
struct Finding
{
    /*! How much it matters. */
    enum class Level {
        Ok, //!< Good as it is.
        Note, //!< Worth knowing, or not to be told from here.
        Warning, //!< Will hurt somebody some day.
        Failure, //!< Clients will not work, or lose events.
    };

    QString id;
    Level level = Level::Ok;
    QString sentence;
    QString remedy; //!< Empty where there is nothing to do.
};

using Findings = QList<Finding>;

/*! "ok", "note", "warning", "failure": the word in reports. */
[[nodiscard]] QString levelName(Finding::Level level);
