# SPDX-FileCopyrightText: 2026 The Tallybell authors
# SPDX-License-Identifier: MIT

# Proves that the layer check can fail: cmake -DWORK=dir -DQT_HEADERS=dir -P layers_caught.cmake
# A small tree is written, good and bad files side by side; the check must name the bad ones only.

cmake_minimum_required(VERSION 3.25)

file(REMOVE_RECURSE ${WORK})
set(expected)

function(good file header)
    file(WRITE ${WORK}/${file} "// a [comment]; with\\\n// traps\n\n#include ${header}\n")
endfunction()

macro(bad file header)
    good(${file} "${header}")
    list(APPEND expected "${file}:4: #include ${header}")
endmacro()

good(sselib/src/parser.cpp "<QByteArray>")
good(sselib/include/sselib/parser.h "<sselib/event.h>")
good(app/core/feed/feed.cpp "<sselib/eventsource.h>")
good(app/core/settings.cpp "<QSettings>")
good(app/ui/countwindow.cpp "\"core/feedlist.h\"")
good(app/ui/countwindow.h "<QWidget>")
good(app/desktop/keyring.h "\"core/secrets/secretstore.h\"")
good(app/desktop/trayitem.cpp "<QDBusConnection>")
good(app/application.cpp "\"desktop/trayitem.h\"")
good(tests/harness/listen.cpp "<sselib/eventsource.h>")
good(tests/harness/ssekit/load/loadrun.cpp "<sselib/eventsource.h>")
good(tests/harness/server.cpp "<QTcpServer>")
good(tests/harness/scenario.h "<sselib/testkit/exchange.h>")
good(sselib/testkit/src/exchange.cpp "<sselib/testkit/exchange.h>")
good(sselib/testkit/include/sselib/testkit/virtualclock.h "<sselib/clock.h>")

bad(sselib/src/reach.cpp "\"app/core/feed.h\"")
bad(sselib/src/window.cpp "<QtWidgets/QWidget>")
bad(sselib/include/sselib/icon.h "<QIcon>")
bad(app/core/window.cpp "<QWidget>")
bad(app/core/bus.cpp "<QDBusConnection>")
bad(app/core/tray.cpp "\"../desktop/trayitem.h\"")
bad(app/core/view.h "\"ui/countwindow.h\"")
bad(app/ui/stream.cpp "<sselib/eventsource.h>")
bad(app/ui/feed.cpp "\"core/feed/feed.h\"")
bad(app/ui/rule.cpp "\"../core/feed/countrule.h\"")
bad(app/ui/request.cpp "<QNetworkReply>")
bad(app/ui/tray.cpp "\"desktop/trayitem.h\"")
bad(app/desktop/steps.cpp "\"core/feed/steprunner.h\"")
bad(app/desktop/window.cpp "\"ui/countwindow.h\"")
bad(app/main.cpp "<QtCore/QObject>")
bad(tests/harness/server_stream.cpp "<sselib/parser.h>")
bad(tests/harness/ssekit/serve/load.cpp "<sselib/parser.h>")
bad(sselib/testkit/src/sseserver.cpp "<sselib/event.h>")

execute_process(
    COMMAND ${CMAKE_COMMAND} -DROOT=${WORK} -DQT_HEADERS=${QT_HEADERS}
        -P ${CMAKE_CURRENT_LIST_DIR}/layers.cmake
    RESULT_VARIABLE status
    ERROR_VARIABLE output
)
file(REMOVE_RECURSE ${WORK})

if(status EQUAL 0)
    message(FATAL_ERROR "The check passed a tree that is full of violations")
endif()
string(REGEX MATCHALL "[^\n]+:[0-9]+: #include [^\n]+" found "${output}")
list(REMOVE_DUPLICATES found)
list(SORT found)
list(SORT expected)
if(NOT found STREQUAL expected)
    message(FATAL_ERROR "expected: ${expected}\n\nfound: ${found}\n\n${output}")
endif()
