// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QStringList>

/*! `ssekit record`: keeps a stream with its timing as a script. Returns the exit status. */
int record(const QStringList &arguments);
