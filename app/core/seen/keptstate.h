// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QDateTime>
#include <QHash>
#include <QObject>
#include <QString>
#include <QTimer>

class CountModel;
class FeedList;

/*!
    What a new start takes up where the last one left it: what the user has seen of each source, and
    until when to be quiet. Not worth a word where it is lost: a file that cannot be read or written
    is told in the log only.
*/
class KeptState : public QObject
{
    Q_OBJECT

public:
    /*!
        Reads the file at \a path, gives the models of \a feeds what they had, those that come later
        too, and follows them. Writes a moment after a change, and at its own end. \a feeds is not
        owned and must outlive the state. Empty \a path: keeps nothing.
    */
    KeptState(FeedList *feeds, const QString &path, QObject *parent = nullptr);
    ~KeptState() override;

    [[nodiscard]] QDateTime snoozedUntil() const { return m_snoozedUntil; } //!< Or invalid.
    void setSnoozedUntil(const QDateTime &when);

private:
    void read();
    void write();
    void follow(CountModel *model);
    void note(const CountModel *model);

    const QString m_path;
    QHash<QString, int> m_seen; // by the name of the source; those that are not there any more too
    QDateTime m_snoozedUntil;
    QTimer m_writing;
};
