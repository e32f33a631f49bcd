// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QStringList>

/*! `ssekit load`: opens many streams and measures. Returns the exit status. */
int load(const QStringList &arguments);
