// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QStyledItemDelegate>

/*! Draws an entry of the Journal: its time, a mark whose shape and colour tell the kind, its text.
 */
class JournalDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    /*! Names the source of each entry; for more than one source. Off by default. */
    void setShowsTitle(bool shows) { m_showsTitle = shows; }

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option,
                                 const QModelIndex &index) const override;
    /*! Shows in full, as a tooltip, what did not fit. */
    bool helpEvent(QHelpEvent *event, QAbstractItemView *view, const QStyleOptionViewItem &option,
                   const QModelIndex &index) override;

private:
    bool m_showsTitle = false;
};
