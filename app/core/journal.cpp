// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "journal.h"

#include "countmodel.h"
#include "feedlist.h"

Journal::Journal(FeedList *feeds, QObject *parent)
    : QAbstractListModel(parent)
{
    const auto models = feeds->models();
    for (CountModel *model : models)
        follow(model);
    connect(feeds, &FeedList::modelAdded, this, &Journal::follow);
}

int Journal::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_entries.size());
}

QVariant Journal::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Entry &entry = m_entries.at(m_entries.size() - 1 - index.row());
    switch (role) {
    case TextRole:
        return entry.text;
    case TimeRole:
        return entry.time;
    case KindRole:
        return QVariant::fromValue(entry.kind);
    case TitleRole:
        return entry.title;
    case SourceRole:
        return entry.source;
    default:
        return {};
    }
}

void Journal::follow(CountModel *model)
{
    connect(model, &CountModel::opened, this,
            [this, model] { write(model, Kind::Opened, tr("Connection open")); });
    connect(model, &CountModel::closed, this,
            [this, model] { write(model, Kind::Closed, tr("Connection closed")); });
    connect(model, &CountModel::countChanged, this,
            [this, model, last = std::optional<int>()]() mutable {
                const std::optional<int> before = std::exchange(last, model->count());
                if (before == last)
                    return; // only the freshness changed
                QString text = tr("%n waiting", nullptr, *last);
                if (before)
                    text += *last > *before ? tr(" (+%1)").arg(*last - *before)
                                            : tr(" (−%1)").arg(*before - *last);
                write(model, Kind::Message, text);
            });
    connect(model, &CountModel::corrected, this, [this, model](int shown) {
        write(model, Kind::Problem,
              tr("A check found %1 instead of %2: the push missed it (%n time(s) so far)", nullptr,
                 model->corrections())
                  .arg(*model->count())
                  .arg(shown));
    });
    connect(model, &CountModel::statusChanged, this, [this, model, last = QString()]() mutable {
        if (std::exchange(last, model->detail()) != last && !last.isEmpty())
            write(model, Kind::Problem, last);
    });
}

void Journal::write(const CountModel *model, Kind kind, const QString &text)
{
    if (m_entries.size() == capacity) {
        beginRemoveRows({}, capacity - 1, capacity - 1);
        m_entries.removeFirst();
        endRemoveRows();
    }
    beginInsertRows({}, 0, 0);
    m_entries.append({QDateTime::currentDateTime(), model->name(), model->title(), text, kind});
    endInsertRows();
}
