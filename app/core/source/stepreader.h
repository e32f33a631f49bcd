// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "source.h"

class JsonObjectReader;

// The part of a source file that describes requests. All throw JsonMistake. The variables and the
// token of the source must have been read before.

/*! The steps in the array at \a key of \a reader; the key says what they may hold. */
[[nodiscard]] QList<Step> readSteps(JsonObjectReader &reader, const QString &key,
                                    const Source &source);

/*! The key "auth", or \a fallback where it is missing. */
[[nodiscard]] Auth readAuth(JsonObjectReader &reader, Auth fallback, const Source &source);

/*! The key "headers". */
[[nodiscard]] QMap<QString, Template> readHeaders(JsonObjectReader &reader);

/*! Complains of the key \a name where no template could name such a variable. */
void checkVariableName(const JsonObjectReader &reader, const QString &name);
