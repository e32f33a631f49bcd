// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "sourcelist.h"

#include "core/feedlist.h"
#include "faint.h"
#include "wording.h"

#include <QGridLayout>
#include <QLabel>
#include <QLocale>

using namespace Qt::Literals;

SourceList::SourceList(const FeedList *feeds, QWidget *parent)
    : QWidget(parent)
    , m_feeds(feeds)
    , m_layout(new QGridLayout(this))
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setHorizontalSpacing(12);
    m_layout->setVerticalSpacing(2);
    m_layout->setColumnStretch(0, 1);
}

void SourceList::refresh()
{
    const auto models = m_feeds->models();
    while (m_rows.size() < models.size())
        m_rows.append(addRow());
    for (qsizetype index = 0; index < models.size(); ++index)
        show(models.at(index), m_rows.at(index));
    setVisible(models.size() > 1);
}

SourceList::Row SourceList::addRow()
{
    const auto label = [this] {
        auto *const created = new QLabel(this);
        created->setTextFormat(Qt::PlainText);
        created->setTextInteractionFlags(Qt::TextSelectableByMouse);
        return created;
    };
    const Row row{label(), label(), label()};
    QFont bold = font();
    bold.setWeight(QFont::DemiBold);
    row.title->setFont(bold);
    row.number->setFont(bold);
    row.state->setWordWrap(true);
    const int line = 3 * int(m_rows.size()); // the third is the space to the next source
    m_layout->setRowMinimumHeight(line + 2, 6);
    m_layout->addWidget(row.title, line, 0);
    m_layout->addWidget(row.number, line, 1, Qt::AlignRight);
    m_layout->addWidget(row.state, line + 1, 0, 1, 2);
    return row;
}

void SourceList::show(const CountModel *model, const Row &row)
{
    row.title->setText(model->title());
    row.number->setText(model->count() ? QLocale().toString(*model->count()) : u"–"_s);
    row.number->setAccessibleName(
        model->count() ? tr("%1: %n waiting", nullptr, *model->count()).arg(model->title())
                       : tr("%1: number not known").arg(model->title()));
    row.state->setText(stateText(*model));
    setFaint(row.number, model->freshness() != CountModel::Freshness::Fresh);
    setFaint(row.state, true);
}
