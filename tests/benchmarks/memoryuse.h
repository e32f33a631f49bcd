// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtGlobal>

/*! What the kernel says of this program's memory, in bytes. 0 where it does not say. */
struct MemoryUse
{
    qint64 resident = 0; //!< RSS
    qint64 proportional = 0; //!< PSS: what is shared with others counts in parts
};

[[nodiscard]] MemoryUse memoryUse();
