// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "panels.h"

#include <QPainter>

#include <array>
#include <cmath>
#include <random>

QImage photograph(int size, std::uint32_t seed)
{
    // The engine's numbers are the same everywhere; those of the standard's distributions are not.
    std::mt19937 engine(seed);
    const auto random = [&engine] { return double(engine() % 10'000) / 10'000; };
    std::array<std::array<double, 4>, 3> waves; // for each channel: two lengths, two phases
    for (auto &wave : waves)
        wave = {0.1 + random() * 0.5, 0.1 + random() * 0.5, random() * 6.28, random() * 6.28};
    const double slope = random() * 2 - 1; // of an edge, a roof before a sky for instance
    const double height = random();
    const double step = random() * 160 - 80;

    QImage picture(size, size, QImage::Format_RGB32);
    for (int y = 0; y < size; ++y) {
        for (int x = 0; x < size; ++x) {
            const double u = 16.0 * x / size;
            const double v = 16.0 * y / size;
            const double edge = v > 16 * height + slope * (u - 8) ? step : 0;
            std::array<int, 3> channels{};
            for (std::size_t i = 0; i < 3; ++i) {
                const auto &[across, down, right, below] = waves.at(i);
                const double soft =
                    0.5 + 0.5 * std::sin(across * u + right) * std::cos(down * v + below);
                channels.at(i) = qBound(0, int(soft * 220 + edge + random() * 40), 255);
            }
            picture.setPixel(x, y, qRgb(channels[0], channels[1], channels[2]));
        }
    }
    return picture;
}

QImage onPanel(const Badge &badge, QImage panel)
{
    QPainter painter(&panel);
    painter.drawImage(0, 0, badgeImage(badge, panel.width()));
    return panel;
}

QImage onPanel(const Badge &badge, int size, const QColor &panel)
{
    QImage image(size, size, QImage::Format_RGB32);
    image.fill(panel);
    return onPanel(badge, image);
}
