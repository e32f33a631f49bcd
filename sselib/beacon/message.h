// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

// What a process and the keeper of its beacons say to each other over a SOCK_SEQPACKET socket, one
// message a packet. Both are of one build. No Qt: the keeper does without.

#pragma once

#include <cstdint>

namespace Sse::BeaconMessage {

constexpr int socketDescriptor = 3; // of the keeper and of the program that sends
constexpr int senderDescriptor = 4; // of the keeper: the program that sends

enum class Wish : std::uint32_t {
    Hold = 1, //!< Comes with a descriptor: a memory file with what to send.
    Release = 2,
    Send = 3, //!< Now, and then forget it.
};

struct Order
{
    Wish wish;
    std::uint32_t beacon; //!< Its number.
};

enum class Fact : std::uint32_t {
    OnDuty = 1, //!< number is the keeper's process id.
    Sent = 2, //!< number is the status; isDelivered and text as in BeaconResult.
    NotStarted = 3, //!< The program that sends does not start: text says why. Nothing was sent.
};

struct Report
{
    Fact fact;
    std::uint32_t beacon;
    std::int32_t number;
    std::uint32_t isDelivered;
    char text[240]; //!< UTF-8, ends with NUL.
};

} // namespace Sse::BeaconMessage
