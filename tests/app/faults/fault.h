// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QString>

#include <array>

class FaultyPortal;

/*! Something that goes wrong, or a thing that a computer does. */
enum class Fault {
    Cut, //!< The connections break.
    CutInAnEvent, //!< The same, in the middle of an event.
    HalfAnEvent, //!< The stream ends in good order, but the last event does not.
    CleanEnd,
    Freeze, //!< Nothing passes, and nobody tells.
    FreezeInAnEvent,
    BlackHole, //!< The connections break, and whoever connects hears nothing.
    Unplugged, //!< The connections break, and whoever connects is refused.
    Restart, //!< The server is gone for a while, and comes back with another number.
    BadGateway, //!< The stream is answered with 502.
    BadGatewayForTheCount,
    SessionEnded, //!< 401, and a new login is granted.
    LoginRefused, //!< 401, and no login is granted.
    NoStream, //!< The stream is answered with something else.
    Sleep, //!< The computer sleeps, and the source wants to hear of it.
    SleepInSilence, //!< It sleeps, all connections are dead afterwards, and nobody tells.
    OtherNetwork, //!< All connections are dead, and the system tells.
};

constexpr int faults = int(Fault::OtherNetwork) + 1;

[[nodiscard]] QString nameOf(Fault fault);

/*! What goes before \a fault; hasBegun() tells when it is done. */
void begin(Fault fault, FaultyPortal *portal);
[[nodiscard]] bool hasBegun(Fault fault, FaultyPortal *portal);

/*! Has \a fault happen. The number of the server changes under it. */
void inject(Fault fault, FaultyPortal *portal, int number);

/*! The icon shows what it should show under \a fault. */
[[nodiscard]] bool isNoticed(Fault fault, const FaultyPortal *portal);

/*! The cause of \a fault ends, of itself. What a user must do, it does only for LoginRefused. */
void heal(Fault fault, FaultyPortal *portal);
