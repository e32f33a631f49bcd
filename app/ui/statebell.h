// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/tray/badge.h"

#include <QIcon>
#include <QWidget>

/*! The bell of the tray in a window: the state at a glance. */
class StateBell : public QWidget
{
public:
    /*! \a side: of its square, in device-independent pixels. */
    explicit StateBell(int side, QWidget *parent = nullptr);

    void setBadge(const Badge &badge);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QIcon m_icon;
};
