// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "commands.h"

#include "attention.h"
#include "feeds.h"

#include "core/addresskind.h"
#include "ui/tray/traycommand.h"

#include <algorithm>

using namespace Qt::Literals;

namespace {

bool isPage(const QUrl &url)
{
    return addressKind(url) == AddressKind::Web;
}

} // namespace

Commands::Commands(Feeds *feeds, Attention *attention, QObject *parent)
    : QObject(parent)
    , m_feeds(feeds)
    , m_attention(attention)
{}

void Commands::run(const QString &command, const QString &token)
{
    const QString word = command.section(u'/', 0, 0);
    const QString argument = command.section(u'/', 1);
    if (word == TrayCommand::window)
        Q_EMIT windowRequested(token);
    else if (word == TrayCommand::open)
        openNewest(token);
    else if (word == TrayCommand::item)
        openItem(argument.section(u'/', 0, 0), argument.section(u'/', 1), token);
    else if (word == TrayCommand::source)
        openPage({}, argument, token);
    else if (word == TrayCommand::markSeen)
        m_attention->seen()->markAll();
    else if (word == TrayCommand::undoSeen)
        m_attention->seen()->undo();
    else if (word == TrayCommand::snooze)
        snooze(argument);
    else if (word == TrayCommand::wake)
        m_attention->quiet()->wake();
    else if (word == TrayCommand::reconnect)
        m_feeds->reconnect();
    else if (word == TrayCommand::pause)
        m_feeds->closeAll();
    else if (word == TrayCommand::resume)
        m_feeds->openAll();
    else if (word == TrayCommand::settings)
        Q_EMIT settingsRequested(token);
    else if (word == TrayCommand::quit)
        Q_EMIT quitRequested();
}

void Commands::openNewest(const QString &token)
{
    const CountModel *newest = nullptr;
    const auto models = m_feeds->list()->models();
    for (const CountModel *model : models) {
        if (!model->items().isEmpty()
            && (!newest
                || model->items().constFirst().arrivedAt > newest->items().constFirst().arrivedAt))
            newest = model;
    }
    if (newest) {
        openPage(newest->items().constFirst().url, newest->name(), token);
        return;
    }
    // The source that has something to show, or else the first that has a page at all.
    const auto hasPage = [](const CountModel *model) { return isPage(model->homepage()); };
    const auto isWaiting = [&hasPage](const CountModel *model) {
        return hasPage(model) && model->count().value_or(0) > 0;
    };
    auto found = std::find_if(models.cbegin(), models.cend(), isWaiting);
    if (found == models.cend())
        found = std::find_if(models.cbegin(), models.cend(), hasPage);
    openPage({}, found == models.cend() ? QString() : (*found)->name(), token);
}

void Commands::openItem(const QString &source, const QString &key, const QString &token)
{
    QUrl url;
    if (const CountModel *const itsModel = model(source)) {
        const QList<Item> &items = itsModel->items();
        const auto item = std::find_if(items.cbegin(), items.cend(), [&key](const Item &candidate) {
            return candidate.key.isEmpty()
                ? key == u"@%1"_s.arg(candidate.arrivedAt.toMSecsSinceEpoch())
                : key == candidate.key;
        });
        if (item != items.cend())
            url = item->url;
    }
    openPage(url, source, token);
}

void Commands::openPage(const QUrl &url, const QString &source, const QString &token)
{
    const CountModel *const itsModel = model(source);
    if (addressKind(url) != AddressKind::Unfit)
        Q_EMIT urlRequested(url, token);
    else if (itsModel && isPage(itsModel->homepage()))
        Q_EMIT urlRequested(itsModel->homepage(), token);
    else
        Q_EMIT windowRequested(token);
}

void Commands::snooze(const QString &length)
{
    Quiet *const quiet = m_attention->quiet();
    if (length == "tomorrow"_L1)
        quiet->snoozeUntil(Quiet::tomorrowMorning(QDateTime::currentDateTime()));
    else if (const int minutes = length.toInt(); minutes > 0)
        quiet->snoozeFor(std::chrono::minutes(minutes));
}

const CountModel *Commands::model(const QString &source) const
{
    const auto models = m_feeds->list()->models();
    const auto found = std::find_if(models.cbegin(), models.cend(), [&source](CountModel *model) {
        return model->name() == source;
    });
    return found == models.cend() ? nullptr : *found;
}
