// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "source.h"

class JsonObjectReader;

/*! Reads "stream" into \a source. Throws JsonMistake. Variables and token were read before. */
void readStream(JsonObjectReader &reader, Source &source);
