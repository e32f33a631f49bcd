// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "check/facts.h"
#include "check/finding.h"

/*! Everything that can be said of \a facts, in the order of a report. Pure: no network, no clock. */
[[nodiscard]] Findings judge(const EndpointFacts &facts);

// Its parts.

/*! Status, redirects, content type, and the headers for caches and buffers. */
[[nodiscard]] Findings judgeHead(const EndpointFacts &facts);
/*! When bytes came: first byte, lumps, silences, the end. */
[[nodiscard]] Findings judgeDelivery(const EndpointFacts &facts);
/*! What the bytes said: format, retry, ids, and whether a lost stream goes on where it was. */
[[nodiscard]] Findings judgeEvents(const EndpointFacts &facts);
/*! Compression, CORS, HTTP version, TLS. */
[[nodiscard]] Findings judgeTransport(const EndpointFacts &facts);

/*! "0.4 s", "12 s": for sentences. */
[[nodiscard]] QString inSeconds(std::chrono::milliseconds time);
