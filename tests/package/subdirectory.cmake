# SPDX-FileCopyrightText: 2026 The Tallybell authors
# SPDX-License-Identifier: MIT

# A part of run.cmake. The stranger does not ask for the test kit at first, then it does.

run(${stranger} -DSSELIB_SOURCE=${ROOT}/sselib)
run(${stranger} -DSSELIB_BUILD_TESTKIT=ON -DCMAKE_INSTALL_PREFIX=${WORK}/installed)
run(${CMAKE_COMMAND} --build ${WORK}/stranger)
run(${CMAKE_COMMAND} -E env WATCH=${WORK}/stranger/watch ${tst_watch})

run(${CMAKE_COMMAND} --install ${WORK}/stranger)
file(GLOB_RECURSE installed RELATIVE ${WORK}/installed ${WORK}/installed/*)
if(NOT installed STREQUAL "bin/watch")
    message(FATAL_ERROR "The stranger installs its watch, and here is: ${installed}")
endif()
