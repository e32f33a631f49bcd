// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "seenmark.h"

#include "core/feedlist.h"

#include <algorithm>

SeenMark::SeenMark(FeedList *feeds, QObject *parent)
    : QObject(parent)
    , m_feeds(feeds)
{}

bool SeenMark::canMark() const
{
    return m_feeds->summary().newCount > 0;
}

bool SeenMark::canUndo() const
{
    return std::any_of(m_last.cbegin(), m_last.cend(), [](const Mark &mark) {
        return mark.model && mark.model->seen() == mark.after;
    });
}

void SeenMark::markAll()
{
    mark(m_feeds->models());
}

void SeenMark::mark(const QString &source)
{
    QList<CountModel *> models = m_feeds->models();
    models.removeIf([&source](const CountModel *model) { return model->name() != source; });
    mark(models);
}

void SeenMark::mark(const QList<CountModel *> &models)
{
    QList<Mark> marks;
    for (CountModel *model : models) {
        if (model->newCount() > 0)
            marks.append({model, model->seen(), *model->count()});
    }
    if (marks.isEmpty())
        return; // and what was marked before can still be taken back
    m_last = marks; // first: whoever hears of the change asks whether it can be undone
    for (const Mark &mark : std::as_const(marks))
        mark.model->setSeen(mark.after);
}

void SeenMark::undo()
{
    const QList<Mark> marks = std::exchange(m_last, {});
    for (const Mark &mark : marks) {
        if (mark.model && mark.model->seen() == mark.after)
            mark.model->setSeen(mark.before);
    }
}
