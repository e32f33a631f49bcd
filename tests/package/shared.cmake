# SPDX-FileCopyrightText: 2026 The Tallybell authors
# SPDX-License-Identifier: MIT

# A part of run.cmake.

set(shared ON)
include(${CMAKE_CURRENT_LIST_DIR}/installed.cmake)

# What the library shows to the linker.

string(REGEX MATCH "^[0-9]+" major ${VERSION})
run(${READELF} -d ${library})
if(NOT output MATCHES "SONAME[^\n]*\\[libsselib\\.so\\.${major}\\]")
    message(FATAL_ERROR "The soname is not libsselib.so.${major}:\n${output}")
endif()

# nm: address, type, name, perhaps with @@ and the version; type A is the version itself.
run(${NM} -D --defined-only ${library})
string(REGEX REPLACE "@[^\n]*" "" symbols "${output}")
string(REGEX MATCHALL "[^\n]+" symbols "${symbols}")
list(FILTER symbols EXCLUDE REGEX " A SSELIB_[0-9]+$")
set(foreign ${symbols})
list(FILTER foreign EXCLUDE REGEX " _Z(T.|Th[n0-9]+_|GV)?NK?3Sse")
set(private ${symbols})
list(FILTER private INCLUDE REGEX "Private|16StreamConnection|13StreamRequest")
if(foreign OR private OR NOT symbols MATCHES "_ZN3Sse11EventSource4openE")
    list(JOIN foreign "\n" foreign)
    list(JOIN private "\n" private)
    message(FATAL_ERROR "Exported of others:\n${foreign}\nOf what is private:\n${private}\nOf all:\n${output}")
endif()
