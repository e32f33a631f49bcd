// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QString>

/*!
    Why no window can be shown, as a sentence with what to do; empty when one can. To be asked
    before QApplication, which ends the process without a display.
*/
[[nodiscard]] QString displayObstacle();
