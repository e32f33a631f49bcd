// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QList>
#include <QObject>
#include <QPointer>

class CountModel;
class FeedList;

/*! Marks what waits as seen, for all sources or for one, and takes the last mark back. */
class SeenMark : public QObject
{
    Q_OBJECT

public:
    /*! \a feeds is not owned and must outlive the mark. */
    explicit SeenMark(FeedList *feeds, QObject *parent = nullptr);

    [[nodiscard]] bool canMark() const; //!< Something is new.
    /*! The last mark can be taken back: since then nothing was marked, and it still stands. */
    [[nodiscard]] bool canUndo() const;

public Q_SLOTS:
    void markAll();
    void mark(const QString &source); //!< By its name.
    void undo();

private:
    struct Mark
    {
        QPointer<CountModel> model;
        int before;
        int after;
    };

    void mark(const QList<CountModel *> &models);

    FeedList *const m_feeds;
    QList<Mark> m_last;
};
