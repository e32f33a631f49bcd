// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "numberreader.h"

#include "ui/badge/badgedigits.h"

#include <QHash>
#include <QPainter>
#include <QRect>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>

using namespace Qt::Literals;

namespace {

using Colour = std::array<float, 3>;

constexpr float enough = 0.55F; // less is a shape, not a character

Colour channels(QRgb rgb)
{
    return {float(qRed(rgb)), float(qGreen(rgb)), float(qBlue(rgb))};
}

Colour difference(const Colour &a, const Colour &b)
{
    return {a[0] - b[0], a[1] - b[1], a[2] - b[2]};
}

float product(const Colour &a, const Colour &b)
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

// The commonest colours, like ones taken together; commonest first.
QList<QRgb> commonColours(const QImage &panel)
{
    QHash<QRgb, int> exact;
    for (int y = 0; y < panel.height(); ++y) {
        const auto *const line = reinterpret_cast<const QRgb *>(panel.constScanLine(y));
        for (int x = 0; x < panel.width(); ++x)
            ++exact[line[x]];
    }
    QList<std::pair<int, QRgb>> counted;
    for (const auto &[rgb, times] : exact.asKeyValueRange())
        counted.append({times, rgb});
    std::sort(counted.begin(), counted.end(), std::greater<>());
    QList<QRgb> colours;
    for (const auto &[times, rgb] : std::as_const(counted)) {
        if (times < 2 || colours.size() == 6)
            break;
        const bool isKnown = std::any_of(colours.cbegin(), colours.cend(), [rgb = rgb](QRgb known) {
            const Colour d = difference(channels(known), channels(rgb));
            return product(d, d) < 24 * 24;
        });
        if (!isKnown)
            colours.append(rgb);
    }
    return colours;
}

// Parts of the picture that hang together, without those that its border cuts.
QList<QRect> pieces(int width, int height, const std::vector<char> &isInk)
{
    std::vector<char> isSeen(isInk.size(), 0);
    std::vector<int> waiting;
    QList<QRect> boxes;
    for (int start = 0; start < width * height; ++start) {
        if (!isInk[std::size_t(start)] || isSeen[std::size_t(start)])
            continue;
        QRect box(start % width, start / width, 1, 1);
        waiting.assign(1, start);
        isSeen[std::size_t(start)] = 1;
        while (!waiting.empty()) {
            const int at = waiting.back();
            waiting.pop_back();
            const int x = at % width;
            const int y = at / width;
            box |= QRect(x, y, 1, 1);
            const auto visit = [&](int nx, int ny) {
                const int next = ny * width + nx;
                if (nx < 0 || ny < 0 || nx >= width || ny >= height || !isInk[std::size_t(next)]
                    || isSeen[std::size_t(next)])
                    return;
                isSeen[std::size_t(next)] = 1;
                waiting.push_back(next);
            };
            for (int beside = -1; beside <= 1; ++beside) {
                visit(x - 1, y + beside);
                visit(x, y + beside);
                visit(x + 1, y + beside);
            }
        }
        if (box.left() > 0 && box.top() > 0 && box.right() < width - 1 && box.bottom() < height - 1)
            boxes.append(box);
    }
    return boxes;
}

} // namespace

NumberReader::NumberReader()
{
    const QList<DigitMetrics> weights = {{96, 56, 22, 18}, {96, 42, 17, 16}, {96, 64, 24, 20}};
    for (const DigitMetrics &metrics : weights) {
        for (const QChar character : u"0123456789+k"_s) {
            const QPainterPath outline = digitOutline(character, metrics);
            const QRectF bounds = outline.boundingRect();
            QImage drawing(bounds.size().toSize() + QSize(2, 2), QImage::Format_RGB32);
            drawing.fill(Qt::white);
            QPainter painter(&drawing);
            painter.setRenderHint(QPainter::Antialiasing);
            painter.fillPath(outline.translated(QPointF(1, 1) - bounds.topLeft()), Qt::black);
            painter.end();
            const QRect box = drawing.rect().adjusted(1, 1, -1, -1);
            m_templates.push_back({character,
                                   grid(coverage(drawing, qRgb(255, 255, 255), qRgb(0, 0, 0)), box),
                                   float(box.width()) / float(box.height())});
        }
    }
}

NumberReader::Coverage NumberReader::coverage(const QImage &panel, QRgb plate, QRgb ink)
{
    Coverage result{panel.width(), panel.height(), {}, {}};
    const std::size_t size = std::size_t(panel.width()) * std::size_t(panel.height());
    result.ink.reserve(size);
    result.isForeign.reserve(size);
    const Colour from = channels(plate);
    const Colour way = difference(channels(ink), from);
    const float length = product(way, way);
    for (int y = 0; y < panel.height(); ++y) {
        const auto *const line = reinterpret_cast<const QRgb *>(panel.constScanLine(y));
        for (int x = 0; x < panel.width(); ++x) {
            const Colour gone = difference(channels(line[x]), from);
            const float part = product(gone, way) / length;
            const Colour beside = difference(gone, {part * way[0], part * way[1], part * way[2]});
            const bool isForeign =
                product(beside, beside) > 0.03F * length || part < -0.2F || part > 1.2F;
            result.ink.push_back(isForeign ? 0 : std::clamp(part, 0.0F, 1.0F));
            result.isForeign.push_back(isForeign ? 1 : 0);
        }
    }
    return result;
}

// Each line of writing that the tallest pieces may belong to.
QList<QList<QRect>> NumberReader::lines(const Coverage &coverage)
{
    std::vector<char> isInk(coverage.ink.size());
    std::transform(coverage.ink.cbegin(), coverage.ink.cend(), isInk.begin(),
                   [](float part) { return part > 0.45F ? 1 : 0; });
    QList<QRect> found = pieces(coverage.width, coverage.height, isInk);
    std::sort(found.begin(), found.end(),
              [](const QRect &a, const QRect &b) { return a.left() < b.left(); });
    QList<QList<QRect>> lines;
    for (const QRect &lead : std::as_const(found)) {
        const int height = lead.height();
        if (height < 6 || 10 * height < 3 * coverage.height || 6 * lead.width() < height)
            continue;
        QList<QRect> line;
        bool hasLead = false;
        for (const QRect &box : std::as_const(found)) {
            const bool isWithin = box.top() >= lead.top() - 1 && box.bottom() <= lead.bottom() + 1;
            const bool isTall = 4 * box.height() >= 3 * height;
            const bool isLarge = 4 * qMin(box.width(), box.height()) >= height;
            const bool isBar = 6 * box.width() < height; // the side of a frame
            if (!isWithin || isBar || (!isTall && !isLarge))
                continue;
            const bool isApart =
                !line.isEmpty() && box.left() - line.constLast().right() > 1 + height / 3;
            if (isApart && hasLead)
                break;
            if (isApart)
                line.clear();
            // What stands above each other is one character.
            if (!line.isEmpty() && box.left() <= line.constLast().right())
                line.last() |= box;
            else
                line.append(box);
            hasLead = hasLead || box == lead;
        }
        if (line.size() <= 4 && !lines.contains(line))
            lines.append(line);
    }
    return lines;
}

// Each cell is the mean of what it covers.
NumberReader::Grid NumberReader::grid(const Coverage &coverage, const QRect &box)
{
    Grid cells(std::size_t(columns * rows), 0.0F);
    const auto part = [](int from, int length, int cell, int count) {
        return std::pair(double(from) + double(length) * cell / count,
                         double(from) + double(length) * (cell + 1) / count);
    };
    for (int row = 0; row < rows; ++row) {
        const auto [top, bottom] = part(box.top(), box.height(), row, rows);
        for (int column = 0; column < columns; ++column) {
            const auto [left, right] = part(box.left(), box.width(), column, columns);
            double sum = 0;
            for (int y = int(top); y < bottom; ++y) {
                const double high = std::min(bottom, y + 1.0) - std::max(top, double(y));
                for (int x = int(left); x < right; ++x) {
                    const double wide = std::min(right, x + 1.0) - std::max(left, double(x));
                    sum += high * wide * double(coverage.at(x, y));
                }
            }
            cells[std::size_t(row * columns + column)] =
                float(sum / ((bottom - top) * (right - left)));
        }
    }
    const float mean = std::accumulate(cells.cbegin(), cells.cend(), 0.0F) / float(cells.size());
    float squares = 0;
    for (float &cell : cells) {
        cell -= mean;
        squares += cell * cell;
    }
    const float length = std::sqrt(std::max(squares, 1e-6F));
    for (float &cell : cells)
        cell /= length;
    return cells;
}

NumberReader::Reading NumberReader::read(const Coverage &coverage, const QList<QRect> &line) const
{
    int tallest = 0;
    for (const QRect &box : line)
        tallest = std::max(tallest, box.height());
    Reading reading;
    QRect whole;
    for (const QRect &box : line) {
        const bool isSmall = 4 * box.height() < 3 * tallest;
        if (isSmall && whole.isNull())
            continue; // no number begins with a plus
        const Grid cells = grid(coverage, box);
        const float aspect = float(box.width()) / float(box.height());
        QChar best;
        float bestLikeness = 0;
        for (const Template &candidate : m_templates) {
            if ((candidate.character == u'+') != isSmall)
                continue;
            float likeness =
                std::inner_product(cells.cbegin(), cells.cend(), candidate.grid.cbegin(), 0.0F);
            likeness -= 0.25F * std::abs(std::log(aspect / candidate.aspect));
            if (likeness > bestLikeness) {
                bestLikeness = likeness;
                best = candidate.character;
            }
        }
        if (bestLikeness < enough) {
            if (isSmall || whole.isNull())
                continue; // a blot beside the number
            break;
        }
        whole |= box;
        reading.text += best;
        reading.evidence += bestLikeness - enough;
    }
    if (whole.isNull())
        return {};
    // Nothing else between the characters, and beside them, than the plate.
    const QRect around = whole.adjusted(-1, 0, 1, 0);
    int foreign = 0;
    for (int y = around.top(); y <= around.bottom(); ++y) {
        for (int x = around.left(); x <= around.right(); ++x)
            foreign += coverage.isForeign[std::size_t(y * coverage.width + x)];
    }
    return 12 * foreign > around.width() * around.height() ? Reading() : reading;
}

QString NumberReader::read(const QImage &panel) const
{
    const QImage picture = panel.convertToFormat(QImage::Format_RGB32);
    const QList<QRgb> colours = commonColours(picture);
    Reading best;
    for (const QRgb plate : colours) {
        for (const QRgb ink : colours) {
            const Colour way = difference(channels(plate), channels(ink));
            if (product(way, way) < 120 * 120)
                continue; // nobody could read that
            const Coverage covered = coverage(picture, plate, ink);
            for (const QList<QRect> &line : lines(covered)) {
                const Reading reading = read(covered, line);
                if (reading.evidence > best.evidence)
                    best = reading;
            }
        }
    }
    return best.text;
}
