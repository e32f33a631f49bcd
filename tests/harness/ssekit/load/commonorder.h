// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtGlobal>

#include <utility>
#include <vector>

/*!
    One order of all ids in which each client's events keep theirs; where clients contradict each
    other, what came first stands first. Ids that no client's steps connect, those of different
    streams for instance, are counted apart.
*/
class CommonOrder
{
public:
    /*! \a steps lead from one of \a size ids to one that came next at some client. */
    CommonOrder(quint32 size, const std::vector<std::pair<quint32, quint32>> &steps);

    /*! How many ids lie between two that a step connects. Negative for a step back. */
    [[nodiscard]] qint64 between(quint32 from, quint32 to) const;
    /*! Nothing follows it. */
    [[nodiscard]] bool isNewest(quint32 id) const;

private:
    [[nodiscard]] quint32 streamOf(quint32 id);

    std::vector<quint32> m_streams; // by id: leads to the id that stands for its stream
    std::vector<qint64> m_places; // by id: from 0 in its stream; -1 without
    std::vector<qint64> m_sizes; // by the id that stands for a stream
};
