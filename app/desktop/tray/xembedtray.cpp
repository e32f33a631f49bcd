// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "xembedtray_p.h"

#include <QGuiApplication>

#include <xcb/xcb.h>

#include <cstdlib>

using namespace Qt::Literals;

namespace {

template <typename Reply>
using XcbReply = std::unique_ptr<Reply, decltype(&std::free)>;

xcb_atom_t atom(xcb_connection_t *connection, const QByteArray &name)
{
    const XcbReply<xcb_intern_atom_reply_t> reply(
        xcb_intern_atom_reply(
            connection, xcb_intern_atom(connection, false, uint16_t(name.size()), name.constData()),
            nullptr),
        &std::free);
    return reply ? reply->atom : xcb_atom_t(XCB_ATOM_NONE);
}

int defaultScreen()
{
    char *host = nullptr;
    int display = 0;
    int screen = 0;
    if (!xcb_parse_display(nullptr, &host, &display, &screen))
        return 0;
    std::free(host);
    return screen;
}

} // namespace

std::unique_ptr<XEmbedTray> XEmbedTray::create(std::function<void()> changed)
{
#if QT_CONFIG(xcb)
    if (qGuiApp) {
        // The offscreen platform has the interface too, with nothing behind it.
        const auto *const x11 = qGuiApp->nativeInterface<QNativeInterface::QX11Application>();
        if (x11 && x11->connection())
            return std::unique_ptr<XEmbedTray>(
                new XEmbedTray(x11->connection(), std::move(changed)));
    }
#endif
    return nullptr;
}

XEmbedTray::XEmbedTray(xcb_connection_t *connection, std::function<void()> changed)
    : m_connection(connection)
    , m_changed(std::move(changed))
    , m_selection(atom(connection, "_NET_SYSTEM_TRAY_S" + QByteArray::number(defaultScreen())))
    , m_announcement(atom(connection, "MANAGER"_ba))
{
    // Before asking, or a manager that comes in between would be missed.
    qGuiApp->installNativeEventFilter(this);
    find();
}

XEmbedTray::~XEmbedTray() = default; // QAbstractNativeEventFilter removes itself

bool XEmbedTray::nativeEventFilter(const QByteArray &eventType, void *message, qintptr *)
{
    if (eventType != "xcb_generic_event_t")
        return false;
    const auto *const event = static_cast<const xcb_generic_event_t *>(message);
    switch (event->response_type & ~0x80) {
    case XCB_CLIENT_MESSAGE: {
        // A new manager says so on the root window, whose StructureNotify Qt has selected.
        const auto *const client = reinterpret_cast<const xcb_client_message_event_t *>(event);
        if (client->type == m_announcement && client->data.data32[1] == m_selection)
            find();
        break;
    }
    case XCB_DESTROY_NOTIFY: {
        const auto *const destroyed = reinterpret_cast<const xcb_destroy_notify_event_t *>(event);
        if (m_manager != 0 && destroyed->window == m_manager)
            find();
        break;
    }
    default:
        break;
    }
    return false;
}

void XEmbedTray::find()
{
    const XcbReply<xcb_get_selection_owner_reply_t> reply(
        xcb_get_selection_owner_reply(m_connection,
                                      xcb_get_selection_owner(m_connection, m_selection), nullptr),
        &std::free);
    const xcb_window_t owner = reply ? reply->owner : xcb_window_t(XCB_WINDOW_NONE);
    if (owner == m_manager)
        return;
    m_manager = owner;
    if (owner != XCB_WINDOW_NONE) {
        // The same mask that Qt selects on this window, for there is only one for both of us.
        const uint32_t mask = XCB_EVENT_MASK_STRUCTURE_NOTIFY;
        xcb_change_window_attributes(m_connection, owner, XCB_CW_EVENT_MASK, &mask);
        xcb_flush(m_connection);
    }
    if (m_changed)
        m_changed();
}
