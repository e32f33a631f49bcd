// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "recentlines.h"

#include "core/feedlist.h"
#include "core/journal.h"
#include "traycommand.h"
#include "ui/wording.h"

#include <QAbstractItemModel>
#include <QCoreApplication>
#include <QSet>

#include <algorithm>

using namespace Qt::Literals;

namespace {

constexpr int longestLine = 60; // characters; a menu is no place to read
constexpr int searchedEntries = 50; // of the journal

struct Line
{
    QDateTime time;
    QString title; // of the source
    QString text;
    QString command;
};

QString tr(const char *text, const char *comment = nullptr)
{
    return QCoreApplication::translate("RecentLines", text, comment);
}

void appendItems(QList<Line> &lines, const CountModel &model, int maximum)
{
    const QList<Item> &items = model.items();
    for (qsizetype i = 0; i < qMin<qsizetype>(items.size(), maximum); ++i) {
        const Item &item = items.at(i);
        // The time tells items apart that have no key.
        const QString key =
            item.key.isEmpty() ? u"@%1"_s.arg(item.arrivedAt.toMSecsSinceEpoch()) : item.key;
        lines.append({item.arrivedAt, model.title(), item.title,
                      u"%1/%2/%3"_s.arg(TrayCommand::item, model.name(), key)});
    }
}

// Of the sources whose events do not tell what waits.
void appendChanges(QList<Line> &lines, const QAbstractItemModel &journal,
                   const QSet<QString> &haveItems, int maximum)
{
    int found = 0;
    for (int row = 0; row < qMin(journal.rowCount(), searchedEntries) && found < maximum; ++row) {
        const QModelIndex entry = journal.index(row, 0);
        const QString source = entry.data(Journal::SourceRole).toString();
        if (entry.data(Journal::KindRole).value<Journal::Kind>() != Journal::Kind::Message
            || haveItems.contains(source))
            continue;
        const QDateTime time = entry.data(Journal::TimeRole).toDateTime();
        lines.append({time, entry.data(Journal::TitleRole).toString(),
                      entry.data(Journal::TextRole).toString(),
                      u"%1/%2/@%3"_s.arg(TrayCommand::item, source,
                                         QString::number(time.toMSecsSinceEpoch()))});
        ++found;
    }
}

} // namespace

QList<MenuEntry> recentLines(const FeedList &feeds, const QAbstractItemModel &journal, int maximum)
{
    QList<Line> lines;
    QSet<QString> haveItems;
    const auto models = feeds.models();
    for (const CountModel *model : models) {
        if (model->items().isEmpty())
            continue;
        haveItems.insert(model->name());
        appendItems(lines, *model, maximum);
    }
    appendChanges(lines, journal, haveItems, maximum);
    std::stable_sort(lines.begin(), lines.end(),
                     [](const Line &a, const Line &b) { return a.time > b.time; });

    QList<MenuEntry> entries;
    for (const Line &line : std::as_const(lines)) {
        if (entries.size() == maximum)
            break;
        QString text = models.size() > 1 ? tr("%1: %2").arg(line.title, line.text) : line.text;
        if (text.size() > longestLine)
            text = text.left(longestLine - 1) + u'…';
        MenuEntry entry;
        entry.command = line.command;
        entry.slot = u"recent/%1"_s.arg(entries.size());
        entry.text = tr("%1  %2", "time, what came").arg(whenText(line.time), text);
        entries.append(entry);
    }
    return entries;
}
