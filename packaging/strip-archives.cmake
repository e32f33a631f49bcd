# SPDX-FileCopyrightText: 2026 The Tallybell authors
# SPDX-License-Identifier: MIT

# CPack strips programs and shared libraries, but not static ones.
file(GLOB_RECURSE archives ${CPACK_TEMPORARY_DIRECTORY}/*.a)
foreach(archive IN LISTS archives)
    execute_process(
        COMMAND strip --strip-debug --enable-deterministic-archives ${archive}
        COMMAND_ERROR_IS_FATAL ANY
    )
endforeach()
