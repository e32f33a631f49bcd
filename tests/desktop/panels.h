// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "ui/badge/badgeimage.h"

#include <QColor>
#include <QImage>

#include <cstdint>

/*! A piece of a panel that shows a photograph of the usual kind: soft shapes, edges, grain. */
[[nodiscard]] QImage photograph(int size, std::uint32_t seed);

/*! \a badge as it stands on \a panel, whose size it gets. */
[[nodiscard]] QImage onPanel(const Badge &badge, QImage panel);
[[nodiscard]] QImage onPanel(const Badge &badge, int size, const QColor &panel);
