# SPDX-FileCopyrightText: 2026 The Tallybell authors
# SPDX-License-Identifier: MIT

# A part of run.cmake: uses the sselib in ${PREFIX}; sets ${library}.

file(GLOB_RECURSE library ${PREFIX}/libsselib.a ${PREFIX}/libsselib.so.${VERSION})
cmake_path(GET library PARENT_PATH library_dir)

# By CMake.

run(${stranger} -DCMAKE_PREFIX_PATH=${PREFIX})
run(${CMAKE_COMMAND} --build ${WORK}/stranger)
run(${CMAKE_COMMAND} -E env WATCH=${WORK}/stranger/watch ${tst_watch})

# By pkg-config, as whoever writes no build files.

find_program(pkg_config pkg-config REQUIRED)
set(environment ${CMAKE_COMMAND} -E env
    PKG_CONFIG_PATH=${library_dir}/pkgconfig LD_LIBRARY_PATH=${library_dir})
run(${environment} ${pkg_config} --modversion sselib)
if(NOT output STREQUAL "${VERSION}\n")
    message(FATAL_ERROR "pkg-config says that this is version ${output}")
endif()
run(${environment} ${pkg_config} --cflags --libs sselib)
separate_arguments(flags UNIX_COMMAND "${output}")
run(${LAUNCHER} ${compiler} -std=c++20 ${ROOT}/sselib/examples/watch.cpp -o ${WORK}/watch ${flags})
run(${environment} WATCH=${WORK}/watch ${tst_watch})
