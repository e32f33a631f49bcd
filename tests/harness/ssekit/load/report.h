// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QByteArray>
#include <QJsonObject>

struct LoadFigures;

/*! For people: a few lines, without the last line's end. */
[[nodiscard]] QByteArray textReport(const LoadFigures &figures);

/*! For programs; the documentation lists the keys. */
[[nodiscard]] QJsonObject jsonReport(const LoadFigures &figures);

/*! An SVG picture of the open streams over time, and of the latencies. */
[[nodiscard]] QByteArray plot(const LoadFigures &figures);
