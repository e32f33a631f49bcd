// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QStringList>

/*! `ssekit check`: judges an endpoint. Returns the exit status. */
int check(const QStringList &arguments);
