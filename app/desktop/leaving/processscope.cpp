// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "processscope.h"

void ProcessScope::adopt(qint64)
{}
