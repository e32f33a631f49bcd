// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "badgedigits.h"

#include <QPainterPathStroker>
#include <QTransform>

#include <cmath>

namespace {

// The centre lines live in a box of width() x height(); its border is half a stroke inside the cap
// box.
class Skeleton
{
public:
    explicit Skeleton(const DigitMetrics &metrics, qreal glyphWidth)
        : w(glyphWidth - metrics.stem)
        , h(metrics.capHeight - metrics.bar)
        , middle(std::round(h * 0.48))
        , rx(w / 2)
        , ry(qMin(rx * 1.1, qMin(middle, h - middle) / 2))
    {}

    QPainterPath path;
    const qreal w;
    const qreal h;
    const qreal middle;
    const qreal rx; // of the round corners
    const qreal ry;

    void arcTop(qreal from, qreal sweep) { path.arcTo(0, 0, 2 * rx, 2 * ry, from, sweep); }
    void arcBottom(qreal from, qreal sweep)
    {
        path.arcTo(0, h - 2 * ry, 2 * rx, 2 * ry, from, sweep);
    }
    void bowl(qreal top, qreal bottom)
    {
        path.addRoundedRect(QRectF(0, top, w, bottom - top), rx, qMin(ry, (bottom - top) / 2));
    }
};

// Upright strokes become stem thick and lying ones bar thick: the pen is round in a stretched
// space.
QPainterPath stroked(const QPainterPath &skeleton, const DigitMetrics &metrics)
{
    const qreal stretch = metrics.stem / metrics.bar;
    QPainterPathStroker pen;
    pen.setWidth(metrics.stem);
    pen.setCapStyle(Qt::FlatCap);
    pen.setJoinStyle(Qt::MiterJoin);
    pen.setCurveThreshold(0.05);
    const QPainterPath stretched = QTransform::fromScale(1, stretch).map(skeleton);
    const QTransform back = QTransform::fromScale(1, 1 / stretch)
        * QTransform::fromTranslate(metrics.stem / 2, metrics.bar / 2);
    return back.map(pen.createStroke(stretched));
}

QPainterPath rectangle(qreal x, qreal y, qreal width, qreal height)
{
    QPainterPath path;
    path.addRect(x, y, width, height);
    return path;
}

QPainterPath polygon(const QPolygonF &points)
{
    QPainterPath path;
    path.addPolygon(points);
    path.closeSubpath();
    return path;
}

QPainterPath one(const DigitMetrics &m, qreal width)
{
    const qreal left = width - m.stem;
    const qreal drop = m.capHeight * 0.2;
    return polygon({{left, 0},
                    {width, 0},
                    {width, m.capHeight},
                    {left, m.capHeight},
                    {left, m.bar * 1.25},
                    {0, drop + m.bar},
                    {0, drop}});
}

QPainterPath two(Skeleton s, const DigitMetrics &m)
{
    s.path.moveTo(0, s.ry * 1.15);
    s.path.lineTo(0, s.ry);
    s.arcTop(180, -180);
    s.path.cubicTo(s.w, s.h * 0.52, 0, s.h * 0.62, 0, s.h);
    return stroked(s.path, m) | rectangle(0, m.capHeight - m.bar, s.w + m.stem, m.bar);
}

QPainterPath three(Skeleton s, const DigitMetrics &m)
{
    const qreal tongue = s.w * 0.3;
    const qreal upper = qMin(s.ry, s.middle / 2);
    const qreal lower = qMin(s.ry, (s.h - s.middle) / 2);
    s.path.moveTo(0, s.ry * 1.1);
    s.path.lineTo(0, s.ry);
    s.arcTop(180, -180);
    s.path.lineTo(s.w, s.middle - upper);
    s.path.arcTo(0, s.middle - 2 * upper, s.w, 2 * upper, 0, -90);
    s.path.lineTo(tongue, s.middle);
    s.path.moveTo(tongue, s.middle);
    s.path.lineTo(s.rx, s.middle);
    s.path.arcTo(0, s.middle, s.w, 2 * lower, 90, -90);
    s.path.lineTo(s.w, s.h - s.ry);
    s.arcBottom(0, -180);
    s.path.lineTo(0, s.h - s.ry * 1.1);
    return stroked(s.path, m);
}

QPainterPath four(const DigitMetrics &m, qreal width)
{
    const qreal overhang = std::round(width * 0.12);
    const qreal stemLeft = width - overhang - m.stem;
    const qreal barTop = std::round(m.capHeight * 0.62);
    const qreal barBottom = barTop + m.bar;
    return rectangle(stemLeft, 0, m.stem, m.capHeight) | rectangle(0, barTop, width, m.bar)
        | polygon({{stemLeft - m.stem * 0.15, 0},
                   {stemLeft + m.stem * 0.85, 0},
                   {m.stem * 0.9, barTop},
                   {m.stem * 0.9, barBottom},
                   {0, barBottom},
                   {0, barTop - m.bar * 0.2}});
}

QPainterPath five(Skeleton s, const DigitMetrics &m)
{
    const qreal waist = std::round(s.h * 0.42);
    s.path.moveTo(s.w + m.stem / 2, 0);
    s.path.lineTo(0, 0);
    s.path.lineTo(0, waist);
    s.path.lineTo(s.rx, waist);
    s.path.arcTo(0, waist, s.w, 2 * s.ry, 90, -90);
    s.path.lineTo(s.w, s.h - s.ry);
    s.arcBottom(0, -180);
    s.path.lineTo(0, s.h - s.ry * 1.1);
    return stroked(s.path, m);
}

QPainterPath six(Skeleton s, const DigitMetrics &m)
{
    s.path.moveTo(s.w, s.ry * 1.1);
    s.path.lineTo(s.w, s.ry);
    s.arcTop(0, 180);
    s.path.lineTo(0, s.h - s.ry);
    const QPainterPath back = stroked(s.path, m);
    s.path.clear();
    s.bowl(std::round(s.h * 0.42), s.h);
    return back | stroked(s.path, m);
}

QPainterPath seven(const DigitMetrics &m, qreal width)
{
    const qreal foot = width * 0.14;
    return rectangle(0, 0, width, m.bar)
        | polygon({{width - m.stem, m.bar * 0.5},
                   {width, m.bar * 0.5},
                   {width, m.bar},
                   {foot + m.stem * 1.05, m.capHeight},
                   {foot, m.capHeight},
                   {width - m.stem * 1.05, m.bar}});
}

// Thinner than a bar where a bar is not whole, so that its arms stay crisp and apart.
qreal plusStroke(const DigitMetrics &m)
{
    return std::floor(m.bar);
}

QPainterPath plus(const DigitMetrics &m, qreal width)
{
    const qreal stroke = plusStroke(m);
    const qreal arm = (width - stroke) / 2;
    const qreal top = std::floor((m.capHeight - width) / 2);
    return rectangle(0, top + arm, width, stroke) | rectangle(arm, top, stroke, width);
}

// Of the height of the digits, whose company it keeps.
QPainterPath thousands(const DigitMetrics &m, qreal width)
{
    const qreal waist = m.capHeight * 0.62;
    const qreal slant = m.stem * 1.1;
    const qreal top = std::round(m.capHeight * 0.3);
    return rectangle(0, 0, m.stem, m.capHeight)
        | polygon({{m.stem * 0.5, waist - m.bar * 0.5},
                   {width - slant, top},
                   {width, top},
                   {m.stem * 1.2, waist + m.bar * 0.8},
                   {m.stem * 0.5, waist + m.bar * 0.8}})
        | polygon({{m.stem * 1.05, waist - m.bar * 0.3},
                   {m.stem * 1.05 + slant, waist - m.bar * 0.8},
                   {width, m.capHeight},
                   {width - slant, m.capHeight}});
}

} // namespace

qreal digitWidth(QChar digit, const DigitMetrics &metrics)
{
    switch (digit.unicode()) {
    case u'1':
        return std::ceil(metrics.stem) + std::round(metrics.width * 0.32);
    case u'+':
        return plusStroke(metrics) + 2 * qMax(1.0, std::round(metrics.width * 0.3));
    default:
        return metrics.width;
    }
}

QPainterPath digitOutline(QChar digit, const DigitMetrics &metrics)
{
    const qreal width = digitWidth(digit, metrics);
    Skeleton skeleton(metrics, width);
    QPainterPath path;
    switch (digit.unicode()) {
    case u'0':
        skeleton.bowl(0, skeleton.h);
        path = stroked(skeleton.path, metrics);
        break;
    case u'1':
        return one(metrics, width);
    case u'2':
        path = two(skeleton, metrics);
        break;
    case u'3':
        path = three(skeleton, metrics);
        break;
    case u'4':
        path = four(metrics, width);
        break;
    case u'5':
        path = five(skeleton, metrics);
        break;
    case u'6':
        path = six(skeleton, metrics);
        break;
    case u'7':
        path = seven(metrics, width);
        break;
    case u'8': {
        skeleton.bowl(0, skeleton.middle);
        const QPainterPath upper = stroked(skeleton.path, metrics);
        skeleton.path.clear();
        skeleton.bowl(skeleton.middle, skeleton.h);
        path = upper | stroked(skeleton.path, metrics);
        break;
    }
    case u'9':
        path = QTransform::fromTranslate(width, metrics.capHeight)
                   .scale(-1, -1)
                   .map(six(skeleton, metrics));
        break;
    case u'+':
        return plus(metrics, width);
    case u'k':
        return thousands(metrics, width);
    default:
        return {};
    }
    return path & rectangle(0, 0, width, metrics.capHeight);
}
