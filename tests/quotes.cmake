# SPDX-FileCopyrightText: 2026 The Tallybell authors
# SPDX-License-Identifier: MIT
#
# cmake -DREADME=… -DSOURCE=… -P quotes.cmake
# Fails unless each block of C++ in README stands, whatever its indentation, in SOURCE, which is
# compiled: what we show to people works.

file(READ ${README} readme)
file(READ ${SOURCE} source)
string(REGEX REPLACE "\n[ ]+" "\n" source "${source}")
string(REPLACE ";" "<semicolon>" source "${source}")
string(REPLACE ";" "<semicolon>" readme "${readme}")
string(REGEX MATCHALL "```cpp\n([^`]*)```" blocks "${readme}")
if(NOT blocks)
    message(FATAL_ERROR "${README} quotes nothing")
endif()
foreach(block IN LISTS blocks)
    string(REGEX REPLACE "^```cpp\n|```$" "" block "${block}")
    string(REGEX REPLACE "\n[ ]+" "\n" block "${block}")
    string(FIND "${source}" "${block}" found)
    if(found EQUAL -1)
        message(FATAL_ERROR "${README} shows what is not in ${SOURCE}:\n${block}")
    endif()
endforeach()
