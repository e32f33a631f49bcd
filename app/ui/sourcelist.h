// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QWidget>

QT_BEGIN_NAMESPACE
class QGridLayout;
class QLabel;
QT_END_NAMESPACE

class CountModel;
class FeedList;

/*!
    Each source with its number, its state and what is wrong with it: the parts of a sum. Hidden
    while there is only one, which the sum tells all of.
*/
class SourceList : public QWidget
{
    Q_OBJECT

public:
    /*! \a feeds is not owned and must outlive the list. */
    explicit SourceList(const FeedList *feeds, QWidget *parent = nullptr);

    /*! Shows how the sources are now. */
    void refresh();

private:
    struct Row
    {
        QLabel *title;
        QLabel *number;
        QLabel *state;
    };

    [[nodiscard]] Row addRow();
    static void show(const CountModel *model, const Row &row);

    const FeedList *const m_feeds;
    QGridLayout *m_layout;
    QList<Row> m_rows;
};
