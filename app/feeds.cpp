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

Feeds::Feeds(SecretStore *secrets, QObject *parent)
    : QObject(parent)
    , m_secrets(secrets)
{}

Feeds::~Feeds()
{
    qDeleteAll(m_feeds); // before the models that they write
}

void Feeds::add(const Source &source)
{
    CountModel *const model = m_list.add(source.name, source.title);
    if (const auto homepage = source.homepage.render(source.variables))
        model->setHomepage(QUrl(*homepage));
    m_feeds.append(new Feed(source, model, m_secrets));
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
        const SourceResult result = readSourceFile(file.filePath());
        if (result.source)
            add(*result.source);
        else
            addBroken(file.completeBaseName(), file.completeBaseName(), result.error);
    }
}

void Feeds::openAll()
{
    for (Feed *feed : std::as_const(m_feeds))
        feed->start();
}

void Feeds::closeAll()
{
    for (Feed *feed : std::as_const(m_feeds))
        feed->stop();
}

void Feeds::leave()
{
    closeAll();
    const auto allLeft = [this] {
        return std::none_of(m_feeds.cbegin(), m_feeds.cend(),
                            [](const Feed *feed) { return feed->isLeaving(); });
    };
    if (allLeft())
        return;
    QEventLoop loop;
    for (const Feed *feed : std::as_const(m_feeds)) {
        connect(feed, &Feed::left, &loop, [&loop, &allLeft] {
            if (allLeft())
                loop.quit();
        });
    }
    QTimer::singleShot(leavingBudget, Qt::PreciseTimer, &loop, &QEventLoop::quit);
    loop.exec();
}
