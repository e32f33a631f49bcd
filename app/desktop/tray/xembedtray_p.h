// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QAbstractNativeEventFilter>

#include <functional>
#include <memory>

struct xcb_connection_t;

/*!
    Watches the XEmbed tray of our screen: the owner of the selection _NET_SYSTEM_TRAY_Sn
    (freedesktop.org, System Tray Protocol Specification). It does not embed anything.
*/
class XEmbedTray : public QAbstractNativeEventFilter
{
public:
    /*! Null where we are no client of an X server. \a changed: a manager came or went. */
    [[nodiscard]] static std::unique_ptr<XEmbedTray> create(std::function<void()> changed);
    ~XEmbedTray() override;

    [[nodiscard]] bool hasManager() const { return m_manager != 0; }

    bool nativeEventFilter(const QByteArray &eventType, void *message, qintptr *result) override;

private:
    XEmbedTray(xcb_connection_t *connection, std::function<void()> changed);

    void find();

    xcb_connection_t *const m_connection;
    const std::function<void()> m_changed;
    quint32 m_selection = 0; // the atom _NET_SYSTEM_TRAY_Sn
    quint32 m_announcement = 0; // the atom MANAGER
    quint32 m_manager = 0; // its window
};
