// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "badgeicon.h"

#include "badgedigits.h"

#include <QIconEngine>
#include <QPainter>
#include <QPainterPath>
#include <QPixmapCache>

#include <cmath>
#include <optional>

using namespace Qt::Literals;

namespace {

// Golden or silver with a dark rim: the body stands out on dark panels, the rim on light ones.
constexpr QRgb gold = 0xfff5b82e;
constexpr QRgb goldShade = 0xffdf9410;
constexpr QRgb goldRim = 0xff5c3a08;
constexpr QRgb silver = 0xffc3c9d2;
constexpr QRgb silverShade = 0xffa4acb8;
constexpr QRgb silverRim = 0xff434b57;
constexpr QRgb slashColor = 0xff7d8695; // at least 3.7:1 on black and on white
constexpr QRgb liveFill = 0xffcf1f33; // white on it: 5.5:1
constexpr QRgb liveText = 0xffffffff;
constexpr QRgb staleFill = 0xfff4f5f7;
constexpr QRgb staleInk = 0xff4a5260; // on staleFill: 7:1
constexpr QRgb warningFill = 0xffffd21f;
constexpr QRgb warningInk = 0xff2b1d00; // on warningFill: 11:1

bool isGolden(Badge::State state)
{
    return state == Badge::State::Live || state == Badge::State::Snoozed;
}

bool asksToAct(Badge::State state)
{
    return state == Badge::State::LoginNeeded || state == Badge::State::Error;
}

// Tables beat formulas at these sizes. All in pixels.
struct Measures
{
    int size;
    DigitMetrics digits;
    DigitMetrics staleDigits; // a frame takes room
    int padX;
    int padY;
};

constexpr Measures measures[] = {
    {16, {9, 5, 2, 1.5}, {8, 5, 2, 1.5}, 2, 1},     {20, {10, 6, 2, 2}, {9, 5, 2, 1.5}, 2, 2},
    {22, {11, 6, 2, 2}, {10, 6, 2, 2}, 3, 2},       {24, {12, 7, 2.5, 2}, {11, 6, 2, 2}, 3, 2},
    {32, {14, 8, 3, 2.5}, {14, 8, 3, 2.5}, 4, 3},   {44, {19, 11, 4, 3}, {19, 11, 4, 3}, 5, 4},
    {48, {21, 12, 4, 3.5}, {21, 12, 4, 3.5}, 6, 4}, {64, {28, 16, 6, 5}, {28, 16, 6, 5}, 7, 6},
};

// Between the sizes of the table, and beyond them: the next smaller row, in proportion.
Measures measuresFor(int size)
{
    const Measures *row = std::begin(measures);
    for (const Measures &candidate : measures) {
        if (candidate.size <= size)
            row = &candidate;
    }
    if (row->size == size)
        return *row;
    const qreal factor = qreal(size) / row->size;
    const auto scaled = [factor](const DigitMetrics &m) {
        return DigitMetrics{std::floor(m.capHeight * factor), std::floor(m.width * factor),
                            m.stem * factor, m.bar * factor};
    };
    return {size, scaled(row->digits), scaled(row->staleDigits),
            int(std::floor(row->padX * factor)), int(std::floor(row->padY * factor))};
}

int gapFor(int size)
{
    return qMax(1, size / 16);
}

// Between two digits.
qreal spaceFor(const DigitMetrics &metrics)
{
    return qMax(1.0, std::floor(metrics.capHeight / 10));
}

qreal textWidth(const QString &text, const DigitMetrics &metrics)
{
    qreal width = spaceFor(metrics) * double(text.size() - 1);
    for (const QChar digit : text)
        width += digitWidth(digit, metrics);
    return width;
}

QPainterPath textOutline(const QString &text, const DigitMetrics &metrics, QPointF topLeft)
{
    QPainterPath path;
    path.setFillRule(Qt::WindingFill);
    for (const QChar digit : text) {
        path.addPath(digitOutline(digit, metrics).translated(topLeft));
        topLeft.rx() += digitWidth(digit, metrics) + spaceFor(metrics);
    }
    return path;
}

// The bell on a grid of 16 x 16: a knob, the body with its flare, and the clapper below.
QPainterPath bellBody()
{
    QPainterPath path;
    path.moveTo(1.5, 12.5);
    path.cubicTo(3.0, 11.3, 3.4, 9.6, 3.5, 7.0);
    path.cubicTo(3.6, 4.0, 5.4, 2.5, 8.0, 2.5);
    path.cubicTo(10.6, 2.5, 12.4, 4.0, 12.5, 7.0);
    path.cubicTo(12.6, 9.6, 13.0, 11.3, 14.5, 12.5);
    path.closeSubpath();
    return path;
}

QPainterPath polygon(const QPolygonF &points)
{
    QPainterPath path;
    path.addPolygon(points);
    path.closeSubpath();
    return path;
}

void drawBell(QPainter &painter, int size, bool golden)
{
    const qreal unit = size / 16.0;
    const qreal rim = qMax(1.0, std::round(unit * 0.9));
    const QColor rimColor = QColor::fromRgba(golden ? goldRim : silverRim);

    QTransform grid;
    grid.scale(unit, unit);
    const QPainterPath body = grid.map(bellBody());
    QLinearGradient metal(0, 2.5 * unit, 0, 12.5 * unit);
    metal.setColorAt(0.3, QColor::fromRgba(golden ? gold : silver));
    metal.setColorAt(1, QColor::fromRgba(golden ? goldShade : silverShade));

    const QPen pen(rimColor, rim, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin);
    painter.setPen(pen);
    painter.setBrush(rimColor);
    painter.drawEllipse(QPointF(8, 2) * unit, 0.8 * unit, 0.8 * unit); // knob
    painter.setBrush(QColor::fromRgba(golden ? goldShade : silverShade));
    painter.drawChord(QRectF(5.5 * unit, 10.5 * unit, 5 * unit, 4.5 * unit), 180 * 16, 180 * 16);
    painter.setBrush(metal);
    painter.drawPath(body);
}

void erase(QPainter &painter, const QPainterPath &path, qreal margin)
{
    painter.save();
    painter.setCompositionMode(QPainter::CompositionMode_Clear);
    painter.setPen(QPen(Qt::black, 2 * margin, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(Qt::black);
    painter.drawPath(path);
    painter.restore();
}

int frameFor(int size)
{
    return qMax(1, size / 24);
}

// Hollow and dashed: what was, and may not be any more.
void drawFrame(QPainter &painter, const QRectF &box, int frame, qreal radius)
{
    QPainterPath shape;
    shape.addRoundedRect(box, radius, radius);
    painter.fillPath(shape, QColor::fromRgba(staleFill));
    const qreal inset = frame / 2.0;
    QPainterPath line;
    line.addRoundedRect(box.adjusted(inset, inset, -inset, -inset), radius - inset, radius - inset);
    // As many dashes as go round without a seam.
    const qreal period = line.length() / std::round(line.length() / (4.0 * frame)) / frame;
    QPen pen(QColor::fromRgba(staleInk), frame, Qt::CustomDashLine, Qt::FlatCap);
    pen.setDashPattern({period * 0.6, period * 0.4});
    painter.strokePath(line, pen);
}

void drawNumber(QPainter &painter, int size, const Badge &badge)
{
    const bool live = isGolden(badge.state);
    const Measures m = measuresFor(size);
    DigitMetrics digits = live ? m.digits : m.staleDigits;
    const int frame = live ? 0 : frameFor(size);
    int padX = live ? m.padX : qMax(1, m.padX - 1) + frame;
    const int padY = live ? m.padY : qMax(1, m.padY - 1) + frame;

    // Too wide: less padding first, then narrower digits; never lower ones.
    while (textWidth(badge.text, digits) > size - 2 * padX && padX > 1 + frame)
        --padX;
    while (textWidth(badge.text, digits) > size - 2 * padX && digits.width > 3) {
        digits.width -= 1;
        digits.stem = qMin(digits.stem, digits.width * 0.38);
    }

    const qreal height = digits.capHeight + 2 * padY;
    const qreal width =
        qMin(qMax(std::ceil(textWidth(badge.text, digits)) + 2 * padX, height), qreal(size));
    const QRectF box(size - width, size - height, width, height);
    const qreal roundness = width > height ? 0.36 : 0.45; // a wide one needs its corners for digits
    const qreal radius = live ? height * roundness : size * 0.1;
    QPainterPath shape;
    shape.addRoundedRect(box, radius, radius);
    erase(painter, shape, gapFor(size));

    if (live)
        painter.fillPath(shape, QColor::fromRgba(liveFill));
    else
        drawFrame(painter, box, frame, radius);
    const qreal left = std::floor(box.left() + (width - textWidth(badge.text, digits)) / 2);
    painter.fillPath(textOutline(badge.text, digits, {left, box.top() + padY}),
                     QColor::fromRgba(live ? liveText : staleInk));
}

void drawEmptyFrame(QPainter &painter, int size)
{
    const qreal side = std::round(size * 0.45);
    const QRectF box(size - side, size - side, side, side);
    const qreal radius = size * 0.1;
    QPainterPath shape;
    shape.addRoundedRect(box, radius, radius);
    erase(painter, shape, gapFor(size));
    drawFrame(painter, box, frameFor(size), radius);
}

void drawSlash(QPainter &painter, int size)
{
    const qreal unit = size / 16.0;
    QPainterPath line;
    line.moveTo(QPointF(2.2, 1.6) * unit);
    line.lineTo(QPointF(14.2, 13.6) * unit);
    QPainterPathStroker pen;
    pen.setCapStyle(Qt::RoundCap);
    pen.setWidth(qMax(1.5, 1.6 * unit));
    const QPainterPath slash = pen.createStroke(line);
    erase(painter, slash, gapFor(size));
    painter.fillPath(slash, QColor::fromRgba(slashColor));
}

QRectF warningBox(int size, const Badge &badge)
{
    const qreal side = std::round(size * (badge.text.isEmpty() ? 0.68 : 0.42));
    const qreal corner = badge.text.isEmpty() ? size - side : 0;
    return {corner, corner, side, side};
}

qreal warningRim(int size)
{
    return qMax(1.0, std::round(size / 24.0));
}

QPainterPath warningTriangle(int size, const QRectF &box)
{
    const qreal inset = warningRim(size) / 2;
    return polygon({{box.center().x(), box.top() + inset},
                    {box.right() - inset, box.bottom() - inset},
                    {box.left() + inset, box.bottom() - inset}});
}

void drawWarning(QPainter &painter, int size, const QRectF &box)
{
    const QColor ink = QColor::fromRgba(warningInk);
    painter.setPen(QPen(ink, warningRim(size), Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(QColor::fromRgba(warningFill));
    painter.drawPath(warningTriangle(size, box));
    const int side = int(box.height());
    if (side < 11)
        return; // no room for the mark; the shape speaks
    // As even or odd as the side, so that it stands in the middle on whole pixels.
    int stroke = qRound(side * 0.13);
    if (stroke % 2 != side % 2)
        stroke += stroke < 3 ? 1 : -1;
    const qreal x = box.center().x() - stroke / 2.0;
    const qreal bottom = box.bottom() - warningRim(size) - qMax(1.0, std::floor(side * 0.1));
    const qreal top = box.top() + std::round(side * 0.36);
    const int height = qMax(1, stroke - 1);
    const int space = qMax(1, stroke / 2);
    painter.fillRect(QRectF(x, bottom - height, stroke, height), ink);
    painter.fillRect(QRectF(x, top, stroke, bottom - height - space - top), ink);
}

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

QImage badgeImage(const Badge &badge, int size)
{
    QImage image(size, size, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    drawBell(painter, size, isGolden(badge.state));
    const bool attention = asksToAct(badge.state);
    const QRectF warning = warningBox(size, badge);
    if (attention)
        erase(painter, warningTriangle(size, warning), gapFor(size) + warningRim(size) / 2);
    if (!badge.text.isEmpty())
        drawNumber(painter, size, badge);
    else if (badge.state == Badge::State::Stale || badge.state == Badge::State::Reconnecting)
        drawEmptyFrame(painter, size);
    else if (!isGolden(badge.state) && !attention)
        drawSlash(painter, size);
    if (attention)
        drawWarning(painter, size, warning);
    return image;
}
