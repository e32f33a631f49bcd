// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "source.h"

class JsonObjectReader;

// The part of a source file that says what answers and events mean. All throw JsonMistake.

/*! The conditions in the array at \a key of \a reader. */
[[nodiscard]] QList<Condition> readConditions(JsonObjectReader &reader, const QString &key);

/*! What to find where, by the name of the variable that gets it, in the object at "extract". */
[[nodiscard]] QMap<QString, Extraction> readExtractions(JsonObjectReader &reader);

/*! An answer's count. */
[[nodiscard]] CountLocation readCountLocation(JsonObjectReader &reader);

/*! One of "errors". */
[[nodiscard]] ErrorClass readErrorClass(JsonObjectReader &reader);

/*! One of "rules". */
[[nodiscard]] Rule readRule(JsonObjectReader &reader);

/*! The HTTP statuses at the key "status": one, or an array. */
[[nodiscard]] QList<int> readStatuses(JsonObjectReader &reader);

/*! Complains of the key \a name where no template could name such a variable. */
void checkVariableName(const JsonObjectReader &reader, const QString &name);
