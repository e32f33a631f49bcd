// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QByteArray>
#include <QHash>

#include <optional>
#include <vector>

/*!
    Who got which event, by the ids: finds what was lost and what came twice, also where a client
    lost its stream and came back.

    It keeps which id followed which at some client, and how often: memory grows with the ids of a
    run, not with the events. Clients of one stream see the same ids in the same order.
*/
class Ledger
{
public:
    /*! How a loss is known. */
    enum class Method {
        Automatic, //!< Counted where all ids are whole numbers and most steps are by one.
        //! Ids grow by one: a gap is a loss, though nobody saw what is missing. Whole numbers only;
        //! what comes late counts as lost, and as out of order.
        Counted,
        Compared, //!< A client lost what another one got between two that it got in a row.
    };

    /*! One client's place in its stream. */
    class Reader
    {
    private:
        friend class Ledger;
        std::optional<quint32> m_last; // the newest
        size_t m_lastData = 0; // its hash
        std::vector<quint32> m_recent; // a ring
        size_t m_next = 0;
    };

    struct Findings
    {
        Method method = Method::Compared; //!< Never Automatic.
        qint64 ids = 0; //!< Different ones.
        qint64 events = 0; //!< Those with an id, repeated ones included.
        qint64 lost = 0; //!< Of all clients together.
        qint64 duplicates = 0;
        qint64 outOfOrder = 0; //!< Steps that contradict the order that other clients saw.
        qint64 behind = 0; //!< Clients whose last event is not the newest that was seen.
    };

    /*!
        A client got an event. Without an \a id it is not looked at. An id that equals the one
        before is taken for that of the event before, which lasts in a stream until the next one,
        unless \a data is the same as well: then it is a duplicate.

        A duplicate is known among the last 512 ids of a client.
    */
    void note(Reader &reader, const QByteArray &id, const QByteArray &data);

    [[nodiscard]] Findings findings(const std::vector<const Reader *> &readers,
                                    Method method = Method::Automatic) const;

private:
    struct Step
    {
        quint32 from = 0;
        quint32 to = 0;
        qint64 times = 0;
    };

    [[nodiscard]] quint32 numberOf(const QByteArray &id);
    [[nodiscard]] std::vector<Step> steps() const;
    [[nodiscard]] bool isCounted(const std::vector<Step> &steps) const;

    QHash<QByteArray, quint32> m_numbers; // of the ids, in the order of their first coming
    std::vector<qint64> m_values; // by number: the id as a whole number; -1 when it is none
    QHash<quint64, qint64> m_steps; // "from" in the upper half of the key, "to" in the lower
    qint64 m_events = 0;
    qint64 m_duplicates = 0;
};
