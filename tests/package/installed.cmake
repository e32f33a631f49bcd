# SPDX-FileCopyrightText: 2026 The Tallybell authors
# SPDX-License-Identifier: MIT

# A part of run.cmake; sets ${library} to the installed one.

# No warning, not even when a public header is compiled by itself.
run(${CMAKE_COMMAND} -S ${ROOT}/sselib -B ${WORK}/sselib ${habits}
    -DBUILD_SHARED_LIBS=${shared}
    -DCMAKE_INSTALL_PREFIX=${WORK}/installed
)
run(${CMAKE_COMMAND} --build ${WORK}/sselib --target all all_verify_interface_header_sets)
run(${CMAKE_COMMAND} --install ${WORK}/sselib --component sselib)

# What still points to the first place now breaks.
file(RENAME ${WORK}/installed ${WORK}/moved)
file(REMOVE_RECURSE ${WORK}/sselib)
file(GLOB_RECURSE library ${WORK}/moved/libsselib.a ${WORK}/moved/libsselib.so.${VERSION})
cmake_path(GET library PARENT_PATH library_dir)

# By CMake.

run(${stranger} -DCMAKE_PREFIX_PATH=${WORK}/moved)
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
