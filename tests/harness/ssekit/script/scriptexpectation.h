// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "script/script.h"

#include <sselib/testkit/httprequest.h>

/*!
    Why \a request is not as an `expect` \a statement wants it, or nothing. \a wanted is the
    statement's text with its variables replaced.
*/
[[nodiscard]] QString unmetExpectation(const ScriptStatement &statement, const QByteArray &wanted,
                                       const Harness::HttpRequest &request);
