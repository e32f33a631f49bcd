// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/countmodel.h"
#include "news.h"
#include "notice.h"

#include <QList>

#include <optional>

// What notices say, and their keys: "work" for the count of a source, "work/KEY" for an item, and
// what begins with a slash for the rest, which no name of a source does.

/*! \a number tells items apart that have no key. */
[[nodiscard]] Notice itemNotice(const CountModel &model, const Item &item, quint64 number);

/*! "Work: 3 new, 7 waiting", or "Work: 42 new since 17:40, 49 waiting"; \a now tells the day. */
[[nodiscard]] Notice countNotice(const CountModel &model, const News &news, const QDateTime &now);

/*! What is new of one source. */
struct SummaryPart
{
    const CountModel *model = nullptr;
    News news;
};

/*! "5 new", and "Work 3, Alerts 2" below. Of one source alone it reads as its countNotice(). */
[[nodiscard]] Notice summaryNotice(const QList<SummaryPart> &parts, const QDateTime &now);

/*! What the user has to mend; none while there is nothing. */
[[nodiscard]] std::optional<Notice> statusNotice(const CountModel &model);

[[nodiscard]] QString summaryKey();
[[nodiscard]] QString statusKey(const CountModel &model);
