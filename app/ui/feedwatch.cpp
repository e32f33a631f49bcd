// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "feedwatch.h"

#include "core/feedlist.h"

FeedWatch::FeedWatch(const FeedList *feeds, std::chrono::milliseconds interval, QObject *parent)
    : QObject(parent)
{
    m_pause.setSingleShot(true);
    m_pause.setInterval(interval);
    connect(&m_pause, &QTimer::timeout, this, [this] {
        if (std::exchange(m_changed, false))
            pass();
    });
    const auto models = feeds->models();
    for (const CountModel *model : models)
        follow(model);
    connect(feeds, &FeedList::modelAdded, this, [this](const CountModel *model) {
        follow(model);
        report();
    });
}

void FeedWatch::follow(const CountModel *model)
{
    connect(model, &CountModel::countChanged, this, &FeedWatch::report);
    connect(model, &CountModel::seenChanged, this, &FeedWatch::report);
    connect(model, &CountModel::nextAttemptChanged, this, &FeedWatch::report);
    connect(model, &CountModel::itemAdded, this, &FeedWatch::report);
    connect(model, &CountModel::itemRemoved, this, &FeedWatch::report);
    connect(model, &CountModel::statusChanged, this, &FeedWatch::report);
}

void FeedWatch::report()
{
    if (m_pause.isActive())
        m_changed = true;
    else
        pass();
}

void FeedWatch::pass()
{
    m_pause.start();
    Q_EMIT changed();
}
