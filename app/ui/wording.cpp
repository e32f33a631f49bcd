// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "wording.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>

using namespace Qt::Literals;

namespace {

QString tr(const char *text, int n = -1)
{
    return QCoreApplication::translate("Wording", text, nullptr, n);
}

bool isAtRest(const CountModel *model)
{
    switch (model->status()) {
    case CountModel::Status::Off:
    case CountModel::Status::Paused:
    case CountModel::Status::LoginNeeded:
    case CountModel::Status::NotPermitted:
    case CountModel::Status::Failed:
        return true;
    default:
        return false;
    }
}

} // namespace

QString whenText(const QDateTime &when)
{
    const QLocale locale;
    return when.date() == QDate::currentDate() ? locale.toString(when.time(), QLocale::ShortFormat)
                                               : locale.toString(when, QLocale::ShortFormat);
}

QString asOfText(const FeedList &feeds)
{
    QDateTime oldest;
    const auto models = feeds.models();
    for (const CountModel *model : models) {
        if (model->freshness() == CountModel::Freshness::Stale
            && (!oldest.isValid() || model->updatedAt() < oldest))
            oldest = model->updatedAt();
    }
    return oldest.isValid() ? tr("as of %1").arg(whenText(oldest)) : QString();
}

QString countText(const FeedList &feeds)
{
    const std::optional<int> count = feeds.summary().count;
    if (!count)
        return {};
    const int newCount = feeds.summary().newCount;
    QString number = *count == 0 ? tr("Nothing waiting") : tr("%n waiting", *count);
    if (newCount == 0 && *count > 0)
        number = tr("%1, nothing new").arg(number);
    else if (newCount < *count)
        number = tr("%n new, %1 in all", newCount).arg(QLocale().toString(*count));
    const QString asOf = asOfText(feeds);
    return asOf.isEmpty() ? number : u"%1 %2"_s.arg(number, asOf);
}

QString summaryText(const FeedList &feeds)
{
    const QString state = statusText(feeds.summary().status);
    const QString count = countText(feeds);
    return count.isEmpty() ? state : u"%1 – %2"_s.arg(count, state);
}

QString summarySinceText(const FeedList &feeds)
{
    const QDateTime since = feeds.summary().since;
    return since.isValid() ? tr("%1 since %2").arg(summaryText(feeds), whenText(since))
                           : summaryText(feeds);
}

QString stateText(const CountModel &model)
{
    QStringList parts{statusText(model.status())};
    if (model.freshness() == CountModel::Freshness::Stale)
        parts.append(tr("as of %1").arg(whenText(model.updatedAt())));
    if (model.corrections() > 0)
        parts.append(tr("%n correction(s)", model.corrections()));
    const QString line = parts.join(u" · ");
    return model.detail().isEmpty() ? line : line + u'\n' + model.detail();
}

QString partsText(const FeedList &feeds)
{
    const auto models = feeds.models();
    if (models.size() < 2)
        return {};
    QStringList lines;
    for (const CountModel *model : models)
        lines.append(partText(*model));
    return lines.join(u'\n');
}

QString partText(const CountModel &model)
{
    const QString status = statusText(model.status());
    if (!model.count())
        return tr("%1: %2").arg(model.title(), status);
    return tr("%1: %2 – %3").arg(model.title(), QLocale().toString(*model.count()), status);
}

bool canOpen(const FeedList &feeds)
{
    const auto models = feeds.models();
    return std::any_of(models.cbegin(), models.cend(), isAtRest);
}

bool canClose(const FeedList &feeds)
{
    const auto models = feeds.models();
    return !std::all_of(models.cbegin(), models.cend(), isAtRest);
}
