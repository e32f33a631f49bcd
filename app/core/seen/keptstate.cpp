// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "keptstate.h"

#include "core/feedlist.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLoggingCategory>
#include <QSaveFile>

using namespace std::chrono_literals;
using namespace Qt::Literals;

namespace {

Q_LOGGING_CATEGORY(log, "tallybell.state", QtInfoMsg)

constexpr std::chrono::milliseconds writingPause = 1s; // several changes are one file
constexpr qint64 maximumFileSize = 1024 * 1024; // bytes

} // namespace

KeptState::KeptState(FeedList *feeds, const QString &path, QObject *parent)
    : QObject(parent)
    , m_path(path)
{
    m_writing.setSingleShot(true);
    m_writing.setInterval(writingPause);
    connect(&m_writing, &QTimer::timeout, this, &KeptState::write);
    read();
    const auto models = feeds->models();
    for (CountModel *model : models)
        follow(model);
    connect(feeds, &FeedList::modelAdded, this, &KeptState::follow);
}

KeptState::~KeptState()
{
    if (m_writing.isActive())
        write();
}

void KeptState::setSnoozedUntil(const QDateTime &when)
{
    if (when == m_snoozedUntil)
        return;
    m_snoozedUntil = when;
    m_writing.start();
}

void KeptState::follow(CountModel *model)
{
    model->setSeen(m_seen.value(model->name()));
    connect(model, &CountModel::seenChanged, this, [this, model] { note(model); });
    // What is seen falls with the count.
    connect(model, &CountModel::countChanged, this, [this, model] { note(model); });
}

void KeptState::note(const CountModel *model)
{
    if (m_seen.value(model->name()) == model->seen())
        return;
    m_seen[model->name()] = model->seen();
    if (!m_writing.isActive())
        m_writing.start();
}

void KeptState::read()
{
    QFile file(m_path);
    if (m_path.isEmpty() || !file.exists())
        return;
    if (!file.open(QIODevice::ReadOnly)) {
        qCWarning(log).noquote() << m_path << "cannot be read:" << file.errorString();
        return;
    }
    const QJsonDocument document = QJsonDocument::fromJson(file.read(maximumFileSize));
    if (!document.isObject()) {
        qCWarning(log).noquote() << m_path << "is not what was written there; it is begun anew.";
        return;
    }
    const QJsonObject seen = document[u"seen"_s].toObject();
    for (auto source = seen.begin(); source != seen.end(); ++source)
        m_seen.insert(source.key(), qMax(source->toInt(), 0));
    m_snoozedUntil =
        QDateTime::fromString(document[u"snoozedUntil"_s].toString(), Qt::ISODateWithMs);
}

void KeptState::write()
{
    m_writing.stop();
    if (m_path.isEmpty())
        return;
    QJsonObject seen;
    for (auto source = m_seen.cbegin(); source != m_seen.cend(); ++source) {
        if (*source > 0)
            seen.insert(source.key(), *source);
    }
    QJsonObject state{{u"seen"_s, seen}};
    if (m_snoozedUntil.isValid())
        state.insert(u"snoozedUntil"_s, m_snoozedUntil.toUTC().toString(Qt::ISODateWithMs));
    QDir().mkpath(QFileInfo(m_path).path());
    QSaveFile file(m_path);
    const QByteArray json = QJsonDocument(state).toJson();
    if (!file.open(QIODevice::WriteOnly) || file.write(json) != json.size() || !file.commit())
        qCWarning(log).noquote() << m_path << "cannot be written:" << file.errorString();
}
