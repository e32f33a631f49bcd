# SPDX-FileCopyrightText: 2026 The Tallybell authors
# SPDX-License-Identifier: MIT

# A part of run.cmake.

set(shared OFF)
include(${CMAKE_CURRENT_LIST_DIR}/installed.cmake)
