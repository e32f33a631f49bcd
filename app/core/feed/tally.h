// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/feed/countrule.h"

#include <QList>
#include <QObject>
#include <QSet>

#include <optional>

class CountModel;

/*!
    Keeps the count of a model from snapshots and events, so that neither undoes the other: while a
    snapshot is on its way events wait, and after it they are applied in their order. It fetches
    nothing itself.

    What events tell of the things that wait goes with the count: an item comes when the number grows
    for it, and goes with its key, or when the number leaves no room for it.

    Where the order of a snapshot and an event cannot be known, for they come over two connections,
    it asks for another snapshot: the number after a quiet time is always the server's.
*/
class Tally : public QObject
{
    Q_OBJECT

public:
    /*! \a model is not owned and must outlive the tally. */
    Tally(const QList<Rule> &rules, CountModel *model, QObject *parent = nullptr);

    /*! The stream is open: what it says at first may be a replay of what is long past. */
    void streamOpened();

    /*! From now on events wait. */
    void beginSnapshot();

    /*! The snapshot is in, or failed and has no count. Events that waited are applied. */
    void finishSnapshot(const std::optional<FoundCount> &found);

    /*! Forgets events that wait: the stream is gone, and the next snapshot knows better. */
    void reset();

    /*! The count is 0 and everything will be told by events. */
    void startFromZero();

    void take(const QByteArray &type, const QByteArray &data);
    void takeComment(const QByteArray &text);

Q_SIGNALS:
    /*! The rules cannot tell the count: beginSnapshot() should follow, \a debounce from now. */
    void snapshotNeeded(std::optional<std::chrono::milliseconds> debounce);
    /*! The count may be off: beginSnapshot() should follow once events do not come any more. */
    void verificationNeeded();
    /*! An event gave variables their values. */
    void captured(const Variables &variables);
    /*! An event wants something of the connection. */
    void commanded(StreamCommand command);
    /*! An event has no number where one should be. Once in the life of a tally. */
    void problemFound(const QString &sentence);

private:
    void obey(RuleVerdict verdict);
    void hold(CountChange change);
    void apply(const CountChange &change);
    void addKey(const CountChange &change);
    void removeKey(const QString &key);
    void needSnapshot(std::optional<std::chrono::milliseconds> debounce);
    void keepUnproven(std::optional<Item> item);
    void addProven();

    const QList<Rule> m_rules;
    CountModel *const m_model;
    QList<CountChange> m_waiting;
    QList<Item> m_unproven; // which the count may have grown for; oldest first
    std::optional<int> m_unprovenSince; // the count before them
    QSet<QString> m_keys; // that are known to be in the count
    bool m_keysAreComplete = false; // the count is exactly the keys
    bool m_snapshotOnItsWay = false;
    bool m_snapshotNeeded = false; // asked for while one was on its way
    bool m_unsettled = false; // the stream may replay
    bool m_problemFound = false;
};
