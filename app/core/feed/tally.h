// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/source/source.h"

#include <sselib/event.h>

#include <QList>
#include <QObject>

#include <optional>

class CountModel;

/*!
    Keeps the count of a model from snapshots and events, so that neither undoes the other: while a
    snapshot is on its way events wait, and after it they are applied in their order. It fetches
    nothing itself.
*/
class Tally : public QObject
{
    Q_OBJECT

public:
    /*! \a model is not owned and must outlive the tally. */
    Tally(const QList<Rule> &rules, CountModel *model, QObject *parent = nullptr);

    /*! From now on events wait. */
    void beginSnapshot();

    /*! The snapshot is in, or failed and has no \a count. Events that waited are applied. */
    void finishSnapshot(const std::optional<int> &count);

    /*! Forgets events that wait: the stream is gone, and the next snapshot knows better. */
    void reset();

    void take(const Sse::Event &event);

Q_SIGNALS:
    /*! The rules cannot tell the count; beginSnapshot() should follow. */
    void snapshotNeeded();
    /*! An event has no number where one should be. Once in the life of a tally. */
    void problemFound(const QString &sentence);

private:
    void apply(const Sse::Event &event);
    void needSnapshot();

    const QList<Rule> m_rules;
    CountModel *const m_model;
    QList<Sse::Event> m_waiting;
    bool m_snapshotOnItsWay = false;
    bool m_snapshotNeeded = false; // asked for while one was on its way
    bool m_problemFound = false;
};
