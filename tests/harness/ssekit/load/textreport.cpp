// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "load/loadfigures.h"
#include "load/report.h"

#include <cmath>

using namespace Qt::Literals;

namespace {

QString quantiles(const Distribution &times)
{
    if (times.count() == 0)
        return u"none"_s;
    return u"p50 %1 ms, p90 %2 ms, p99 %3 ms, max %4 ms"_s.arg(times.quantile(0.5))
        .arg(times.quantile(0.9))
        .arg(times.quantile(0.99))
        .arg(times.quantile(1));
}

QString eventsLine(const LoadFigures &figures)
{
    const double seconds = double(figures.duration) / 1000;
    return u"%1, %2 each second"_s.arg(figures.events)
        .arg(seconds > 0 ? double(figures.events) / seconds : 0, 0, 'f', 1);
}

QString idsLine(const Ledger::Findings &ids)
{
    if (ids.ids == 0)
        return u"none: losses and duplicates cannot be told"_s;
    return u"%1 different, %2: %3 lost, %4 twice, %5 out of order; %6 clients behind at the end"_s
        .arg(ids.ids)
        .arg(ids.method == Ledger::Method::Counted ? u"counted"_s : u"compared"_s)
        .arg(ids.lost)
        .arg(ids.duplicates)
        .arg(ids.outOfOrder)
        .arg(ids.behind);
}

QString reopenedLine(const LoadFigures &figures)
{
    const Distribution &outages = figures.outages;
    if (outages.count() == 0)
        return u"0 of %1 lost streams"_s.arg(figures.losses);
    return u"%1 of %2 lost streams: first after %3 ms, median %4 ms, last %5 ms; "
           "at most %6 (%7 % of the clients) within 100 ms"_s.arg(outages.count())
               .arg(figures.losses)
               .arg(outages.quantile(0))
               .arg(outages.quantile(0.5))
               .arg(outages.quantile(1))
               .arg(figures.busiestReopenings)
               .arg(100.0 * double(figures.busiestReopenings) / figures.clients, 0, 'f', 1);
}

QString ownUse(const LoadFigures &figures)
{
    const double seconds = double(figures.duration) / 1000;
    return u"%1 % of one processor, at most %2 MiB"_s
        .arg(seconds > 0 ? 100 * figures.processorSeconds / seconds : 0, 0, 'f', 0)
        .arg(double(figures.peakMemory) / (1024 * 1024), 0, 'f', 1);
}

} // namespace

QByteArray textReport(const LoadFigures &figures)
{
    QStringList lines;
    const auto add = [&lines](QLatin1StringView name, const QString &text) {
        lines.append(QString(name).leftJustified(14) + text);
    };
    add("clients"_L1,
        u"%1 for %2 s at %3"_s.arg(figures.clients)
            .arg(double(figures.duration) / 1000, 0, 'f', 1)
            .arg(figures.urls.join(u", "_s)));
    add("opened"_L1,
        u"%1 in %2 attempts, %3 open at the end, %4 refused for good"_s.arg(figures.opened)
            .arg(figures.attempts)
            .arg(figures.openAtEnd)
            .arg(figures.gaveUp));
    add("connect time"_L1, quantiles(figures.connecting));
    add("events"_L1, eventsLine(figures));
    add("latency"_L1,
        quantiles(figures.latencies)
            + u" (%1 events tell their time)"_s.arg(figures.latencies.count()));
    add("ids"_L1, idsLine(figures.ids));
    add("reopened"_L1, reopenedLine(figures));
    for (auto failure = figures.failures.cbegin(); failure != figures.failures.cend(); ++failure)
        add("failed"_L1, u"%1 times: %2"_s.arg(failure.value()).arg(failure.key()));
    add("this program"_L1, ownUse(figures));
    return lines.join(u'\n').toUtf8();
}
