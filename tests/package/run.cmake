# SPDX-FileCopyrightText: 2026 The Tallybell authors
# SPDX-License-Identifier: MIT

# Builds a stranger's project with sselib, which is installed and moved elsewhere, or is in PREFIX already,
# or becomes a part of that project:
# cmake -DROOT=dir -DWORK=dir -DWAY=static|shared|packaged|subdirectory -DVERSION=x.y.z -DCOMPILER=c++
#     [-DNM=nm -DREADELF=readelf] [-DPREFIX=dir] [-DLAUNCHER=ccache] -P run.cmake

cmake_minimum_required(VERSION 3.25)

find_program(compiler ${COMPILER})
if(NOT compiler)
    message("skipped: there is no ${COMPILER} here")
    return()
endif()

# run(command…) ends the test when the command fails; its output is in ${output} after.
function(run)
    execute_process(COMMAND ${ARGV}
        RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
    if(NOT status EQUAL 0)
        list(JOIN ARGV " " command)
        message(FATAL_ERROR "${command}\n${output}")
    endif()
    set(output "${output}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE ${WORK})
file(GLOB headers RELATIVE ${ROOT}/sselib/include ${ROOT}/sselib/include/sselib/*.h)
file(GLOB testkit_headers RELATIVE ${ROOT}/sselib/testkit/include
    ${ROOT}/sselib/testkit/include/sselib/testkit/*.h)
foreach(header IN LISTS headers testkit_headers)
    file(APPEND ${WORK}/includes/everyheader.h "#include <${header}>\n")
endforeach()
set(strict "-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror")
set(habits
    -G Ninja
    -DCMAKE_CXX_COMPILER=${compiler}
    -DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER}
    "-DCMAKE_CXX_FLAGS=${strict}"
)
set(stranger
    ${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR}/stranger -B ${WORK}/stranger ${habits}
        -DWATCH=${ROOT}/sselib/examples/watch.cpp
        -DINCLUDES=${WORK}/includes
)
set(tst_watch ${WORK}/stranger/tst_watch)

if(WAY STREQUAL "subdirectory")
    include(${CMAKE_CURRENT_LIST_DIR}/subdirectory.cmake)
else()
    if(NOT WAY STREQUAL "packaged")
        include(${CMAKE_CURRENT_LIST_DIR}/installed.cmake)
    endif()
    include(${CMAKE_CURRENT_LIST_DIR}/found.cmake)
    if(WAY STREQUAL "shared")
        include(${CMAKE_CURRENT_LIST_DIR}/symbols.cmake)
    endif()
endif()
file(REMOVE_RECURSE ${WORK})
