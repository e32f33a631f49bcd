// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

// freedesktop.org, System Tray Protocol Specification

#include "xembedmanager.h"

#include <cstdlib>
#include <memory>

namespace Harness {

XEmbedManager::XEmbedManager()
    : m_connection(xcb_connect(nullptr, nullptr))
    , m_opcode(atom("_NET_SYSTEM_TRAY_OPCODE"))
{
    const xcb_screen_t *const screen = xcb_setup_roots_iterator(xcb_get_setup(m_connection)).data;
    m_window = xcb_generate_id(m_connection);
    xcb_create_window(m_connection, XCB_COPY_FROM_PARENT, m_window, screen->root, 0, 0, 1, 1, 0,
                      XCB_WINDOW_CLASS_INPUT_OUTPUT, screen->root_visual, 0, nullptr);
    const xcb_atom_t selection = atom("_NET_SYSTEM_TRAY_S0");
    xcb_set_selection_owner(m_connection, m_window, selection, XCB_CURRENT_TIME);
    xcb_client_message_event_t announcement = {};
    announcement.response_type = XCB_CLIENT_MESSAGE;
    announcement.format = 32;
    announcement.window = screen->root;
    announcement.type = atom("MANAGER");
    announcement.data.data32[0] = XCB_CURRENT_TIME;
    announcement.data.data32[1] = selection;
    announcement.data.data32[2] = m_window;
    xcb_send_event(m_connection, false, screen->root, XCB_EVENT_MASK_STRUCTURE_NOTIFY,
                   reinterpret_cast<const char *>(&announcement));
    xcb_flush(m_connection);
}

XEmbedManager::~XEmbedManager()
{
    xcb_destroy_window(m_connection, m_window);
    xcb_disconnect(m_connection);
}

qsizetype XEmbedManager::icons()
{
    while (xcb_generic_event_t *const received = xcb_poll_for_event(m_connection)) {
        const std::unique_ptr<xcb_generic_event_t, decltype(&std::free)> event(received,
                                                                               &std::free);
        if ((event->response_type & ~0x80) != XCB_CLIENT_MESSAGE)
            continue;
        const auto *const message = reinterpret_cast<xcb_client_message_event_t *>(received);
        constexpr uint32_t dock = 0;
        if (message->type == m_opcode && message->data.data32[1] == dock)
            m_icons.insert(message->data.data32[2]);
    }
    // To wait for the end of each would miss a window that was gone before its request was read.
    m_icons.removeIf([this](const auto &icon) {
        const std::unique_ptr<xcb_get_window_attributes_reply_t, decltype(&std::free)> reply(
            xcb_get_window_attributes_reply(m_connection,
                                            xcb_get_window_attributes(m_connection, icon), nullptr),
            &std::free);
        return !reply;
    });
    return m_icons.size();
}

xcb_atom_t XEmbedManager::atom(const QByteArray &name)
{
    const std::unique_ptr<xcb_intern_atom_reply_t, decltype(&std::free)> reply(
        xcb_intern_atom_reply(
            m_connection,
            xcb_intern_atom(m_connection, false, uint16_t(name.size()), name.constData()), nullptr),
        &std::free);
    return reply->atom;
}

} // namespace Harness
