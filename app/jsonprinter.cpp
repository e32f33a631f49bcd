// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "jsonprinter.h"

#include "core/feedlist.h"

#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::Literals;

JsonPrinter::JsonPrinter(FeedList *feeds, std::FILE *stream, QObject *parent)
    : QObject(parent)
    , m_feeds(feeds)
    , m_stream(stream)
{
    connect(feeds, &FeedList::modelAdded, this, &JsonPrinter::follow);
    const auto models = feeds->models();
    for (CountModel *model : models)
        follow(model);
}

void JsonPrinter::follow(CountModel *model)
{
    const auto fact = [model](const QString &type) {
        return QJsonObject{{u"type"_s, type}, {u"source"_s, model->name()}};
    };
    connect(model, &CountModel::statusChanged, this, [this, model, fact] {
        QJsonObject status = fact(u"status"_s);
        status[u"status"_s] = statusWord(model->status());
        status[u"detail"_s] = model->detail();
        print(status);
    });
    connect(model, &CountModel::countChanged, this, [this, model, fact] {
        QJsonObject count = fact(u"count"_s);
        count[u"count"_s] = *model->count();
        count[u"new"_s] = model->newCount();
        count[u"fresh"_s] = model->freshness() == CountModel::Freshness::Fresh;
        count[u"total"_s] = *m_feeds->summary().count;
        print(count);
    });
    connect(model, &CountModel::opened, this, [this, fact] { print(fact(u"opened"_s)); });
    connect(model, &CountModel::closed, this, [this, fact] { print(fact(u"closed"_s)); });
}

void JsonPrinter::print(const QJsonObject &fact)
{
    const QByteArray line = QJsonDocument(fact).toJson(QJsonDocument::Compact) + '\n';
    std::fwrite(line.constData(), 1, size_t(line.size()), m_stream);
    std::fflush(m_stream);
}
