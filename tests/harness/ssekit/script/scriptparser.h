// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "script/script.h"

#include <optional>

/*!
    Reads the language that docs/scripts.md describes. It stops at the first mistake: \a error is
    then a sentence that begins with "FILE:LINE:COLUMN: ".
*/
[[nodiscard]] std::optional<Script> parseScript(const QString &fileName, const QByteArray &source,
                                                QString *error);
