// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "badgeicon.h"

#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>

using namespace Qt::Literals;

namespace {

class BadgeEngine : public QIconEngine
{
public:
    BadgeEngine(const Badge &badge, const QList<int> &sizes)
        : m_badge(badge)
        , m_sizes(sizes)
    {}

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode, QIcon::State) override
    {
        const int side = qMin(rect.width(), rect.height());
        const qreal ratio = painter->device()->devicePixelRatioF();
        QPixmap picture = drawn(qRound(side * ratio));
        picture.setDevicePixelRatio(ratio);
        // Whole pixels: half of one would blur it.
        painter->drawPixmap(rect.x() + (rect.width() - side) / 2,
                            rect.y() + (rect.height() - side) / 2, picture);
    }

    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override
    {
        return scaledPixmap(size, mode, state, 1);
    }

    QPixmap scaledPixmap(const QSize &size, QIcon::Mode, QIcon::State, qreal scale) override
    {
        return drawn(qMin(qMin(size.width(), size.height()), qRound(m_sizes.constLast() * scale)));
    }

    QList<QSize> availableSizes(QIcon::Mode, QIcon::State) override
    {
        QList<QSize> sizes;
        for (const int size : m_sizes)
            sizes.append({size, size});
        return sizes;
    }

    QIconEngine *clone() const override { return new BadgeEngine(*this); }

private:
    QPixmap drawn(int size) const
    {
        const QString key = u"badge/%1/%2/%3/%4"_s.arg(m_badge.text)
                                .arg(int(m_badge.state))
                                .arg(int(m_badge.scheme) * 2 + int(m_badge.style))
                                .arg(size);
        QPixmap pixmap;
        if (!QPixmapCache::find(key, &pixmap)) {
            pixmap = QPixmap::fromImage(badgeImage(m_badge, size));
            QPixmapCache::insert(key, pixmap);
        }
        return pixmap;
    }

    const Badge m_badge;
    const QList<int> m_sizes;
};

} // namespace

QIcon badgeIcon(const Badge &badge, const QList<int> &sizes)
{
    return QIcon(new BadgeEngine(badge, sizes));
}
