// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "badgeimage.h"

#include "badgedigits.h"
#include "badgemarks.h"
#include "badgepalette.h"

#include <QPainter>
#include <QPainterPath>

#include <cmath>

using namespace Qt::Literals;

namespace {

// Tables beat formulas at these sizes. All in pixels.
struct Measures
{
    int size;
    DigitMetrics plain;
    DigitMetrics framed; // a frame takes room
    DigitMetrics marked; // and a mark above it
    int padX;
    int padY;
};

constexpr Measures table[] = {
    {16, {9, 5, 2, 1.5}, {8, 5, 2, 1.5}, {7, 5, 2, 1.5}, 2, 1},
    {20, {10, 6, 2, 2}, {9, 5, 2, 1.5}, {9, 5, 2, 1.5}, 2, 2},
    {22, {11, 6, 2, 2}, {10, 6, 2, 2}, {10, 6, 2, 2}, 3, 2},
    {24, {12, 8, 3, 2}, {11, 6, 2, 2}, {11, 6, 2, 2}, 3, 2},
    {32, {14, 8, 3, 2.5}, {14, 8, 3, 2.5}, {14, 8, 3, 2.5}, 4, 3},
    {44, {19, 11, 4, 3}, {19, 11, 4, 3}, {19, 11, 4, 3}, 5, 4},
    {48, {21, 12, 4, 3.5}, {21, 12, 4, 3.5}, {21, 12, 4, 3.5}, 6, 4},
    {64, {28, 16, 6, 5}, {28, 16, 6, 5}, {28, 16, 6, 5}, 7, 6},
};

// Between the sizes of the table, and beyond them: the next smaller row, in proportion.
Measures measuresFor(int size)
{
    const Measures *row = std::begin(table);
    for (const Measures &candidate : table) {
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
    return {size,
            scaled(row->plain),
            scaled(row->framed),
            scaled(row->marked),
            int(std::floor(row->padX * factor)),
            int(std::floor(row->padY * factor))};
}

// As large as go into the height.
DigitMetrics largestDigits(int size)
{
    const qreal cap = std::floor(size * 0.76);
    return {cap, std::round(cap * 0.56), std::round(cap * 0.21), std::round(cap * 0.36) / 2};
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

// What fits. "99+" is true of all that ends in +.
QString shownText(const QString &text, int size)
{
    return size < 32 && text.size() > 3 ? u"99+"_s : text;
}

enum class Edge {
    None,
    Solid,
    Dashed,
};

void drawFrame(QPainter &painter, const QRectF &box, int frame, qreal radius, Edge edge,
               const QColor &ink)
{
    const qreal inset = frame / 2.0;
    QPainterPath line;
    line.addRoundedRect(box.adjusted(inset, inset, -inset, -inset), radius - inset, radius - inset);
    QPen pen(ink, frame, Qt::SolidLine, Qt::FlatCap);
    if (edge == Edge::Dashed) {
        // As many dashes as go round without a seam.
        const qreal period = line.length() / std::round(line.length() / (4.0 * frame)) / frame;
        pen.setStyle(Qt::CustomDashLine);
        pen.setDashPattern({period * 0.6, period * 0.4});
    }
    painter.strokePath(line, pen);
}

const BadgePalette::Tones &tonesFor(Badge::State state, const BadgePalette &palette)
{
    switch (state) {
    case Badge::State::Live:
        return palette.live;
    case Badge::State::Snoozed:
        return palette.snoozed;
    default:
        return palette.stale;
    }
}

// As round as the corners of the digits allow: they must not touch what is outside, not even
// across a corner.
qreal radiusFor(int size, qreal height, int padX, bool isWide, Edge edge, bool isAlone)
{
    switch (edge) {
    case Edge::None:
        return qMin(isAlone ? size * 0.125 : height * (isWide ? 0.26 : 0.38), padX * 1.6);
    case Edge::Solid:
        return isWide || isAlone ? std::floor(size / 8.0) : height * 0.33;
    case Edge::Dashed:
        return size * 0.1;
    }
    Q_UNREACHABLE();
}

// How the number is set, before anything is drawn.
struct Layout
{
    QString text;
    DigitMetrics digits;
    QRectF box;
    QPointF origin; // of the digits
    int frame;
    qreal radius;
    Edge edge;
};

Edge edgeFor(Badge::State state)
{
    switch (state) {
    case Badge::State::Live:
        return Edge::None;
    case Badge::State::Snoozed:
        return Edge::Solid;
    default:
        return Edge::Dashed;
    }
}

Layout layoutFor(const Badge &badge, int size, bool isAlone)
{
    const Edge edge = edgeFor(badge.state);
    const bool isPlain = edge == Edge::None;
    const int frame = isPlain ? 0 : lineFor(size);
    const Measures m = measuresFor(size);
    const QString text = shownText(badge.text, size);

    DigitMetrics digits = isPlain ? m.plain : hasMark(badge.state) ? m.marked : m.framed;
    int padX = isPlain ? m.padX : qMax(1, m.padX - 1) + frame;
    int padY = isPlain ? m.padY : qMax(1, m.padY - 1) + frame;
    if (isAlone) {
        digits = largestDigits(size);
        padY = int(std::floor((size - digits.capHeight) / 2));
    }

    // Too wide: less padding first, then narrower digits; never lower ones.
    while (textWidth(text, digits) > size - 2 * padX && padX > 1 + frame)
        --padX;
    while (textWidth(text, digits) > size - 2 * padX && digits.width > 3) {
        digits.width -= 1;
        // Low ones keep whole stems, so that what is between them stays open; tall ones weight.
        const qreal stem = isAlone ? std::floor(digits.width * 0.76) / 2
                                   : qMax(1.0, std::floor(digits.width * 0.38));
        digits.stem = qMin(digits.stem, stem);
    }
    if (isAlone && digits.capHeight > digits.width * 2.6) { // more stilts than digits
        digits.capHeight = qMax(std::floor(digits.width * 2.6), m.framed.capHeight);
        digits.bar = m.framed.bar;
        padY = int(std::floor((size - digits.capHeight) / 2));
    }

    const qreal height = digits.capHeight + 2 * padY;
    const qreal width =
        qMin(qMax(std::ceil(textWidth(text, digits)) + 2 * padX, height), qreal(size));
    const qreal right = isAlone ? size - std::floor((size - width) / 2) : size;
    const qreal bottom = isAlone ? size - std::floor((size - height) / 2) : size;
    const QRectF box(right - width, bottom - height, width, height);
    const qreal left = std::floor(box.left() + (width - textWidth(text, digits)) / 2);
    return {text,  digits,
            box,   {left, box.top() + padY},
            frame, radiusFor(size, height, padX, text.size() > 1, edge, isAlone),
            edge};
}

void drawNumber(QPainter &painter, int size, const Layout &layout, const BadgePalette::Tones &tones)
{
    QPainterPath shape;
    shape.addRoundedRect(layout.box, layout.radius, layout.radius);
    eraseAround(painter, shape, gapFor(size));
    painter.fillPath(shape, QColor::fromRgba(tones.fill));
    if (layout.edge != Edge::None)
        drawFrame(painter, layout.box, layout.frame, layout.radius, layout.edge,
                  QColor::fromRgba(tones.ink));
    painter.fillPath(textOutline(layout.text, layout.digits, layout.origin),
                     QColor::fromRgba(tones.ink));
}

// A number that is 0 and may have changed since.
void drawEmptyFrame(QPainter &painter, int size, const BadgePalette::Tones &tones)
{
    const qreal side = std::round(size * 0.45);
    const QRectF box(size - side, size - side, side, side);
    const qreal radius = size * 0.1;
    QPainterPath shape;
    shape.addRoundedRect(box, radius, radius);
    eraseAround(painter, shape, gapFor(size));
    painter.fillPath(shape, QColor::fromRgba(tones.fill));
    drawFrame(painter, box, lineFor(size), radius, Edge::Dashed, QColor::fromRgba(tones.ink));
}

} // namespace

QImage badgeImage(const Badge &badge, int size)
{
    QImage image(size, size, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    const BadgePalette &palette = badgePalette(badge.scheme);
    const bool isSure = badge.state == Badge::State::Live || badge.state == Badge::State::Snoozed;
    const bool hasNumber = !badge.text.isEmpty();
    const bool hasBell = !hasNumber || badge.style == Badge::Style::Bell;
    if (hasBell)
        drawBell(painter, size, palette, isSure);
    if (hasNumber) {
        const Layout layout = layoutFor(badge, size, !hasBell && !hasMark(badge.state));
        // A row of the plate stays between the mark and the digits.
        const int side = qMin(int(layout.origin.y()) - 1, qRound(size * 0.44));
        const auto mark = [&](MarkGap gap) {
            drawSmallMark(painter, size, side, badge.state, palette, gap);
        };
        mark(MarkGap::Cleared); // of the bell
        drawNumber(painter, size, layout, tonesFor(badge.state, palette));
        mark(MarkGap::Kept); // before the plate's corner, which needs no gap
    } else if (badge.state == Badge::State::Stale) {
        drawEmptyFrame(painter, size, palette.stale);
    } else {
        drawLargeMark(painter, size, badge.state, palette);
    }
    return image;
}
