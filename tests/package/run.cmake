# SPDX-FileCopyrightText: 2026 The Tallybell authors
# SPDX-License-Identifier: MIT

# Installs sselib, moves it elsewhere, and builds a stranger's project against it:
# cmake -DROOT=dir -DWORK=dir -DSHARED=ON|OFF -DVERSION=x.y -DCOMPILER=c++ [-DLAUNCHER=ccache] -P run.cmake

cmake_minimum_required(VERSION 3.25)

function(run)
    execute_process(COMMAND ${ARGV} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
    if(NOT status EQUAL 0)
        list(JOIN ARGV " " command)
        message(FATAL_ERROR "${command}\n${output}")
    endif()
endfunction()

file(REMOVE_RECURSE ${WORK})
set(habits
    -G Ninja
    -DCMAKE_BUILD_TYPE=Release
    -DCMAKE_CXX_COMPILER=${COMPILER}
    -DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER}
)

run(${CMAKE_COMMAND} -S ${ROOT}/sselib -B ${WORK}/sselib ${habits}
    -DBUILD_SHARED_LIBS=${SHARED}
    -DSSELIB_BUILD_EXAMPLES=OFF
    -DCMAKE_INSTALL_PREFIX=${WORK}/installed
)
run(${CMAKE_COMMAND} --build ${WORK}/sselib)
run(${CMAKE_COMMAND} --install ${WORK}/sselib --component sselib)

# What still points to the first place now breaks.
file(RENAME ${WORK}/installed ${WORK}/moved)
file(REMOVE_RECURSE ${WORK}/sselib)

run(${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR}/stranger -B ${WORK}/stranger ${habits}
    -DCMAKE_PREFIX_PATH=${WORK}/moved
    -DEXPECTED_VERSION=${VERSION}
    -DWATCH=${ROOT}/sselib/examples/watch.cpp
)
run(${CMAKE_COMMAND} --build ${WORK}/stranger)

# Without an address it tells its usage: the program starts, and finds the library.
execute_process(COMMAND ${WORK}/stranger/watch
    RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
if(NOT status EQUAL 2 OR NOT output MATCHES "[Uu]sage")
    message(FATAL_ERROR "watch ended with ${status} and said: ${output}")
endif()
file(REMOVE_RECURSE ${WORK})
