// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QString>

/*!
    The facts of a stream as lines for people. What a server sent is shown without control
    characters, which a terminal would obey.
*/
class PlainText
{
public:
    explicit PlainText(bool isColourful)
        : m_isColourful(isColourful)
    {}

    /*! The time, the type, the id where there is one, and the data, further lines of it indented. */
    [[nodiscard]] QString event(const QString &time, const QString &type, const QString &id,
                                const QString &data) const;
    /*! The time and what happened to the connection. */
    [[nodiscard]] QString fact(const QString &time, const QString &sentence) const;
    /*! The same for what went wrong. */
    [[nodiscard]] QString error(const QString &time, const QString &sentence) const;

private:
    [[nodiscard]] QString paint(const QString &text, QLatin1StringView colour) const;

    const bool m_isColourful;
};
