// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QAbstractListModel>
#include <QDateTime>
#include <QList>
#include <QString>

class CountModel;
class FeedList;

/*!
    What happened, newest first: each opening, each change of a count, each closing, each problem.
    It writes itself from the signals of a FeedList's models, and forgets the oldest entries.
*/
class Journal : public QAbstractListModel
{
    Q_OBJECT

public:
    enum class Kind {
        Opened,
        Message,
        Closed,
        Problem
    };
    Q_ENUM(Kind)

    enum Role {
        TextRole = Qt::DisplayRole, //!< "Connection open", "3 waiting (+1)", …
        TimeRole = Qt::UserRole, //!< QDateTime
        KindRole, //!< Kind
        TitleRole, //!< The source's title
        SourceRole, //!< The source's name
    };

    static constexpr int capacity = 500; // entries

    /*! \a feeds is not owned and must outlive the journal. */
    explicit Journal(FeedList *feeds, QObject *parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;

private:
    struct Entry
    {
        QDateTime time;
        QString source;
        QString title;
        QString text;
        Kind kind;
    };

    void follow(CountModel *model);
    void write(const CountModel *model, Kind kind, const QString &text);

    QList<Entry> m_entries; // oldest first, so that writing is cheap
};
