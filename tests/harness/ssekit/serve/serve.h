// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QStringList>

/*! `ssekit serve`: runs one scenario until SIGTERM or SIGINT. Returns the exit status. */
int serve(const QStringList &arguments);
