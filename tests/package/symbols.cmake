# SPDX-FileCopyrightText: 2026 The Tallybell authors
# SPDX-License-Identifier: MIT

# A part of run.cmake: what the shared ${library} shows to the linker.

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
if(NOT symbols MATCHES "_ZN3Sse11EventSource4openE")
    message(FATAL_ERROR "${library} does not export EventSource::open():\n${output}")
endif()

set(foreign ${symbols})
list(FILTER foreign EXCLUDE REGEX " _Z(T.|Th[n0-9]+_|GV)?NK?3Sse")
if(foreign)
    message(FATAL_ERROR "${library} exports what is not of namespace Sse: ${foreign}")
endif()

set(classes [A-Z][A-Za-z]*Private)
file(GLOB headers ${ROOT}/sselib/src/*_p.h)
foreach(header IN LISTS headers)
    file(STRINGS ${header} lines REGEX "^(class|struct) [A-Z][A-Za-z]+( |$)")
    list(TRANSFORM lines REPLACE "^[a-z]+ ([A-Za-z]+).*" "\\1")
    list(APPEND classes ${lines})
endforeach()
list(JOIN classes "|" classes)
set(private ${symbols})
list(FILTER private INCLUDE REGEX "[0-9](${classes})")
if(private)
    message(FATAL_ERROR "${library} exports what is private: ${private}")
endif()
