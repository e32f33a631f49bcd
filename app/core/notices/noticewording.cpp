// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "noticewording.h"

#include <QCoreApplication>
#include <QLocale>

using namespace Qt::Literals;

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Notifier)
};

constexpr qsizetype mostParts = 8; // of a summary

QString number(int value)
{
    return QLocale().toString(value);
}

Notice noticeOf(const CountModel &model, const QString &key)
{
    Notice notice;
    notice.key = key;
    notice.source = model.name();
    notice.sourceTitle = model.title();
    notice.url = model.homepage();
    return notice;
}

QString sinceText(const QDateTime &since, const QDateTime &now)
{
    return since.date() == now.date() ? QLocale().toString(since.time(), QLocale::ShortFormat)
                                      : QLocale().toString(since, QLocale::ShortFormat);
}

} // namespace

QString summaryKey()
{
    return u"/summary"_s;
}

QString statusKey(const CountModel &model)
{
    return u"/status/"_s + model.name();
}

Notice itemNotice(const CountModel &model, const Item &item, quint64 number)
{
    Notice notice = noticeOf(model,
                             item.key.isEmpty() ? u"/item/%1/%2"_s.arg(model.name()).arg(number)
                                                : model.name() + u'/' + item.key);
    notice.title = item.title;
    notice.body = item.body;
    if (!item.url.isEmpty())
        notice.url = item.url;
    return notice;
}

Notice countNotice(const CountModel &model, const News &news, const QDateTime &now)
{
    Notice notice = noticeOf(model, model.name());
    const int waiting = model.count().value_or(0);
    const QString fresh = news.since.isValid()
        ? Text::tr("%Ln new since %1", nullptr, news.count).arg(sinceText(news.since, now))
        : Text::tr("%Ln new", nullptr, news.count);
    notice.title =
        Text::tr("%1: %2, %3").arg(model.title(), fresh, Text::tr("%Ln waiting", nullptr, waiting));
    return notice;
}

Notice summaryNotice(const QList<SummaryPart> &parts, const QDateTime &now)
{
    Notice notice;
    if (parts.size() == 1) {
        notice = countNotice(*parts.constFirst().model, parts.constFirst().news, now);
        notice.key = summaryKey();
        return notice;
    }
    notice.key = summaryKey();
    int sum = 0;
    QStringList each;
    for (const SummaryPart &part : parts) {
        sum += part.news.count;
        if (each.size() < mostParts)
            each.append(Text::tr("%1 %2").arg(part.model->title(), number(part.news.count)));
    }
    if (parts.size() > mostParts)
        each.append(u"…"_s);
    notice.title = Text::tr("%Ln new", nullptr, sum);
    notice.body = each.join(u", "_s);
    return notice;
}

std::optional<Notice> statusNotice(const CountModel &model)
{
    const CountModel::Status status = model.status();
    const bool needsLogin = status == CountModel::Status::LoginNeeded;
    if (!needsLogin && status != CountModel::Status::NotPermitted
        && status != CountModel::Status::Failed)
        return {};
    Notice notice = noticeOf(model, statusKey(model));
    notice.title = Text::tr("%1: %2").arg(model.title(), statusText(status));
    notice.body = model.detail();
    notice.url = {}; // it is solved in the window
    notice.urgency = needsLogin ? Notice::Urgency::Critical : Notice::Urgency::Normal;
    notice.canBeSeen = false;
    return notice;
}
