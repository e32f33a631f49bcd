// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "desktop/tray/desktoptray.h"
#include "traytypes.h"

#include <QVariantMap>

#include <optional>

/*!
    A face as a panel is told of it: by the name of its icon where that has one, and with no more of
    its texts than fits into the 4 KB that a change may cost.
*/
struct ItemLook
{
    QString status = QStringLiteral("Passive");
    QString iconName;
    std::optional<Badge> badge; //!< Where it has no name.
    QString title;
    QString toolTipTitle; //!< What the icon says to who cannot see it, too.
    QString toolTipText;
    QString label;

    [[nodiscard]] static ItemLook of(const TrayFace &face, const TrayPictures &pictures);

    /*! Hosts that know of attention show another icon then, and a few show nothing if there is none. */
    [[nodiscard]] bool needsAttention() const;
    [[nodiscard]] bool hasIconOf(const ItemLook &other) const;
    [[nodiscard]] bool hasAttentionIconOf(const ItemLook &other) const;
    [[nodiscard]] bool hasToolTipOf(const ItemLook &other) const;

    /*! As wide as the number gets, so that the panel does not move with each digit. */
    [[nodiscard]] QString labelGuide() const;

    /*! The pictures of its badge, as many pixels wide as most panels want them; none where it has a
        name. */
    [[nodiscard]] BusPixmaps icon(const TrayPictures &pictures) const;
    [[nodiscard]] BusPixmaps attentionIcon(const TrayPictures &pictures) const;
};
