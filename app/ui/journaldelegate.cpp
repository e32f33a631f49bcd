// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "journaldelegate.h"

#include "core/journal.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QHelpEvent>
#include <QLocale>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>

using namespace Qt::Literals;

namespace {

constexpr int margin = 18; // as the window's
constexpr int spacing = 10;

// In the middle of the lightness scale: they stand out on light and on dark lists.
constexpr QRgb openedColor = 0xff2a9d5c;
constexpr QRgb messageColor = 0xffd9303f;
constexpr QRgb closedColor = 0xff858c98;
constexpr QRgb problemColor = 0xffe08a00;

QString timeText(const QModelIndex &index)
{
    const QDateTime time = index.data(Journal::TimeRole).toDateTime();
    const QLocale locale;
    return time.date() == QDate::currentDate() ? locale.toString(time, u"HH:mm:ss"_s)
                                               : locale.toString(time, QLocale::ShortFormat);
}

void drawMark(QPainter *painter, Journal::Kind kind, const QRectF &box)
{
    switch (kind) {
    case Journal::Kind::Opened: {
        painter->setPen(Qt::NoPen);
        painter->setBrush(QColor::fromRgba(openedColor));
        painter->drawEllipse(box);
        break;
    }
    case Journal::Kind::Message:
        painter->setPen(Qt::NoPen);
        painter->setBrush(QColor::fromRgba(messageColor));
        painter->drawRoundedRect(box.adjusted(0, 1.5, 0, -1.5), 2.5, 2.5);
        break;
    case Journal::Kind::Closed:
        painter->setPen(QPen(QColor::fromRgba(closedColor), 2));
        painter->setBrush(Qt::NoBrush);
        painter->drawEllipse(box.adjusted(1, 1, -1, -1));
        break;
    case Journal::Kind::Problem: {
        QPainterPath triangle;
        triangle.moveTo(box.center().x(), box.top());
        triangle.lineTo(box.bottomRight());
        triangle.lineTo(box.bottomLeft());
        triangle.closeSubpath();
        painter->setPen(
            QPen(QColor::fromRgba(problemColor), 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter->setBrush(QColor::fromRgba(problemColor));
        painter->drawPath(triangle);
        break;
    }
    }
}

// A text is read; a time is glanced at.
QColor faint(const QPalette &palette, QPalette::ColorGroup group, QPalette::ColorRole role)
{
    QColor color = palette.color(group, role);
    color.setAlphaF(0.65F);
    return color;
}

} // namespace

void JournalDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                            const QModelIndex &index) const
{
    QStyleOptionViewItem panel = option;
    initStyleOption(&panel, index);
    panel.text.clear();
    const QStyle *const style = panel.widget ? panel.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &panel, painter, panel.widget);

    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const bool selected = option.state & QStyle::State_Selected;
    const auto role = selected ? QPalette::HighlightedText : QPalette::Text;
    const auto group = option.state & QStyle::State_Active ? QPalette::Active : QPalette::Inactive;
    QRect rest = option.rect.adjusted(margin, 0, -margin, 0);

    const int markSide = option.fontMetrics.capHeight() + 1;
    QRect mark(0, 0, markSide, markSide);
    mark.moveCenter(rest.center());
    mark.moveLeft(rest.left());
    drawMark(painter, index.data(Journal::KindRole).value<Journal::Kind>(),
             QStyle::visualRect(option.direction, rest, mark));
    rest.setLeft(mark.right() + spacing);

    const QString time = timeText(index);
    QRect timeBox = rest;
    timeBox.setLeft(rest.right() - option.fontMetrics.horizontalAdvance(time));
    painter->setFont(option.font);
    painter->setPen(faint(option.palette, group, role));
    painter->drawText(QStyle::visualRect(option.direction, option.rect, timeBox),
                      Qt::AlignVCenter | Qt::AlignRight, time);
    rest.setRight(timeBox.left() - spacing);

    QString text = index.data(Journal::TextRole).toString();
    if (m_showsTitle)
        text = u"%1: %2"_s.arg(index.data(Journal::TitleRole).toString(), text);
    painter->setPen(option.palette.color(group, role));
    painter->drawText(QStyle::visualRect(option.direction, option.rect, rest),
                      int(Qt::AlignVCenter | Qt::AlignLeading),
                      option.fontMetrics.elidedText(text, Qt::ElideRight, rest.width()));
    painter->restore();
}

QSize JournalDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const
{
    return {option.fontMetrics.averageCharWidth() * 30, option.fontMetrics.height() + 12};
}

bool JournalDelegate::helpEvent(QHelpEvent *event, QAbstractItemView *view,
                                const QStyleOptionViewItem &, const QModelIndex &index)
{
    if (event->type() != QEvent::ToolTip || !index.isValid())
        return false;
    const QString when = QLocale().toString(index.data(Journal::TimeRole).toDateTime());
    QToolTip::showText(
        event->globalPos(),
        u"<p>%1<br>%2: %3</p>"_s.arg(when.toHtmlEscaped(),
                                     index.data(Journal::TitleRole).toString().toHtmlEscaped(),
                                     index.data(Journal::TextRole).toString().toHtmlEscaped()),
        view);
    return true;
}
