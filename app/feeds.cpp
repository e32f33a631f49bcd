// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "feeds.h"

#include "core/feed/feed.h"
#include "core/source/sourcereader.h"

#include <QDir>
#include <QEventLoop>

using namespace std::chrono_literals;
using namespace Qt::Literals;

namespace {

constexpr std::chrono::milliseconds leavingBudget = 1500ms; // for all feeds together

} // namespace

Feeds::Feeds(SecretStore *secrets, Prompter *prompter, QObject *parent)
    : QObject(parent)
    , m_secrets(secrets)
    , m_prompter(prompter)
{}

Feeds::~Feeds() = default;

void Feeds::add(const Source &source)
{
    m_entries.push_back({m_list.add(source.name, source.title), {}, {}});
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
        m_entries.push_back({m_list.add(name, name), file.filePath(), {}});
    }
}

void Feeds::read(Entry &entry)
{
    const SourceResult result = readSourceFile(entry.path);
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
}

void Feeds::openAll()
{
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
    stopAll(Session::Occasion::Quit);
    const auto allLeft = [this] {
        return std::none_of(m_entries.begin(), m_entries.end(), [](const Entry &entry) {
            return entry.feed && entry.feed->isLeaving();
        });
    };
    if (allLeft())
        return;
    QEventLoop loop;
    for (const Entry &entry : m_entries) {
        if (entry.feed)
            connect(entry.feed.get(), &Feed::left, &loop, [&loop, &allLeft] {
                if (allLeft())
                    loop.quit();
            });
    }
    QTimer::singleShot(leavingBudget, Qt::PreciseTimer, &loop, &QEventLoop::quit);
    loop.exec();
}
