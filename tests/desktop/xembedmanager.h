// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QByteArray>
#include <QSet>

#include <xcb/xcb.h>

namespace Harness {

/*!
    A tray of the old kind: owns the selection of the X server's first screen, says so, and counts
    the windows that ask to be taken in. It shows none of them.
*/
class XEmbedManager
{
public:
    XEmbedManager();
    ~XEmbedManager();
    Q_DISABLE_COPY_MOVE(XEmbedManager)

    /*! How many icons are there now. */
    [[nodiscard]] qsizetype icons();

private:
    [[nodiscard]] xcb_atom_t atom(const QByteArray &name);

    xcb_connection_t *m_connection;
    xcb_window_t m_window;
    xcb_atom_t m_opcode;
    QSet<xcb_window_t> m_icons;
};

} // namespace Harness
