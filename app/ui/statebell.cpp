// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "statebell.h"

#include "badge/badgeicon.h"

#include <QPainter>

StateBell::StateBell(int side, QWidget *parent)
    : QWidget(parent)
{
    setFixedSize(side, side);
}

void StateBell::setBadge(const Badge &badge)
{
    m_icon = badgeIcon(badge);
    update();
}

void StateBell::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    m_icon.paint(&painter, rect());
}
