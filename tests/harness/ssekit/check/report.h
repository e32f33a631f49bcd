// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "check/facts.h"
#include "check/finding.h"

#include <QJsonObject>

/*! "unreachable", "failures", "warnings" or "ok": the word for all \a findings together. */
[[nodiscard]] QString verdictOf(const EndpointFacts &facts, const Findings &findings);

/*! The report as the one object of --json; docs/check.md lists its keys. */
[[nodiscard]] QJsonObject jsonReport(const EndpointFacts &facts, const Findings &findings);

/*! The report for people, with a line feed at the end of each line but the last. */
[[nodiscard]] QString textReport(const EndpointFacts &facts, const Findings &findings,
                                 bool isColourful);
