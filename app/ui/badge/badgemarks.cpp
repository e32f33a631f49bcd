// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "badgemarks.h"

#include <QPainter>
#include <QPainterPath>

#include <cmath>

namespace {

QColor color(QRgb rgba)
{
    return QColor::fromRgba(rgba);
}

QPainterPath polygon(const QPolygonF &points)
{
    QPainterPath path;
    path.addPolygon(points);
    path.closeSubpath();
    return path;
}

QPainterPath stroked(const QPainterPath &line, qreal width, Qt::PenCapStyle cap)
{
    QPainterPathStroker pen;
    pen.setCapStyle(cap);
    pen.setJoinStyle(Qt::MiterJoin);
    pen.setWidth(width);
    return pen.createStroke(line);
}

QPainterPath outlined(const QPainterPath &path, qreal margin)
{
    return path | stroked(path, 2 * margin, Qt::RoundCap);
}

QPainterPath rounded(const QRectF &box, qreal radius)
{
    QPainterPath path;
    path.addRoundedRect(box, radius, radius);
    return path;
}

// The bell on a grid of 16 x 16.
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

QPainterPath bellKnob()
{
    QPainterPath path;
    path.addEllipse(QPointF(8, 2), 0.8, 0.8);
    return path;
}

QPainterPath bellClapper()
{
    QPainterPath path;
    path.moveTo(5.5, 12.75);
    path.arcTo(QRectF(5.5, 10.5, 5, 4.5), 180, 180);
    path.closeSubpath();
    return path;
}

// What is drawn on, and how far it stays away from what it is drawn on.
struct Canvas
{
    QPainter &painter;
    int size;
    int gap; // 0: nothing is cleared

    void clear(const QPainterPath &path) const
    {
        if (gap > 0)
            eraseAround(painter, path, gap);
    }
};

// Light with a dark edge, so that one of them stands out on every panel; the edge is inside.
void drawTwoToned(const Canvas &canvas, const QPainterPath &core, const BadgePalette::Tones &tones)
{
    const qreal edge = qAlpha(tones.ink) == 0 ? 0 : lineFor(canvas.size);
    const QPainterPath outer = edge > 0 ? outlined(core, edge) : core;
    canvas.clear(outer);
    if (edge > 0)
        canvas.painter.fillPath(outer, color(tones.ink));
    canvas.painter.fillPath(core, color(tones.fill));
}

qreal edgeOf(int size, const BadgePalette::Tones &tones)
{
    return qAlpha(tones.ink) == 0 ? 0 : lineFor(size);
}

void drawDots(const Canvas &canvas, QPointF corner, bool isLarge, int side,
              const BadgePalette::Tones &tones)
{
    const int dot = qMax(2, qRound(side * 0.26));
    const int space = qMax(1, dot / 2);
    const int padY = qMax(isLarge ? 2 : 1, qRound(side * 0.2));
    const int padX = qMax(1, padY - 1);
    const int width = 3 * dot + 2 * space + 2 * padX;
    const int height = dot + 2 * padY;
    if (isLarge)
        corner -= QPointF(width, height);
    const QRectF box(corner, QSizeF(width, height));
    const QPainterPath shape = rounded(box, height * 0.4);
    canvas.clear(shape);
    canvas.painter.fillPath(shape, color(tones.fill));
    for (int i = 0; i < 3; ++i)
        canvas.painter.fillRect(
            QRectF(box.left() + padX + i * (dot + space), box.top() + padY, dot, dot),
            color(tones.ink));
}

void drawStrike(const Canvas &canvas, QPointF from, QPointF to, const BadgePalette::Tones &tones)
{
    QPainterPath line(from);
    line.lineTo(to);
    drawTwoToned(canvas, stroked(line, qMax(1.6, canvas.size / 11.0), Qt::RoundCap), tones);
}

void drawBars(const Canvas &canvas, const QRectF &box, const BadgePalette::Tones &tones)
{
    const qreal edge = edgeOf(canvas.size, tones);
    const qreal space = qMax(1.0, std::round(box.width() * 0.2));
    const qreal width = std::floor((box.width() - space) / 2);
    QPainterPath core;
    for (const qreal x : {box.right() - width, box.right() - 2 * width - space})
        core.addRect(QRectF(x, box.top(), width, box.height()).adjusted(edge, edge, -edge, -edge));
    drawTwoToned(canvas, core, tones);
}

void drawMoon(const Canvas &canvas, const QRectF &box, const BadgePalette::Tones &tones)
{
    const qreal edge = edgeOf(canvas.size, tones);
    const QRectF disc = box.adjusted(edge, edge, -edge, -edge);
    QPainterPath full;
    full.addEllipse(disc);
    QPainterPath shadow;
    shadow.addEllipse(disc.translated(disc.width() * 0.36, -disc.height() * 0.3));
    drawTwoToned(canvas, full - shadow, tones);
}

void drawCross(const Canvas &canvas, const QRectF &box, const BadgePalette::Tones &tones)
{
    QPainterPath disc;
    disc.addEllipse(box);
    canvas.clear(disc);
    canvas.painter.fillPath(disc, color(tones.fill));
    const qreal arm = box.width() * 0.2;
    const QPointF centre = box.center();
    QPainterPath cross;
    cross.moveTo(centre + QPointF(-arm, -arm));
    cross.lineTo(centre + QPointF(arm, arm));
    cross.moveTo(centre + QPointF(-arm, arm));
    cross.lineTo(centre + QPointF(arm, -arm));
    canvas.painter.fillPath(stroked(cross, qMax(1.4, box.width() * 0.17), Qt::SquareCap),
                            color(tones.ink));
}

void drawWarning(const Canvas &canvas, const QRectF &box, const BadgePalette::Tones &tones,
                 bool isMono)
{
    const qreal rim = qMax(1.0, std::round(canvas.size / 24.0));
    const qreal inset = rim / 2;
    const QPainterPath triangle = polygon({{box.center().x(), box.top() + inset},
                                           {box.right() - inset, box.bottom() - inset},
                                           {box.left() + inset, box.bottom() - inset}});
    canvas.clear(outlined(triangle, inset));
    const QColor ink = color(tones.ink);
    canvas.painter.setPen(
        QPen(isMono ? color(tones.fill) : ink, rim, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    canvas.painter.setBrush(color(tones.fill));
    canvas.painter.drawPath(triangle);
    const int side = int(box.height());
    if (side < 10)
        return; // no room for the mark; the shape speaks
    // As even or odd as the side, so that it stands in the middle on whole pixels.
    int stroke = qRound(side * 0.13);
    if (stroke % 2 != int(box.width()) % 2)
        stroke += stroke < 3 ? 1 : -1;
    const qreal x = box.center().x() - stroke / 2.0;
    const qreal bottom = box.bottom() - rim - qMax(1.0, std::floor(side * 0.1));
    const qreal top = box.top() + std::round(side * 0.36);
    const int height = qMax(1, stroke - 1);
    const int space = qMax(1, stroke / 2);
    canvas.painter.fillRect(QRectF(x, bottom - height, stroke, height), ink);
    canvas.painter.fillRect(QRectF(x, top, stroke, bottom - height - space - top), ink);
}

} // namespace

void eraseAround(QPainter &painter, const QPainterPath &path, qreal margin)
{
    painter.save();
    painter.setCompositionMode(QPainter::CompositionMode_Clear);
    painter.setPen(QPen(Qt::black, 2 * margin, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(Qt::black);
    painter.drawPath(path);
    painter.restore();
}

int gapFor(int size)
{
    return qMax(1, size / 16);
}

int lineFor(int size)
{
    return qMax(1, size / 24);
}

void drawBell(QPainter &painter, int size, const BadgePalette &palette, bool isSure)
{
    const BadgePalette::Bell &tones = isSure ? palette.sure : palette.unsure;
    const qreal unit = size / 16.0;
    const qreal rim = qMax(1.0, std::round(unit * 0.9));
    QTransform grid;
    grid.scale(unit, unit);
    const QPainterPath body = grid.map(bellBody());
    const QPainterPath knob = grid.map(bellKnob());
    const QPainterPath clapper = grid.map(bellClapper());

    // A single ink has no rim; the shape keeps its size.
    const QRgb border = qAlpha(tones.rim) != 0 ? tones.rim
        : qAlpha(tones.line) != 0              ? tones.line
                                               : tones.bottom;
    painter.setPen(QPen(color(border), rim, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(color(border));
    painter.drawPath(knob);
    painter.setBrush(color(qAlpha(tones.bottom) != 0 ? tones.bottom : border));
    painter.drawPath(clapper);
    if (qAlpha(tones.top) == 0)
        eraseAround(painter, body, rim / 2);
    QLinearGradient metal(0, 2.5 * unit, 0, 12.5 * unit);
    metal.setColorAt(0.3, color(tones.top));
    metal.setColorAt(1, color(tones.bottom));
    painter.setBrush(metal);
    painter.drawPath(body);
    if (qAlpha(tones.line) != 0 && qAlpha(tones.rim) != 0) {
        painter.save();
        painter.setClipPath(body);
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(color(tones.line), 2 * 0.5 * rim + 2 * rim));
        painter.drawPath(body);
        painter.restore();
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(color(tones.rim), rim, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter.drawPath(body);
    }
}

bool hasMark(Badge::State state)
{
    switch (state) {
    case Badge::State::Reconnecting:
    case Badge::State::Offline:
    case Badge::State::Paused:
    case Badge::State::LoginNeeded:
    case Badge::State::Error:
        return true;
    case Badge::State::Unknown:
    case Badge::State::Live:
    case Badge::State::Snoozed:
    case Badge::State::Stale:
        return false;
    }
    Q_UNREACHABLE();
}

void drawSmallMark(QPainter &painter, int size, int side, Badge::State state,
                   const BadgePalette &palette, MarkGap gap)
{
    const Canvas canvas{painter, size, gap == MarkGap::Cleared ? gapFor(size) : 0};
    const QRectF box(0, 0, side, side);
    switch (state) {
    case Badge::State::Reconnecting:
        drawDots(canvas, {0, 0}, false, side, palette.waiting);
        break;
    case Badge::State::Offline: {
        const qreal inset = lineFor(size) + qMax(1.6, size / 11.0) / 2;
        drawStrike(canvas, {inset, inset}, {side - inset, side - inset}, palette.strike);
        break;
    }
    case Badge::State::Paused:
        drawBars(canvas, box, palette.bars);
        break;
    case Badge::State::LoginNeeded:
        drawWarning(canvas, box, palette.warning, palette.isMono);
        break;
    case Badge::State::Error:
        drawCross(canvas, box, palette.error);
        break;
    case Badge::State::Unknown:
    case Badge::State::Live:
    case Badge::State::Snoozed:
    case Badge::State::Stale:
        break;
    }
}

void drawLargeMark(QPainter &painter, int size, Badge::State state, const BadgePalette &palette)
{
    const Canvas canvas{painter, size, gapFor(size)};
    const auto corner = [size](qreal part) {
        const qreal side = std::round(size * part);
        return QRectF(size - side, size - side, side, side);
    };
    switch (state) {
    case Badge::State::Reconnecting:
        drawDots(canvas, QPointF(size, size), true, size / 2, palette.waiting);
        break;
    case Badge::State::Offline: {
        const qreal unit = size / 16.0;
        drawStrike(canvas, QPointF(2.2, 1.8) * unit, QPointF(13.8, 13.4) * unit, palette.strike);
        break;
    }
    case Badge::State::Paused:
        drawBars(canvas, corner(0.62), palette.bars);
        break;
    case Badge::State::Snoozed:
        drawMoon(canvas, corner(0.66), palette.moon);
        break;
    case Badge::State::LoginNeeded:
        drawWarning(canvas, corner(0.68), palette.warning, palette.isMono);
        break;
    case Badge::State::Error:
        drawCross(canvas, corner(0.64), palette.error);
        break;
    case Badge::State::Unknown:
    case Badge::State::Live:
    case Badge::State::Stale:
        break;
    }
}
