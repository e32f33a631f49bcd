// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "load/commonorder.h"

#include <functional>
#include <numeric>
#include <queue>

CommonOrder::CommonOrder(quint32 size, const std::vector<std::pair<quint32, quint32>> &steps)
    : m_streams(size)
    , m_places(size, -1)
    , m_sizes(size, 0)
{
    std::iota(m_streams.begin(), m_streams.end(), 0);
    std::vector<std::vector<quint32>> following(size);
    std::vector<quint32> awaited(size, 0); // how many that come before have no place yet
    for (const auto &[from, to] : steps) {
        following[from].push_back(to);
        ++awaited[to];
        m_streams[streamOf(from)] = streamOf(to);
    }
    // Of those that may come next, the one that came first is the likeliest.
    std::priority_queue<quint32, std::vector<quint32>, std::greater<>> ready;
    const auto place = [&](quint32 id) {
        m_places[id] = m_sizes[streamOf(id)]++;
        for (const quint32 next : following[id]) {
            if (--awaited[next] == 0 && m_places[next] < 0)
                ready.push(next);
        }
    };
    for (quint32 id = 0; id < size; ++id) {
        if (awaited[id] == 0)
            ready.push(id);
    }
    for (quint32 oldest = 0; oldest < size;) {
        if (!ready.empty()) {
            const quint32 id = ready.top();
            ready.pop();
            place(id);
        } else if (m_places[oldest] < 0) {
            place(oldest); // it waits for itself: clients contradict each other
        } else {
            ++oldest;
        }
    }
    for (quint32 id = 0; id < size; ++id)
        m_streams[id] = streamOf(id);
}

qint64 CommonOrder::between(quint32 from, quint32 to) const
{
    return m_places[to] - m_places[from] - 1;
}

bool CommonOrder::isNewest(quint32 id) const
{
    return m_places[id] == m_sizes[m_streams[id]] - 1;
}

quint32 CommonOrder::streamOf(quint32 id)
{
    while (m_streams[id] != id)
        id = m_streams[id] = m_streams[m_streams[id]];
    return id;
}
