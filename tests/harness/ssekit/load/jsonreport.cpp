// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "load/loadfigures.h"
#include "load/report.h"

#include <QJsonArray>

using namespace Qt::Literals;

namespace {

QJsonObject quantiles(const Distribution &times)
{
    if (times.count() == 0)
        return {{u"count"_s, 0}};
    return {{u"count"_s, times.count()},      {u"min"_s, times.quantile(0)},
            {u"p50"_s, times.quantile(0.5)},  {u"p90"_s, times.quantile(0.9)},
            {u"p99"_s, times.quantile(0.99)}, {u"max"_s, times.quantile(1)}};
}

} // namespace

QJsonObject jsonReport(const LoadFigures &figures)
{
    QJsonObject failures;
    for (auto failure = figures.failures.cbegin(); failure != figures.failures.cend(); ++failure)
        failures.insert(failure.key(), failure.value());
    const Ledger::Findings &ids = figures.ids;
    return {
        {u"type"_s, u"report"_s},
        {u"urls"_s, QJsonArray::fromStringList(figures.urls)},
        {u"clients"_s, figures.clients},
        {u"durationMs"_s, figures.duration},
        {u"opened"_s, figures.opened},
        {u"openAtEnd"_s, figures.openAtEnd},
        {u"gaveUp"_s, figures.gaveUp},
        {u"attempts"_s, figures.attempts},
        {u"connectMs"_s, quantiles(figures.connecting)},
        {u"events"_s, figures.events},
        {u"latencyMs"_s, quantiles(figures.latencies)},
        {u"ids"_s,
         QJsonObject{
             {u"method"_s, ids.method == Ledger::Method::Counted ? u"counted"_s : u"compared"_s},
             {u"different"_s, ids.ids},
             {u"events"_s, ids.events},
             {u"lost"_s, ids.lost},
             {u"duplicates"_s, ids.duplicates},
             {u"outOfOrder"_s, ids.outOfOrder},
             {u"behindAtEnd"_s, ids.behind}}},
        {u"lostStreams"_s, figures.losses},
        {u"outageMs"_s, quantiles(figures.outages)},
        {u"busiestReopenings"_s, figures.busiestReopenings},
        {u"failures"_s, failures},
        {u"processorSeconds"_s, figures.processorSeconds},
        {u"peakMemoryBytes"_s, figures.peakMemory},
    };
}
