// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "itemlook.h"

#include "desktop/desktopname.h"

#include <QGuiApplication>

using namespace Qt::Literals;

namespace {

constexpr int smallSize = 16;

// All that hosts read after a change is to fit into 4 KB, so there is one picture, of the size that
// most panels have; and two small ones where the icon of attention is needed, too. On a screen of
// finer pixels they have as many more, for there are panels that do not scale them.
int usualSize()
{
    return isDesktop("GNOME"_L1) ? smallSize : 22;
}

constexpr qsizetype maxTitleLength = 100;
constexpr qsizetype maxToolTipBytes = 1024; // beside a name
constexpr qsizetype maxToolTipBytesOfPictures = 256; // beside pictures

// As many of the lines as fit.
QString shortened(const QString &lines, qsizetype maxBytes)
{
    const QByteArray bytes = lines.toUtf8();
    if (bytes.size() <= maxBytes)
        return lines;
    const qsizetype end = bytes.lastIndexOf('\n', maxBytes);
    return (end < 0 ? QString() : QString::fromUtf8(bytes.first(end)) + u'\n') + u'…';
}

BusPixmaps drawn(const std::optional<Badge> &badge, const TrayPictures &pictures, int size)
{
    if (!badge || !pictures.draw)
        return {};
    return {
        BusPixmap::fromImage(pictures.draw(*badge, qRound(size * qGuiApp->devicePixelRatio())))};
}

} // namespace

ItemLook ItemLook::of(const TrayFace &face, const TrayPictures &pictures)
{
    ItemLook look;
    look.status = face.isHidden ? u"Passive"_s
        : face.needsAttention   ? u"NeedsAttention"_s
                                : u"Active"_s;
    if (pictures.name && !pictures.themePath.isEmpty())
        look.iconName = pictures.name(face.badge);
    if (look.iconName.isEmpty())
        look.badge = face.badge;
    // Plasma's screen readers read the title alone. Elsewhere it stays: Xfce's panel reads all there
    // is for each thing that is new.
    look.title = isDesktop("KDE"_L1) ? face.title.left(maxTitleLength) : u"Tallybell"_s;
    const qsizetype end = face.toolTip.indexOf(u'\n');
    look.toolTipTitle = face.toolTip.left(end).left(maxTitleLength);
    if (end >= 0)
        look.toolTipText = shortened(face.toolTip.mid(end + 1).toHtmlEscaped(),
                                     look.badge ? maxToolTipBytesOfPictures : maxToolTipBytes);
    look.label = face.label;
    return look;
}

bool ItemLook::needsAttention() const
{
    return status == "NeedsAttention"_L1;
}

bool ItemLook::hasIconOf(const ItemLook &other) const
{
    return iconName == other.iconName && badge == other.badge
        && toolTipTitle == other.toolTipTitle; // its description
}

bool ItemLook::hasAttentionIconOf(const ItemLook &other) const
{
    return needsAttention() == other.needsAttention() && (!needsAttention() || hasIconOf(other));
}

bool ItemLook::hasToolTipOf(const ItemLook &other) const
{
    return toolTipTitle == other.toolTipTitle && toolTipText == other.toolTipText;
}

QString ItemLook::labelGuide() const
{
    return label.isEmpty() ? QString() : u"999+"_s;
}

BusPixmaps ItemLook::icon(const TrayPictures &pictures) const
{
    return drawn(badge, pictures, needsAttention() ? smallSize : usualSize());
}

BusPixmaps ItemLook::attentionIcon(const TrayPictures &pictures) const
{
    return needsAttention() ? drawn(badge, pictures, smallSize) : BusPixmaps();
}
