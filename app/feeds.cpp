// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "feeds.h"

#include "core/feed/feed.h"
#include "core/source/sourcereader.h"

#include <QDir>
#include <QEventLoop>

using namespace Qt::Literals;

Feeds::Feeds(SecretStore *secrets, Prompter *prompter, QObject *parent)
    : QObject(parent)
    , m_secrets(secrets)
    , m_prompter(prompter)
{
    m_suspending.setSingleShot(true);
    m_suspending.setTimerType(Qt::PreciseTimer);
    connect(&m_suspending, &QTimer::timeout, this, &Feeds::suspended);
    // From the event loop, when a feed has done all that belongs to its change.
    m_activity.setSingleShot(true);
    connect(&m_activity, &QTimer::timeout, this, &Feeds::activityChanged);
    connect(&m_list, &FeedList::modelAdded, this, [this](CountModel *model) {
        connect(model, &CountModel::statusChanged, &m_activity, qOverload<>(&QTimer::start));
    });
}

Feeds::~Feeds() = default;

void Feeds::add(const Source &source)
{
    m_entries.push_back({m_list.add(source.name, source.title), {}, {}, false});
    describe(m_entries.back(), source);
}

void Feeds::addBroken(const QString &name, const QString &title, const QString &why)
{
    m_list.add(name, title)->setStatus(CountModel::Status::Failed, why);
}

void Feeds::addFolder(const QString &directory)
{
    const QFileInfoList files =
        QDir(directory).entryInfoList({u"*.json"_s}, QDir::Files | QDir::Hidden, QDir::Name);
    for (const QFileInfo &file : files) {
        const QString name = file.completeBaseName();
        m_entries.push_back({m_list.add(name, name), file.filePath(), {}, false});
    }
}

void Feeds::read(Entry &entry)
{
    const SourceResult result = readSourceFile(entry.path);
    if (entry.feed) // one that has halted may still have a session
        entry.feed->stop(entry.feed->isHeld() ? Session::Occasion::Quit
                                              : Session::Occasion::Logout);
    entry.feed.reset();
    if (result.source)
        describe(entry, *result.source);
    else
        entry.model->setStatus(CountModel::Status::Failed, result.error);
}

void Feeds::describe(Entry &entry, const Source &source)
{
    entry.model->setTitle(source.title);
    entry.model->setHomepage(QUrl(source.homepage.render(source.variables).value_or(QString())));
    entry.feed = std::make_unique<Feed>(source, entry.model, m_secrets, m_prompter);
    entry.feed->setFarewellFolder(m_farewellFolder);
    connect(entry.feed.get(), &Feed::left, this, &Feeds::feedLeft);
}

void Feeds::openAll()
{
    forgetSuspension();
    for (Entry &entry : m_entries) {
        const bool isIdle = !entry.feed || !(entry.feed->isRunning() || entry.feed->isLeaving());
        if (isIdle && !entry.path.isEmpty())
            read(entry);
        if (entry.feed)
            entry.feed->start();
    }
}

void Feeds::closeAll()
{
    forgetSuspension();
    stopAll(Session::Occasion::Logout);
}

void Feeds::stopAll(Session::Occasion occasion)
{
    for (const Entry &entry : m_entries) {
        if (entry.feed)
            entry.feed->stop(occasion);
    }
}

void Feeds::leave()
{
    m_suspending.stop();
    forgetSuspension();
    stopAll(Session::Occasion::Quit);
    if (haveAllLeft())
        return;
    QEventLoop loop;
    for (const Entry &entry : m_entries) {
        if (entry.feed)
            connect(entry.feed.get(), &Feed::left, &loop, [this, &loop] {
                if (haveAllLeft())
                    loop.quit();
            });
    }
    QTimer::singleShot(leavingBudget, Qt::PreciseTimer, &loop, &QEventLoop::quit);
    loop.exec();
}

void Feeds::suspend()
{
    for (Entry &entry : m_entries) {
        if (!entry.feed || !entry.feed->isRunning())
            continue;
        entry.feed->stop(Session::Occasion::Suspend); // which it may have no use for
        entry.isSuspended = !entry.feed->isRunning();
    }
    m_suspending.start(haveAllLeft() ? std::chrono::milliseconds(0) : leavingBudget);
}

void Feeds::resume()
{
    m_suspending.stop(); // it did not sleep, or slept before all had been told
    for (Entry &entry : m_entries) {
        if (std::exchange(entry.isSuspended, false) && entry.feed)
            entry.feed->start();
    }
}

void Feeds::awaken()
{
    for (const Entry &entry : m_entries) {
        if (entry.feed)
            entry.feed->awaken();
    }
}

void Feeds::forgetSuspension()
{
    for (Entry &entry : m_entries)
        entry.isSuspended = false;
}

void Feeds::reconnect()
{
    for (const Entry &entry : m_entries) {
        const CountModel::Status status = entry.model->status();
        if (entry.feed
            && (status == CountModel::Status::Reconnecting
                || status == CountModel::Status::Offline))
            entry.feed->awaken();
    }
}

bool Feeds::isBusy() const
{
    return std::any_of(m_entries.begin(), m_entries.end(), [](const Entry &entry) {
        return entry.feed && (entry.feed->isRunning() || entry.feed->isLeaving());
    });
}

bool Feeds::haveAllLeft() const
{
    return std::none_of(m_entries.begin(), m_entries.end(),
                        [](const Entry &entry) { return entry.feed && entry.feed->isLeaving(); });
}

void Feeds::feedLeft()
{
    m_activity.start();
    if (m_suspending.isActive() && haveAllLeft())
        m_suspending.start(0);
}
