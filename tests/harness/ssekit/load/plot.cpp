// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "load/loadfigures.h"
#include "load/report.h"

#include <algorithm>
#include <cmath>

using namespace Qt::Literals;

namespace {

constexpr double width = 640;
constexpr double left = 60; // of both charts' areas, as the next two
constexpr double right = 620;
constexpr double height = 150;
constexpr double firstTop = 50;
constexpr double secondTop = 270;

// One chart: an area with a scale below and at its left.
class Chart
{
public:
    Chart(double top, const QString &title)
        : m_top(top)
    {
        addText(left, top - 12, title, "start");
        m_svg += u"<path class='frame' d='M%1 %2V%3H%4'/>\n"_s.arg(left)
                     .arg(top)
                     .arg(top + height)
                     .arg(right);
    }

    // Shares of the area's width and height; from the left, and from below.
    [[nodiscard]] static double x(double share) { return left + share * (right - left); }
    [[nodiscard]] double y(double share) const { return m_top + (1 - share) * height; }

    void addMarkBelow(double share, const QString &text)
    {
        addText(x(share), m_top + height + 16, text, "middle");
    }
    void addMarkAtLeft(double share, const QString &text)
    {
        addText(left - 6, y(share) + 4, text, "end");
    }

    void addBar(double share, double size)
    {
        m_svg += u"<path class='bar' d='M%1 %2V%3'/>\n"_s.arg(x(share), 0, 'f', 1)
                     .arg(y(0), 0, 'f', 1)
                     .arg(y(size), 0, 'f', 1);
    }

    // A line in steps: each height holds until the next point.
    void lineTo(double share, double size)
    {
        m_line += m_line.isEmpty() ? u"M%1 %2"_s.arg(x(share), 0, 'f', 1).arg(y(size), 0, 'f', 1)
                                   : u"H%1V%2"_s.arg(x(share), 0, 'f', 1).arg(y(size), 0, 'f', 1);
    }

    [[nodiscard]] QString svg() const
    {
        return m_svg + u"<path class='line' d='%1'/>\n"_s.arg(m_line);
    }

private:
    void addText(double atX, double atY, const QString &text, const char *anchor)
    {
        m_svg += u"<text x='%1' y='%2' text-anchor='%3'>%4</text>\n"_s.arg(atX, 0, 'f', 1)
                     .arg(atY, 0, 'f', 1)
                     .arg(QLatin1StringView(anchor), text.toHtmlEscaped());
    }

    const double m_top;
    QString m_svg;
    QString m_line;
};

QString streamsChart(const LoadFigures &figures)
{
    const qint64 most = std::max_element(figures.samples.cbegin(), figures.samples.cend(),
                                         [](const auto &one, const auto &other) {
                                             return one.reopenings < other.reopenings;
                                         })
                            ->reopenings;
    Chart chart(firstTop,
                u"Open streams over time (s), and reopenings: at most %1 within 100 ms"_s.arg(
                    figures.busiestReopenings));
    const auto end = double(std::max<qint64>(figures.duration, 1));
    for (const LoadFigures::Sample &sample : figures.samples) {
        const double share = std::min(1.0, double(sample.time) / end);
        if (sample.reopenings > 0)
            chart.addBar(share, double(sample.reopenings) / double(most));
        chart.lineTo(share, double(sample.open) / figures.clients);
    }
    chart.addMarkAtLeft(0, u"0"_s);
    chart.addMarkAtLeft(1, QString::number(figures.clients));
    for (const double share : {0.0, 0.5, 1.0})
        chart.addMarkBelow(share, QString::number(share * end / 1000, 'g', 4));
    return chart.svg();
}

// Over a logarithmic scale: the tail is what matters.
QString latencyChart(const LoadFigures &figures)
{
    const Distribution &latencies = figures.latencies;
    Chart chart(secondTop, u"Events that came within so many milliseconds (%)"_s);
    const int decades = std::max(
        1, int(std::ceil(std::log10(double(std::max<qint64>(latencies.quantile(1), 1)) + 1))));
    const auto share = [decades](qint64 milliseconds) {
        return std::log10(double(std::max<qint64>(milliseconds, 0)) + 1) / decades;
    };
    qint64 passed = 0;
    chart.lineTo(0, 0);
    for (const auto &[milliseconds, times] : latencies.counts()) {
        passed += times;
        chart.lineTo(share(milliseconds), double(passed) / double(latencies.count()));
    }
    chart.lineTo(1, 1);
    for (int decade = 0; decade <= decades; ++decade) {
        const auto milliseconds = qint64(std::pow(10, decade));
        if (share(milliseconds) <= 1)
            chart.addMarkBelow(share(milliseconds), QString::number(milliseconds));
    }
    for (const double percents : {0.0, 50.0, 100.0})
        chart.addMarkAtLeft(percents / 100, QString::number(percents));
    return chart.svg();
}

} // namespace

QByteArray plot(const LoadFigures &figures)
{
    const bool hasLatencies = figures.latencies.count() > 0;
    QString svg =
        u"<svg xmlns='http://www.w3.org/2000/svg' width='%1' height='%2'>\n"_s.arg(width).arg(
            hasLatencies ? 460 : 240);
    svg += u"<style>text{font:12px sans-serif;fill:#333}path{fill:none}.frame{stroke:#999}"
           ".line{stroke:#05a;stroke-width:1.5}.bar{stroke:#d60;stroke-width:2}</style>\n"
           "<rect width='100%' height='100%' fill='#fff'/>\n"
           "<text x='%1' y='18'>%2</text>\n"_s.arg(left)
               .arg(u"ssekit load: %1 clients"_s.arg(figures.clients));
    if (!figures.samples.empty())
        svg += streamsChart(figures);
    if (hasLatencies)
        svg += latencyChart(figures);
    return (svg + u"</svg>\n"_s).toUtf8();
}
