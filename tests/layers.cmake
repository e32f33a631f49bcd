# SPDX-FileCopyrightText: 2026 The Tallybell authors
# SPDX-License-Identifier: MIT

# Who may include whom: cmake -DROOT=dir -DQT_HEADERS=dir -P layers.cmake
# Linking enforces most of it. This finds the rest: on Linux every installed header of Qt compiles
# anywhere when its module is written in front, and a folder can be reached by its path.

cmake_minimum_required(VERSION 3.25)

set(violations 0)

# The line number is looked for only when there is something to tell: CMake is slow at lines.
function(report file directive why)
    file(READ ${ROOT}/${file} text)
    string(REGEX REPLACE "[][;\\]" " " text "${text}")
    string(REGEX REPLACE "[][;\\]" " " plain_directive "${directive}")
    string(REPLACE "\n" ";" lines "${text}")
    set(number 0)
    foreach(line IN LISTS lines)
        math(EXPR number "${number} + 1")
        if(line STREQUAL plain_directive)
            break()
        endif()
    endforeach()
    message("${file}:${number}: ${directive}\n    ${why}")
endfunction()

# Sets result to the module of Qt that a header belongs to, "" when it is none of the given ones.
function(qt_module result header)
    set(${result} "" PARENT_SCOPE)
    foreach(module IN LISTS ARGN)
        if(header MATCHES "^${module}/" OR EXISTS ${QT_HEADERS}/${module}/${header})
            set(${result} ${module} PARENT_SCOPE)
            return()
        endif()
    endforeach()
endfunction()

# forbid(GLOB glob… [EXCEPT regex of files] [HEADERS regex] [BUT regex] [QT_MODULES module…] WHY text)
function(forbid)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "EXCEPT;HEADERS;BUT;WHY" "GLOB;QT_MODULES")
    list(TRANSFORM arg_GLOB PREPEND ${ROOT}/)
    file(GLOB_RECURSE files RELATIVE ${ROOT} ${arg_GLOB})
    foreach(file IN LISTS files)
        if(arg_EXCEPT AND file MATCHES "${arg_EXCEPT}")
            continue()
        endif()
        file(STRINGS ${ROOT}/${file} directives ENCODING UTF-8 REGEX "^[ \t]*#[ \t]*include")
        foreach(directive IN LISTS directives)
            if(NOT directive MATCHES "[<\"]([^>\"]+)[>\"]")
                continue()
            endif()
            set(header "${CMAKE_MATCH_1}")
            if(arg_BUT AND header MATCHES "${arg_BUT}")
                continue()
            endif()
            qt_module(module "${header}" ${arg_QT_MODULES})
            if(module OR (arg_HEADERS AND header MATCHES "${arg_HEADERS}"))
                report(${file} "${directive}" "${arg_WHY}")
                math(EXPR violations "${violations} + 1")
            endif()
        endforeach()
    endforeach()
    set(violations ${violations} PARENT_SCOPE)
endfunction()

forbid(GLOB sselib/*.h sselib/*.cpp
    HEADERS "(^|/)(app|core|ui|desktop|farewell)/"
    WHY "sselib is a library of its own; it knows nothing of the app")
forbid(GLOB sselib/*.h sselib/*.cpp app/core/*.h app/core/*.cpp
    EXCEPT "^sselib/examples/" # programs of users, who have displays
    QT_MODULES QtGui QtWidgets QtDBus
    WHY "this layer works without a display and without a bus")
forbid(GLOB app/core/*.h app/core/*.cpp
    HEADERS "(^|/)(ui|desktop)/"
    WHY "core is below ui and desktop; they watch it, it does not know them")
forbid(GLOB app/ui/*.h app/ui/*.cpp app/desktop/*.h app/desktop/*.cpp
    HEADERS "(^|/)(sselib/|core/feed/|feed\\.h$|steprunner\\.h$)"
    WHY "ui and desktop see CountModel, FeedList and Settings, never the feed's insides")
forbid(GLOB app/ui/*.h app/ui/*.cpp
    HEADERS "(^|/)desktop/"
    WHY "ui and desktop do not know each other; Application connects them")
forbid(GLOB app/desktop/*.h app/desktop/*.cpp
    HEADERS "(^|/)ui/"
    WHY "ui and desktop do not know each other; Application connects them")
forbid(GLOB app/ui/*.h app/ui/*.cpp
    QT_MODULES QtNetwork
    WHY "ui never talks to the network")
forbid(GLOB app/*.h app/*.cpp
    HEADERS "^Qt[A-Z][A-Za-z0-9]*/"
    WHY "app code writes <QWidget>: with the module in front it compiles even where the layer may not")
forbid(GLOB tests/harness/*.h tests/harness/*.cpp sselib/testkit/*.h sselib/testkit/*.cpp
    EXCEPT "/(check/|listen|load/|virtual)[^/]*$"
    HEADERS "(^|/)sselib/"
    BUT "(^|/)sselib/testkit/"
    WHY "the server part must not share the client's mistakes; only check, listen*, load and virtual* may use sselib")

if(violations)
    message(FATAL_ERROR "Includes that the layers forbid: ${violations}")
endif()
