# SPDX-FileCopyrightText: 2026 The Tallybell authors
# SPDX-License-Identifier: MIT

# Makes the pages of the API documentation in OUTPUT/html; a warning of doxygen is an error:
# cmake -DOUTPUT=dir [-DSKIPPABLE=ON] -P make.cmake
# SKIPPABLE: a machine without doxygen is no error.

cmake_minimum_required(VERSION 3.25)

foreach(program IN ITEMS doxygen dot)
    find_program(${program} ${program})
    if(NOT ${program} AND NOT SKIPPABLE)
        message(FATAL_ERROR "${program} is missing here")
    elseif(NOT ${program})
        message("skipped: there is no ${program} here")
        return()
    endif()
endforeach()

cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH root)
cmake_path(ABSOLUTE_PATH OUTPUT NORMALIZE)
file(READ ${root}/CMakeLists.txt project)
string(REGEX MATCH "\n    VERSION ([0-9.]+)\n    DESCRIPTION \"([^\"]+)\"" found "${project}")
if(NOT found)
    message(FATAL_ERROR "${root}/CMakeLists.txt does not say which version this is")
endif()
set(ENV{SSELIB_VERSION} ${CMAKE_MATCH_1})
set(ENV{SSELIB_BRIEF} ${CMAKE_MATCH_2})
set(ENV{SSELIB_ROOT} ${root})
set(ENV{SSELIB_DOCS_OUTPUT} ${OUTPUT})

file(REMOVE_RECURSE ${OUTPUT}/html)
file(MAKE_DIRECTORY ${OUTPUT})
execute_process(COMMAND ${doxygen} ${CMAKE_CURRENT_LIST_DIR}/Doxyfile RESULT_VARIABLE status)
if(NOT status EQUAL 0)
    message(FATAL_ERROR "The documentation is not in order: see the warnings above")
endif()
message("${OUTPUT}/html/index.html")
