// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "load/ledger.h"

#include "load/commonorder.h"

#include <algorithm>
#include <utility>

namespace {

constexpr size_t remembered = 512;
constexpr qsizetype mostDigits = 18; // any such number fits into 64 bits

// -1 for what is no whole number, or not written as a counter would.
qint64 wholeNumber(const QByteArray &id)
{
    const bool isPlain = id.size() <= mostDigits && (id.size() == 1 || !id.startsWith('0'))
        && std::all_of(id.cbegin(), id.cend(), [](char c) { return c >= '0' && c <= '9'; });
    return isPlain ? id.toLongLong() : -1;
}

} // namespace

void Ledger::note(Reader &reader, const QByteArray &id, const QByteArray &data)
{
    if (id.isEmpty())
        return;
    const quint32 number = numberOf(id);
    const size_t hash = qHash(data, 0);
    const bool isLast = reader.m_last == number;
    if (isLast && hash != reader.m_lastData)
        return;
    ++m_events;
    std::vector<quint32> &recent = reader.m_recent;
    if (isLast || std::find(recent.cbegin(), recent.cend(), number) != recent.cend()) {
        ++m_duplicates;
        return;
    }
    if (reader.m_last)
        ++m_steps[(quint64(*reader.m_last) << 32) | number];
    reader.m_last = number;
    reader.m_lastData = hash;
    if (recent.size() < remembered)
        recent.push_back(number);
    else
        recent[std::exchange(reader.m_next, (reader.m_next + 1) % remembered)] = number;
}

Ledger::Findings Ledger::findings(const std::vector<const Reader *> &readers, Method method) const
{
    const std::vector<Step> all = steps();
    const bool counts = method == Method::Automatic ? isCounted(all) : method == Method::Counted;
    std::vector<std::pair<quint32, quint32>> pairs;
    pairs.reserve(all.size());
    for (const Step &step : all)
        pairs.emplace_back(step.from, step.to);
    const CommonOrder order(quint32(m_values.size()), pairs);

    Findings found;
    found.method = counts ? Method::Counted : Method::Compared;
    found.ids = qint64(m_values.size());
    found.events = m_events;
    found.duplicates = m_duplicates;
    for (const Step &step : all) {
        const qint64 missing = counts ? m_values[step.to] - m_values[step.from] - 1
                                      : order.between(step.from, step.to);
        if (missing < 0)
            found.outOfOrder += step.times;
        // A step back gives back what the step over it took. Counters begin anew instead.
        if (missing > 0 || !counts)
            found.lost += missing * step.times;
    }
    found.behind = std::count_if(readers.cbegin(), readers.cend(), [&](const Reader *reader) {
        return reader->m_last && !order.isNewest(*reader->m_last);
    });
    return found;
}

quint32 Ledger::numberOf(const QByteArray &id)
{
    const auto known = m_numbers.constFind(id);
    if (known != m_numbers.cend())
        return *known;
    const auto number = quint32(m_values.size());
    m_numbers.insert(id, number);
    m_values.push_back(wholeNumber(id));
    return number;
}

std::vector<Ledger::Step> Ledger::steps() const
{
    std::vector<Step> all;
    all.reserve(size_t(m_steps.size()));
    for (auto step = m_steps.cbegin(); step != m_steps.cend(); ++step)
        all.push_back({quint32(step.key() >> 32), quint32(step.key() & 0xFFFF'FFFF), step.value()});
    return all;
}

bool Ledger::isCounted(const std::vector<Step> &steps) const
{
    qint64 byOne = 0;
    qint64 total = 0;
    for (const Step &step : steps) {
        total += step.times;
        if (m_values[step.to] == m_values[step.from] + 1)
            byOne += step.times;
    }
    return byOne * 2 > total
        && std::none_of(m_values.cbegin(), m_values.cend(), [](qint64 value) { return value < 0; });
}
