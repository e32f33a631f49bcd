// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "statusnotifieritem.h"

// Windows and macOS have one tray each, which QSystemTrayIcon reaches.
class StatusNotifierItem::OnBus
{};

std::unique_ptr<StatusNotifierItem> StatusNotifierItem::create(const TrayPictures &)
{
    return nullptr;
}

StatusNotifierItem::~StatusNotifierItem() = default;

void StatusNotifierItem::show(const TrayFace &)
{}

void StatusNotifierItem::showMenu(const QList<MenuEntry> &)
{}
