// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "display.h"

#include <QCoreApplication>
#include <QFileInfo>

#include <memory>

#include <xcb/xcb.h>

using namespace Qt::Literals;

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("Display", text);
}

bool isXServerThere()
{
    const std::unique_ptr<xcb_connection_t, decltype(&xcb_disconnect)> connection(
        xcb_connect(nullptr, nullptr), &xcb_disconnect);
    return xcb_connection_has_error(connection.get()) == 0;
}

bool isCompositorThere()
{
    const QString name = qEnvironmentVariable("WAYLAND_DISPLAY");
    const QString folder = qEnvironmentVariable("XDG_RUNTIME_DIR");
    return !name.isEmpty()
        && QFileInfo::exists(name.startsWith(u'/') ? name : folder + u'/' + name);
}

} // namespace

QString displayObstacle()
{
    // Somebody who names a platform plugin knows better: "offscreen" needs no display.
    const QString platform = qEnvironmentVariable("QT_QPA_PLATFORM");
    if (!platform.isEmpty() && platform != "xcb"_L1 && !platform.startsWith("wayland"_L1))
        return {};
    if (isCompositorThere())
        return {};
    if (!qEnvironmentVariableIsSet("DISPLAY"))
        return tr("There is no display to show a window on. Start it from a desktop session, or "
                  "with --headless.");
    if (!isXServerThere())
        return tr("The display %1 cannot be reached. Start it from a desktop session, or with "
                  "--headless.")
            .arg(qEnvironmentVariable("DISPLAY"));
    return {};
}
