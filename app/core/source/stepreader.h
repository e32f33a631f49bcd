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

/*! The key "body": exactly one of "json", "form", "text" in it. */
void readBody(JsonObjectReader &reader, Step::Body &kind, QJsonValue &body);

/*! The key "method", one of \a methods; the first where it is missing. */
[[nodiscard]] QByteArray readMethod(JsonObjectReader &reader, const QStringList &methods);

/*! The key "headers". */
[[nodiscard]] QMap<QString, Template> readHeaders(JsonObjectReader &reader);
