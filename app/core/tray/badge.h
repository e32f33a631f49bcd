// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QString>

/*!
    What the picture in the tray says: equal badges look the same, so compare these before drawing or
    sending anything. How it is drawn is the business of the view.
*/
struct Badge
{
    enum class State {
        Unknown, //!< No number yet: logging in, counting, connecting.
        Live, //!< The number is the server's.
        Snoozed, //!< As live, and the user wants to be left alone for a while.
        Stale, //!< Connected, but the number may have changed since.
        Reconnecting, //!< Not connected, trying again; the number may have changed since.
        Offline, //!< This computer has no network; the number may have changed since.
        Paused, //!< Closed by the user.
        LoginNeeded, //!< The user has to log in, or to unlock the keyring.
        Error, //!< Nothing goes on before the user acts.
    };

    /*! For which panel it is drawn. */
    enum class Scheme {
        Colour, //!< Coloured, for light and dark panels.
        MonoOnLight, //!< Dark ink for a light panel.
        MonoOnDark, //!< Light ink for a dark panel.
    };

    enum class Style {
        Bell, //!< The bell, and the number before it.
        NumberOnly, //!< The number alone, larger. The bell where there is none.
    };

    QString text; //!< "1" to "99", "99+", "12k"; empty for 0 and for unknown.
    State state = State::Unknown;
    Scheme scheme = Scheme::Colour;
    Style style = Style::Bell;

    friend bool operator==(const Badge &lhs, const Badge &rhs) = default;
};
