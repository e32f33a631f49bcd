# SPDX-FileCopyrightText: 2026 The Tallybell authors
# SPDX-License-Identifier: MIT

# A part of run.cmake: installs sselib in ${PREFIX}.

string(COMPARE EQUAL ${WAY} shared shared)
set(targets all)
if(NOT shared)
    list(APPEND targets all_verify_interface_header_sets)
endif()

# No warning, not even when a public header is compiled by itself, which one of the two ways tells.
run(${CMAKE_COMMAND} -S ${ROOT}/sselib -B ${WORK}/sselib ${habits}
    -DBUILD_SHARED_LIBS=${shared}
    -DCMAKE_INSTALL_PREFIX=${WORK}/installed
)
run(${CMAKE_COMMAND} --build ${WORK}/sselib --target ${targets})
run(${CMAKE_COMMAND} --install ${WORK}/sselib --component sselib)

# What still points to the first place now breaks.
set(PREFIX ${WORK}/moved)
file(RENAME ${WORK}/installed ${PREFIX})
file(REMOVE_RECURSE ${WORK}/sselib)
