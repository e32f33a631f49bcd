// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "feedlist.h"

namespace {

// How much a status needs the eye: the user's own doing first, then what is on its way.
int urgency(CountModel::Status status)
{
    switch (status) {
    case CountModel::Status::Failed:
        return 8;
    case CountModel::Status::LoginNeeded:
        return 7;
    case CountModel::Status::NotPermitted:
        return 6;
    case CountModel::Status::WaitingForKeyring:
        return 5;
    case CountModel::Status::Reconnecting:
        return 4;
    case CountModel::Status::Offline:
        return 3;
    case CountModel::Status::LoggingIn:
    case CountModel::Status::Authorizing:
    case CountModel::Status::Counting:
    case CountModel::Status::Connecting:
        return 2;
    case CountModel::Status::Live:
    case CountModel::Status::Polling:
        return 1;
    case CountModel::Status::Off:
    case CountModel::Status::Paused:
        return 0;
    }
    Q_UNREACHABLE();
}

} // namespace

FeedList::FeedList(QObject *parent)
    : QObject(parent)
{}

CountModel *FeedList::add(const QString &name, const QString &title)
{
    auto *const model = new CountModel(name, title, this);
    m_models.append(model);
    connect(model, &CountModel::countChanged, this, &FeedList::update);
    connect(model, &CountModel::seenChanged, this, &FeedList::update);
    connect(model, &CountModel::statusChanged, this, &FeedList::update);
    Q_EMIT modelAdded(model);
    return model;
}

QList<const CountModel *> FeedList::models() const
{
    return {m_models.cbegin(), m_models.cend()};
}

FeedList::Summary FeedList::summaryOf(const QList<const CountModel *> &models)
{
    Summary summary;
    int mostUrgent = -1;
    bool isComplete = true;
    for (const CountModel *model : models) {
        if (model->count()) {
            summary.count = summary.count.value_or(0) + *model->count();
            summary.newCount += model->newCount();
            if (summary.freshness != CountModel::Freshness::Stale)
                summary.freshness = model->freshness();
        }
        if (!model->count() && urgency(model->status()) > 0)
            isComplete = false; // it runs, and nobody knows how much waits there
        if (urgency(model->status()) > mostUrgent) {
            mostUrgent = urgency(model->status());
            summary.status = model->status();
            summary.detail = model->detail();
            summary.since = model->statusSince();
        }
    }
    if (!isComplete && summary.freshness == CountModel::Freshness::Fresh)
        summary.freshness = CountModel::Freshness::Stale;
    return summary;
}

void FeedList::update()
{
    const Summary summary = summaryOf(std::as_const(*this).models());
    if (summary == m_summary)
        return;
    m_summary = summary;
    Q_EMIT summaryChanged();
}
