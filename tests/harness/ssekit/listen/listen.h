// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QStringList>

/*! `ssekit listen`: prints what a stream says. Returns the exit status. */
int listen(const QStringList &arguments);
