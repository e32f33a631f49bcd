// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QSet>

/*!
    The links, by their index, that by their kind join what is on this computer: bridges and virtual
    cables of containers and virtual machines. Where the way out goes over such a link all the same,
    its routes tell.
*/
[[nodiscard]] QSet<int> readInnerLinks();
